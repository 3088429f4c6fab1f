"""The rulers of search and answers, on a handful of invented rows."""

from __future__ import annotations

import numpy as np
import pytest

from eval.answers import Remembering, by_words
from eval.metrics.answers import scored
from eval.retrieval import Place, places, ranks_of
from summarizer.models.reading import Extraction
from summarizer.records import Answer, Citation, Hit, Passage
from summarizer.search.features import Candidate
from tests.fakes import PointingReader

NAN = float("nan")


def answer(text, *quotes, refused=False):
    citations = tuple(Citation("a", 0, len(q), q, "") for q in quotes)
    return Answer("？", text, refused, citations, 0.7, "bundled")


def test_an_answer_is_held_against_every_accepted_one():
    said = scored(answer("6800人次", "共接诊６８００人次。", "别的话。"), ["6800", "6,800人次。"])
    assert (said.f1, said.exact, said.cited, said.first, said.precision) == (1.0, 1.0, 1.0, 1.0, 0.5)
    part = scored(answer("共6800人次", "别的话。"), ["6800"])
    assert part.f1 == pytest.approx(2 * 4 / (7 + 4)) and part.exact == part.cited == part.precision == 0.0


def test_a_refusal_earns_nothing_but_its_confidence():
    said = scored(answer("没有", "6800", refused=True), ["6800"])
    assert (said.f1, said.exact, said.cited, said.precision, said.confidence) == (0.0, 0.0, 0.0, 0.0, 0.7)


def test_words_alone_take_the_sentence_with_most_of_the_question():
    text = "天气很好。夜间门诊接诊6800人次。门诊照常。"
    hits = [Hit(1, Passage("a", (0, len(text)), text), 1.0)]
    assert by_words("夜间门诊接诊多少？", hits) == "夜间门诊接诊6800人次。"
    assert by_words("多少？", []) == ""


def test_no_passage_is_read_twice():
    class Counting(PointingReader):
        read_so_far = 0

        def read(self, question, passages):
            self.read_so_far += len(passages)
            return super().read(question, passages)

    reader = Counting("12亿元")
    known = Remembering(reader)
    texts = ["清河为12亿元。", "没有。", "清河为12亿元。"]
    first, again = known.read("？", texts), known.read("？", texts[1:])
    assert reader.read_so_far == 2 and again == first[1:]
    assert first[0] == first[2] == Extraction((3, 7), first[0].score)


def candidate(article, text, ordinal=0):
    return Candidate(Passage(article, (0, len(text)), text), ordinal, NAN, NAN)


def test_an_article_has_one_place_that_of_its_best_passage():
    found = [candidate("a", "一"), candidate("b", "二"), candidate("a", "三", 1), candidate("c", "四")]
    assert places(found, np.array([1.0, 2.0, 3.0, NAN])) == [Place(("a",), "三"), Place(("b",), "二")]


def test_ranks_of_supports_and_of_passages_that_say_it():
    rows = [{"support_ids": ["b"], "answers": ["6,800人次"]}, {"support_ids": ["z"], "answers": ["无"]}]
    told = [Place(("a",), "接诊６８００人次"), Place(("c", "b"), "别的")]
    ranks = ranks_of(rows, lambda row: told)
    assert ranks.right.tolist() == [2.0, np.inf] and ranks.says.tolist() == [1.0, np.inf]
    assert (ranks.milliseconds >= 0).all()
