"""What goes into a library comes out of it: once, whole, found by its words and by its vector."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from summarizer.errors import LibraryError
from summarizer.library import Added, Library, passage_spans
from summarizer.records import Document, Filters
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ENCODER = HashedEncoder()
LONG = "".join(f"青柳镇第{n}村今年种下{n * 3}亩油菜，村民说收成比去年好。" for n in range(1, 60))


@pytest.fixture
def library(tmp_path) -> Library:
    return Library.create(str(tmp_path / "lib"), ENCODER)


def everything(library: Library):
    return [(library.document(entry.id), library.passages(entry.id)) for entry in library.documents()]


def ids(found) -> list[str]:
    return [hit.passage.article for hit in found]


def test_a_document_comes_back_as_it_went_in(library: Library) -> None:
    story = Document("p'1\"#2", LONG, "油菜\n丰收", "2024-05-01", "p'1\"", "A03", "云溪日报", "农业", "photo")
    assert library.add([[story]], ENCODER) == Added(1, len(passage_spans(LONG)))
    assert library.document(story.id) == story
    passages = library.passages(story.id)
    assert "".join(passage.text for passage in passages) == LONG
    assert [LONG[slice(*passage.span)] for passage in passages] == [passage.text for passage in passages]
    assert {passage.headline for passage in passages} == {"油菜\n丰收"}
    assert library.count() == (1, len(passages))


def test_adding_twice_adds_nothing(library: Library) -> None:
    groups = pages(7)
    first = library.add(groups, ENCODER)
    before = everything(library)
    assert (first.documents, first.known) == (21, 0)
    assert library.add(groups, ENCODER) == Added(known=21)
    assert everything(library) == before


def test_another_content_under_the_same_id_replaces_the_old_one(library: Library) -> None:
    library.add([[Document("r1", LONG)], [Document("r2", "不变的一条。")]], ENCODER)
    added = library.add([[Document("r1", "只剩一句。")], [Document("r2", "不变的一条。")]], ENCODER)
    assert added == Added(documents=1, passages=1, known=1, replaced=1)
    assert library.document("r1").text == "只剩一句。"
    assert library.count() == (2, 2)
    assert ids(library.lexical(query_terms("油菜"))) == []


def test_the_last_of_one_id_in_one_go_stays(library: Library) -> None:
    added = library.add([[Document("r", "第一稿。")], [Document("r", "第二稿。")]], ENCODER)
    assert (added.documents, added.replaced) == (2, 1)
    assert library.document("r").text == "第二稿。"
    assert library.count() == (1, 1)


def test_one_id_twice_in_one_group_is_one_document(library: Library) -> None:
    assert library.add([[Document("r", "第一稿。"), Document("r", "第二稿。")]], ENCODER).documents == 1
    assert (library.document("r").text, library.count()) == ("第二稿。", (1, 1))


def test_rows_that_name_one_page_leave_each_other_alone(library: Library) -> None:
    for name in ("r1", "r2"):
        library.add([[Document(name, f"{name}在第三版。", page="p")]], ENCODER)
    assert [entry.id for entry in library.documents(Filters(page="p"))] == ["r1", "r2"]


def test_the_same_content_under_another_id_is_another_document(library: Library) -> None:
    assert library.add([[Document("a", "同一句话。")], [Document("b", "同一句话。")]], ENCODER).documents == 2
    assert sorted(ids(library.lexical(query_terms("同一句话")))) == ["a", "b"]


def test_a_page_by_another_path_is_the_same_page(library: Library) -> None:
    here = page(1, name="pages/1.txt")
    there = page(1, name="./pages/1.txt")
    assert library.add([here, there], ENCODER) == Added(3, library.count()[1], known=3)
    assert library.add([there], ENCODER) == Added(known=3)
    assert {entry.page for entry in library.documents()} == {"pages/1.txt"}


def test_a_page_that_shares_one_notice_with_another_is_its_own(library: Library) -> None:
    one, other = page(1), page(2)
    other[2] = replace(one[2], id=other[2].id, page=other[2].page)
    assert library.add([one, other], ENCODER).documents == 6


def test_stories_that_a_page_no_longer_has_go(library: Library) -> None:
    library.add([page(1), page(2)], ENCODER)
    assert library.add([page(1)[:2]], ENCODER) == Added(
        2, library.count()[1] - _passages(library, 2), 0, 0, 1
    )
    assert [entry.id for entry in library.documents()] == [one.id for one in (*page(1)[:2], *page(2))]


def _passages(library: Library, number: int) -> int:
    return sum(len(library.passages(one.id)) for one in page(number))


def test_words_of_a_headline_are_found_with_the_first_passage(library: Library) -> None:
    library.add([[Document("a", LONG, headline="汛期将至")], [Document("b", LONG)]], ENCODER)
    assert [(hit.passage.article, hit.ordinal) for hit in library.lexical(query_terms("汛期"))] == [("a", 0)]


def test_words_rank_by_bm25_and_ties_by_id_and_place(library: Library) -> None:
    twins = [[Document(name, "水库开闸放水。")] for name in ("c", "a", "d", "b")]
    twins += [[Document(f"n{n:03}", "水库开闸泄洪。")] for n in range(99, 0, -1)]
    library.add([*twins, [Document("e", "水库的水位下降。村里种树。")], [Document("z", "无关。")]], ENCODER)
    found = library.lexical(query_terms("水库开闸放水"), Filters(), 105)
    assert ids(found) == ["a", "b", "c", "d", *(f"n{n:03}" for n in range(1, 100)), "e"]
    assert found[0].score == found[3].score > found[4].score == found[102].score > found[103].score > 0
    assert ids(library.lexical(query_terms("水库开闸"), Filters(), 2)) == ["a", "b"]
    assert ids(library.lexical(query_terms("开闸泄洪"), Filters(), 2)) == ["n001", "n002"]
    assert library.lexical([]) == library.lexical(["没有的词"]) == []


def test_vectors_find_what_is_nearest(library: Library) -> None:
    groups = pages(30)
    library.add(groups, ENCODER)
    asked = ENCODER.questions([groups[17][1].text])[0]
    found = library.dense(asked, Filters(), 5)
    assert found[0].passage.article == groups[17][1].id
    everywhere = library.dense(asked, Filters(), 1000)
    assert [hit.score for hit in everywhere] == sorted((hit.score for hit in everywhere), reverse=True)
    assert [hit.score for hit in everywhere[:5]] == [hit.score for hit in found]
    for hit in found:
        assert hit.score == pytest.approx(float(hit.vector @ asked), abs=1e-6)
        expected = ENCODER.passages(
            [
                hit.passage.text
                if not hit.passage.headline or hit.ordinal
                else f"{hit.passage.headline}\n{hit.passage.text}"
            ]
        )[0]
        assert np.abs(hit.vector - expected).max() < 1e-3
    assert library.dense(np.zeros(32, np.float32)) == []


def test_filters_choose_before_the_limit_does(library: Library) -> None:
    documents = [
        Document(
            f"d{n:02}",
            f"洪水第{n}次来袭。",
            date=f"2024-0{n % 9 + 1}-15" if n else None,
            number="A0'3" if n % 2 else "2",
            paper=["云溪日报", "清河农民报"][n % 3 == 0],
            page=f"p{n // 10}",
        )
        for n in range(40)
    ]
    library.add([[one] for one in documents], ENCODER)
    terms, vector = query_terms("洪水"), ENCODER.questions(["洪水来袭"])[0]
    for filters, wanted in {
        Filters(since="2024-03-15", until="2024-03-15"): lambda d: d.date == "2024-03-15",
        Filters(since="2024-08-01"): lambda d: d.date and d.date >= "2024-08-01",
        Filters(number="A0'3", until="2024-02-28"): lambda d: (
            d.number == "A0'3" and d.date and d.date < "2024-03"
        ),
        Filters(paper="清河农民报", page="p1"): lambda d: d.paper == "清河农民报" and d.page == "p1",
        Filters(page="' OR '1'='1"): lambda d: False,
    }.items():
        expected = {one.id for one in documents if wanted(one)}
        assert set(ids(library.lexical(terms, filters, 40))) == expected
        assert set(ids(library.dense(vector, filters, 40))) == expected
        assert {entry.id for entry in library.documents(filters)} == expected


def test_removed_documents_and_pages_are_gone(library: Library) -> None:
    library.add([page(1), page(2), [Document("r'1", "一行。")]], ENCODER)
    with pytest.raises(LibraryError, match=r"found 'nobody', not in the library. Nothing was removed"):
        library.remove(["r'1", "nobody"])
    assert library.count()[0] == 7
    assert library.remove(["r'1", page(2)[0].page]) == 4
    assert [entry.id for entry in library.documents()] == [one.id for one in page(1)]
    assert library.add([page(2)], ENCODER).documents == 3


def test_an_unknown_document_is_an_error(library: Library) -> None:
    with pytest.raises(LibraryError, match="expected the id of a document, found 'x'"):
        library.document("x")


def test_what_utf8_cannot_hold_keeps_its_offsets(library: Library) -> None:
    strange = "版\udcb5\udca3.txt"
    library.add([[Document(f"{strange}#1", "前\ud800后。", page=strange)]], ENCODER)
    (entry,) = library.documents()
    assert entry.id == "版\\udcb5\\udca3.txt#1"
    assert library.document(entry.id).text == "前\ufffd后。"
    assert library.add([[Document(f"{strange}#1", "前\ud800后。", page=strange)]], ENCODER) == Added(known=1)


def test_another_process_is_seen(library: Library) -> None:
    library.add([page(1)], ENCODER)
    reader = Library.open(library.uri, ENCODER)
    assert reader.count()[0] == 3
    library.add([page(2)], ENCODER)
    reader._store._looked = float("-inf")  # as after a second
    assert reader.count()[0] == 6


def test_reindexed_with_another_encoder(library: Library) -> None:
    library.add(pages(5), ENCODER)
    before = everything(library)
    other = HashedEncoder("other", dimensions=16)
    with pytest.raises(
        LibraryError, match=r"expected vectors of the encoder other .*summarizer reindex --library"
    ):
        Library.open(library.uri, other)
    reader = Library.open(library.uri)
    assert reader.reindex(other).documents == 15
    again = Library.open(library.uri, other)
    assert (again.encoder_name, again.dimensions) == ("other", 16)
    assert everything(again) == before
    text = before[7][0].text
    assert ids(again.dense(other.questions([text])[0]))[0] == before[7][0].id
    assert ids(again.lexical(query_terms(text)))[0] == before[7][0].id
    with pytest.raises(LibraryError, match="expected vectors of the encoder hashed"):
        again.add([page(9)], ENCODER)
