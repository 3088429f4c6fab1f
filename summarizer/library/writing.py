"""Documents go in: windows of what was given, without what is there already, a page never in two commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from summarizer.library.conditions import any_of, either
from summarizer.library.found import Added
from summarizer.library.indexing import settle, tidy_enough
from summarizer.library.rows import content_of, cut
from summarizer.library.store import Store
from summarizer.memory import give_back
from summarizer.models.encoding import Encoder
from summarizer.records import Document

if TYPE_CHECKING:
    from lancedb.table import Table

__all__ = ["Phase", "Told", "Writer"]

Phase = Literal["waiting", "adding", "indexing"]
Told = Callable[[Phase, Added], None]
"""Called when the phase changes, and after every commit with what was done so far."""

Group = Sequence[Document]

# Characters looked up together; some 2,000 articles. Bounds the memory, whatever the groups.
_WINDOW = 1_500_000
# Characters encoded together; a passage is about 240.
_TOGETHER = 120_000
# Passages of one commit: many, as a search reads a little of each; few enough to lose little when killed.
_COMMIT = 16_000
# Seconds after which a commit is made anyway: a slow encoder should lose no more than that.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A group that is not there as it is."""

    group: Group
    replaced: tuple[str, ...]
    """Documents of the group whose id is there with another content."""
    removed: tuple[str, ...]
    """Documents of its page that the page no longer has."""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class _Made:
    """Groups that are cut, and encoded some time."""

    groups: list[Group]
    counts: list[int]
    """How many passages each group has."""
    rows: Future[pa.Table]

    def of(self, wanted: Set[int]) -> pa.Table:
        """The rows of the groups whose `id` is wanted."""
        kept = [id(group) in wanted for group in self.groups]
        rows = self.rows.result()
        return rows if all(kept) else rows.filter(pa.array(np.repeat(kept, self.counts)))


class Writer:
    """One run of adding. Raises LibraryError; what was committed by then stays."""

    def __init__(self, store: Store, encoder: Encoder, told: Told) -> None:
        self._store = store
        self._encoder = encoder
        self._told = told
        self._done = Added()
        self._taken: list[Group] = []
        """Not encoded yet."""
        self._size = 0
        """Characters of these."""
        self._made: list[_Made] = []
        """Cut into passages, not committed yet."""
        # Beside this thread, which cuts the next ones: the work of an encoder is done outside of Python.
        self._encoding = ThreadPoolExecutor(1, "encoding")
        self._marks: set[str] = set()
        """Ids, and contents of whole pages, of both."""
        self._since = time.monotonic()

    def add(self, groups: Iterable[Group]) -> Added:
        """Write what is new of `groups`, and index it when it is time."""
        try:
            self._add(groups)
        finally:
            self._encoding.shutdown(cancel_futures=True)
        if not self._store.read(tidy_enough):
            self.settle()
        return self._done

    def _add(self, groups: Iterable[Group]) -> None:
        for window in _windows(groups):
            wanted = self._store.read(partial(_missing, groups=window))
            self._count(known=_documents(window) - sum(len(item.group) for item in wanted))
            for item in wanted:
                self._take(item.group)
        self._commit()

    def settle(self) -> None:
        """Bring the indexes up to date."""
        self._told("indexing", self._done)
        give_back()  # the index of words takes as much again as all the rest
        self._store.write(lambda table: settle(table, self._store.grace), self._wait)

    def _take(self, group: Group) -> None:
        marks = {*(document.id for document in group), _page_content(group)}
        if marks & self._marks:  # the same again with another text, or by another path: one after the other
            self._commit()
        self._marks |= marks
        self._taken.append(group)
        self._size += _characters(group)
        if self._size >= _TOGETHER:
            self._encode()
            passages = sum(sum(made.counts) for made in self._made)
            if passages >= _COMMIT or time.monotonic() - self._since > _PATIENCE:
                self._commit()

    def _encode(self) -> None:
        """Cut what was taken, and have it encoded. At most two stretches are encoded or wait for it."""
        if self._taken:
            made = cut(document for group in self._taken for document in group)
            counts = [sum(made.counts[document.id] for document in group) for group in self._taken]
            # What was cut is not kept: as strings of Python it is twice its rows.
            rows = self._encoding.submit(made.rows, self._encoder, self._store.table.schema)
            self._made.append(_Made(self._taken, counts, rows))
            self._taken, self._size = [], 0
        if len(self._made) > 2:
            self._made[-3].rows.result()

    def _commit(self) -> None:
        """All that was taken, seen by readers at once or not at all."""
        self._encode()
        for item in self._made:
            item.rows.result()  # what encoding has raised is none of the library's trouble
        made, self._made, self._marks = self._made, [], set()
        if made:
            wanted = self._store.write(lambda table: self._written(table, made), self._wait)
            documents = sum(len(item.group) for item in wanted)
            self._count(
                documents=documents,
                passages=sum(item.passages for item in wanted),
                known=sum(_documents(item.groups) for item in made) - documents,
                replaced=sum(len(item.replaced) for item in wanted),
                removed=sum(len(item.removed) for item in wanted),
            )
        self._since = time.monotonic()

    def _written(self, table: Table, made: Sequence[_Made]) -> list[_Wanted]:
        # Looked up again: another process may have added the same while this one encoded.
        wanted = _missing(table, [group for item in made for group in item.groups])
        if wanted:
            groups = {id(item.group) for item in wanted}
            rows = pa.concat_tables(item.of(groups) for item in made)
            _merge(table, rows, wanted, careful=self._store.remote)
        counts = {id(group): n for item in made for group, n in zip(item.groups, item.counts, strict=True)}
        return [replace(item, passages=counts[id(item.group)]) for item in wanted]

    def _wait(self) -> None:
        self._told("waiting", self._done)

    def _count(self, **more: int) -> None:
        self._done = replace(self._done, **{name: getattr(self._done, name) + n for name, n in more.items()})
        self._told("adding", self._done)


def _windows(groups: Iterable[Group]) -> Iterator[list[Group]]:
    window: list[Group] = []
    size, since = 0, time.monotonic()
    for group in groups:
        if not group:
            continue
        window.append(group)
        size += _characters(group)
        if size >= _WINDOW or time.monotonic() - since > _PATIENCE:
            yield window
            window, size, since = [], 0, time.monotonic()
    if window:
        yield window


def _missing(table: Table, groups: Sequence[Group]) -> list[_Wanted]:
    """The groups that are not in the library as they are, in order."""
    contents = {document.id: content_of(document) for group in groups for document in group}
    pages = {page for group in groups if (page := _page(group)) is not None}
    on_pages = [document.id for group in groups if _page(group) is not None for document in group]
    asked = either(
        any_of("article", contents),
        any_of("page", pages),
        any_of("content", {contents[name] for name in on_pages}),
    )
    query = table.search().where(f"ordinal = 0 AND ({asked})").select(["article", "page", "content"])
    rows = query.to_arrow()
    stored = {}
    by_page: dict[str, set[str]] = {}
    for article, page, content in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
        stored[article] = content
        if _of_page(article, page):
            by_page.setdefault(page, set()).add(article)
    printed = {stored[name] for names in by_page.values() for name in names}
    return [
        item
        for group in groups
        if (item := _compared(group, stored, by_page.get(_page(group) or "", set()), printed))
    ]


def _compared(group: Group, stored: dict[str, str], before: set[str], printed: set[str]) -> _Wanted | None:
    """None when the library has the group: under these ids, or the same page by another path.

    `before` are the documents that its page has in the library, `printed` the contents of any page there.
    """
    mine = {document.id: content_of(document) for document in group}
    changed = tuple(name for name, content in mine.items() if stored.get(name, content) != content)
    removed = tuple(before - set(mine))
    if not changed and not removed and mine.keys() <= stored.keys():
        return None
    if _page(group) is not None and not before and printed.issuperset(mine.values()):
        return None
    return _Wanted(group, changed, removed)


def _merge(table: Table, rows: pa.Table, wanted: Sequence[_Wanted], *, careful: bool) -> None:
    """One commit: the rows in, and out what they replace.

    `careful` where no lock keeps others away: whoever comes later replaces what came in between, whole.
    """
    gone = [name for item in wanted for name in (*item.replaced, *item.removed)]
    if careful:
        gone += [document.id for item in wanted for document in item.group]
    if not gone:
        table.add(rows)  # keeps their order, and so the passages of an article together
        return
    merge = table.merge_insert(["article", "ordinal"]).when_matched_update_all().when_not_matched_insert_all()
    merge.when_not_matched_by_source_delete(any_of("article", dict.fromkeys(gone))).execute(rows)


def _page_content(group: Group) -> str:
    """Equal for the same page by another path; of other documents, an id."""
    return " ".join(map(content_of, group)) if _page(group) is not None else group[0].id


def _page(group: Group) -> str | None:
    """The page that the group is all of; None when it is no page's stories."""
    return group[0].page if all(_of_page(document.id, group[0].page) for document in group) else None


def _of_page(name: str, page: str | None) -> bool:
    """Is it the id of a story of that page? A row that only names its page is a document by itself."""
    return page is not None and name.startswith(f"{page}#")


def _characters(group: Group) -> int:
    return sum(len(document.text) for document in group)


def _documents(groups: Iterable[Group]) -> int:
    return sum(map(len, groups))
