"""Conversations that last: whose, what was asked, what came of it. Every call says who calls.

    conversations = Conversations(Store(data / "app.sqlite"))
    one = conversations.create("local", "客运站")
    conversations.add_turn("local", one.id, "客运站占地多少亩？", answer)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from summarizer.records import Answer, Document
from summarizer.web.store import Store

__all__ = ["Conversation", "Conversations", "Turn"]


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    """Cannot be guessed; it is of no use to another owner either way."""
    title: str
    created: float
    """Seconds since 1970, UTC."""
    changed: float
    """Of the last turn or renaming."""
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    question: str
    """As typed."""
    answer: Answer | None
    """None when it was stopped."""
    partial: str | None
    """Of a stopped answer, what had come; None exactly when there is an answer."""
    asked: float
    """Seconds since 1970, UTC."""


class Conversations:
    """All of them, in one store. Every call raises NotYoursError for an id that is not `owner`'s, StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, owner: str, title: str) -> Conversation:
        """A new one, without turns. Blanks of the title are joined; "" stays ""."""
        raise NotImplementedError

    def list(self, owner: str, search: str = "") -> list[Conversation]:
        """The owner's, last changed first; with `search` those whose title, questions or answers hold it."""
        raise NotImplementedError

    def turns(self, owner: str, id: str) -> list[Turn]:
        """Oldest first."""
        raise NotImplementedError

    def add_turn(
        self, owner: str, id: str, question: str, answer: Answer | None, partial: str | None = None
    ) -> None:
        """Write one at the end; without an answer it counts as stopped after `partial`."""
        raise NotImplementedError

    def rename(self, owner: str, id: str, title: str) -> None:
        raise NotImplementedError

    def delete(self, owner: str, id: str) -> None:
        """For good: the text is overwritten in the file too."""
        raise NotImplementedError

    def export(
        self,
        owner: str,
        id: str,
        form: Literal["markdown", "json"],
        look: Callable[[str], Document | None] = lambda article: None,
    ) -> str:
        """The whole conversation as a text; `look` opens an article for its headline and date."""
        raise NotImplementedError
