"""Killed at any moment, raced by another writer, read meanwhile: the library stays whole."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from summarizer.errors import LibraryError
from summarizer.library import Library
from summarizer.library.indexing import settle
from summarizer.records import Filters
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ROOT = Path(__file__).resolve().parent.parent
ENCODER = HashedEncoder()
COUNT = 60


def adder(uri: str, first: int, count: int) -> subprocess.Popen:
    words = [sys.executable, "-m", "tests.libraries", "add", uri, str(first), str(count), "1500"]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def everything(uri: str):
    """All that can be read, and what words and vectors find of it."""
    library = Library.open(uri, ENCODER)
    entries = list(library.documents())
    story = page(COUNT // 2)[1]
    return {
        "entries": entries,
        "documents": [library.document(entry.id) for entry in entries[::7]],
        "passages": library.count()[1],
        "words": [
            (hit.passage, hit.ordinal) for hit in library.lexical(query_terms(story.text[:30]), Filters(), 5)
        ],
        "vectors": [
            (hit.passage, hit.ordinal)
            for hit in library.dense(ENCODER.questions([story.text])[0], Filters(), 5)
        ],
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    uri = str(tmp_path_factory.mktemp("undisturbed") / "lib")
    Library.create(uri, ENCODER).add(pages(COUNT), ENCODER)
    return everything(uri)


def whole_pages(uri: str) -> set[str]:
    """Names of the pages that are there, after looking that each is there with all of its stories, once."""
    try:
        entries = [entry.id for entry in Library.open(uri).documents()]
    except LibraryError as error:
        assert "expected a library, found" in str(error)  # killed before it was made
        return set()
    names = {entry.split("#")[0] for entry in entries}
    assert sorted(entries) == sorted(f"{name}#{order}" for name in names for order in (1, 2, 3))
    return names


@pytest.mark.parametrize("seed", range(2))
def test_killed_again_and_again_it_ends_as_if_undisturbed(tmp_path: Path, undisturbed, seed: int) -> None:
    uri, chance = str(tmp_path / "lib"), random.Random(seed)
    before: set[str] = set()
    for _ in range(4):
        with adder(uri, 0, COUNT) as running:
            for _ in range(chance.randrange(12)):
                running.stdout.readline()
            time.sleep(chance.random() * 0.05)
            running.kill()
        there = whole_pages(uri)
        assert before <= there
        before = there
    assert len(before) < 3 * COUNT // 4  # or nothing would be left to go on with
    with adder(uri, 0, COUNT) as running:
        _, err = running.communicate()
    assert running.returncode == 0, err
    assert everything(uri) == undisturbed


def test_two_writers_at_once_add_each_page_once(tmp_path: Path, undisturbed) -> None:
    uri = str(tmp_path / "lib")
    with adder(uri, 0, COUNT * 2 // 3) as one, adder(uri, COUNT // 3, COUNT * 2 // 3) as other:
        told = [running.communicate() for running in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], told
    assert everything(uri) == undisturbed
    last = [out.splitlines()[-1].split() for out, _ in told]
    assert sum(int(documents) for _, documents, _ in last) == COUNT * 3  # nothing was written twice


def test_readers_never_fail_while_it_is_written_settled_and_made_anew(tmp_path: Path) -> None:
    uri = str(tmp_path / "lib")
    writer = Library.create(uri, ENCODER)
    writer.add(pages(2), ENCODER)
    reader = Library.open(uri, ENCODER)
    terms, vector = query_terms(page(1)[2].text[:20]), ENCODER.questions([page(1)[2].text])[0]

    def read() -> None:
        for library in (reader, Library.open(uri, ENCODER)):
            assert library.lexical(terms)[0].passage.article == page(1)[2].id
            assert library.dense(vector)[0].passage.article == page(1)[2].id
            assert library.document(page(1)[0].id) == page(1)[0]

    steps = [
        lambda: writer.add(pages(3, first=2), ENCODER),
        lambda: writer.remove([page(4)[0].page]),
        lambda: settle(writer._store.table, writer._store.grace),
        lambda: writer.reindex(ENCODER, told=lambda phase, added: read()),
        lambda: writer.add(pages(3, first=4), ENCODER, told=lambda phase, added: read()),
    ]
    for step in steps:
        read()
        step()
        read()
    assert reader.count() == writer.count() == Library.open(uri).count()


def test_a_reindex_cut_short_changes_nothing(tmp_path: Path) -> None:
    uri = str(tmp_path / "lib")
    library = Library.create(uri, ENCODER)
    library.add(pages(4), ENCODER)
    before = [entry.id for entry in library.documents()]

    class Cut(Exception):
        pass

    def cut(phase: str, added: object) -> None:
        if phase == "indexing":
            raise Cut

    other = HashedEncoder("other", dimensions=8)
    with pytest.raises(Cut):
        library.reindex(other, told=cut)
    again = Library.open(uri, ENCODER)
    assert [entry.id for entry in again.documents()] == before
    assert again.add(pages(4), ENCODER).known == 12
    assert again.reindex(other).documents == 12
    assert Library.open(uri, other).count() == again.count()
    assert sorted(path.name for path in Path(uri).iterdir()) == [".lock", "passages-2.lance"]
