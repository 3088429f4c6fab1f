"""Indexes make a library fast and change nothing of what it finds."""

from __future__ import annotations

import pytest

from summarizer.library import Library, indexing
from summarizer.records import Filters
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ENCODER = HashedEncoder()


@pytest.fixture
def small(monkeypatch):
    """Every threshold so low that some hundred rows pass it."""
    monkeypatch.setattr(indexing, "_MANY", 100)
    monkeypatch.setattr(indexing, "_PARTITION", 20)
    monkeypatch.setattr(indexing, "_FEW", 20)


def indexed(library: Library) -> dict[str, int]:
    return {index.columns[0]: index.num_indexed_rows for index in library._store.table.list_indices()}


def files(library: Library, part: str) -> int:
    from pathlib import Path

    return len(list(Path(library.uri, "passages.lance", part).iterdir()))


def answers(library: Library, numbers) -> list:
    stories = [page(number)[2] for number in numbers]
    words = [library.lexical(query_terms(story.text[30:60]), Filters(), 3) for story in stories]
    vectors = [library.dense(ENCODER.questions([story.text])[0], Filters(), 1) for story in stories]
    return [[(hit.passage, hit.ordinal) for hit in hits] for hits in words + vectors]


def test_what_is_found_does_not_depend_on_how_it_came_in(tmp_path, small) -> None:
    at_once = Library.create(str(tmp_path / "a"), ENCODER)
    at_once.add(pages(60), ENCODER)
    assert indexed(at_once) == dict.fromkeys(("terms", "article", "vector"), at_once.count()[1])
    in_parts = Library.create(str(tmp_path / "b"), ENCODER)
    for first in range(0, 60, 12):
        in_parts.add(pages(12, first=first), ENCODER)
    assert in_parts.count() == at_once.count()
    assert answers(in_parts, range(0, 60, 7)) == answers(at_once, range(0, 60, 7))


def test_a_few_new_rows_are_found_without_an_index_and_indexed_in_time(tmp_path, small) -> None:
    library = Library.create(str(tmp_path / "lib"), ENCODER)
    library.add(pages(60), ENCODER)
    before = library.count()[1]
    library.add(pages(1, first=60), ENCODER)
    assert indexed(library)["terms"] == before < library.count()[1]
    story = page(60)[1]
    assert library.lexical(query_terms(story.text[:40]))[0].passage.article == story.id
    assert library.dense(ENCODER.questions([story.text])[0])[0].passage.article == story.id
    library.add(pages(9, first=61), ENCODER)
    assert set(indexed(library).values()) == {library.count()[1]}


def test_an_index_that_a_killed_run_did_not_make_is_made_by_the_next(tmp_path, small) -> None:
    library = Library.create(str(tmp_path / "lib"), ENCODER)
    library.add(pages(60), ENCODER)
    library._store.table.drop_index("vector_idx")
    library.add(pages(60), ENCODER)
    assert "vector" in indexed(library)


def test_what_is_replaced_takes_no_room_in_the_end(tmp_path, small) -> None:
    library = Library.create(str(tmp_path / "lib"), ENCODER)
    for _ in range(2):
        library.add(pages(60), ENCODER)
        library.remove([group[0].page for group in pages(50)])
    library.add(pages(50), ENCODER)
    library._store.write(lambda table: indexing.settle(table, library._store.grace), lambda: None)
    assert files(library, "data") == 1
    assert files(library, "_indices") == 3
    assert library.count()[0] == 180
