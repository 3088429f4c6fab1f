"""What a conversation consists of."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.records import Answer

__all__ = ["Conversation", "Turn"]


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
    """Of a stopped answer, what had come, perhaps ""; None exactly when there is an answer."""
    asked: float
    """Seconds since 1970, UTC."""
