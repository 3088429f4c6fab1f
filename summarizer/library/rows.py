"""Documents become rows of the table: cut into passages, their words and vectors made."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from summarizer.library.found import about_passage
from summarizer.library.passages import passage_spans
from summarizer.library.words import terms_of
from summarizer.models.encoding import Encoder
from summarizer.records import Document

__all__ = ["Cut", "content_of", "cut"]


@lru_cache(maxsize=1 << 13)  # asked for again until the commit that the document is in
def content_of(document: Document) -> str:
    """A hash of everything but the id and the page's path: equal for what reads the same.

    128 bits of sha256 over text, headline, date, 版, paper, section and kind.
    """
    one = document
    said = (one.text, one.headline, one.date, one.number, one.paper, one.section, one.kind)
    # A length before each part: no two documents run together to the same bytes.
    parts = ("-" if part is None else f"{len(part)}:{part}" for part in said)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Cut:
    """Documents as passages, in order, still without vectors."""

    columns: dict[str, list[object]]
    """By name, all but `vector`."""
    texts: list[str]
    """What is to be encoded: the passage, the first one with the headline before it."""
    counts: dict[str, int]
    """How many passages each document has, by its id."""

    def rows(self, encoder: Encoder, schema: pa.Schema) -> pa.Table:
        """With their vectors, one row a passage."""
        arrays = {name: pa.array(values, schema.field(name).type) for name, values in self.columns.items()}
        arrays["vector"] = _vectors(self.texts, encoder)
        return pa.table([arrays[name] for name in schema.names], schema=schema)


def cut(documents: Iterable[Document]) -> Cut:
    """The passages of `documents`. The words of a headline count as the first passage's."""
    columns: dict[str, list[object]] = defaultdict(list)
    texts: list[str] = []
    counts: dict[str, int] = {}
    for document in documents:
        spans = passage_spans(document.text)
        counts[document.id] = len(spans)
        about = {
            "article": document.id,
            "passages": len(spans),
            "headline": document.headline,
            "date": document.date,
            "page": document.page,
            "number": document.number,
            "paper": document.paper,
            "section": document.section,
            "kind": document.kind,
        }
        for name, value in about.items():
            columns[name] += [value] * len(spans)
        for ordinal, (start, end) in enumerate(spans):
            text = document.text[start:end]
            said = f"{document.headline}\n{text}" if document.headline and not ordinal else text
            texts.append(said)
            columns["ordinal"].append(ordinal)
            columns["about"].append(about_passage(document, ordinal, start))
            columns["text"].append(text)
            columns["content"].append(None if ordinal else content_of(document))
    columns["terms"] += terms_of(texts)
    return Cut(columns, texts, counts)


def _vectors(texts: Sequence[str], encoder: Encoder) -> pa.Array:
    made = encoder.passages(texts) if texts else np.zeros((0, encoder.dimensions), np.float32)
    flat = pa.array(np.ascontiguousarray(made, np.float16).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, encoder.dimensions)
