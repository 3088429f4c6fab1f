"""The bundled reader: spans of the text, whatever the passage's length and company."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import Bigrams
from summarizer.models.bundled.reading.inputs import inputs_of, matched
from summarizer.models.bundled.reading.prior import KIND, LIST, Prior
from summarizer.models.bundled.reading.reader import BIGRAMS, _inside
from summarizer.models.reading import load_reader

STORY = "云溪县人民医院夜间门诊累计接诊6800人次。院长高一帆介绍，门诊自去年9月起开设，每晚开到九点。"


@pytest.fixture(scope="module")
def reader():
    return load_reader("bundled")


def test_the_answer_is_a_span_of_the_passage(reader):
    (found,) = reader.read("夜间门诊累计接诊多少人次？", [STORY])
    assert "6800" in STORY[slice(*found.span)]
    assert np.isfinite(found.score)


def test_a_passage_that_answers_is_surer_than_one_that_does_not(reader):
    other = "桐川市今年计划为老旧小区加装电梯，首批已经投用。"
    here, there = reader.read("夜间门诊累计接诊多少人次？", [STORY, other])
    assert here.score > there.score


def test_results_do_not_depend_on_the_company(reader):
    texts = [STORY, "短。", "南渡街道“银龄课堂”教老人用手机，已有1200名老人结业。" * 3]
    together = reader.read("多少人结业？", texts)
    for text, found in zip(texts, together, strict=True):
        (alone,) = reader.read("多少人结业？", [text])
        assert alone.span == found.span
        assert alone.score == pytest.approx(found.score, abs=1e-3)


def test_a_long_passage_is_read_to_its_end(reader):
    filler = "街道干部走访了沿街商户，登记了门牌和电话，请大家把杂物清走。"
    text = filler * 30 + STORY
    (found,) = reader.read("夜间门诊累计接诊多少人次？", [text])
    assert found.span[0] >= len(filler) * 30
    assert "6800" in text[slice(*found.span)]


def test_nothing_to_read(reader):
    assert reader.read("多少？", []) == []
    (found,) = reader.read("多少？", [" \n"])
    assert found.span == (0, 0) and found.score == -np.inf


def test_matches_are_as_long_as_the_stretch_they_stand_in():
    assert matched("夜间门诊多少", "去年夜间的门诊").tolist() == [0, 0, 2, 2, 0, 2, 2]
    assert matched("多少", "多少").tolist() == [0, 0]


def test_inputs_keep_the_places_of_the_passage(reader):
    (made,) = inputs_of(reader.tokenizer, ["接诊多少？"], [STORY])
    assert len(made.ids) == made.question + len(made.spans) + 1
    assert made.ids[made.question - 1] == reader.tokenizer.eos_token_id
    assert "".join(STORY[a:b] for a, b in made.spans) == STORY


@pytest.mark.parametrize(
    ("text", "at", "inside"),
    [
        ("投资131亿", 3, True),
        ("投资131亿", 5, False),
        ("1.5倍", 1, True),
        ("1.5倍", 2, True),
        ("用XeSS卡", 2, True),
    ],
)
def test_numbers_and_words_are_never_cut(text, at, inside):
    assert _inside(text, at) is inside


def test_the_prior_weighs_place_and_form():
    prior = Prior.of("接诊多少人次？", Bigrams.load(bundled.FOLDER / BIGRAMS))
    assert prior.said("问接诊多少人次") == pytest.approx(1.0)
    assert prior.said("没有") == 0.0
    assert prior.form("6800人次", "天") == pytest.approx(KIND)
    assert prior.form("县城、乡镇", "天") == pytest.approx(LIST)


def test_damaged_or_missing_files_are_told(tmp_path):
    with pytest.raises(ModelError, match="checksums"):
        load_reader(str(tmp_path))
    folder = tmp_path / "reader"
    shutil.copytree(bundled.FOLDER / "reading", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="sha256"):
        load_reader(str(folder))
