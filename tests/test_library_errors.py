"""A library that is missing, empty, broken, or something else: said in one line, with what to do next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.errors import LibraryError
from summarizer.library import Library, schema
from summarizer.records import Filters
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ENCODER = HashedEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Library.create(str(tmp_path / "lib"), ENCODER).add(pages(4), ENCODER)
    return tmp_path / "lib"


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(
        LibraryError, match=r"x: expected a library, found nothing. Make one with 'summarizer add"
    ):
        Library.open(str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="found an empty folder"):
        Library.open(str(tmp_path))


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("一版", encoding="utf-8")
    for use in (Library.open, lambda uri: Library.create(uri, ENCODER)):
        with pytest.raises(LibraryError, match="found a folder of something else"):
            use(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for use in (Library.open, lambda uri: Library.create(uri, ENCODER)):
        with pytest.raises(LibraryError, match="found a file"):
            use(str(tmp_path / "file"))


def test_an_empty_library_answers_nothing(tmp_path: Path) -> None:
    library = Library.create(str(tmp_path / "lib"), ENCODER)
    assert library.add([], ENCODER).documents == 0
    assert library.lexical(query_terms("水库")) == []
    assert library.dense(ENCODER.questions(["水库"])[0]) == []
    assert (library.count(), list(library.documents())) == ((0, 0), [])
    assert library.reindex(ENCODER).documents == 0


def test_another_version(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(schema, "VERSION", 99)
    Library.create(str(tmp_path / "lib"), ENCODER)
    monkeypatch.undo()
    with pytest.raises(LibraryError, match="expected a library of version 1, found version 99"):
        Library.open(str(tmp_path / "lib"))


def test_words_cut_in_another_way(tmp_path: Path, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(schema, "index_terms", lambda text: text)
    with pytest.raises(
        LibraryError, match=r"expected words indexed as this program does .*summarizer reindex"
    ):
        Library.open(str(folder), ENCODER)


def test_a_table_that_is_not_ours(tmp_path: Path) -> None:
    import lancedb

    lancedb.connect(tmp_path / "lib").create_table(schema.TABLE, data=[{"text": "x"}])
    with pytest.raises(LibraryError, match="found another table"):
        Library.open(str(tmp_path / "lib"))


def test_a_vector_of_another_size(folder: Path) -> None:
    with pytest.raises(LibraryError, match="expected a vector of 32 dimensions"):
        Library.open(str(folder)).dense(HashedEncoder(dimensions=8).questions(["水"])[0])


@pytest.mark.parametrize("part", ["data", "_versions", "_indices"])
@pytest.mark.parametrize("damage", ["gone", "cut", "zeros"])
def test_files_that_are_gone_or_broken(folder: Path, part: str, damage: str) -> None:
    for file in (folder / "passages.lance" / part).rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            file.unlink()
            if damage != "gone":
                file.write_bytes(raw[: len(raw) // 2] if damage == "cut" else bytes(len(raw)))
    with pytest.raises(LibraryError, match=r"expected a (readable )?library") as caught:
        library = Library.open(str(folder), ENCODER)
        library.lexical(query_terms(page(1)[0].text[:20]), Filters(), 5)
        library.document(page(1)[0].id)
    assert "\n" not in str(caught.value)


def test_a_reader_of_a_folder_that_may_not_be_written(folder: Path) -> None:
    before = sorted(path for path in folder.rglob("*"))
    library = Library.open(str(folder), ENCODER)
    assert library.document(page(1)[0].id) == page(1)[0]
    assert library.lexical(query_terms(page(1)[0].text[:20]))
    assert sorted(path for path in folder.rglob("*")) == before  # reading writes nothing


def test_the_format_is_written_for_people_too(folder: Path) -> None:
    import lancedb

    metadata = lancedb.connect(folder).open_table(schema.TABLE).schema.metadata
    written = json.loads(metadata[b"summarizer"])
    assert (written["version"], written["encoder"], written["dimensions"]) == (schema.VERSION, "hashed", 32)
