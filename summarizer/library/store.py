"""The table of one library: opened, kept fresh, read and written."""

from __future__ import annotations

import math
import os
import random
import shutil
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from summarizer.errors import LibraryError
from summarizer.library.connecting import Snapshots, connect, waited
from summarizer.library.folder import (
    TROUBLE,
    expect_library,
    expect_room,
    is_remote,
    locked,
    missing,
    next_name,
    reported,
    tables,
)
from summarizer.library.indexing import index_words
from summarizer.library.rowcache import RowCache
from summarizer.library.schema import TABLE, Format, table_schema

if TYPE_CHECKING:
    from lancedb.table import AsyncTable, Table

    from summarizer.library.searching import Known

__all__ = ["Store"]

_T = TypeVar("_T")
_State = tuple[str, int]
"""Name and version of a table."""

# Seconds. A reader that is older looks whether another process has written since; asking costs
# a tenth of a query on a disk, and more on s3://.
_FRESH = 1.0
_ATTEMPTS = 10


class Store:
    """One open table. Every call raises LibraryError, never anything else, for what is wrong with it.

    There is one table, `passages`; a library that is made anew is made beside it as `passages-2`, and
    the old one goes when the new one is whole. Of two, the older one counts.
    """

    def __init__(self, uri: str, table: Table, cache: int) -> None:
        """Keeps up to `cache` MiB of rows in memory."""
        self.uri = uri
        self.cache = RowCache(cache << 20)
        self.table = table
        self.format = Format.of(table.schema, uri)
        self.remote = is_remote(uri)
        self._looked = time.monotonic()
        self._state = table.name, table.version
        """As it was looked at; a version is asked of a thread of LanceDB's, which takes as long as a term."""
        self._snapshots = Snapshots(uri)

    @property
    def grace(self) -> timedelta:
        """How long files of older versions are kept. On a disk not at all: a reader that misses one asks
        again. Elsewhere another writer may be building on one."""
        return timedelta(minutes=15 if self.remote else 0)

    @classmethod
    def open(cls, uri: str, cache: int) -> Store:
        """The library that is there."""
        if not is_remote(uri):
            expect_library(Path(uri))
        with reported(uri, "readable"):
            connection = connect(uri)
            if names := tables(uri, connection):
                return cls(uri, connection.open_table(names[0]), cache)
        raise LibraryError(missing(uri, "nothing"), reason="library.none")

    @classmethod
    def create(cls, uri: str, made: Format, waiting: Callable[[], None], cache: int) -> Store:
        """The library that is there, or a new and empty one of the format `made`.

        `waiting` is called when another process must be waited for. A folder that holds something
        else is left alone.
        """
        if not is_remote(uri):
            expect_room(Path(uri))
        connection = connect(uri)

        def made_or_found() -> Store:
            if not (names := tables(uri, connection)):
                connection.create_table(TABLE, schema=table_schema(made), exist_ok=True)
            store = cls(uri, connection.open_table(names[0] if names else TABLE), cache)
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

            try:
                return _insisting(checked)
            finally:
                self._looked = -math.inf  # who has written sees it at once

    def read(self, ask: Callable[[Table], _T]) -> _T:
        """What `ask` gets from the table, at most a second old.

        Asked again when that fails and a writer has cleaned up, or made the library anew, meanwhile.
        """
        return self._asked(lambda table, _: ask(table))

    def search(self, ask: Callable[[AsyncTable, Known], Coroutine[object, object, _T]]) -> _T:
        """What `ask` gets from the table and the rows kept in memory, as `read` does.

        Its queries may run side by side; all see one version, whatever is written or read beside them.
        """

        async def queries(state: _State) -> _T:
            table = await self._snapshots.at(*state)
            self.cache.searched(*state, table)
            return await ask(table, partial(self.cache.rows, state[0]))

        return self._asked(lambda _, state: waited(queries(state)))

    def _asked(self, ask: Callable[[Table, _State], _T]) -> _T:
        attempts = _ATTEMPTS
        with reported(self.uri, "readable"):
            while True:
                # Another thread may see what is new, or write it, while this one asks.
                table, state = self.table, self._state
                try:
                    if time.monotonic() - self._looked > _FRESH:
                        table.checkout_latest()
                        self._state = state = table.name, table.version
                        self._looked = time.monotonic()
                    return ask(table, state)
                except TROUBLE:
                    attempts -= 1
                    if not attempts or self._reopen() == state:
                        raise

    def _reopen(self) -> _State:
        """See what others have written; which state of the library that is."""
        now = Store.open(self.uri, 0)
        self.table, self.format, self._looked, self._state = now.table, now.format, now._looked, now._state
        return now._state

    def replace(self, made: Format, rows: Iterator[pa.RecordBatch], done: Callable[[Table], None]) -> None:
        """All rows anew in the format `made`; inside `write`.

        `done` finishes the new table before readers see it; they see it at once or not at all.
        """
        connection, schema, old = connect(self.uri), table_schema(made), self.table.name
        reader = pa.RecordBatchReader.from_batches(schema, rows)
        # What an interrupted run left of it is overwritten.
        table = connection.create_table(next_name(old), data=reader, schema=schema, mode="overwrite")
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
        except TROUBLE as error:
            if "conflict" not in str(error):  # Lance has no class for it
                raise
            time.sleep(random.uniform(0, 0.2 * attempt))  # not in step with the other
    return change()
