"""Conversations that last: whose, what was asked, what came of it. Every call says who calls.

conversations = Conversations(Store(data / "app.sqlite"))
one = conversations.create("local", "客运站")
conversations.add_turn("local", one.id, "客运站占地多少亩？", answer)
"""

from __future__ import annotations

import re
import sqlite3
import time
import unicodedata
import uuid
from collections.abc import Callable

from summarizer.errors import NotYoursError, StoreError
from summarizer.records import Answer
from summarizer.web.answerform import answer_of, json_of
from summarizer.web.store import Store
from summarizer.web.transcripts import Form, Look, as_json, as_markdown
from summarizer.web.turns import Conversation, Turn

__all__ = ["Conversation", "Conversations", "Turn"]

# Characters of a title: what fits a list, twice.
_TITLE = 80
# Of one owner, and of one conversation: far beyond a year's work, and a bound for a program gone wild.
_CONVERSATIONS, _TURNS = 5_000, 1_000
# Characters of a question or of a stopped answer; longer ones are refused.
_LONGEST = 100_000


class Conversations:
    """All of them, in one store. Every call raises NotYoursError for an id that is not `owner`'s, StoreError
    for the disk and for too much. `clock` gives seconds since 1970."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def create(self, owner: str, title: str) -> Conversation:
        """A new one, without turns. Blanks of the title are joined, what exceeds 80 characters goes."""
        now = self._clock()
        made = Conversation(uuid.uuid4().hex, _title(title), now, now, 0)
        with self._store.writing() as base:
            [count] = base.execute("SELECT count(*) FROM conversations WHERE owner = ?", (owner,)).fetchone()
            if count >= _CONVERSATIONS:
                raise _too_many(f"{_CONVERSATIONS:,} conversations", "Delete some first.")
            row = (made.id, owner, made.title, now, now)
            base.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
        return made

    def list(self, owner: str, search: str = "") -> list[Conversation]:
        """The owner's, last changed first; with `search` those whose title, questions or answers hold it.

        Letter case and full-width forms make no difference to a search.
        """
        word = _folded(search).strip()
        with self._store.reading() as base:
            rows = base.execute(
                "SELECT id, title, created, changed, (SELECT count(*) FROM turns WHERE conversation = id), "
                "EXISTS (SELECT 1 FROM turns WHERE conversation = id AND instr(searched, ?)) "
                "FROM conversations WHERE owner = ? ORDER BY changed DESC, id",
                (word, owner),
            ).fetchall()
        return [Conversation(*row[:5]) for row in rows if not word or row[5] or word in _folded(row[1])]

    def get(self, owner: str, id: str) -> Conversation:
        """One of the owner's."""
        with self._store.reading() as base:
            row = _mine(base, owner, id)
            [turns] = base.execute("SELECT count(*) FROM turns WHERE conversation = ?", (id,)).fetchone()
        return Conversation(*row, turns)

    def turns(self, owner: str, id: str) -> list[Turn]:  # type: ignore[valid-type]  # `list` is a method here
        """Oldest first."""
        with self._store.reading() as base:
            _mine(base, owner, id)
            rows = base.execute(
                "SELECT question, answer, partial, asked FROM turns WHERE conversation = ? ORDER BY place",
                (id,),
            ).fetchall()
        return [Turn(asked, answer and answer_of(answer), partial, at) for asked, answer, partial, at in rows]

    def add_turn(
        self, owner: str, id: str, question: str, answer: Answer | None, partial: str | None = None
    ) -> None:
        """Write one at the end; without an answer it counts as stopped after `partial`, None for nothing."""
        question, partial = _storable(question), None if answer else _storable(partial or "")
        if max(len(question), len(partial or "")) > _LONGEST:
            raise _too_many(f"{_LONGEST:,} characters", "Ask in fewer words.")
        kept = answer and _storable(json_of(answer))
        searched = _folded(f"{question}\n{_storable(answer.text) if answer else partial}")
        now = self._clock()
        with self._store.writing() as base:
            _mine(base, owner, id)
            [last] = base.execute("SELECT max(place) FROM turns WHERE conversation = ?", (id,)).fetchone()
            if (last or 0) >= _TURNS:
                raise _too_many(f"{_TURNS:,} questions in one conversation", "Begin a new one.")
            base.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)",
                (id, (last or 0) + 1, now, question, kept, partial, searched),
            )
            base.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now, id))

    def rename(self, owner: str, id: str, title: str) -> None:
        """Give it another title, cut as that of a new one."""
        with self._store.writing() as base:
            _mine(base, owner, id)
            row = (_title(title), self._clock(), id)
            base.execute("UPDATE conversations SET title = ?, changed = ? WHERE id = ?", row)

    def delete(self, owner: str, id: str) -> None:
        """For good: the text is overwritten in the file too."""
        with self._store.writing() as base:
            _mine(base, owner, id)
            base.execute("DELETE FROM conversations WHERE id = ?", (id,))
        self._store.forget()

    def export(self, owner: str, id: str, form: Form, look: Look = lambda article: None) -> str:
        """The whole conversation as a text; `look` opens an article for its headline and date."""
        conversation, turns = self.get(owner, id), self.turns(owner, id)
        if form == "json":
            return as_json(conversation, turns)
        return as_markdown(conversation, turns, look)


def _mine(base: sqlite3.Connection, owner: str, id: str) -> tuple[str, str, float, float]:
    """The row of a conversation. Raises NotYoursError."""
    row: tuple[str, str, float, float] | None = base.execute(
        "SELECT id, title, created, changed FROM conversations WHERE id = ? AND owner = ?",
        (_storable(id), owner),
    ).fetchone()
    if row is None:
        raise NotYoursError
    return row


def _title(text: str) -> str:
    return " ".join(_storable(text).split())[:_TITLE].rstrip()


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(text: str) -> str:
    """UTF-8 holds no lone surrogates, and SQLite stops at a NUL: each becomes U+FFFD, the length stays."""
    return _UNSTORABLE.sub("\ufffd", text)


def _folded(text: str) -> str:
    """The form in which words are looked for."""
    return unicodedata.normalize("NFKC", _storable(text)).casefold()


def _too_many(limit: str, cure: str) -> StoreError:
    return StoreError(f"expected at most {limit}, found more. {cure}")
