"""Conversations on disk: one SQLite file, each row its owner's, read and written by that owner alone.

    kept = Conversations(Path("data/conversations.sqlite"))
    talk = kept.create("yuan", "夜间门诊")
    kept.add_turn("yuan", talk.id, "接诊多少人次？", answer)
    kept.turns("zhao", talk.id)      # AccessError, the same as for an id that never was

Every call is a transaction of its own, so any number of threads and processes may use one file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from summarizer.errors import AccessError, StoreError
from summarizer.records import Answer
from summarizer.web.answer_rows import answer_of, answer_text

__all__ = ["FORMAT", "Conversation", "Conversations", "Turn"]

FORMAT = 1
# Seconds to wait for another writer; a turn is written in milliseconds.
_PATIENCE = 15.0
# Conversations and turns one owner may keep; the oldest conversation goes when there are more.
_MOST, _TURNS = 2_000, 2_000
_TITLE = 80

_TABLES = """
CREATE TABLE IF NOT EXISTS about (format INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, made TEXT NOT NULL, changed TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_owner ON conversations (owner, changed);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT, partial TEXT, asked TEXT NOT NULL, PRIMARY KEY (conversation, number));
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One of a list, without its turns."""

    id: str
    title: str
    made: str
    """ISO, UTC."""
    changed: str
    """When it was last added to or renamed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came of it."""

    question: str
    """As typed."""
    answer: Answer | None
    """None when it was stopped."""
    partial: str | None
    """Of a stopped answer, what had been written."""
    asked: str
    """ISO, UTC."""


class Conversations:
    """The file `path`, made with mode 0600 when it is not there. Every method raises StoreError for a file
    that cannot be used, and AccessError for an id that is not this owner's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(f"{path}: expected a file to keep conversations in: {error.strerror}.") from error
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            known = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'about'").fetchone()[0]
            if not known:
                db.executescript(_TABLES)
            db.execute("BEGIN IMMEDIATE")  # of two that begin at once one writes the format
            found = db.execute("SELECT format FROM about").fetchone()
            if found is None:
                db.execute("INSERT INTO about VALUES (?)", (FORMAT,))
            elif found[0] != FORMAT:
                raise StoreError(
                    f"{path}: expected format {FORMAT}, found {found[0]}: it belongs to another version of "
                    "this program. Use that one, or name another --data."
                )

    def create(self, owner: str, title: str) -> Conversation:
        """A new one, empty. The oldest of this owner goes when there are too many."""
        now = _now()
        made = Conversation(uuid.uuid4().hex, _titled(title), now, now)
        with self._writing() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", (made.id, owner, made.title, now, now)
            )
            db.execute(
                "DELETE FROM conversations WHERE id IN (SELECT id FROM conversations WHERE owner = ? "
                "ORDER BY changed DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (owner, _MOST),
            )
        return made

    def list(self, owner: str, words: str = "") -> list[Conversation]:
        """This owner's, the last changed first; with `words` those whose title or questions say them all."""
        clauses, values = "owner = ?", [owner]
        for word in words.split():
            like = f"%{_literal(word)}%"
            clauses += (
                " AND (title LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM turns WHERE conversation = id"
                " AND question LIKE ? ESCAPE '!'))"
            )
            values += [like, like]
        with self._open() as db:
            rows = db.execute(
                f"SELECT id, title, made, changed FROM conversations WHERE {clauses} "
                "ORDER BY changed DESC, rowid DESC",
                values,
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def turns(self, owner: str, conversation: str) -> list[Turn]:
        """In the order in which they were asked."""
        with self._open() as db:
            self._mine(db, owner, conversation)
            rows = db.execute(
                "SELECT question, answer, partial, asked FROM turns WHERE conversation = ? ORDER BY number",
                (conversation,),
            ).fetchall()
        try:
            return [Turn(q, None if a is None else answer_of(a), partial, asked) for q, a, partial, asked in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self._path}: expected answers of this program, found {error!r}.") from error

    def add_turn(
        self, owner: str, conversation: str, question: str, answer: Answer | None, *, partial: str | None = None
    ) -> None:
        """Put a turn behind the others; without an `answer` it was stopped."""
        now = _now()
        with self._writing() as db:
            self._mine(db, owner, conversation)
            last = db.execute(
                "SELECT coalesce(max(number), 0) FROM turns WHERE conversation = ?", (conversation,)
            ).fetchone()[0]
            if last >= _TURNS:
                raise StoreError(f"expected a conversation of at most {_TURNS} turns. Begin a new one.")
            text = None if answer is None else answer_text(answer)
            db.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?)",
                (conversation, last + 1, question, text, partial, now),
            )
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now, conversation))

    def rename(self, owner: str, conversation: str, title: str) -> None:
        with self._writing() as db:
            self._mine(db, owner, conversation)
            db.execute(
                "UPDATE conversations SET title = ?, changed = ? WHERE id = ?",
                (_titled(title), _now(), conversation),
            )

    def delete(self, owner: str, conversation: str) -> None:
        """With all its turns."""
        with self._writing() as db:
            self._mine(db, owner, conversation)
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    def export(self, owner: str, conversation: str, form: Literal["markdown", "json"]) -> str:
        """The whole conversation as a text."""
        turns = self.turns(owner, conversation)
        title = next(one.title for one in self.list(owner) if one.id == conversation)
        if form == "json":
            rows = [asdict(turn) for turn in turns]
            return json.dumps({"title": title, "turns": rows}, ensure_ascii=False, indent=1) + "\n"
        return _markdown(title, turns)

    def _mine(self, db: sqlite3.Connection, owner: str, conversation: str) -> None:
        found = db.execute(
            "SELECT 1 FROM conversations WHERE id = ? AND owner = ?", (conversation, owner)
        ).fetchone()
        if found is None:
            raise AccessError("expected one of your conversations, found none with this id.")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self._path, timeout=_PATIENCE)
            try:
                db.execute("PRAGMA foreign_keys = ON")
                with db:
                    yield db
            finally:
                db.close()
        except sqlite3.Error as error:
            raise StoreError(
                f"{self._path}: expected conversations of this program, found: {error}. Name another --data."
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db


def _markdown(title: str, turns: Sequence[Turn]) -> str:
    lines = [f"# {_line(title)}", ""]
    for turn in turns:
        lines += [f"## {_line(turn.question)}", ""]
        if turn.answer is None:
            lines += [_line(turn.partial or ""), "", "（已停止）", ""]
            continue
        lines += [turn.answer.text, ""]
        lines += [
            f"{at}. {_line(citation.quote)}（{citation.article} {citation.start}–{citation.end}）"
            for at, citation in enumerate(turn.answer.citations, 1)
        ]
        lines += [""] if turn.answer.citations else []
    return "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(text.split())


def _titled(title: str) -> str:
    return _line(title)[:_TITLE]


def _literal(word: str) -> str:
    """A word in a LIKE pattern, with nothing in it that means more than itself."""
    return "".join(f"!{char}" if char in "!%_" else char for char in word)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
