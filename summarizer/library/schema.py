"""What a library looks like on disk: one table, one row a passage, and who made its vectors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Self

import pyarrow as pa

from summarizer.errors import LibraryError
from summarizer.library.passages import LENGTH
from summarizer.models.encoding import Encoder
from summarizer.terms import index_terms

__all__ = ["TABLE", "VERSION", "Format", "table_schema"]

TABLE = "passages"
VERSION = 1
"""Of the columns below and what they mean; raise it when a library of today could not be read."""

_KEY = b"summarizer"
# Every kind of run that `index_terms` tells apart: what it makes of this is what it makes of all.
_SAMPLE = "第3版讯：GDP增长5.2%，１,200人到场 iPhone15发布，乙"


@dataclass(frozen=True, slots=True)
class Format:
    """What a reader and the library must agree on; kept with the table, replaced with it."""

    version: int
    encoder: str
    """As its user typed it."""
    fingerprint: str
    dimensions: int
    terms: str
    """Of `summarizer.terms`: other terms, other words found."""

    @classmethod
    def now(cls, encoder: Encoder) -> Self:
        """Of a library that is made by this program with `encoder`."""
        made = f"{LENGTH} {index_terms(_SAMPLE)}".encode()
        terms = hashlib.sha256(made).hexdigest()[:12]
        return cls(VERSION, encoder.name, encoder.fingerprint, encoder.dimensions, terms)

    @classmethod
    def of(cls, schema: pa.Schema, where: str) -> Self:
        """Of a table that is there. Raises LibraryError when it is none of ours, or of another version."""
        again = "Read it with the program that made it, or make another library with 'summarizer add'."
        try:
            found = json.loads((schema.metadata or {})[_KEY])
        except (KeyError, ValueError) as error:
            raise LibraryError(f"{where}: expected a library of summarizer, found another table.") from error
        if found.get("version") != VERSION:
            raise LibraryError(
                f"{where}: expected a library of version {VERSION}, "
                f"found version {found.get('version')}. {again}"
            )
        try:
            return cls(**{field.name: found[field.name] for field in fields(cls)})
        except KeyError as error:
            raise LibraryError(f"{where}: expected {error} in its format, found none. {again}") from error

    def check(self, wanted: Format, where: str) -> None:
        """Raises LibraryError unless a library of this format can be read and added to as `wanted`."""
        again = f"'summarizer reindex --library {where}' makes it anew"
        if (self.fingerprint, self.dimensions) != (wanted.fingerprint, wanted.dimensions):
            raise LibraryError(
                f"{where}: expected vectors of the encoder {wanted.encoder} ({wanted.fingerprint[:12]}, "
                f"{wanted.dimensions} dimensions), found those of {self.encoder} ({self.fingerprint[:12]}, "
                f"{self.dimensions} dimensions). Name that encoder in the setting `encoder`, or {again} "
                "with this one."
            )
        if self.terms != wanted.terms:
            raise LibraryError(
                f"{where}: expected words indexed as this program does ({wanted.terms}), "
                f"found {self.terms}: {again}."
            )

    def metadata(self) -> dict[bytes, bytes]:
        return {_KEY: json.dumps(asdict(self), ensure_ascii=False).encode()}


def table_schema(made: Format) -> pa.Schema:
    """The columns of a library, with how each is kept."""
    number, words = pa.int32(), pa.utf8()
    return pa.schema(
        [
            pa.field("article", words, nullable=False, metadata=_key(1)),
            pa.field("ordinal", number, nullable=False, metadata=_key(2)),
            # How many passages the document has: an article of which some are missing would show.
            pa.field("passages", number, nullable=False),
            # All of a Passage but its text, as JSON: one column to read at random instead of nine. Packed
            # as the text is it would take a third of its 3 MB, and every search 1.5 ms longer.
            pa.field("about", words, nullable=False),
            # Read at random, a few dozen at once, each a chunk to unpack: small ones. Smaller ones still
            # take room and are no quicker.
            pa.field("text", words, nullable=False, metadata=_packed(1 << 14)),
            # Read in order only, when an index is made: large chunks, half the size of Lance's own.
            pa.field("terms", pa.large_utf8(), nullable=False, metadata=_packed(1 << 20, level=5)),
            # Half precision moves a cosine by less than 0.001, at half the size.
            pa.field("vector", pa.list_(pa.float16(), made.dimensions), nullable=False),
            pa.field("headline", words),
            pa.field("date", words),
            pa.field("page", words),
            pa.field("number", words),
            pa.field("paper", words),
            pa.field("section", words),
            pa.field("kind", words, nullable=False),
            # Of the document; on its first passage alone.
            pa.field("content", words),
        ],
        metadata=made.metadata(),
    )


def _key(position: int) -> dict[str, str]:
    """When two writers insert the same key at once, Lance lets the later one see the row of the other."""
    name = "lance-schema:unenforced-primary-key"
    return {name: "true", f"{name}:position": str(position)}


def _packed(chunk: int, level: int = 3) -> dict[str, str]:
    """zstd over chunks of so many bytes: Lance would take each text, or 4 kB, by itself."""
    return {
        "lance-encoding:compression": "zstd",
        "lance-encoding:compression-level": str(level),
        "lance-encoding:structural-encoding": "miniblock",
        "lance-encoding:minichunk-size": str(chunk),
    }
