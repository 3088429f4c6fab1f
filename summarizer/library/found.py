"""What a library gives back, as plain objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from summarizer.records import Document, Kind, Passage

__all__ = ["ABOUT", "PASSAGE", "Added", "Entry", "Found", "entries", "found", "joined"]

ABOUT = ["article", "headline", "date", "page", "number", "paper", "section"]
PASSAGE = ["ordinal", "start", "end", "text", *ABOUT]

_Row = dict[str, object]


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


def found(table: pa.Table, scores: npt.NDArray[np.floating], vectors: npt.NDArray[np.float32]) -> list[Found]:
    """The rows of `table`, the best score first; of equal ones, by article and place in it."""
    hits = [
        Found(_passage(row), row["ordinal"], float(score), vector)  # type: ignore[arg-type]
        for row, score, vector in zip(_rows(table.select(PASSAGE)), scores, vectors, strict=True)
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.article, hit.ordinal))


def entries(table: pa.Table) -> Iterator[Entry]:
    """First passages as the documents they stand for, by date and id; "page#10" after "page#9"."""
    rows = sorted(_rows(table), key=lambda row: (row["date"] or "", _by_number(str(row["article"]))))
    for row in rows:
        about = {name: row[name] for name in ABOUT[1:]}
        yield Entry(id=row["article"], kind=row["kind"], passages=row["passages"], **about)  # type: ignore[arg-type]


def _by_number(name: str) -> tuple[tuple[str, int], ...]:
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"(\D*)(\d*)", name))


def joined(table: pa.Table) -> Iterator[tuple[Document, list[Passage]]]:
    """The documents whose passages are the rows of `table`, whole, in the order of their ids."""
    rows = sorted(_rows(table), key=lambda row: (row["article"], row["ordinal"]))
    first = 0
    while first < len(rows):
        count: int = rows[first]["passages"]  # type: ignore[assignment]
        mine = rows[first : first + count]
        text = "".join(row["text"] for row in mine)  # type: ignore[misc]
        about = {name: mine[0][name] for name in (*ABOUT[1:], "kind")}
        yield Document(id=mine[0]["article"], text=text, **about), [_passage(row) for row in mine]  # type: ignore[arg-type]
        first += count


def _passage(row: _Row) -> Passage:
    about = {name: row[name] for name in ABOUT}
    return Passage(span=(row["start"], row["end"]), text=row["text"], **about)  # type: ignore[arg-type]


def _rows(table: pa.Table) -> list[_Row]:
    """Column by column: three times as quick as pa.Table.to_pylist."""
    columns = [column.to_pylist() for column in table.columns]
    return [dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True)]
