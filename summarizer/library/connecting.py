"""LanceDB is imported and connected to here: for one call after the other, and for queries side by side."""

from __future__ import annotations

import os
from collections.abc import Coroutine
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from lancedb.db import AsyncConnection, DBConnection
    from lancedb.table import AsyncTable

__all__ = ["Snapshots", "connect", "waited"]

_T = TypeVar("_T")

# 2.2 takes chunks of the size that the schema asks for, older ones do not.
_OPTIONS = {"new_table_data_storage_version": "2.2"}


def connect(uri: str) -> DBConnection:
    _set_up()
    import lancedb  # a second of loading, which help and wrong usage need not wait for

    return lancedb.connect(uri, storage_options=_OPTIONS)


async def _connect_beside(uri: str) -> AsyncConnection:
    _set_up()
    import lancedb

    return await lancedb.connect_async(uri, storage_options=_OPTIONS)


def _set_up() -> None:
    # Lance leaves one of two processors idle else: the index of words takes a fifth longer.
    os.environ.setdefault("LANCE_CPU_THREADS", str(os.cpu_count() or 1))
    # Rows that are read at once where all are; of Lance's 8,192 the terms alone take 60 MB.
    os.environ.setdefault("LANCE_DEFAULT_BATCH_SIZE", "512")


class Snapshots:
    """A table at one version, for queries that run side by side.

    Never moved to another version, but opened anew: a row has another id after a writer has brought rows
    together, and some other thread may be between two queries of one search.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._connection: AsyncConnection | None = None
        """Kept, as it keeps what was read of the indexes."""
        self._last: tuple[tuple[str, int], AsyncTable] | None = None

    async def at(self, name: str, version: int) -> AsyncTable:
        """Any number of threads may ask; what they open at the same time is opened twice, and one kept.

        Raises ValueError or RuntimeError when a writer has cleaned that version up.
        """
        last = self._last
        if last is not None and last[0] == (name, version):
            return last[1]
        connection = self._connection or await _connect_beside(self._uri)
        table = await connection.open_table(name)
        await table.checkout(version)
        self._connection, self._last = connection, ((name, version), table)
        return table


def waited(asked: Coroutine[object, object, _T]) -> _T:
    """What `asked` returns, run by the loop of LanceDB's own thread: a notebook has one running in this one,
    and a new loop for every search takes a millisecond. Not to be called from that loop."""
    from lancedb.background_loop import LOOP

    made: _T = LOOP.run(asked)
    return made
