"""Rows of a library in memory, for a process that asks often.

Finding passages among 170,000 takes Lance 5 ms, reading the eighty it found 7: each is unpacked from a
chunk of others. From memory the same rows take one. The id of a row is the number of its fragment and its
place there, and Lance gives no number twice: what is kept stays true in every later version, which only
adds to it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from summarizer.library.connecting import waited
from summarizer.library.found import PASSAGE, Row, rows_of
from summarizer.memory import give_back

if TYPE_CHECKING:
    from lancedb.table import AsyncTable

__all__ = ["COLUMNS", "RowCache"]

COLUMNS = [*PASSAGE, "vector"]
"""Of a row, as a search reads it."""
# Searches before rows are kept: a command with one question does not wait for half a second of reading.
_OFTEN = 8
# Rows that stand together in memory, and are copied once more while they are brought there.
_PART = 1 << 16
_BATCH = 1 << 12
# With more parts, or this share of rows that went meanwhile, all are read anew.
_PARTS, _STALE = 24, 0.25

_log = logging.getLogger(__name__)


class RowCache:
    """Asked by any number of threads; one at a time brings rows in, beside the questions."""

    def __init__(self, room: int) -> None:
        """For up to `room` bytes; with 0, or for a library that takes more, nothing is kept."""
        self._room = room
        self._asked = 0
        self._filling = threading.Lock()
        self._seen: tuple[str, int] | None = None
        """The state of the library that was looked at last."""
        self._kept = _Kept("", ())

    def settled(self) -> int:
        """How many rows are kept, once nothing is being brought in."""
        with self._filling:
            return len(self._kept)

    def rows(self, name: str, ids: Collection[int]) -> dict[int, Row]:
        """Those of `ids` in the table `name` that are here, by id."""
        kept = self._kept
        return dict(kept.rows(ids)) if kept.name == name else {}

    def searched(self, name: str, version: int, table: AsyncTable) -> None:
        """`table` was opened for one more search: is it time to bring its rows in, or those that are new?"""
        self._asked += 1
        due = self._room > 0 and self._asked >= _OFTEN and self._seen != (name, version)
        if due and self._filling.acquire(blocking=False):
            # No daemon: Python would end while Lance is still handing it rows.
            threading.Thread(target=self._fill, args=(name, version, table), name="rows").start()

    def _fill(self, name: str, version: int, table: AsyncTable) -> None:
        try:
            kept = self._kept if self._kept.name == name else _Kept(name, ())
            self._kept = waited(_filled(kept, table, self._room))
            give_back()
        except (OSError, RuntimeError, ValueError) as error:
            # A writer has cleaned that version up; the next search opens another one.
            _log.info("rows of %s at version %s are read from disk: %s", name, version, error)
        finally:
            self._seen = name, version
            self._filling.release()


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    ids: npt.NDArray[np.uint64]
    """Ascending."""
    rows: pa.Table
    """In one chunk."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    name: str
    """Of the table."""
    parts: Sequence[_Part]
    """By their ids, ascending."""

    def __len__(self) -> int:
        return sum(len(part.ids) for part in self.parts)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(part.ids.nbytes + part.rows.nbytes for part in self.parts)

    def rows(self, ids: Collection[int]) -> Iterator[tuple[int, Row]]:
        wanted = np.array(sorted(ids), np.uint64)
        for part in self.parts:
            first, last = np.searchsorted(wanted, part.ids[0]), np.searchsorted(wanted, part.ids[-1], "right")
            mine = wanted[first:last]
            places = np.searchsorted(part.ids, mine)
            here = part.ids[places] == mine
            if here.any():
                yield from zip(mine[here].tolist(), rows_of(part.rows.take(places[here])), strict=True)


async def _filled(kept: _Kept, table: AsyncTable, room: int) -> _Kept:
    """`kept` with the rows of `table` that it lacks; without any when they would take more than `room`."""
    count = await table.count_rows()
    if len(kept.parts) > _PARTS or len(kept) > count * (1 + _STALE):
        kept = _Kept(kept.name, ())
    first = int(kept.parts[-1].ids[-1]) + 1 if kept.parts else 0
    query = table.query().where(f"_rowid >= {first}").select(COLUMNS).with_row_id()
    async for part in _parts(await query.to_batches(max_batch_length=_BATCH)):
        kept = _Kept(kept.name, (*kept.parts, part))
        if kept.size * max(1.0, count / len(kept)) > room:
            _log.info("rows of %s are read from disk: they take more than %d MiB", kept.name, room >> 20)
            return _Kept(kept.name, ())
    return kept


async def _parts(batches: AsyncIterable[pa.RecordBatch]) -> AsyncIterator[_Part]:
    waiting: list[pa.RecordBatch] = []
    count = 0
    async for batch in batches:
        waiting.append(batch)
        count += len(batch)
        if count >= _PART:
            yield _part(waiting)
            waiting, count = [], 0
    if count:
        yield _part(waiting)


def _part(batches: Sequence[pa.RecordBatch]) -> _Part:
    rows = pa.Table.from_batches(batches).combine_chunks()
    return _Part(rows["_rowid"].to_numpy(), rows.select(COLUMNS))
