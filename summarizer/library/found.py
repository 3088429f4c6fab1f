"""What a library gives back, as plain objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from summarizer.records import Document, Kind, Passage

__all__ = [
    "ABOUT",
    "PASSAGE",
    "Added",
    "Entry",
    "Found",
    "Row",
    "about_passage",
    "cosines",
    "entries",
    "found",
    "joined",
    "rows_of",
]

ABOUT = ["article", "headline", "date", "page", "number", "paper", "section"]
PASSAGE = ["about", "text"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the documents that were given."""

    documents: int = 0
    """Written: new ones, and those that replaced another text of the same id."""
    passages: int = 0
    """Of these documents."""
    known: int = 0
    """Documents that were there already, and were left as they are."""
    replaced: int = 0
    """Of `documents`, those whose id was there with another content."""
    removed: int = 0
    """Documents that a page no longer has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the list of a library, without its text."""

    id: str
    headline: str | None
    date: str | None
    page: str | None
    number: str | None
    paper: str | None
    section: str | None
    kind: Kind
    passages: int


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One passage that words or a vector found."""

    passage: Passage
    ordinal: int
    """Its place among the passages of its document, from 0."""
    score: float
    """BM25 of its words, or the cosine of its vector and the question's."""
    vector: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of the table, as a search reads it."""

    passage: Passage
    ordinal: int
    vector: npt.NDArray[np.float32]


def rows_of(table: pa.Table) -> list[Row]:
    """The rows of `table`, which has the columns of PASSAGE and `vector`, in its order."""
    flat = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    vectors = flat.reshape(len(table), -1).astype(np.float32)
    return [
        Row(passage, ordinal, vector)
        for (ordinal, passage), vector in zip(_passages(table), vectors, strict=True)
    ]


def found(scores: Mapping[int, float], rows: Mapping[int, Row]) -> list[Found]:
    """The rows that have a score, by their ids, the best first; of equal ones, by article and place in it."""
    hits = [Found(rows[at].passage, rows[at].ordinal, score, rows[at].vector) for at, score in scores.items()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.article, hit.ordinal))


def cosines(vectors: npt.NDArray[np.floating], vector: npt.NDArray[np.float32]) -> list[float]:
    """Of each row of `vectors`, all of length 1, with `vector`.

    Row by row: a matrix product rounds equal rows differently, depending on where they stand.
    """
    made: list[float] = (vectors * vector).sum(axis=1).tolist()
    return made


def entries(table: pa.Table) -> Iterator[Entry]:
    """First passages as the documents they stand for, by date and id; "page#10" after "page#9"."""
    columns = (table[name].to_pylist() for name in (*ABOUT, "kind", "passages"))
    yield from sorted(map(Entry, *columns), key=lambda one: (one.date or "", _by_number(one.id)))


def _by_number(name: str) -> tuple[tuple[str, int], ...]:
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"(\D*)(\d*)", name))


def joined(table: pa.Table) -> Iterator[tuple[Document, list[Passage]]]:
    """The documents whose passages are the rows of `table`, whole, in the order of their ids."""
    table = table.sort_by([("article", "ascending"), ("ordinal", "ascending")])
    passages = [passage for _, passage in _passages(table)]
    counts, kinds = table["passages"].to_pylist(), table["kind"].to_pylist()
    first = 0
    while first < len(passages):
        mine = passages[first : first + counts[first]]
        one = mine[0]
        document = Document(
            id=one.article,
            text="".join(passage.text for passage in mine),
            headline=one.headline,
            date=one.date,
            page=one.page,
            number=one.number,
            paper=one.paper,
            section=one.section,
            kind=kinds[first],
        )
        yield document, mine
        first += len(mine)


def about_passage(document: Document, ordinal: int, start: int) -> str:
    """The column `about`: what `_passages` reads back."""
    one = document
    about = [one.id, ordinal, start, one.headline, one.date, one.page, one.number, one.paper, one.section]
    return json.dumps(about, ensure_ascii=False, separators=(",", ":"))


def _passages(table: pa.Table) -> list[tuple[int, Passage]]:
    """Of every row, with its place in the document."""
    made = []
    for about, text in zip(table["about"].to_pylist(), table["text"].to_pylist(), strict=True):
        article, ordinal, start, *rest = json.loads(about)
        made.append((ordinal, Passage(article, (start, start + len(text)), text, *rest)))
    return made
