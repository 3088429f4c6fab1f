import shutil
import subprocess
import sys

import pytest
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import load, seq2seq
from summarizer.models.selftest import PARAGRAPH
from tests import tiny

QUICK = Settings(beams=3)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("seq2seq")
    return {name: getattr(tiny, name)(root / name) for name in ("t5", "bart", "pegasus", "taught_t5")}


def built(folder, **choices):
    return load(f"seq2seq:{folder}", Settings(**{"beams": 3} | choices), selftest=False)


@pytest.mark.parametrize("kind", ["t5", "bart", "pegasus"])
def test_every_window_of_a_long_text_is_read(folders, kind, monkeypatch):
    generator = built(folders[kind])
    read = []
    whole = seq2seq.Seq2Seq._generate

    def watched(self, parts, limit):
        read.extend(parts)
        return whole(self, parts, limit)

    monkeypatch.setattr(seq2seq.Seq2Seq, "_generate", watched)
    text = "\n".join(tiny.NEWS[:5] * 5)
    proposals = generator.propose([text], style="headline", limit=5)[0]
    assert len(read) > 5 and sorted("".join("".join(read).split())) == sorted("".join(text.split()))
    assert all(len(generator._tokenizer(part).input_ids) <= 64 for part in read)
    scores = [proposal.score for proposal in proposals]
    assert scores == sorted(scores, reverse=True)
    alone = generator.propose(read[:], style="headline", limit=5)
    assert {p.text for p in proposals} == {p.text for row in alone for p in row}


def test_batches_hold_texts_of_like_length(folders, monkeypatch):
    generator = built(folders["t5"])
    sizes = []
    monkeypatch.setattr(seq2seq, "BATCH", 2)

    def noted(self, parts, limit):
        sizes.append([self._count(part) for part in parts])
        return [[] for _ in parts]

    monkeypatch.setattr(seq2seq.Seq2Seq, "_generate", noted)
    generator.propose(["县", "新增，公路", "县新", "增，公路", ""], style="headline", limit=5)
    flat = [size for batch in sizes for size in batch]
    assert list(map(len, sizes)) == [2, 2] and flat == sorted(flat, reverse=True)


@pytest.mark.parametrize("beams", [1, 3])
def test_scores_are_mean_log_probabilities(folders, beams):
    generator = built(folders["taught_t5"], beams=beams)
    best = generator.propose([PARAGRAPH], style="headline", limit=30)[0][0]
    assert best.text == tiny.HEADLINE and best.origin == "beam"
    assert best.score == pytest.approx(generator.likelihood([(PARAGRAPH, tiny.HEADLINE)])[0], abs=1e-3)


def test_likelihood_prefers_what_was_taught(folders):
    generator = built(folders["taught_t5"])
    taught, other, empty, nothing = generator.likelihood(
        [(PARAGRAPH, tiny.HEADLINE), (PARAGRAPH, "清河市新增公交车"), (PARAGRAPH, " "), ("", "甲")]
    )
    assert 0 >= taught > other > empty == nothing == float("-inf")


def test_bert_blanks_go_and_english_ones_stay(folders):
    tidy = built(folders["bart"])._tidy
    assert (
        tidy("云 溪 县 8 月 21 日 启 用 new bus 18 个 ， 占 比 1 . 2 %")
        == "云溪县8月21日启用new bus 18个，占比1.2%"
    )
    assert (
        built(folders["t5"])._tidy(" 党建引领  促发展,3:2取胜!BBC news, ")
        == "党建引领 促发展，3:2取胜！BBC news,"
    )


def test_unknown_characters_are_never_left_out_of_an_output(folders, monkeypatch):
    generator = built(folders["bart"])
    unknown = generator._tokenizer.unk_token_id
    produced = []
    decode = generator._tokenizer.batch_decode

    def watched(ids, **options):
        produced.extend(ids.flatten().tolist())
        return decode(ids, **options)

    monkeypatch.setattr(generator._tokenizer, "batch_decode", watched)
    generator.propose(["龘靐齉爩驫麤" * 4], style="headline", limit=10)
    assert produced and unknown not in produced


def test_the_authors_search_is_not_ours(folders, tmp_path):
    """A folder that asks for long outputs, sampling and its own beams gives what a plain one gives."""
    folder = shutil.copytree(folders["t5"], tmp_path / "loud")
    model = T5ForConditionalGeneration.from_pretrained(folder)
    model.generation_config.update(min_length=56, max_length=60, num_beams=8, do_sample=True, top_k=3)
    model.generation_config.update(repetition_penalty=9.0, encoder_no_repeat_ngram_size=1)
    model.generation_config.save_pretrained(folder)
    ask = {"style": "headline", "limit": 8}
    assert built(folder).propose(tiny.NEWS[:2], **ask) == built(folders["t5"]).propose(tiny.NEWS[:2], **ask)


def test_a_stated_task_prefix_is_put_before_every_window(folders, tmp_path, monkeypatch):
    folder = shutil.copytree(folders["t5"], tmp_path / "prefixed")
    model = T5ForConditionalGeneration.from_pretrained(folder)
    model.config.task_specific_params = {"summarization": {"prefix": "摘要："}}
    model.config.save_pretrained(folder)
    read = []

    def noted(self, parts, limit):
        read.extend(parts)
        return [[] for _ in parts]

    monkeypatch.setattr(seq2seq.Seq2Seq, "_generate", noted)
    built(folder).propose(["\n".join(tiny.NEWS)], style="headline", limit=5)
    assert len(read) > 2 and all(part.startswith("摘要：") for part in read)


def test_torch_running_out_of_memory_is_a_model_error(folders, monkeypatch):
    generator = built(folders["t5"])

    def broken(**_):
        raise torch.OutOfMemoryError("no memory left")

    monkeypatch.setattr(generator._model, "generate", broken)
    with pytest.raises(ModelError, match="failed while writing: no memory left"):
        generator.propose(["县"], style="headline", limit=5)


def test_berts_tokenizer_is_taken_for_a_bare_vocabulary(folders):
    assert type(built(folders["bart"])._tokenizer).__name__.startswith("Bert")
    assert built(folders["bart"])._count("柳湾县") == 3


def test_weights_are_loaded_in_full_precision(folders):
    assert next(built(folders["t5"])._model.parameters()).dtype is torch.float32


@pytest.mark.parametrize(
    ("environ", "setting", "expected"), [({"OMP_NUM_THREADS": "1"}, None, 1), ({}, 1, 1)]
)
def test_threads_follow_the_setting_then_the_environment(folders, environ, setting, expected):
    code = (
        "import sys, torch; from summarizer.models import load; from summarizer.config import Settings\n"
        f"load(sys.argv[1], Settings(threads={setting}), selftest=False); print(torch.get_num_threads())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(folders["t5"])],
        env={"PATH": "/usr/bin", "HF_HUB_OFFLINE": "1", "PYTHONPATH": ":".join(sys.path), **environ},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split() == [str(expected)]  # and no progress bar or notice among it


def test_the_same_text_from_two_windows_is_offered_once_with_its_best_score(folders):
    generator = built(folders["taught_t5"])
    row = generator.propose([PARAGRAPH + "\n" + PARAGRAPH], style="headline", limit=30)[0]
    assert [p.text for p in row].count(tiny.HEADLINE) == 1 and row[0].text == tiny.HEADLINE


def test_a_folder_saved_by_transformers_5_loads_too(folders, tmp_path):
    """tokenizer.json instead of a SentencePiece file."""
    folder = shutil.copytree(folders["t5"], tmp_path / "new")
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
    (folder / "spiece.model").unlink()
    ask = {"style": "headline", "limit": 8}
    assert built(folder).propose(tiny.NEWS[:2], **ask) == built(folders["t5"]).propose(tiny.NEWS[:2], **ask)
