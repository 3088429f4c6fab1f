"""One SQLite file that lasts: opened once a server, shared by its threads, and by two servers without loss."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Store"]


class Store:
    """The file `path`, made when it is missing. Raises StoreError for all that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time."""
        raise NotImplementedError

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, and no other writer beside it."""
        raise NotImplementedError

    def close(self) -> None:
        """Twice is once."""
        raise NotImplementedError
