"""The gate: every number it looks at by hand, its confidence, its file."""

from __future__ import annotations

import json
import math

import pytest

from summarizer.answers.gate import EVIDENCE, FILE, Gate, evidence, load_gate
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, WORD_RARITY, Bigrams
from summarizer.models.reading import Extraction
from summarizer.records import Hit, Passage

QUESTION = "云溪GDP多少？"  # its terms are 云溪 and gdp
FAR = f"云溪公布数据。{'一' * 80}GDP为35亿元。"
AGAIN = "另有报道说35亿元。"
OTHER = "清河为12亿元。"
NOTHING = Extraction((0, 0), -math.inf)


def hits(*texts):
    return [Hit(n, Passage(f"a{n}", (0, len(t)), t), 1.0) for n, t in enumerate(texts, 1)]


def at(text, words, score):
    start = text.index(words)
    return Extraction((start, start + len(words)), score, score / 2)


def seen(question, *pairs):
    """The evidence by name; a pair is a passage's text and its extraction."""
    found = evidence(question, hits(*(text for text, _ in pairs)), [extraction for _, extraction in pairs])
    return dict(zip(EVIDENCE, found, strict=True))


THREE = (
    (OTHER, at(OTHER, "12亿元", 2.0)),
    (FAR, at(FAR, "35亿元", 3.0)),
    (AGAIN, at(AGAIN, "35亿元", 2.5)),
)


TOWN = float(Bigrams.load(bundled.FOLDER / BIGRAMS).rarity(["云溪"])[0])
GDP = WORD_RARITY / (WORD_RARITY + TOWN)


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "score": 3.0,
        "odds": 1.5,
        "ahead": 1.0,  # of 12亿元: that AGAIN says the same is no doubt
        "sentence": GDP,  # 云溪 stands in another one
        "better_elsewhere": max(0.0, 1 - 2 * GDP),  # where 云溪 stands
        "passage": 1.0,
        "near": GDP,  # 云溪 stands too far from the answer
        "lost": 0.0,
        "words": 1.0,
        "fits": 1.0,
        "repeated": math.log1p(2),
        "terms": math.log1p(2),
    }.items(),
)
def test_every_number_by_hand(name, value):
    assert seen(QUESTION, *THREE)[name] == pytest.approx(value)


def test_an_answer_of_another_kind_and_a_passage_without_the_name():
    found = seen(QUESTION, ("清河公布数据", at("清河公布数据", "清河", 1.0)))
    assert found["fits"] == found["words"] == found["near"] == found["passage"] == 0.0
    assert found["lost"] == pytest.approx(max(TOWN, WORD_RARITY) / 10)


def test_another_sentence_may_say_more_of_the_question():
    found = seen(QUESTION, (OTHER, at(OTHER, "12亿元", 2.0)), ("云溪GDP公布。", NOTHING))
    assert found["sentence"] == 0.0 and found["better_elsewhere"] == pytest.approx(1.0)


def test_a_question_that_asks_for_no_kind_has_any():
    assert seen("云溪怎样了？", (OTHER, at(OTHER, "清河", 1.0)))["fits"] == 1.0


def test_one_passage_is_as_far_ahead_as_can_be():
    lone = seen(QUESTION, (OTHER, at(OTHER, "12亿元", 2.0)))
    beside = seen(QUESTION, (OTHER, at(OTHER, "12亿元", 2.0)), (FAR, Extraction((0, 0), 9.0)))
    assert lone["ahead"] == beside["ahead"] == 5.0  # a passage with nothing to point at is no second


def test_nothing_found_and_nothing_pointed_at_is_no_confidence():
    sure = Gate((1.0,) * len(EVIDENCE), 50.0, 0.5)
    assert sure.confidence(QUESTION, [], []) == 0.0
    assert sure.confidence(QUESTION, hits(OTHER), [NOTHING]) == 0.0
    assert evidence(QUESTION, hits(OTHER), [NOTHING]) is None


def test_confidence_is_the_logistic_function_of_the_weighted_evidence():
    weights = dict.fromkeys(EVIDENCE, 0.0) | {"score": 0.5, "passage": -2.0, "repeated": 1.0}
    gate = Gate(tuple(weights.values()), 0.25, 0.5)
    total = 0.25 + 0.5 * 3.0 - 2.0 * 1.0 + math.log1p(2)
    confidence = gate.confidence(QUESTION, hits(*(t for t, _ in THREE)), [e for _, e in THREE])
    assert confidence == pytest.approx(1 / (1 + math.exp(-total)))


@pytest.mark.parametrize("weight", [1e9, -1e9])
def test_confidence_stays_a_probability(weight):
    confidence = Gate((weight,) * len(EVIDENCE), 0.0, 0.5).confidence(
        QUESTION, hits(OTHER), [at(OTHER, "12亿元", 1e9)]
    )
    assert 0.0 <= confidence <= 1.0


def test_the_shipped_gate_is_surer_of_a_surer_reader():
    gate = load_gate()
    low, high = (gate.confidence(QUESTION, hits(FAR), [at(FAR, "35亿元", score)]) for score in (-20.0, 30.0))
    assert 0 < gate.threshold < 1 and low < high


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        json.dumps({"bias": 0.0, "threshold": 0.5}),
        json.dumps({"weights": dict.fromkeys(EVIDENCE[1:], 0.0), "bias": 0.0, "threshold": 0.5}),
        json.dumps({"weights": dict.fromkeys(EVIDENCE, "heavy"), "bias": 0.0, "threshold": 0.5}),
        json.dumps({"weights": dict.fromkeys(EVIDENCE, 0.0), "bias": None, "threshold": 0.5}),
    ],
)
def test_a_file_of_another_version_is_told(tmp_path, text):
    path = tmp_path / "gate.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"gate\.json: expected the gate's weights for score"):
        load_gate(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ModelError, match="install the package again"):
        load_gate(tmp_path / "none.json")


def test_the_file_holds_nothing_but_the_gate():
    said = json.loads(FILE.read_text(encoding="utf-8"))
    assert said.keys() == {"weights", "bias", "threshold"} and tuple(said["weights"]) == EVIDENCE
