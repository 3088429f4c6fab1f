"""The bundled reader: spans of the text, whatever the passage's length and company."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bundled.pieces import END
from summarizer.models.bundled.reading import reader as reading
from summarizer.models.bundled.reading.clues import CLUES, Candidate, clues
from summarizer.models.bundled.reading.inputs import (
    MATCHES,
    QUESTION_TOKENS,
    TOKENS,
    inputs_of,
    matched,
    side_by_side,
)
from summarizer.models.bundled.reading.model import ReaderModel, reader_config
from summarizer.models.bundled.reading.order import SpanOrder
from summarizer.models.bundled.reading.pointing import NEVER, QuickReader
from summarizer.models.bundled.reading.reader import WEIGHTS, WINDOW
from summarizer.models.bundled.reading.spans import KEPT, _inside, _trimmed
from summarizer.models.reading import Extraction, load_reader
from summarizer.text import sentences
from tests import tiny

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
    assert made.ids[made.question - 1] == END
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


QUESTION = "夜间门诊累计接诊多少人次？"


def clue(reader, question, text, said):
    """The clues of one span by name."""
    start = text.index(said)
    (row,) = clues(reader.query(question), text, [Candidate((start, start + len(said)), -1.0, -0.5, 2.0, 0)])
    return dict(zip(CLUES, row.tolist(), strict=True))


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "odds": 2.0,
        "begin": -1.0,
        "end": -0.5,
        "behind": 0.0,
        "left": 8,  # 间门诊累计接诊 and 夜 before it: all of BESIDE stands in the question
        "left_of_words": 8,
        "right": 0,
        "length": 6,
        "pauses": 0,
        "asked": 0,
        "fits": 1,
        "unit": 2,
        "closed": 1,
        "opened": 0,
        "digits": 4 / 6,
        "several": 0,
        "marks": 0,
    }.items(),
)
def test_clues_by_hand(reader, name, value):
    assert clue(reader, QUESTION, STORY, "6800人次")[name] == pytest.approx(value)


def test_the_unit_counts_whole_or_half(reader):
    units = [clue(reader, QUESTION, STORY, said)["unit"] for said in ("6800人次", "6800人", "6800")]
    assert units == [2, 1, 0]
    assert np.isnan(clue(reader, "谁是院长？", STORY, "高一帆")["unit"])


def test_what_the_answer_is_called_may_end_it_or_follow_it(reader):
    text, question = "演练检验了应急处置能力，现场秩序良好。", "演练检验了什么能力？"
    whole, part = clue(reader, question, text, "应急处置能力"), clue(reader, question, text, "应急处置")
    assert (whole["head_ends"], whole["head_follows"]) == (2, 0)
    assert (part["head_ends"], part["head_follows"], part["right_of_words"]) == (0, 1, 2)


def test_sentence_and_passage_say_their_share_of_the_question(reader):
    inside = clue(reader, QUESTION, STORY, "6800人次")
    outside = clue(reader, QUESTION, STORY, "九点")
    assert inside["sentence"] == inside["passage"] > 0.7 and inside["sentence_behind"] == 0
    assert outside["sentence"] + outside["sentence_behind"] == pytest.approx(inside["sentence"])


def test_a_word_is_tied_to_itself_and_not_to_its_neighbour(reader):
    whole, torn = (clue(reader, "什么？", "他们在医院里等候。", said) for said in ("医院", "院"))
    assert torn["tie_left"] > whole["tie_left"]


def test_letters_that_grow_when_small_do_not_move_the_clues(reader):
    text = "İİİ市" + STORY
    assert clue(reader, QUESTION, text, "6800人次")["left"] == 8
    assert clues(reader.query(QUESTION), text, []).shape == (0, len(CLUES))


def test_without_an_order_the_readers_odds_decide(random, folder):
    spans = random.candidates("谁？", [STORY])[0]
    assert SpanOrder(folder).score(random.query("谁？"), STORY, spans).tolist() == [
        span.odds for span in spans
    ]


@pytest.mark.parametrize(
    ("text", "span", "answer"),
    [
        ("，6800人次。", (0, 8), "6800人次"),
        ("叫作“银龄课堂”，", (2, 7), "“银龄课堂”"),
        ("叫作“银龄课堂”，", (2, 8), "“银龄课堂”"),
        ("叫作“银龄课堂”，", (2, 5), "银龄"),
        ("写了《石门旧事》。", (2, 7), "《石门旧事》"),
        ("写了《石门旧事》。", (3, 8), "石门旧事》"),
        ("，。", (0, 2), ""),
    ],
)
def test_marks_at_the_ends_go_and_quotes_come_in_pairs(text, span, answer):
    assert text[slice(*_trimmed(text, span))] == answer


def test_spans_of_a_sentence_are_few_and_each_once(random):
    spans = random.candidates("谁？", [STORY])[0]
    assert len({one.span for one in spans}) == len(spans)
    for start, stop in sentences(STORY):
        inside = [one for one in spans if start <= one.span[0] < stop]
        assert 0 < len(inside) <= KEPT
        assert [one.place for one in inside] == list(range(len(inside)))
        assert [one.odds for one in inside] == sorted((one.odds for one in inside), reverse=True)


def test_damaged_or_missing_files_are_told(tmp_path):
    with pytest.raises(ModelError, match="checksums"):
        load_reader(str(tmp_path))
    folder = tmp_path / "reader"
    shutil.copytree(bundled.FOLDER / "reading", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="sha256"):
        load_reader(str(folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.reader(tmp_path_factory.mktemp("readers") / "random")


@pytest.fixture(scope="module")
def random(folder):
    """A reader that has learnt nothing: what it points at is anything the code allows."""
    return load_reader(str(folder))


QUESTIONS = ["夜间门诊累计接诊多少人次？", "谁", "GDP in 2024?", "字" * 400]
STRANGE = [
    "GDP增长5.2%，1,200家企业停产。XeSS 1.2发布了！㙍岇村　𠮷野家；价格为1.5万元。",
    "\n\n  “他说：‘停产。’”\n第二段没有句号\n 第三段 ABC-123。  ",
    "一",
    "，。！",
    f"没有句号{'也没有逗号的一句话' * 120}",
    STORY * 12,
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_pointed_at_is_clean_whatever_the_weights(random, question):
    for text, found in zip(STRANGE, random.read(question, STRANGE), strict=True):
        start, end = found.span
        if start == end:
            assert found == Extraction((0, 0), -np.inf)
            continue
        answer = text[start:end]
        assert np.isfinite(found.score) and answer == answer.strip(" \n，。！？；：、")
        assert any(a <= start < end <= b for a, b in sentences(text))
        assert not _inside(text, start) and not _inside(text, end)


def test_every_window_is_read_and_its_places_are_those_of_the_text(random):
    text = "  " + STORY * 12 + "\n\n" + STRANGE[0] * 8
    read = list(random._windows(text))
    assert len(read) > 2
    assert all(text[at : at + len(part)] == part for at, part in read)
    covered = {n for at, part in read for n in range(at, at + len(part))}
    assert all(n in covered or char.isspace() for n, char in enumerate(text))
    assert all(random._count(part) <= WINDOW for _, part in read)
    alone = [random.read("多少？", [part])[0] for _, part in read]
    best = max(range(len(read)), key=lambda i: alone[i].score)
    (found,) = random.read("多少？", [text])
    start, end = alone[best].span
    assert found.span == (read[best][0] + start, read[best][0] + end)
    assert found.score == pytest.approx(alone[best].score, abs=1e-3)


def test_batches_do_not_matter(random, monkeypatch):
    texts = [STORY[n:] * (1 + n % 3) for n in range(9)]
    together = random.read("多少人次？", texts)
    monkeypatch.setattr(reading, "BATCH", 2)
    for one, other in zip(random.read("多少人次？", texts), together, strict=True):
        assert one.span == other.span and one.score == pytest.approx(other.score, abs=1e-3)


def test_an_end_given_its_start_is_the_row_of_all_ends(random):
    inputs = inputs_of(random.tokenizer, ["多少人次？", "谁？"], [STORY, "高一帆说。"])
    ids, match, question = side_by_side(inputs)
    start = question + 1
    with torch.inference_mode():
        begin, ends = random.model(ids, match, question)
        again, end = random.model(ids, match, question, start)
    assert torch.allclose(begin, again, atol=1e-5)
    assert torch.allclose(ends[torch.arange(2), start], end, atol=1e-4)
    assert not torch.allclose(ends[0, start[0]], ends[0, start[0] + 1], atol=1e-2)  # ends know starts
    for row, one in enumerate(inputs):
        allowed = set(range(one.question - 1, len(one.ids) - 1))  # "no answer", then the passage
        assert {n for n in range(ids.shape[1]) if begin[row, n] > NEVER / 2} == allowed


def test_the_reader_in_use_finds_what_the_trained_one_finds(random):
    torch.manual_seed(3)
    trained = ReaderModel(reader_config(random.tokenizer.get_vocab_size())).eval()
    torch.nn.init.normal_(trained.link.weight, std=0.05)
    used = QuickReader(trained.state_dict(), random.tokenizer.get_vocab_size())
    inputs = inputs_of(random.tokenizer, ["多少人次？", "谁？", "何时？"], [STORY * 3, "高一帆说。", STORY])
    ids, match, question = side_by_side(inputs)
    with torch.inference_mode():
        wanted, found = trained(ids, match, question), used(ids, match, question)
    assert torch.allclose(wanted[0], found[0], atol=1e-3)
    real = ids != 0
    for row in range(3):
        both = real[row, :, None] & real[row, None]
        assert torch.allclose(wanted[1][row][both], found[1][row][both], atol=1e-3)


def test_a_long_question_and_a_long_passage_are_cut_to_what_fits(random):
    (made,) = inputs_of(random.tokenizer, ["甲" * 300], [STORY * 20])
    assert len(made.ids) == len(made.match) == TOKENS and made.question == QUESTION_TOKENS + 1
    assert not made.match[: made.question].any() and made.ids[-1] == END


def test_matches_are_graded_up_to_the_longest_told_apart(random):
    (made,) = inputs_of(random.tokenizer, ["夜间门诊累计接诊"], ["夜间门诊累计接诊了，夜间。县"])
    graded = {made.match[made.question + n] for n in range(len(made.spans))}
    assert graded == {0, 2, MATCHES - 1}


@pytest.mark.parametrize("name", ["encoder.shared.weight", "shared.weight"])
def test_weights_of_another_model_are_told(folder, tmp_path, name):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    save_file({name: torch.zeros(5, 256)}, other / WEIGHTS)
    stated = json.loads((other / "checksums.json").read_text(encoding="utf-8"))
    stated[WEIGHTS] = hashlib.sha256((other / WEIGHTS).read_bytes()).hexdigest()
    (other / "checksums.json").write_text(json.dumps(stated), encoding="utf-8")
    with pytest.raises(ModelError, match="expected the weights of this reader"):
        load_reader(str(other))


def test_readers_of_other_weights_have_other_fingerprints(random, reader):
    assert random.fingerprint != reader.fingerprint
