"""One SQLite file that lasts: opened once a server, shared by its threads; two servers may open the same."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.errors import StoreError
from summarizer.web.places import private

__all__ = ["FORMAT", "Store"]

FORMAT = 1
"""Of the tables; raise it with every change that an older program would misread."""

_MARK = 0x53554D4D  # "SUMM": SQLite keeps it in the file's head, so another program's file is known as such
# Seconds to wait for another server's write, which takes milliseconds.
_PATIENCE = 20.0

_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    created REAL NOT NULL, changed REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_of ON conversations (owner, changed DESC);
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    place INTEGER NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL,
    answer TEXT, partial TEXT, searched TEXT NOT NULL,
    PRIMARY KEY (conversation, place), CHECK ((answer IS NULL) <> (partial IS NULL))
) WITHOUT ROWID;
"""


class Store:
    """The file `path`, made when it is missing, mode 0600. Raises StoreError for all that is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._closed = False
        private(path.parent)
        with self._told():
            # made by us first: SQLite would make it readable to all, and gives its WAL the same mode
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
            # SQLite waits for no lock while it changes the kind of a journal: one server after the other
            with FileLock(f"{path}.lock", timeout=_PATIENCE, mode=0o600):
                self._open()

    def _open(self) -> None:
        self._base = sqlite3.connect(
            self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            self._base.execute("PRAGMA foreign_keys = ON")
            self._base.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
            with self.writing() as base:
                self._prepare(base)
            # after the check: another program's file is left as it is
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")  # a turn that was shown survives a power cut
        except BaseException:
            self.close()
            raise

    def _prepare(self, base: sqlite3.Connection) -> None:
        [mark], [version] = (
            base.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
        tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables and not mark:
            for statement in _TABLES.split(";")[:-1]:
                base.execute(statement)
            base.execute(f"PRAGMA application_id = {_MARK}")
            base.execute(f"PRAGMA user_version = {FORMAT}")
        elif mark != _MARK:
            raise StoreError(
                f"{self.path}: expected conversations of this program, found a database of another. "
                "Move it away, or name another folder with --data."
            )
        elif version != FORMAT:
            age = "newer" if version > FORMAT else "older"
            raise StoreError(
                f"{self.path}: expected conversations in format {FORMAT}, found format {version}, which a "
                f"{age} version of this program wrote. Start that one, or name another folder with --data."
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time, everything as it was at one moment."""
        with self._transaction("DEFERRED") as base:
            yield base

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, and no other writer beside it."""
        with self._transaction("IMMEDIATE") as base:
            yield base

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._told():
            if self._closed:
                raise StoreError(
                    f"{self.path}: expected it open, found it closed. Start the app again.",
                    reason="store.closed",
                )
            self._base.execute(f"BEGIN {kind}")
            try:
                yield self._base
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def forget(self) -> None:
        """Empty the journal too, where deleted text still stands; nothing when somebody reads just now."""
        with self._lock, self._told():
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Twice is once."""
        with self._lock:
            self._closed = True
            self._base.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise StoreError(
                f"{self.path}: expected to be alone while the file is opened, found another server "
                f"opening it for {_PATIENCE:g} seconds. Try again; if it lasts, end that server."
            ) from error
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self.path}: expected conversations that can be read and written, found: {error}. "
                "Look at the disk and the permissions, or name another folder with --data.",
                reason="store.unreadable",
                found=error,
            ) from error
