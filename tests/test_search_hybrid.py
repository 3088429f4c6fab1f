"""Both searches at once find what each finds alone, and read a passage once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from lancedb.table import AsyncTable

from summarizer.errors import LibraryError
from summarizer.library import Library
from summarizer.library.indexing import settle
from summarizer.records import Document, Filters
from summarizer.search import Searcher, candidates_of
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ENCODER = HashedEncoder()


@pytest.fixture
def library(tmp_path) -> Library:
    made = Library.create(str(tmp_path / "lib"), ENCODER)
    made.add(pages(12), ENCODER)
    return made


@pytest.fixture
def taken(monkeypatch) -> list[list[int]]:
    """The ids of rows that were read, a list a reading."""
    calls: list[list[int]] = []
    take = AsyncTable.take_row_ids
    monkeypatch.setattr(
        AsyncTable, "take_row_ids", lambda self, ids: (calls.append(list(ids)), take(self, ids))[1]
    )
    return calls


def key(found):
    return [(f.passage, f.ordinal, f.score, f.vector.tolist()) for f in found]


def question(number: int) -> str:
    return page(number)[2].text[:40]


@pytest.mark.parametrize("filters", [Filters(), Filters(number="3"), Filters(since="2024-06-01")])
@pytest.mark.parametrize(("limit", "nearest"), [(20, 10), (1, 1), (0, 5), (5, 0), (500, 500)])
def test_both_at_once_are_each_alone(library, filters, limit, nearest) -> None:
    for number in range(0, 12, 4):
        terms, vector = query_terms(question(number)), ENCODER.questions([question(number)])[0]
        said, near = library.hybrid(terms, vector, filters, limit=limit, nearest=nearest)
        assert key(said) == key(library.lexical(terms, filters, limit))
        assert key(near) == key(library.dense(vector, filters, nearest))
        assert len(said) <= limit and len(near) <= nearest
        assert all(filters.number in (None, f.passage.number) for f in (*said, *near))


def test_a_passage_that_both_find_is_read_once_and_with_the_others(library, taken) -> None:
    found = candidates_of(question(3), library, ENCODER, limit=20, nearest=20)
    (ids,) = taken
    assert len(ids) == len(set(ids)) < 20 + 20
    assert {(c.passage.article, c.ordinal) for c in found if not np.isnan(c.lexical)}
    keys = [(c.passage.article, c.ordinal) for c in found]
    assert len(keys) == len(set(keys))


def test_nothing_is_read_when_nothing_is_found(library, taken) -> None:
    assert library.hybrid([], np.zeros(32, np.float32), limit=9, nearest=9) == ([], [])
    assert library.hybrid(["没有的词"], np.zeros(32, np.float32), limit=9, nearest=9) == ([], [])
    assert taken == []


def test_equals_at_the_limit_of_vectors_go_by_article(tmp_path) -> None:
    library = Library.create(str(tmp_path / "lib"), ENCODER)
    names = [f"n{number:03}" for number in range(60, 0, -1)]
    library.add([[Document(name, "水库开闸泄洪。")] for name in names], ENCODER)
    asked = ENCODER.questions(["水库开闸泄洪。"])[0]
    said, near = library.hybrid(query_terms("水库开闸"), asked, limit=3, nearest=3)
    assert [f.passage.article for f in said] == [f.passage.article for f in near] == ["n001", "n002", "n003"]


def test_what_this_process_wrote_is_found_at_once_and_what_it_removed_is_not(library) -> None:
    text = "桐川渡口的摆渡船昨天停航。"
    terms, vector = query_terms(text), ENCODER.questions([text])[0]
    assert library.hybrid(terms, vector, limit=1, nearest=1)[0] == []
    library.add([[Document("new", text)]], ENCODER)
    said, near = library.hybrid(terms, vector, limit=1, nearest=1)
    assert [f.passage.article for f in (*said, *near)] == ["new", "new"]
    library.remove(["new"])
    assert library.hybrid(terms, vector, limit=1, nearest=0)[0] == []
    other = HashedEncoder("other", dimensions=16)
    library.reindex(other)
    assert library.dense(other.questions([question(1)])[0])[0].passage.article == page(1)[2].id


def test_a_version_that_a_writer_cleaned_up_is_left_for_the_newest(library) -> None:
    reader = Library.open(library.uri, ENCODER)
    terms = query_terms(question(2))
    before = reader.lexical(terms, limit=3)
    for number in range(20, 24):
        library.add([page(number)], ENCODER)
        library._store.write(lambda table: settle(table, library._store.grace), lambda: None)
    assert reader.lexical(terms, limit=3)[0].passage == before[0].passage


def test_many_threads_may_ask_while_one_writes(library) -> None:
    searcher = Searcher(library, ENCODER)

    def ask(turn: int) -> str:
        return searcher.search(question(turn % 12), limit=1)[0].passage.article

    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(ask, range(60))
        for number in range(30, 36):
            library.add([page(number)], ENCODER)
        assert list(answers) == [page(turn % 12)[2].id for turn in range(60)]


def test_where_a_loop_runs_already_another_thread_waits(library) -> None:
    async def inside() -> list:
        return library.lexical(query_terms(question(4)), limit=1)

    (hit,) = asyncio.run(inside())
    assert hit.passage.article == page(4)[2].id


def test_a_vector_of_another_size_is_refused(library) -> None:
    with pytest.raises(LibraryError, match="expected a vector of 32 dimensions"):
        library.hybrid([], np.ones(8, np.float32), limit=1, nearest=1)
