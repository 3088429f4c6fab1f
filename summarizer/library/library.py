"""Articles and their passages on disk, found by words and by vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from summarizer.config import CACHE
from summarizer.errors import LibraryError
from summarizer.library.conditions import any_of, either, where
from summarizer.library.found import ABOUT, PASSAGE, Added, Entry, Found, entries, joined
from summarizer.library.indexing import settle
from summarizer.library.rows import cut
from summarizer.library.schema import Format, table_schema
from summarizer.library.searching import Asked, searched
from summarizer.library.store import Store
from summarizer.library.writing import Group, Told, Writer
from summarizer.models.encoding import Encoder
from summarizer.records import Document, Filters, Passage

if TYPE_CHECKING:
    from lancedb.table import Table

__all__ = ["Library"]

_ALL = Filters()
# Documents read, cut and encoded at once when a library is made anew.
_STRETCH = 500
_WHOLE = ["article", "ordinal", *PASSAGE, "passages", "kind"]


def _silent(*_: object) -> None:
    """Tells nobody."""


class Library:
    """One library: a folder, or an s3:// address. Every method raises LibraryError for what is wrong with it.

        library = Library.create("library", encoder)
        library.add([[Document("a#1", "全文。", page="a")]], encoder)
        library.lexical(query_terms("全文"), Filters(), 10)

    Readers and writers may be at work at once, in any number of processes: a reader sees whole
    commits only, and those of others at most a second late.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, uri: str, encoder: Encoder | None = None, *, cache: int = CACHE) -> Library:
        """The library that is there, for reading; with an `encoder`, one whose vectors it made.

        After a few searches its rows are kept in memory, if they take at most `cache` MiB.
        """
        store = Store.open(uri, cache)
        if encoder is not None:
            store.format.check(Format.now(encoder), uri)
        return cls(store)

    @classmethod
    def create(cls, uri: str, encoder: Encoder, told: Told = _silent, *, cache: int = CACHE) -> Library:
        """The library that is there, or a new and empty one for vectors of `encoder`.

        `cache` as in `open`.
        """
        made = Format.now(encoder)
        store = Store.create(uri, made, lambda: told("waiting", Added()), cache)
        store.format.check(made, uri)
        return cls(store)

    @property
    def uri(self) -> str:
        return self._store.uri

    @property
    def encoder_name(self) -> str:
        """Of the encoder that made the vectors, as its user typed it."""
        return self._store.format.encoder

    @property
    def encoder_fingerprint(self) -> str:
        return self._store.format.fingerprint

    @property
    def dimensions(self) -> int:
        return self._store.format.dimensions

    # --- writing

    def add(self, groups: Iterable[Sequence[Document]], encoder: Encoder, *, told: Told = _silent) -> Added:
        """Write what is new. A group is one page, or any documents that should come in together.

        A group is in one commit with all its documents or not at all; of one id the last counts.
        Documents with ids PAGE#ORDER that name that page are all of the page. A document is known when
        the library has its id with the same content (text, headline, date, 版, paper, section, kind); with
        another content it replaces the old one. A page is known, too, when all its stories are there by
        another path; stories that a page no longer has go. `groups` is read as it is needed, some megabytes
        ahead. Killed at any moment, the same call goes on from the last commit.
        """
        self._store.format.check(Format.now(encoder), self.uri)
        return Writer(self._store, encoder, told).add(map(_storable, groups))

    def remove(self, names: Sequence[str]) -> int:
        """Take out documents by id, and whole pages by theirs; how many documents went.

        Raises LibraryError, and takes nothing out, when one of `names` is not there.
        """
        condition = either(any_of("article", names), any_of("page", names))
        if condition is None:
            return 0

        def without(table: Table) -> int:
            rows = _arrow(table, f"ordinal = 0 AND ({condition})", ["article", "page"])
            there = {*rows["article"].to_pylist(), *rows["page"].to_pylist()}
            if missing := [name for name in names if name not in there]:
                raise LibraryError(
                    f"{self.uri}: expected ids of documents or pages, found {missing[0]!r}"
                    + (f" and {len(missing) - 1} others" if missing[1:] else "")
                    + ", not in the library. Nothing was removed; 'summarizer search' shows ids.",
                    reason="library.not_there",
                    found=missing[0],
                )
            table.delete(condition)
            return len(rows)

        return self._store.write(without, lambda: None)

    def reindex(self, encoder: Encoder, *, told: Told = _silent) -> Added:
        """Cut, encode and index all documents anew, with this `encoder`. Readers see the old library until
        the new one is whole; cut short, nothing has changed. On s3:// nobody may add meanwhile."""
        made, done = Format.now(encoder), Added()

        def batches(table: Table, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
            nonlocal done
            for start in range(0, len(names), _STRETCH):
                documents = [one for one, _ in self._whole(table, names[start : start + _STRETCH])]
                rows = cut(documents).rows(encoder, table_schema(made))
                done = Added(done.documents + len(documents), done.passages + len(rows))
                told("adding", done)
                yield from rows.to_batches()

        def finish(table: Table) -> None:
            told("indexing", done)
            settle(table, self._store.grace)

        def anew(table: Table) -> None:
            nonlocal done
            done = Added()
            names = _arrow(table, "ordinal = 0", ["article"])["article"].to_pylist()
            self._store.replace(made, batches(table, names), finish)

        self._store.write(anew, lambda: told("waiting", done))
        return done

    # --- searching

    def settled(self) -> int:
        """How many rows are kept in memory, once nothing is being brought there."""
        return self._store.cache.settled()

    def lexical(self, terms: Sequence[str], filters: Filters = _ALL, limit: int = 10) -> list[Found]:
        """The passages that say most of `terms` (see summarizer.terms), by BM25, best first."""
        nothing = np.zeros(self.dimensions, np.float32)
        return self.hybrid(terms, nothing, filters, limit=limit, nearest=0)[0]

    def dense(self, vector: npt.NDArray[np.float32], filters: Filters = _ALL, limit: int = 10) -> list[Found]:
        """The passages whose vectors are nearest to `vector`, of length 1, best first; [] for zeros."""
        return self.hybrid([], vector, filters, limit=0, nearest=limit)[1]

    def hybrid(
        self,
        terms: Sequence[str],
        vector: npt.NDArray[np.float32],
        filters: Filters = _ALL,
        *,
        limit: int,
        nearest: int,
    ) -> tuple[list[Found], list[Found]]:
        """`limit` passages as `lexical` and `nearest` as `dense` find them: both at once, in one state of the
        library, and a passage that both find is read once."""
        if vector.shape != (self.dimensions,):
            raise LibraryError(
                f"{self.uri}: expected a vector of {self.dimensions} dimensions, found shape {vector.shape}. "
                f"Ask with the encoder {self.encoder_name}."
            )
        asked = Asked(terms, vector.astype(np.float32), where(filters), limit, nearest)
        return self._store.search(lambda table, known: searched(table, known, asked))

    # --- reading

    def document(self, name: str) -> Document:
        """The document of this id, whole. Raises LibraryError when there is none."""
        return self._one(name)[0]

    def passages(self, article: str) -> list[Passage]:
        """Of one document, in order. Raises LibraryError when there is none of this id."""
        return self._one(article)[1]

    def documents(self, filters: Filters = _ALL) -> Iterator[Entry]:
        """All documents that pass, without their texts, by date and id."""
        condition = " AND ".join(part for part in ("ordinal = 0", where(filters)) if part)
        columns = [*ABOUT, "kind", "passages"]
        rows = self._store.read(lambda table: _arrow(table, condition, columns))
        return entries(rows)

    def newest(self, filters: Filters = _ALL) -> str | None:
        """The last date of the documents that pass, ISO; None when none has a date."""
        return max((entry.date for entry in self.documents(filters) if entry.date), default=None)

    def count(self) -> tuple[int, int]:
        """How many documents and passages there are."""
        return self._store.read(lambda table: (table.count_rows("ordinal = 0"), table.count_rows()))

    def expect_some(self) -> None:
        """Raises LibraryError when nothing is in it."""
        if not self.count()[0]:
            raise LibraryError(
                f"{self.uri}: expected a library with pages in it, found an empty one. "
                f"Add some with 'summarizer add PATH... --library {self.uri}'.",
                reason="library.none",
            )

    def _one(self, name: str) -> tuple[Document, list[Passage]]:
        for whole in self._store.read(lambda table: self._whole(table, [name])):
            return whole
        raise LibraryError(
            f"{self.uri}: expected the id of a document, found {name!r}, which is not there.",
            reason="library.not_there",
            found=name,
        )

    def _whole(self, table: Table, names: Sequence[str]) -> list[tuple[Document, list[Passage]]]:
        rows = _arrow(table, any_of("article", names) or "false", _WHOLE)
        return list(joined(rows))


def _arrow(table: Table, condition: str, columns: list[str]) -> pa.Table:
    return table.search().where(condition).select(columns).to_arrow()


def _storable(group: Sequence[Document]) -> Group:
    """With what UTF-8 cannot hold replaced, in texts one character by one, so that offsets stay.

    A file name in another encoding has such characters. Each id once.
    Raises ValueError for a document without text.
    """
    return list({document.id: _encodable(document) for document in group}.values())


def _encodable(document: Document) -> Document:
    if not document.text:
        raise ValueError(f"{document.id}: a document needs a text")
    said = {field.name: getattr(document, field.name) for field in fields(document)}
    unfit = {name: text for name, text in said.items() if text and not _fits(text)}
    if not unfit:
        return document
    fitting = {name: text.encode("utf-8", "backslashreplace").decode() for name, text in unfit.items()}
    if "text" in unfit:
        fitting["text"] = "".join(c if _fits(c) else "\ufffd" for c in document.text)
    return replace(document, **fitting)


def _fits(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
