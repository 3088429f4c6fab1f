"""Hybrid search over a small real library, with a stand-in encoder."""

from __future__ import annotations

import numpy as np
import pytest

from summarizer import search
from summarizer.answertype import AnswerType
from summarizer.errors import ModelError
from summarizer.library import Library
from summarizer.records import Document, Filters, Passage
from summarizer.search import Searcher
from summarizer.search.features import FEATURES, Candidate, Question, features
from summarizer.search.ranking import FOLDER, RANKER, Fusion, LearntRanking
from summarizer.search.reprints import tellings
from tests.libraries import HashedEncoder

STORIES = {
    "a#1": ("云溪县人民医院夜间门诊累计接诊6800人次。门诊每晚开到九点。", "2025-03-18", "2"),
    "a#2": ("云溪县42.3万亩冬小麦进入返青期，一类苗占五成。", "2025-03-18", "2"),
    "b#1": ("桐川市今年计划为老旧小区加装电梯160部，首批35部已经投用。", "2025-06-12", "A03"),
    "b#2": ("南渡街道“银龄课堂”教老人用手机，已有1200名老人结业。", "2025-06-12", "A03"),
    "c#1": ("人民群众到县里的医院看夜间的门诊方便多了，接送有班车，诊室有空调。", "2025-07-01", "1"),
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    encoder = HashedEncoder()
    library = Library.create(str(tmp_path_factory.mktemp("library") / "l"), encoder)
    library.add([[Document(i, t, date=d, number=n)] for i, (t, d, n) in STORIES.items()], encoder)
    return Searcher(library, encoder)


def found(searcher, question, **options):
    return [hit.passage.article for hit in searcher.search(question, limit=5, **options)]


def test_the_passage_with_the_words_of_the_question_comes_first(searcher):
    assert found(searcher, "桐川市计划加装电梯多少部？")[0] == "b#1"
    assert found(searcher, "冬小麦返青面积是多少亩？")[0] == "a#2"


def test_an_exact_phrase_wins_over_its_characters_scattered(searcher):
    assert found(searcher, "夜间门诊累计接诊")[0] == "a#1"


def test_ranks_scores_and_matches(searcher):
    hits = searcher.search("加装电梯160部", limit=3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    text, spans = hits[0].passage.text, hits[0].matches
    assert "加装电梯160部" in {text[a:b] for a, b in spans}
    assert [b - a for a, b in spans] == sorted((b - a for a, b in spans), reverse=True)


def test_filters_hold_for_both_searches(searcher):
    assert set(found(searcher, "医院", filters=Filters(number="A03"))) <= {"b#1", "b#2"}
    assert found(searcher, "夜间门诊", filters=Filters(since="2025-07-01"))[0] == "c#1"
    assert found(searcher, "夜间门诊", filters=Filters(since="2026-01-01")) == []


def test_the_same_question_gets_the_same_order(searcher):
    assert len({tuple(found(searcher, "门诊老人电梯")) for _ in range(5)}) == 1


def test_one_hit_an_article_unless_more_are_asked_for(tmp_path):
    encoder = HashedEncoder()
    library = Library.create(str(tmp_path / "l"), encoder)
    long = "".join(f"第{n}批电梯在{n}号楼装好，居民代表到场验收，街道派人做了登记和回访。" for n in range(40))
    library.add([[Document("long", long)], [Document("short", "电梯装好了。")]], encoder)
    searcher = Searcher(library, encoder)
    assert sorted(found(searcher, "电梯装好")) == ["long", "short"]
    assert found(searcher, "电梯装好", each=3).count("long") == 3


def test_nothing_in_an_empty_library(tmp_path):
    encoder = HashedEncoder()
    assert Searcher(Library.create(str(tmp_path / "l"), encoder), encoder).search("电梯", limit=3) == []


def test_a_reranker_has_the_last_word(searcher):
    class Longest:
        name = "longest"

        def score(self, question, passages):
            return [len(passage) for passage in passages]

    again = Searcher(searcher._library, searcher._encoder, reranker=Longest())
    texts = [hit.passage.text for hit in again.search("门诊", limit=5)]
    assert texts == sorted(texts, key=len, reverse=True)


def candidate(text, lexical=1.0, dense=0.5, article="a", ordinal=0, headline=None):
    return Candidate(Passage(article, (0, len(text)), text, headline=headline), ordinal, lexical, dense)


def test_features_by_hand():
    question = Question(
        ("电梯", "装电"), np.array([3.0, 1.0], dtype=np.float32), ((), (), ()), AnswerType.of("")
    )
    rows = features(question, [candidate("电梯好了", 2.0, 0.8), candidate("没有", np.nan, 0.2, "b", 3)])
    column = {name: rows[:, at] for at, name in enumerate(FEATURES)}
    assert column["coverage"].tolist() == [0.75, 0.0]
    assert column["lexical"][0] == 0.5 and np.isnan(column["lexical"][1])
    assert column["dense_rank"].tolist() == [1.0, 2.0]
    assert column["missing_most"].tolist() == [1.0, 3.0]
    assert column["ordinal"].tolist() == [0.0, 3.0]
    assert np.isnan(column["headline"]).all() and np.isnan(column["typed_near"]).all()
    assert features(question, []).shape == (0, len(FEATURES))


def test_fusion_adds_reciprocal_ranks():
    scores = Fusion(k=1).score("", [candidate("x", 5.0, 0.1), candidate("y", np.nan, 0.9)])
    assert scores == pytest.approx([1 / 2 + 1 / 3, 1 / 2])


def test_a_changed_ranking_is_refused(tmp_path):
    for name in (RANKER, "checksums.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    LearntRanking(tmp_path)
    (tmp_path / RANKER).write_bytes((FOLDER / RANKER).read_bytes() + b" ")
    with pytest.raises(ModelError, match="sha256"):
        LearntRanking(tmp_path)
    (tmp_path / RANKER).unlink()
    with pytest.raises(ModelError, match="found none"):
        LearntRanking(tmp_path)


def library_of(folder, documents):
    encoder = HashedEncoder()
    library = Library.create(str(folder), encoder)
    library.add([[document] for document in documents], encoder)
    return Searcher(library, encoder)


def test_matches_are_where_the_text_says_it_as_it_says_it(tmp_path):
    text = "İ市ＧＤＰ比12000家企业的少，1,200家企业停产，另有200家。"
    (hit,) = library_of(tmp_path / "l", [Document("a", text)]).search("GDP 1200家企业", limit=3)
    # "1200" is said with a comma, and does not stand in 12000; neighbours are one match
    assert [text[a:b] for a, b in hit.matches] == ["1,200家企业", "ＧＤＰ", "家企业"]


@pytest.mark.parametrize("backwards", [False, True])
def test_equals_go_by_article_whatever_came_in_first(tmp_path, backwards):
    documents = [Document(name, "云溪水库今天开始放水。") for name in ("b", "a", "d", "c")]
    learnt = library_of(tmp_path / "l", documents[::-1] if backwards else documents)
    assert found(learnt, "云溪水库放水") == ["a", "b", "c", "d"]

    class Flat:
        def score(self, question, candidates):
            return np.zeros(len(candidates))

    flat = Searcher(learnt._library, learnt._encoder, ranking=Flat())
    assert found(flat, "云溪水库放水") == ["a", "b", "c", "d"]


def test_every_filter_holds(tmp_path):
    text = "云溪水库今天开始放水。"
    searcher = library_of(
        tmp_path / "l",
        [
            Document("old", text, date="2024-01-01", paper="云溪日报", page="p1"),
            Document("new", text, date="2025-01-01", paper="清河晚报", page="p2"),
            Document("undated", text),
        ],
    )
    assert found(searcher, "水库") == ["new", "old", "undated"]
    assert found(searcher, "水库", filters=Filters(until="2024-12-31")) == ["old"]
    assert found(searcher, "水库", filters=Filters(paper="清河晚报")) == ["new"]
    assert found(searcher, "水库", filters=Filters(page="p1")) == ["old"]


def test_no_hits_are_asked_for_none_are_given(searcher):
    assert searcher.search("门诊", limit=0) == []


def test_what_only_one_search_found_says_so(searcher):
    hits = searcher.search("老人用手机", limit=5)
    (said,) = (hit for hit in hits if hit.passage.article == "b#2")
    assert said.lexical > 0 and -1 <= said.dense <= 1
    assert all(hit.lexical is None or hit.lexical > 0 for hit in hits)
    assert any(hit.lexical is None and hit.dense is not None for hit in hits)


def test_a_reranker_reads_the_first_passages_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "RERANKED", 2)
    documents = [Document(f"d{n}", f"云溪水库{'的大坝' * n}放水。") for n in range(5)]
    plain = library_of(tmp_path / "l", documents)
    before = found(plain, "云溪水库放水")

    class Backwards:
        name = "backwards"

        def score(self, question, passages):
            assert question == "云溪水库放水"
            return [float(n) for n in range(len(passages))]

    again = Searcher(plain._library, plain._encoder, reranker=Backwards())
    assert found(again, "云溪水库放水") == [before[1], before[0], *before[2:]]


WIRE = "云溪水库昨天开闸放水，流量每秒120立方米，下游三县已通知到村，放水将持续到本月底。"


def test_a_report_that_several_papers_printed_takes_one_place(tmp_path):
    stories = {
        "a": WIRE,
        "b": "本报讯 " + WIRE,
        "c": "云溪水库去年放水3次，灌溉农田12万亩，比前年多出两成。",
        "d": WIRE,
    }
    searcher = library_of(tmp_path / "l", [Document(*story) for story in stories.items()])
    assert len(found(searcher, "云溪水库放水")) == 4
    hits = searcher.search("云溪水库放水", limit=5, fold=True)
    told = {frozenset((hit.passage.article, *hit.reprints)) for hit in hits}
    assert told == {frozenset("abd"), frozenset("c")}
    assert [hit.rank for hit in hits] == [1, 2]
    (first,) = searcher.search("云溪水库放水", limit=1, fold=True)
    assert first.passage.article == hits[0].passage.article and first.reprints == hits[0].reprints


def test_texts_of_one_telling_stand_together():
    assert tellings([WIRE, "完全不同的一句话。", WIRE[3:], "短"], 9) == [[0, 2], [1], [3]]
    assert tellings([WIRE, "完全不同的一句话。", WIRE[3:]], 1) == [[0, 2]]
    assert tellings([], 3) == [] and tellings([WIRE], 0) == []
