"""The table of one library: found, opened, kept fresh, locked."""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from summarizer.errors import LibraryError
from summarizer.library.connecting import Snapshots, connect, waited
from summarizer.library.indexing import index_words
from summarizer.library.schema import TABLE, Format, table_schema

if TYPE_CHECKING:
    from lancedb.db import DBConnection
    from lancedb.table import AsyncTable, Table

__all__ = ["Store"]

_T = TypeVar("_T")
_State = tuple[str, int]
"""Name and version of a table."""

LOCK = ".lock"
_NAME = re.compile(rf"{TABLE}(-[1-9][0-9]*)?")
# Seconds. A reader that is older looks whether another process has written since; asking costs
# a tenth of a query on a disk, and more on s3://.
_FRESH = 1.0
_ATTEMPTS = 10
# What Lance says of a file that is gone, broken or out of reach, and of a question it cannot run.
_TROUBLE = (OSError, RuntimeError, ValueError)


class Store:
    """One open table. Every call raises LibraryError, never anything else, for what is wrong with it.

    There is one table, `passages`; a library that is made anew is made beside it as `passages-2`, and
    the old one goes when the new one is whole. Of two, the older one counts.
    """

    def __init__(self, uri: str, table: Table) -> None:
        self.uri = uri
        self.table = table
        self.format = Format.of(table.schema, uri)
        self.remote = _is_remote(uri)
        self._looked = time.monotonic()
        self._snapshots = Snapshots(uri)

    @property
    def grace(self) -> timedelta:
        """How long files of older versions are kept. On a disk not at all: a reader that misses one asks
        again. Elsewhere another writer may be building on one."""
        return timedelta(minutes=15 if self.remote else 0)

    @classmethod
    def open(cls, uri: str) -> Store:
        """The library that is there."""
        if not _is_remote(uri):
            _expect_library(Path(uri))
        with reported(uri, "readable"):
            connection = connect(uri)
            if names := _tables(uri, connection):
                return cls(uri, connection.open_table(names[0]))
        raise LibraryError(_missing(uri, "nothing"), reason="library.none")

    @classmethod
    def create(cls, uri: str, made: Format, waiting: Callable[[], None]) -> Store:
        """The library that is there, or a new and empty one of the format `made`.

        `waiting` is called when another process must be waited for. A folder that holds something
        else is left alone.
        """
        if not _is_remote(uri):
            _expect_room(Path(uri))
        connection = connect(uri)

        def made_or_found() -> Store:
            if not (names := _tables(uri, connection)):
                connection.create_table(TABLE, schema=table_schema(made), exist_ok=True)
            store = cls(uri, connection.open_table(names[0] if names else TABLE))
            if not store.table.list_indices():
                # Without it no row is found, with it all are, those to come too.
                index_words(store.table)
            return store

        with locked(uri, waiting), reported(uri, "writable"):
            return _insisting(made_or_found)

    def write(self, change: Callable[[Table], _T], waiting: Callable[[], None]) -> _T:
        """What `change` makes of the newest table, alone: other writers wait, `waiting` is called when this
        one must.

        On s3:// nobody waits; there Lance tells of two commits that do not go together, and `change` is
        called again with what the other one left. It must look anew at what there is.
        """
        with locked(self.uri, waiting), reported(self.uri, "writable"):
            made = self.format

            def checked() -> _T:
                self._reopen()
                if self.format != made:
                    raise LibraryError(
                        f"{self.uri}: expected the library as it was opened, found it made anew meanwhile, "
                        f"with the encoder {self.format.encoder}. Run the same command again."
                    )
                return change(self.table)

            return _insisting(checked)

    def read(self, ask: Callable[[Table], _T]) -> _T:
        """What `ask` gets from the table, at most a second old.

        Asked again when that fails and a writer has cleaned up, or made the library anew, meanwhile.
        """
        return self._asked(lambda table, _: ask(table))

    def search(self, ask: Callable[[AsyncTable], Coroutine[object, object, _T]]) -> _T:
        """What `ask` gets from the table, as `read` does; its queries may run side by side.

        All of them see one version, whatever is written or read beside them.
        """

        async def queries(state: _State) -> _T:
            return await ask(await self._snapshots.at(*state))

        return self._asked(lambda _, state: waited(queries(state)))

    def _asked(self, ask: Callable[[Table, _State], _T]) -> _T:
        attempts = _ATTEMPTS
        with reported(self.uri, "readable"):
            while True:
                # Another thread may see what is new, or write it, while this one asks.
                table = self.table
                state = table.name, table.version
                try:
                    if time.monotonic() - self._looked > _FRESH:
                        table.checkout_latest()
                        self._looked = time.monotonic()
                        state = table.name, table.version
                    return ask(table, state)
                except _TROUBLE:
                    attempts -= 1
                    if not attempts or self._reopen() == state:
                        raise

    def _reopen(self) -> _State:
        """See what others have written; which state of the library that is."""
        now = Store.open(self.uri)
        self.table, self.format, self._looked = now.table, now.format, now._looked
        return now.table.name, now.table.version

    def replace(self, made: Format, rows: Iterator[pa.RecordBatch], done: Callable[[Table], None]) -> None:
        """All rows anew in the format `made`; inside `write`.

        `done` finishes the new table before readers see it; they see it at once or not at all.
        """
        connection, schema, old = connect(self.uri), table_schema(made), self.table.name
        reader = pa.RecordBatchReader.from_batches(schema, rows)
        # What an interrupted run left of it is overwritten.
        table = connection.create_table(_next(old), data=reader, schema=schema, mode="overwrite")
        done(table)
        if self.remote:
            connection.drop_table(old)
        else:
            # In one step for readers, and whatever is left of it later has no table's name.
            trash = Path(self.uri) / f"{old}.old"
            shutil.rmtree(trash, ignore_errors=True)
            os.rename(Path(self.uri) / f"{old}.lance", trash)
            shutil.rmtree(trash, ignore_errors=True)
        self.table, self.format = table, made


def _insisting(change: Callable[[], _T]) -> _T:
    """What `change` returns, called again when another writer's commit came in between."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return change()
        except _TROUBLE as error:
            if "conflict" not in str(error):  # Lance has no class for it
                raise
            time.sleep(random.uniform(0, 0.2 * attempt))  # not in step with the other
    return change()


@contextmanager
def reported(uri: str, wanted: str) -> Iterator[None]:
    """Trouble of the block as LibraryError: one line, what to do, the rest as its cause."""
    try:
        yield
    except LibraryError:
        raise
    except _TROUBLE as error:
        said = str(error).strip().splitlines()
        raise LibraryError(
            f"{uri}: expected a {wanted} library, found: {said[0][:300] if said else type(error).__name__}. "
            "Check the disk and its permissions; if files are gone or broken, restore the folder from a copy "
            "or delete it and add the pages again."
        ) from error


@contextmanager
def locked(uri: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Alone in the folder until the block ends or this process dies."""
    if _is_remote(uri):
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(Path(uri) / LOCK)
    try:
        with reported(uri, "writable"):
            Path(uri).mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                waiting()
                lock.acquire()
        yield
    finally:
        lock.release()


def _is_remote(uri: str) -> bool:
    return "://" in uri


def _expect_library(path: Path) -> None:
    if _is_table(path):
        return
    if not path.exists():
        raise LibraryError(_missing(str(path), "nothing"), reason="library.none")
    if not path.is_dir():
        raise LibraryError(_missing(str(path), "a file"))
    found = "a folder of something else" if _others(path) else "an empty folder"
    raise LibraryError(_missing(str(path), found))


def _expect_room(path: Path) -> None:
    if path.is_dir():
        if not _is_table(path) and _others(path):
            raise LibraryError(
                f"{path}: expected a library, an empty folder or none, found a folder of something else. "
                "Name another with --library."
            )
    elif path.exists():
        raise LibraryError(f"{path}: expected a library or no such file, found a file. Name another.")


def _tables(uri: str, connection: DBConnection) -> list[str]:
    """Names of the library's tables, the oldest first."""
    names = connection.list_tables().tables if _is_remote(uri) else _folders(Path(uri))
    return sorted((name for name in names if _NAME.fullmatch(name)), key=_generation)


def _folders(path: Path) -> list[str]:
    """Of tables that have a version: one whose making was cut short is none."""
    names = [entry.removesuffix(".lance") for entry in _listed(path) if entry.endswith(".lance")]
    return [name for name in names if _listed(path / f"{name}.lance" / "_versions")]


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _generation(name: str) -> int:
    return int(name.removeprefix(TABLE).removeprefix("-") or 1)


def _next(name: str) -> str:
    return f"{TABLE}-{_generation(name) + 1}"


def _is_table(path: Path) -> bool:
    return any(_NAME.fullmatch(name) for name in _folders(path))


def _others(path: Path) -> bool:
    """Does the folder hold anything that is not of a library whose making was cut short?"""
    with reported(str(path), "readable"):
        return any(name != LOCK and not name.startswith(TABLE) for name in os.listdir(path))


def _missing(uri: str, found: str) -> str:
    return (
        f"{uri}: expected a library, found {found}. "
        f"Make one with 'summarizer add PATH... --library {uri}', or name another."
    )
