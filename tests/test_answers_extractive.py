"""Spans become answers: passages speak for each other, the gate refuses, citations are whole sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest

from summarizer.answers.choosing import RANK_COST, alternatives, choose
from summarizer.answers.extractive import CITED, read
from summarizer.models.reading import Extraction
from summarizer.records import Hit, Passage

ONE = "门诊开了半年。夜间门诊累计接诊6800人次，医生轮班。"
TWO = "据医院统计，夜间共接诊6800人次。"
THREE = "桐川市加装电梯160部。"


@dataclass
class Undecided:
    """A gate that is never more than half sure."""

    threshold: float

    def confidence(self, question, hits, extractions):
        return 0.5 if any(e.span[1] > e.span[0] for e in extractions) else 0.0


OPEN, SHUT = Undecided(0.0), Undecided(0.9)


class Scripted:
    name = fingerprint = "scripted"

    def __init__(self, *extractions):
        self.extractions = list(extractions)

    def read(self, question, passages):
        return self.extractions


def hits(*texts):
    return [Hit(n, Passage(f"a{n}", (100, 100 + len(t)), t), 1.0) for n, t in enumerate(texts, 1)]


def at(text, words, score):
    start = text.index(words)
    return Extraction((start, start + len(words)), score)


def test_the_answer_is_verbatim_and_cites_its_sentence():
    answer = read("接诊多少？", hits(ONE), Scripted(at(ONE, "6800人次", 3.0)), OPEN)
    assert answer.text == "6800人次" and not answer.refused
    (cited,) = answer.citations
    assert cited.quote == "夜间门诊累计接诊6800人次，医生轮班。"
    assert (cited.start, cited.end) == (100 + 7, 100 + len(ONE))


def test_the_same_words_in_two_passages_outweigh_one_surer_passage():
    said = [at(THREE, "160部", 5.0), at(ONE, "6800人次", 4.9), at(TWO, "6800人次", 4.9)]
    answer = read("多少？", hits(THREE, ONE, TWO), Scripted(*said), OPEN)
    assert answer.text == "6800人次"
    assert [citation.article for citation in answer.citations] == ["a2", "a3"]


def test_of_equals_the_better_ranked_comes_first():
    said = [at(ONE, "6800人次", 2.0), at(THREE, "160部", 2.0)]
    assert choose(hits(ONE, THREE), said) == [0, 1]


def test_a_shut_gate_refuses_with_the_nearest_passages():
    answer = read(
        "接诊多少？", hits(ONE, TWO), Scripted(at(ONE, "6800人次", 9.0), at(TWO, "6800人次", 9.0)), SHUT
    )
    assert answer.refused and answer.confidence == 0.5
    assert [citation.quote for citation in answer.citations] == [ONE, TWO]


def test_nothing_to_point_at_is_refused():
    nothing = Extraction((0, 0), -math.inf)
    answer = read("接诊多少？", hits(" "), Scripted(nothing), OPEN)
    assert answer.refused and answer.confidence == 0.0


def test_an_answer_is_as_likely_as_its_passages_make_it_together():
    said = [at(THREE, "160部", 5.0), at(ONE, "6800人次", 4.9), at(TWO, "6800人次", 4.9)]
    first, second = alternatives(hits(THREE, ONE, TWO), said)
    places = [4.9 - RANK_COST * math.log(rank) for rank in (2, 3)]
    assert (first.text, first.hits) == ("6800人次", (1, 2)) and (second.hits, second.score) == ((0,), 5.0)
    assert first.score == pytest.approx(math.log(sum(map(math.exp, places))))


def test_a_place_further_down_costs_what_it_says():
    first, second = at(ONE, "6800人次", 2.0), at(THREE, "160部", 2.0 + RANK_COST * math.log(2))
    assert choose(hits(ONE, THREE), [first, second]) == [0, 1]  # just level: the better ranked one
    surer = at(THREE, "160部", second.score + 0.01)
    assert choose(hits(ONE, THREE), [first, surer]) == [1, 0]


def test_what_is_written_otherwise_says_the_same():
    wide = "据统计，共接诊６８００人次。"
    said = [at(wide, "６８００人次", 3.0), at(ONE, "6800人次", 2.0)]
    answer = read("多少？", hits(wide, ONE), Scripted(*said), OPEN)
    assert answer.text == "６８００人次"  # as its own passage writes it
    assert [citation.quote for citation in answer.citations] == [wide, "夜间门诊累计接诊6800人次，医生轮班。"]


def test_few_sentences_are_cited_and_none_twice():
    texts = [f"第{n}次统计，接诊6800人次。" for n in range(CITED + 3)]
    found = hits(*texts)
    found[1] = Hit(2, found[0].passage, 1.0)  # two passages may overlap
    said = [at(hit.passage.text, "6800人次", 3.0) for hit in found]
    answer = read("多少？", found, Scripted(*said), OPEN)
    assert [citation.article for citation in answer.citations] == ["a1", "a3", "a4"]


def test_an_answer_over_two_sentences_cites_both():
    answer = read("怎样？", hits(ONE), Scripted(at(ONE, "半年。夜间门诊", 1.0)), OPEN)
    assert answer.citations[0].quote == ONE


def test_what_points_at_nothing_is_never_chosen():
    said = [Extraction((0, 0), 9.0), at(THREE, "160部", -9.0)]
    assert choose(hits(ONE, THREE), said) == [1]
    assert choose([], []) == []
