"""One search of a library: both questions asked at once for the ids of rows, each row then read once.

Reading a passage costs more than finding it: its text is unpacked from a chunk of others. So neither
search brings rows along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from summarizer.library.found import Found, Row, cosines, found, rows_of
from summarizer.library.indexing import WORDS
from summarizer.library.rowcache import COLUMNS

if TYPE_CHECKING:
    from lancedb.query import AsyncFTSQuery, AsyncVectorQuery
    from lancedb.table import AsyncTable

__all__ = ["Asked", "Known", "searched"]

# How many partitions of the vectors are read, of a thousand passages each. Of the nearest 24 among 170,000
# passages 83 % are found so, 95 % with four times as many: two milliseconds more for not one more development
# question answered among the first five. The exact vectors put them in order afterwards.
_PROBES = 8
# Passages asked for beyond the limit, so that the order of equal scores is ours also at the limit.
_BEYOND = 8

_Scores = dict[int, float]
"""By the id of the row."""
Known = Callable[[Collection[int]], dict[int, Row]]
"""Those of the ids whose rows need not be read, by id."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is looked for in one search."""

    terms: Sequence[str]
    vector: npt.NDArray[np.float32]
    """Of length 1, or zeros."""
    condition: str | None
    """Which rows count, in SQL; None for all."""
    limit: int
    """Passages by words."""
    nearest: int
    """Passages by vectors."""


async def searched(table: AsyncTable, known: Known, asked: Asked) -> tuple[list[Found], list[Found]]:
    """The passages that say most of the terms by BM25, and those nearest to the vector; best first.

    Equal scores go by article and place in it, at the limit too. `table` must stay at one version: a row may
    have another id in the next. Rows that `known` has are not read.
    """
    wanted = asked.nearest + _BEYOND
    said, near = await asyncio.gather(_said(table, asked), _near(table, asked, wanted))
    rows = await _read(table, known, {*said, *near})
    lexical = found(said, rows)[: asked.limit]
    while True:
        dense = found(_cosines(asked.vector, near, rows), rows)
        if len(dense) < wanted or dense[-1].score != dense[asked.nearest - 1].score:
            return lexical, dense[: asked.nearest]
        wanted *= 2  # those at the limit have equals not seen yet
        near = await _near(table, asked, wanted)
        rows |= await _read(table, known, {*near} - rows.keys())


async def _said(table: AsyncTable, asked: Asked) -> _Scores:
    """The rows by words: `limit` of them, and all that are equal to the last."""
    if not asked.terms or asked.limit < 1:
        return {}
    from lancedb.query import MatchQuery

    wanted = asked.limit + _BEYOND
    while True:
        query = table.query().nearest_to_text(MatchQuery(" ".join(asked.terms), WORDS))
        made = await _ids(query, asked, wanted, "_score")
        best = sorted(made.values(), reverse=True)
        last = best[asked.limit - 1] if len(best) >= asked.limit else 0.0
        if len(best) < wanted or best[-1] != last:
            return {at: score for at, score in made.items() if score >= last}
        wanted *= 2


async def _near(table: AsyncTable, asked: Asked, wanted: int) -> list[int]:
    """Ids of the rows by vectors, as the index has these."""
    if not asked.vector.any() or asked.nearest < 1:
        return []
    query = table.query().nearest_to(asked.vector).column("vector").distance_type("dot").nprobes(_PROBES)
    return list(await _ids(query, asked, wanted, "_distance"))


async def _ids(query: AsyncFTSQuery | AsyncVectorQuery, asked: Asked, wanted: int, score: str) -> _Scores:
    query = query.select([score]).with_row_id().limit(wanted)
    rows = await (query.where(asked.condition) if asked.condition else query).to_arrow()
    return dict(zip(rows["_rowid"].to_pylist(), rows[score].to_pylist(), strict=True))


async def _read(table: AsyncTable, known: Known, ids: Set[int]) -> dict[int, Row]:
    rows = known(ids)
    if missing := sorted(ids - rows.keys()):
        read = await table.take_row_ids(missing).select(COLUMNS).with_row_id().to_arrow()
        rows |= zip(read["_rowid"].to_pylist(), rows_of(read), strict=True)
    return rows


def _cosines(vector: npt.NDArray[np.float32], ids: Sequence[int], rows: Mapping[int, Row]) -> _Scores:
    if not ids:
        return {}
    vectors = np.array([rows[at].vector for at in ids], np.float64)
    return dict(zip(ids, cosines(vectors, vector), strict=True))
