"""The gate: every number it looks at by hand, its confidence, its file."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace

import lightgbm
import numpy as np
import pytest

from summarizer.answers.choosing import RANK_COST
from summarizer.answers.features import FEATURES, SENSE, features
from summarizer.answers.gate import FOLDER, TREES, Gate, load_gate
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, WORD_RARITY, Bigrams
from summarizer.models.reading import Extraction
from summarizer.records import Hit, Passage
from summarizer.training.export import write_checksums

QUESTION = "云溪2024年GDP多少？"  # its terms are 云溪, 2024, 年 and gdp
FAR = f"云溪公布数据。{'一' * 80}GDP为35亿元。"
AGAIN = "另有报道说35亿元。"
OTHER = "清河为12亿元。"
NOTHING = Extraction((0, 0), -math.inf)


def hits(*texts):
    return [Hit(n, Passage(f"a{n}", (0, len(t)), t), 1.0) for n, t in enumerate(texts, 1)]


def at(text, words, score):
    start = text.index(words)
    return Extraction((start, start + len(words)), score, score / 2)


def seen(question, *pairs, found=None):
    """The features by name; a pair is a passage's text and its extraction."""
    found = found or hits(*(text for text, _ in pairs))
    told = features(question, found, [extraction for _, extraction in pairs])
    return dict(zip(FEATURES, told, strict=True))


THREE = (
    (OTHER, at(OTHER, "12亿元", 2.0)),
    (FAR, at(FAR, "35亿元", 4.0)),
    (AGAIN, at(AGAIN, "35亿元", 2.5)),
)
TERMS = ["云溪", "2024", "年", "gdp"]
TOWN, _, YEAR, _ = map(float, Bigrams.load(bundled.FOLDER / BIGRAMS).rarity(TERMS))
ALL = TOWN + YEAR + 2 * WORD_RARITY
ALONE = [2.0, 4.0 - RANK_COST * math.log(2), 2.5 - RANK_COST * math.log(3)]
SHARED = math.log(math.exp(ALONE[1]) + math.exp(ALONE[2]))
SHARE = 1 / (1 + math.exp(2.0 - SHARED))


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "shared": SHARED,
        "share": SHARE,
        "entropy": -SHARE * math.log(SHARE) - (1 - SHARE) * math.log(1 - SHARE),
        "ahead": SHARED - 2.0,  # of 12亿元: that AGAIN says the same is no doubt
        "ahead_of_others": 2.0,
        "score": 4.0,
        "mean": 8.5 / 3,
        "spread": float(np.std([2.0, 4.0, 2.5])),
        "odds": 2.0,
        "odds_most": 2.0,
        "odds_behind": 0.0,
        "odds_above": 3.0,
        "rank": 2.0,
        "sentence": WORD_RARITY / ALL,  # 云溪 stands in another one
        "beside": (TOWN + WORD_RARITY) / ALL,
        "near": WORD_RARITY / ALL,  # 云溪 stands too far from the answer
        "passage": (TOWN + WORD_RARITY) / ALL,
        "article": (TOWN + WORD_RARITY) / ALL,
        "anywhere": (TOWN + WORD_RARITY) / ALL,
        "better_sentence": max(TOWN - WORD_RARITY, 0.0) / ALL,
        "better_passage": 0.0,
        "lost": max(WORD_RARITY, YEAR),
        "lost_together": WORD_RARITY + YEAR,
        "lost_terms": 2.0,
        "gap": 5.0,  # 2024年
        "lost_article": max(WORD_RARITY, YEAR),
        "gap_article": 5.0,
        "copied": 3.0,  # gdp
        "copied_passage": 3.0,
        "words": 0.5,
        "figures": 0.0,
        "figures_passage": 0.0,
        "figures_anywhere": 0.0,
        "terms": 4.0,
        "length": len(QUESTION),
        "rarity": ALL / 4,
        "rarest": max(TOWN, YEAR, WORD_RARITY),
    }.items(),
)
def test_every_number_by_hand(name, value):
    assert seen(QUESTION, *THREE)[name] == pytest.approx(value)


SEARCHED = {"cosine", "cosine_most", "cosine_behind", "cosine_fall", "lexical", "lexical_fifth"}


def test_what_a_search_tells_does_not_depend_on_the_size_of_its_scores():
    def told(times):
        found = [
            replace(hit, lexical=times * lexical, dense=dense)
            for hit, lexical, dense in zip(
                hits(*(t for t, _ in THREE)), (8.0, 6.0, 2.0), (0.5, 0.4, 0.1), strict=True
            )
        ]
        return {n: v for n, v in seen(QUESTION, *THREE, found=found).items() if n in SEARCHED}

    assert told(1.0) == pytest.approx(told(7.0))
    assert told(1.0) == pytest.approx(
        {"cosine": 0.4, "cosine_most": 0.5, "cosine_behind": -0.1, "cosine_fall": 0.4, "lexical": 0.75,
         "lexical_fifth": 0.25}
    )  # fmt: skip


def test_passages_that_no_search_found_have_no_scores():
    found = seen("云溪如何？", *THREE)
    unknown = {name for name, value in found.items() if np.isnan(value)}
    assert unknown == SEARCHED | {"figures", "figures_passage", "figures_anywhere"}


def test_what_the_article_and_others_say_is_counted_apart():
    texts = (OTHER, "云溪公布数据。", "2024年的事。")
    found = [
        replace(hit, passage=replace(hit.passage, article=name))
        for hit, name in zip(hits(*texts), "aab", strict=True)
    ]
    pairs = [(OTHER, at(OTHER, "12亿元", 2.0)), (texts[1], NOTHING), (texts[2], NOTHING)]
    told = seen(QUESTION, *pairs, found=found)
    assert told["passage"] == 0.0 and told["article"] == pytest.approx(TOWN / ALL)
    assert told["anywhere"] == pytest.approx((ALL - WORD_RARITY) / ALL)
    assert told["better_passage"] == pytest.approx((WORD_RARITY + YEAR) / ALL) == told["better_sentence"]
    assert (told["figures_passage"], told["figures_anywhere"]) == (0.0, 1.0)


def test_an_answer_inside_another_is_no_rival():
    longer = "共35亿元左右。"
    pairs = [(FAR, at(FAR, "35亿元", 4.0)), (longer, at(longer, "35亿元左右", 3.0))]
    told = seen(QUESTION, *pairs)
    assert np.isnan(told["ahead_of_others"]) and np.isfinite(told["ahead"])


@pytest.mark.parametrize("question", ["", "？？", "谁", "GDP in 2024?", "İİİ" * 40])
@pytest.mark.parametrize("text", ["一", "，。！", "İ" * 9, FAR])
def test_strange_texts_have_numbers_too(question, text):
    found = features(question, hits(text), [Extraction((0, len(text)), 0.0)])
    assert found.shape == (len(FEATURES),) and not np.isinf(found).any()


def test_nothing_found_and_nothing_pointed_at_is_no_confidence():
    gate = load_gate()
    assert gate.confidence(QUESTION, [], []) == 0.0
    assert gate.confidence(QUESTION, hits(OTHER), [NOTHING]) == 0.0
    assert features(QUESTION, hits(OTHER), [NOTHING]) is None


def test_confidence_is_the_logistic_function_of_what_the_trees_say():
    gate = load_gate()
    found, said = hits(*(t for t, _ in THREE)), [e for _, e in THREE]
    raw = gate.trees.predict(features(QUESTION, found, said)[None, :], raw_score=True)[0]
    assert gate.confidence(QUESTION, found, said) == pytest.approx(1 / (1 + math.exp(-raw)))


@pytest.mark.parametrize("name", [name for name, sense in SENSE.items() if sense])
def test_the_shipped_trees_speak_only_the_way_that_makes_sense(name):
    trees, chance = load_gate().trees, np.random.default_rng(0)
    rows = chance.normal(0.5, 2.0, size=(300, len(FEATURES)))
    more = rows.copy()
    more[:, FEATURES.index(name)] += chance.exponential(3.0, size=300)
    change = trees.predict(more, raw_score=True) - trees.predict(rows, raw_score=True)
    assert (change * SENSE[name] >= -1e-9).all()


def test_the_shipped_gate_is_surer_of_a_surer_reader():
    gate = load_gate()
    low, high = (gate.confidence(QUESTION, hits(FAR), [at(FAR, "35亿元", score)]) for score in (-20.0, 30.0))
    assert 0 < gate.threshold < 1 and low < high


def test_a_file_that_was_changed_or_is_missing_is_told(tmp_path):
    for name in (TREES, "checksums.json"):
        shutil.copy(FOLDER / name, tmp_path)
    assert isinstance(load_gate(tmp_path), Gate)
    with (tmp_path / TREES).open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(ModelError, match="sha256"):
        load_gate(tmp_path)
    (tmp_path / TREES).unlink()
    with pytest.raises(ModelError, match="install the package again"):
        load_gate(tmp_path)


def test_trees_of_another_version_are_told(tmp_path):
    rows = np.random.default_rng(0).normal(size=(50, 2))
    data = lightgbm.Dataset(rows, rows[:, 0] > 0, feature_name=["score", "near"])
    lightgbm.train({"objective": "binary", "verbosity": -1}, data, 1).save_model(str(tmp_path / TREES))
    write_checksums(tmp_path, (TREES,))
    with pytest.raises(ModelError, match=r"gate\.txt: expected trees over shared"):
        load_gate(tmp_path)


def test_the_checksums_cover_the_trees_and_nothing_else():
    assert json.loads((FOLDER / "checksums.json").read_text(encoding="utf-8")).keys() == {TREES}
