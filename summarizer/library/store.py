"""The table of one library: found, opened, kept fresh, locked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from summarizer.errors import LibraryError
from summarizer.library.schema import TABLE, Format, table_schema

if TYPE_CHECKING:
    from lancedb.db import DBConnection
    from lancedb.table import Table

__all__ = ["Store"]

_T = TypeVar("_T")

LOCK = ".lock"
# Seconds. A reader that is older looks whether another process has written since; asking costs
# a tenth of a query on a disk, and more on s3://.
_FRESH = 1.0
# What Lance says of a file that is gone, broken or out of reach, and of a question it cannot run.
_TROUBLE = (OSError, RuntimeError, ValueError)
# 2.2 takes chunks of the size that the schema asks for, older ones do not.
_OPTIONS = {"new_table_data_storage_version": "2.2"}


class Store:
    """One open table. Every call raises LibraryError, never anything else, for what is wrong with it."""

    def __init__(self, uri: str, table: Table) -> None:
        self.uri = uri
        self.table = table
        self.format = Format.of(table.schema, uri)
        self.remote = _is_remote(uri)
        self._looked = time.monotonic()

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
            try:
                return cls(uri, _connect(uri).open_table(TABLE))
            except ValueError as error:
                if "not found" in str(error):  # all that Lance says of a table that is not there
                    raise LibraryError(_missing(uri, "nothing")) from error
                raise

    @classmethod
    def create(cls, uri: str, made: Format, waiting: Callable[[], None]) -> Store:
        """The library that is there, or a new and empty one of the format `made`.

        `waiting` is called when another process must be waited for. A folder that holds something
        else is left alone.
        """
        if not _is_remote(uri):
            _expect_room(Path(uri))
        with locked(uri, waiting), reported(uri, "writable"):
            from summarizer.library.indexing import index_words

            connection = _connect(uri)
            if TABLE not in connection.list_tables().tables:
                table = connection.create_table(TABLE, schema=table_schema(made), exist_ok=True)
                index_words(table)  # without it no row is found, with it all are, those to come too
        return cls.open(uri)

    @contextmanager
    def writing(self, waiting: Callable[[], None]) -> Iterator[Table]:
        """The newest table, alone: other writers wait, `waiting` is called when this one must.

        On s3:// nobody waits; there Lance's own commits keep writers apart, see `schema`.
        """
        with locked(self.uri, waiting), reported(self.uri, "writable"):
            self.refresh()
            yield self.table

    def read(self, ask: Callable[[Table], _T]) -> _T:
        """What `ask` gets from the table, at most a second old; asked again after a clean-up meanwhile."""
        with reported(self.uri, "readable"):
            if time.monotonic() - self._looked > _FRESH:
                self.refresh()
            try:
                return ask(self.table)
            except _TROUBLE:
                before = self.table.version
                self.refresh()
                if self.table.version == before:
                    raise
                return ask(self.table)

    def refresh(self) -> None:
        """See what others have written. Raises LibraryError when it is another library now."""
        before = self.table.version
        self.table.checkout_latest()
        self._looked = time.monotonic()
        if self.table.version != before:
            self.format = Format.of(self.table.schema, self.uri)

    def replace(self, made: Format, rows: Iterator[object]) -> None:
        """All rows anew in the format `made`, seen by readers at once or not at all; inside `writing`."""
        import pyarrow as pa

        schema = table_schema(made)
        reader = pa.RecordBatchReader.from_batches(schema, rows)
        self.table = _connect(self.uri).create_table(TABLE, data=reader, schema=schema, mode="overwrite")
        self.format = made


def _connect(uri: str) -> DBConnection:
    import lancedb  # a second of loading, which help and wrong usage need not wait for

    return lancedb.connect(uri, storage_options=_OPTIONS)


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
        raise LibraryError(_missing(str(path), "nothing"))
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


def _is_table(path: Path) -> bool:
    """A table whose making was cut short has no version yet: it is none."""
    try:
        return bool(os.listdir(path / f"{TABLE}.lance" / "_versions"))
    except OSError:
        return False


def _others(path: Path) -> bool:
    """Does the folder hold anything that is not of a library whose making was cut short?"""
    with reported(str(path), "readable"):
        return bool({*os.listdir(path)} - {LOCK, f"{TABLE}.lance"})


def _missing(uri: str, found: str) -> str:
    return (
        f"{uri}: expected a library, found {found}. "
        f"Make one with 'summarizer add PATH... --library {uri}', or name another."
    )
