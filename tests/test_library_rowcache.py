"""Rows kept in memory: the same as those on disk, whatever is written beside them."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer.library import Library, rowcache
from summarizer.library.indexing import settle
from summarizer.library.rowcache import RowCache
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ROOT = Path(__file__).resolve().parent.parent
ENCODER = HashedEncoder()


@pytest.fixture
def uri(tmp_path):
    uri = str(tmp_path / "library")
    Library.create(uri, ENCODER).add(pages(12), ENCODER)
    return uri


def asked(library, number=2):
    """What both searches find, as values."""
    text = page(number)[2].text[:40]
    vector = ENCODER.questions([text])[0]
    found = library.hybrid(query_terms(text), vector, limit=20, nearest=10)
    return [[(hit.passage, hit.ordinal, hit.score, hit.vector.tolist()) for hit in hits] for hits in found]


def often(library):
    """As many rows as are kept when it was asked often enough."""
    for _ in range(rowcache._OFTEN):
        asked(library)
    return library.settled()


def same(uri, library, numbers=range(0, 40, 3)):
    """Does `library` find what one finds that keeps nothing?"""
    disk = Library.open(uri, ENCODER, cache=0)
    return all(asked(library, number) == asked(disk, number) for number in numbers)


def within(uri, room):
    """The library, with room for so many bytes of rows."""
    library = Library.open(uri, ENCODER)
    library._store.cache = RowCache(room)
    return library


def changed(library, change):
    library._store.write(change, lambda: None)


def test_who_asks_once_reads_from_disk_and_who_asks_often_from_memory(uri):
    library = Library.open(uri, ENCODER)
    asked(library)
    assert library.settled() == 0
    assert often(library) == library.count()[1]
    assert same(uri, library)


def test_kept_rows_are_read_no_more(uri, monkeypatch):
    library = Library.open(uri, ENCODER)
    often(library)
    before = asked(library)
    monkeypatch.setattr("lancedb.table.AsyncTable.take_row_ids", None)
    assert asked(library) == before
    with pytest.raises(TypeError):
        asked(Library.open(uri, ENCODER))


def test_with_no_room_or_too_little_nothing_is_kept(uri):
    for room in (0, 1000):
        library = within(uri, room)
        assert often(library) == 0 and same(uri, library)
        library.add(pages(2, first=20), ENCODER)
        assert often(library) == 0 and same(uri, library)


def test_a_library_too_large_is_given_up_after_its_first_part(uri, monkeypatch):
    made = []
    part = rowcache._part
    monkeypatch.setattr(rowcache, "_PART", 8)
    monkeypatch.setattr(rowcache, "_BATCH", 4)
    monkeypatch.setattr(rowcache, "_part", lambda batches: made.append(part(batches)) or made[-1])
    library = Library.open(uri, ENCODER)
    assert often(library) == library.count()[1] and len(made) > 1
    room = sum(one.ids.nbytes + one.rows.nbytes for one in made)
    made.clear()
    assert often(within(uri, 2 * room)) == library.count()[1]
    made.clear()
    assert often(within(uri, room // 2)) == 0 and len(made) == 1


def test_what_others_add_replace_and_remove_is_found(uri):
    library, other = Library.open(uri, ENCODER), Library.open(uri, ENCODER)
    often(library)
    other.add(pages(3, first=20), ENCODER)
    other.add([page(21, name="page0003.txt")], ENCODER)  # other stories in the place of the old
    other.remove(["page0005.txt"])
    library._store._looked = -1e9
    assert same(uri, library)
    assert library.settled() >= library.count()[1] and same(uri, library)


def test_rows_brought_together_and_made_anew_are_found(uri):
    library, writer = Library.open(uri, ENCODER), Library.open(uri, ENCODER)
    often(library)
    for number in range(20, 24):
        writer.add([page(number)], ENCODER)
        changed(writer, lambda table: settle(table, writer._store.grace))
        library._store._looked = -1e9
        assert same(uri, library)
    writer.reindex(ENCODER)
    library._store._looked = -1e9
    assert same(uri, library)
    assert library.settled() == library.count()[1] and same(uri, library)


@pytest.mark.parametrize(("most", "expected"), [(0, {1}), (24, {1, 2, 3})])
def test_after_so_many_changes_all_are_read_anew(uri, monkeypatch, most, expected):
    monkeypatch.setattr(rowcache, "_PARTS", most)
    library = Library.open(uri, ENCODER)
    often(library)
    counts = set()
    for number in range(20, 26):
        library.add([page(number)], ENCODER)
        asked(library)
        assert library.settled() >= library.count()[1] and same(uri, library)
        counts.add(len(library._store.cache._kept.parts))
    assert counts <= expected


def test_rows_that_went_are_let_go(uri):
    library = Library.open(uri, ENCODER)
    often(library)
    library.remove([f"page{number:04}.txt" for number in range(9)])
    asked(library)
    assert library.settled() == library.count()[1] and same(uri, library)


def test_threads_ask_while_rows_come_and_go(uri):
    library = Library.open(uri, ENCODER)
    expected = {number: asked(Library.open(uri, ENCODER, cache=0), number)[0][0] for number in range(12)}

    def first(turn):
        return asked(library, turn % 12)[0][0][:2] == expected[turn % 12][:2]

    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(first, range(80))
        for number in range(30, 36):
            library.add([page(number)], ENCODER)
        assert all(answers)
    asked(library)
    library.settled()
    assert same(uri, library)


def test_a_version_that_is_gone_is_told_and_searched_on(caplog):
    class Gone:
        async def count_rows(self):
            raise RuntimeError("no such file")

    cache = RowCache(1 << 20)
    with caplog.at_level(logging.INFO):
        for _ in range(rowcache._OFTEN + 3):
            cache.searched("passages", 7, Gone())
            assert cache.settled() == 0
    assert [record.getMessage() for record in caplog.records] == [
        "rows of passages at version 7 are read from disk: no such file"
    ]


ENDS = """
import sys
from summarizer.library import Library, rowcache
from tests.libraries import HashedEncoder
from tests.test_library_rowcache import asked
rowcache._OFTEN = 1
asked(Library.open(sys.argv[1], HashedEncoder()))
"""


def test_a_process_may_end_while_rows_are_brought(uri):
    code = [sys.executable, "-c", ENDS, uri]
    assert [subprocess.run(code, cwd=ROOT, check=False).returncode for _ in range(3)] == [0, 0, 0]
