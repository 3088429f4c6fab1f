"""Encoder and ranking made from a handful of invented rows: every step for real, only small."""

from __future__ import annotations

import hashlib
import json
import random

import numpy as np
import pytest
import torch

from summarizer.answers.gate import TREES, load_gate
from summarizer.models.encoding import load_encoder
from summarizer.models.static import StaticEncoder
from summarizer.records import Hit, Passage
from summarizer.search.features import FEATURES, Candidate
from summarizer.search.ranking import RANKER, LearntRanking
from summarizer.training.data import corpus
from summarizer.training.reading import gate as gates
from summarizer.training.reading import kept, order
from summarizer.training.retrieval import encoder as encoding
from summarizer.training.retrieval import ranking
from summarizer.training.retrieval.encoder import EncoderRecipe, Texts, pairs, train_encoder, write_encoder
from summarizer.training.retrieval.questions import Sought, news_questions, peoples_questions
from tests.running import write_rows

TOWNS = "柳湾县 清河市 云溪县 石门村 桐川区 白鹭镇 青柳镇 沙湾乡".split()
THINGS = "油菜 水库 公路 医院 桥梁 果园 茶厂 码头".split()
QUICK = EncoderRecipe(pieces=400, dimensions=16, steps=150, batch=32)


def story(town: str, thing: str, number: int) -> str:
    return (
        f"{town}的{thing}工程昨天开工，总投资{300 + number}万元。负责人林知远说，{thing}占地{20 + number}亩。"
        f"工期受降雨影响推迟了{number + 3}天，{town}将在十月组织验收。"
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    made = tmp_path_factory.mktemp("data")
    places = [(town, thing) for town in TOWNS for thing in THINGS]
    told = [(f"d{n}", town, thing, story(town, thing, n)) for n, (town, thing) in enumerate(places)]
    titles = [
        {"id": f"t{i}", "doc_id": i, "title": f"{town}{thing}工程昨天开工", "body": text}
        for i, town, thing, text in told[:40]
    ]
    asked = [
        {"question": f"{town}的{thing}投资多少？", "context": text, "answers": [f"{300 + n}万元"]}
        for n, (_, town, thing, text) in enumerate(told[:20])
    ]
    lost = {"question": "谁是市长？", "context": told[0][3], "answers": [], "unanswerable": True}
    write_rows(made / "titles.train.local_web.jsonl.gz", titles)
    write_rows(made / "qa.train.own.jsonl.gz", [*asked, asked[0] | {"question": "投资呢？"}, lost])
    news = [{"id": i, "text": text, "date": "2024-08-03"} for i, _, _, text in told]
    write_rows(made / "corpus.own.jsonl.gz", news)
    return made


@pytest.fixture(autouse=True)
def one_thread():
    """Steps this small are slower on two threads, and a hundred times slower beside another program."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def work(data, tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def table(data, work):
    torch.set_num_threads(1)
    return train_encoder(data, work, QUICK)


def test_the_corpus_comes_with_ids_and_dates(data):
    documents = list(corpus(data))
    assert len(documents) == 64 and documents[3].id == "d3" and documents[3].date == "2024-08-03"


def test_peoples_questions_know_where_the_answer_stands(data):
    sought = list(peoples_questions(data))
    assert len(sought) == 21  # the unanswerable one asks for nothing
    assert all(one.text[one.at :].startswith(one.answer) for one in sought)
    assert sought[0].document == sought[-1].document != sought[1].document


def test_questions_of_the_news_are_about_their_document(data):
    texts = {document.id: document.text for document in corpus(data)}
    sought = list(news_questions(data, 1.0, seed=1))
    assert len(sought) > 40
    for one in sought:
        assert one.text == texts[one.document] and one.text[one.at :].startswith(one.answer)
    assert sought == list(news_questions(data, 1.0, seed=1)) != list(news_questions(data, 1.0, seed=2))
    assert len(list(news_questions(data, 0.1, seed=1))) < len(sought)


def test_pairs_are_of_every_kind(data):
    made = list(pairs(data))
    assert made == list(pairs(data)) and all(pair.asked and pair.passage for pair in made)
    asked = [pair.asked for pair in made]
    assert asked.count("柳湾县的油菜投资多少?") + asked.count("柳湾县的油菜投资多少？") == 3
    assert asked.count("柳湾县油菜工程昨天开工") == 1
    # inverse cloze: the sentence that was taken is not in what is left of its neighbourhood
    assert all(pair.asked not in pair.passage for pair in made[-64:])


def test_a_trained_table_brings_questions_to_their_passages(data, work, table, tmp_path):
    write_encoder(table, work, tmp_path / "encoder")
    made = StaticEncoder(tmp_path / "encoder", "own")
    assert made.dimensions == QUICK.dimensions
    asked = made.questions([f"{TOWNS[0]}的{thing}投资多少？" for thing in THINGS])
    said = made.passages([story(TOWNS[0], thing, n) for n, thing in enumerate(THINGS)])
    nearest = (asked @ said.T).argmax(axis=1)
    assert (nearest == np.arange(len(THINGS))).mean() >= 0.75
    torch.manual_seed(QUICK.seed)
    untrained = encoding.Table(len(table.bag.weight), QUICK.dimensions)
    assert not torch.allclose(untrained.bag.weight, table.bag.weight)


def test_training_lowers_the_loss(data, work, table):
    tokenizer = encoding.vocabulary(data, work, QUICK.pieces)
    texts = list(pairs(data))[:16]
    columns = [encoding._ids(tokenizer, [getattr(t, side) for t in texts]) for side in ("asked", "passage")]
    torch.manual_seed(0)
    untrained = encoding.Table(tokenizer.get_vocab_size(), QUICK.dimensions)
    before, after = (encoding._loss(model, [*columns, []], 0.05).item() for model in (untrained, table))
    assert after < before


def test_a_decoy_is_a_wrong_answer_for_all(data, work, table):
    tokenizer = encoding.vocabulary(data, work, QUICK.pieces)
    asked, passage = (encoding._ids(tokenizer, [town for town in TOWNS]) for _ in range(2))
    decoys = encoding._ids(tokenizer, [TOWNS[0], *[""] * 7])
    alone, beside = (encoding._loss(table, [asked, passage, others], 1.0) for others in ([], decoys))
    # the same passages, and one more to be mistaken for: every row's denominator grows by it
    scores = (lambda v: v @ v.T)(encoding._vectors(table, asked)).detach()
    grown = torch.logsumexp(torch.cat([scores, scores[:, :1]], 1), 1) - torch.logsumexp(scores, 1)
    assert (beside - alone).item() == pytest.approx(grown.mean().item(), abs=1e-5)


def test_the_same_recipe_makes_the_same_table(data, work, table):
    again = train_encoder(data, work, QUICK)
    assert torch.equal(again.bag.weight, table.bag.weight)
    decoys = [Texts("水库投资多少", "水库投资三百万元", "公路投资很多")] * 200
    other = train_encoder(data, work, QUICK, decoys)
    assert not torch.equal(other.bag.weight, table.bag.weight)


def test_the_folder_is_one_that_sentence_transformers_loads(work, table, tmp_path):
    from sentence_transformers import SentenceTransformer

    write_encoder(table, work, tmp_path / "encoder")
    texts = ["柳湾县的油菜工程昨天开工", "果园占地22亩"]
    theirs = SentenceTransformer(str(tmp_path / "encoder"), device="cpu").encode(texts)
    assert np.allclose(StaticEncoder(tmp_path / "encoder", "own").passages(texts), theirs, atol=1e-3)


def test_a_ranking_is_learnt_from_what_the_searches_bring_up(data, tmp_path, monkeypatch):
    monkeypatch.setattr(ranking, "PARAMETERS", ranking.PARAMETERS | {"min_data_in_leaf": 5, "num_threads": 1})
    monkeypatch.setattr(ranking, "ROUNDS", 5)
    ranking.train_ranking(data, tmp_path / "work", tmp_path)
    stated = json.loads((tmp_path / "checksums.json").read_text(encoding="utf-8"))
    assert stated[RANKER] == hashlib.sha256((tmp_path / RANKER).read_bytes()).hexdigest()
    learnt = LearntRanking(tmp_path)
    assert learnt._trees.feature_name() == list(FEATURES) and learnt._trees.num_trees() == 5
    library = ranking._library(data, tmp_path / "work", load_encoder("bundled"))
    assert library.count()[0] == 64 + 20  # a second run finds it made


def test_a_gate_is_learnt_from_questions_with_and_without_their_answer(data, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "kept_back", lambda text: True)
    monkeypatch.setattr(gates, "QUESTIONS", (5, 5))
    monkeypatch.setattr(gates, "PARAMETERS", gates.PARAMETERS | {"min_data_in_leaf": 5})
    monkeypatch.setattr(gates, "ROUNDS", 5)
    asked = list(kept.peoples(data))
    ranking._library(data, tmp_path / "work", load_encoder("bundled"))
    found = list(gates._asked(data, tmp_path / "work", 3))
    assert len(found) == 10 and len(asked) == 22
    assert {one.question for one, _ in found} - {one.question for one in asked}  # in other words
    monkeypatch.setattr(order, "SEARCHED", (3, 3))
    texts = list(order.passages(data, tmp_path / "work", 0))
    assert all(one.context.startswith(said[0][:9]) for one, said in texts[: len(asked)])
    assert len(texts) > len(asked) + 6 and all(0 < len(said) <= order.PASSAGES for _, said in texts)
    gates.train_gate(data, tmp_path / "work", tmp_path)
    gate = load_gate(tmp_path)
    assert gate.trees.num_trees() == 5 and 0 < gate.threshold < 1
    stated = json.loads((tmp_path / "checksums.json").read_text(encoding="utf-8"))
    assert stated == {TREES: hashlib.sha256((tmp_path / TREES).read_bytes()).hexdigest()}


CONTEXT = "客运站占地48亩。工期推迟了20天。"
KEPT = kept.Kept("客运站占地多少？", CONTEXT, "48亩")


def found_for_the_gate():
    own = [("own", CONTEXT[:9]), ("own", CONTEXT[9:])]
    others = [("copy", "据报道占地48亩。"), *((f"d{n}", f"第{n}条，与此无关。") for n in range(30))]
    return [
        Hit(rank, Passage(article, (0, len(text)), text), 1.0, 2.0, 0.5)
        for rank, (article, text) in enumerate((*own, *others), 1)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_a_question_is_looked_at_with_and_without_what_says_its_answer(seed):
    hits = found_for_the_gate()
    full, silent, away, once, few, fewer = gates.looks(KEPT, hits, random.Random(seed))
    texts = [[hit.passage.text for hit in look.hits] for look in (full, silent, away, once, few, fewer)]
    says = [sum("48亩" in text for text in some) for some in texts]
    assert says[:4] == [2, 0, 0, 1] and says[4] >= 1 and says[5] == 0
    assert [look.answerable for look in (full, silent, away, once, few, fewer)] == [
        True, False, False, True, True, False,
    ]  # fmt: skip
    assert CONTEXT[9:] in texts[1] and CONTEXT[9:] not in texts[2]  # its own article goes, too
    for look in (full, silent, away, once, few, fewer):
        ranks = [hit.rank for hit in look.hits]
        assert ranks == sorted(ranks) and 0 < len(ranks) <= gates.PASSAGES
        assert len({hit.dense is None for hit in look.hits}) == 1  # all of a text, or all of a search
    assert len(few.hits) <= 10 and len(fewer.hits) <= 10


def test_a_question_without_an_answer_has_one_look():
    (look,) = gates.looks(kept.Kept("谁？", CONTEXT, ""), found_for_the_gate(), random.Random(0))
    assert not look.answerable and len(look.hits) == gates.PASSAGES


@pytest.mark.parametrize(
    ("article", "text", "start", "worth"),
    [
        ("d1", "投资300万元。", 100, ranking.ANSWER),
        ("d1", "投资300万元。", 0, ranking.ARTICLE),  # says it, and is not where it was asked about
        ("d1", "占地20亩。", 100, ranking.ARTICLE),
        ("d2", "占地20亩。", 100, ranking.OTHER),
        ("d2", "投资300万元。", 100, -1),
    ],
)
def test_what_a_passage_is_worth(article, text, start, worth):
    sought = Sought("投资多少？", "d1", "300万元", "", 102)
    found = Candidate(Passage(article, (start, start + len(text)), text), 0, 1.0, 0.5)
    assert ranking._worth(sought, found) == worth
