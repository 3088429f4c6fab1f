"""What the ranking sees, computed by hand on three small passages; and how it orders them."""

from __future__ import annotations

import numpy as np
import pytest

from summarizer.answertype import KINDS, AnswerType
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, WORD_RARITY, Bigrams
from summarizer.records import Passage
from summarizer.search.features import FEATURES, NEAR, Candidate, Question, features
from summarizer.search.ranking import Fusion, LearntRanking

NAN = float("nan")
NUMBER, NO_KIND = AnswerType.of("多少万方？"), AnswerType.of("云溪")
ASKED = Question(
    terms=("云溪", "水库", "gdp"),
    rarity=np.array([2, 1, 1], np.float32),
    longer=(("云溪水", "溪水库"), ("云溪水库",), ()),
    wanted=NUMBER,
)


def candidate(text, lexical=NAN, dense=NAN, *, article="a", ordinal=0, headline=None):
    return Candidate(Passage(article, (0, len(text)), text, headline=headline), ordinal, lexical, dense)


THREE = [
    candidate("云溪水库蓄水9万方", 6.0, 0.5, headline="云溪蓄水"),
    candidate("GDP一般", dense=0.7, ordinal=1),
    candidate("别处水库", 2.0, article="b", headline="云溪"),
]


@pytest.fixture(scope="module")
def bigrams():
    return Bigrams.load(bundled.FOLDER / BIGRAMS)


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "lexical": [6 / 4, NAN, 2 / 4],
        "lexical_gap": [0, NAN, -4 / 4],
        "lexical_rank": [1, NAN, 2],
        "dense": [0.5, 0.7, NAN],
        "dense_gap": [-0.2, 0, NAN],
        "dense_rank": [2, 1, NAN],
        "coverage": [3 / 4, 1 / 4, 1 / 4],
        "missing_most": [1, 2, 2],
        "three": [1, 0, 0],
        "four": [1, 0, 0],
        "six": [NAN, NAN, NAN],
        "near": [3 / 4, 1 / 4, 1 / 4],
        "words": [0, 1, 0],
        "headline": [2 / 4, NAN, 2 / 4],
        "headline_only": [0, NAN, 2 / 4],
        "siblings": [2, 2, 1],
        "article_coverage": [1, 1, 1 / 4],
        "article_lexical": [6 / 4, 6 / 4, 2 / 4],
        "article_dense": [0.7, 0.7, NAN],
        "ordinal": [0, 1, 0],
        "length": [9, 5, 4],
        "question_length": [3, 3, 3],
        "question_rarity": [4, 4, 4],
        "asks": [NUMBER.number] * 3,
        "typed_near": [2, 1, 0],
        "typed_anywhere": [2 / 9, 1 / 5, 0],
    }.items(),
)
def test_every_feature_by_hand(name, values):
    column = features(ASKED, THREE)[:, FEATURES.index(name)]
    assert column == pytest.approx(np.array(values, np.float32), nan_ok=True)


def test_words_far_apart_are_not_near():
    near = FEATURES.index("near")
    beside, apart = (candidate(f"云溪{'。' * gap}水库") for gap in (NEAR - 10, NEAR + 10))
    assert features(ASKED, [beside, apart])[:, near].tolist() == [0.75, 0.5]


def test_the_densest_place_is_found_behind_a_poorer_one():
    # the number stands beside the second mention: 水库, then far behind it 云溪 with 水库
    text = f"水库{'。' * 2 * NEAR}云溪水库蓄水9万方"
    row = features(ASKED, [candidate(text)])[0]
    assert row[FEATURES.index("near")] == 0.75 and row[FEATURES.index("typed_near")] == 2


def test_a_question_that_asks_for_no_kind_has_no_type_to_find():
    asked = Question(ASKED.terms, ASKED.rarity, ASKED.longer, NO_KIND)
    row = features(asked, THREE)[0]
    assert np.isnan(row[-2:]).all() and row[FEATURES.index("asks")] == len(KINDS)


def test_no_passages_and_no_terms():
    assert features(ASKED, []).shape == (0, len(FEATURES))
    nothing = Question((), np.zeros(0, np.float32), ((), (), ()), NO_KIND)
    row = features(nothing, [candidate("云溪", dense=0.1)])[0]
    assert row[FEATURES.index("near")] == 0 and np.isnan(row[FEATURES.index("words")])


def test_rarity_and_stretches_of_a_question(bigrams):
    asked = Question.of("云溪水库GDP多少", bigrams)
    assert asked.terms == ("云溪", "溪水", "水库", "gdp")
    assert asked.rarity[3] == WORD_RARITY and asked.rarity[0] > asked.rarity[2] > 0
    assert asked.longer[1][0] == "云溪水库"
    assert not any("多" in stretch for stretches in asked.longer for stretch in stretches)


def test_a_feature_does_not_depend_on_the_order_of_the_candidates():
    there, back = features(ASKED, THREE), features(ASKED, THREE[::-1])[::-1]
    assert np.array_equal(there, back, equal_nan=True)


def test_the_shipped_ranking_prefers_the_passage_that_says_it():
    rest = [candidate(f"第{n}号公告说的是别的事。", 1.0, 0.1, article=f"c{n}") for n in range(5)]
    said = candidate("云溪水库今年蓄水9万方，为历年最多。", 12.0, 0.8, article="z")
    scores = LearntRanking().score("云溪水库今年蓄水多少方？", [*rest, said])
    assert scores.shape == (6,) and np.isfinite(scores).all() and scores.argmax() == 5
    assert LearntRanking().score("云溪水库", []).shape == (0,)


def test_fusion_believes_a_weight_of_zero():
    fusion = Fusion(k=1, lexical=0.0)
    scores = fusion.score("", [candidate("一", 9.0, 0.1), candidate("二", 1.0, 0.9), candidate("三", 5.0)])
    assert scores == pytest.approx([1 / 3, 1 / 2, 0])
