"""Re-rankers by folder: a CrossEncoder, made tiny here; and the reader as one."""

from __future__ import annotations

import json
import math

import pytest
import torch
from transformers import AutoTokenizer, BertForSequenceClassification

from summarizer.errors import ModelError
from summarizer.models import reranking
from summarizer.models.reading import Extraction
from summarizer.models.reranking import WORST, ReaderReranker, Reranker, load_reranker
from tests.tiny import NEWS, reranker

QUESTION = "苹果卖给谁"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return reranker(tmp_path_factory.mktemp("rerankers") / "tiny")


@torch.inference_mode()
def by_hand(folder, question, passage):
    tokens = AutoTokenizer.from_pretrained(folder)(question, passage, return_tensors="pt", truncation=True)
    return float(BertForSequenceClassification.from_pretrained(folder).eval()(**tokens).logits)


def test_scores_are_in_the_order_of_the_cross_encoder(folder):
    loaded: Reranker = load_reranker(str(folder))
    scores = loaded.score(QUESTION, NEWS)
    logits = [by_hand(folder, QUESTION, passage) for passage in NEWS]
    order = sorted(range(len(NEWS)), key=lambda i: logits[i])
    assert sorted(range(len(NEWS)), key=lambda i: scores[i]) == order
    assert all(isinstance(score, float) for score in scores) and len(set(scores)) == len(NEWS)
    assert loaded.name == str(folder)


def test_batches_do_not_matter(folder, monkeypatch):
    monkeypatch.setattr(reranking, "BATCH", 4)
    loaded = load_reranker(str(folder))
    passages = [text[: 5 + 7 * n] for n, text in enumerate(NEWS)]
    alone = [loaded.score(QUESTION, [passage])[0] for passage in passages]
    assert loaded.score(QUESTION, passages) == pytest.approx(alone, abs=1e-5)
    assert loaded.score(QUESTION, []) == []


def test_a_classifier_is_no_reranker(tmp_path):
    with pytest.raises(ModelError, match="expected a re-ranker with one score, found 3"):
        load_reranker(str(reranker(tmp_path / "three", labels=3)))


def test_what_is_unsafe_or_missing_is_told(tmp_path):
    folder = reranker(tmp_path / "unsafe")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    stated = json.dumps(config | {"auto_map": {"AutoModel": "m.M"}})
    (folder / "config.json").write_text(stated, encoding="utf-8")
    with pytest.raises(ModelError, match="auto_map"):
        load_reranker(str(folder))
    with pytest.raises(ModelError, match="no such folder"):
        load_reranker("somebody/no-such-reranker")


class Replaying:
    """A `Reader` that replays extractions."""

    name = fingerprint = "replaying"

    def __init__(self, *extractions):
        self.extractions = list(extractions)

    def read(self, question, passages):
        return self.extractions[: len(passages)]


def test_a_reader_ranks_by_how_sure_it_is_and_blank_passages_last():
    ranked = ReaderReranker(Replaying(Extraction((0, 2), -3.0), Extraction((0, 0), -math.inf)))
    assert ranked.score("？", ["苹果", " "]) == [-3.0, WORST]


def test_the_bundled_reader_is_one():
    ranked = load_reranker("bundled")
    asked, other = ranked.score("全县多少亩小麦收割完毕？", [NEWS[0], NEWS[4]])
    assert ranked.name == "bundled" and asked > other
