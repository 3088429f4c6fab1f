"""The door: names, errors, and the contract that every kind of generator keeps.

The kinds run their real loading code: transformers models on tiny folders built here, the
server client against a real `transformers serve` process.
"""

import random
import shutil
from pathlib import Path

import pytest

from summarizer import models
from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import load
from summarizer.models.selftest import PARAGRAPH
from tests import tiny
from tests.tiny import LOCAL, TAUGHT

QUICK = Settings(beams=2)


OURS = ["bundled", "extractive"]


@pytest.fixture(params=[*OURS, *LOCAL, *TAUGHT, "server"])
def generator(request, folders):
    if request.param == "server":
        url = request.getfixturevalue("served")
        built = load(f"server:{folders['taught_chat']}@{url}", QUICK)
        request.addfinalizer(built.close)
        return built
    if request.param in OURS:
        return load(request.param, QUICK)
    return load(str(folders[request.param]), QUICK, selftest=request.param in TAUGHT)


# ---- the contract


def shape(proposals):
    return [[proposal.text for proposal in row] for row in proposals]


def test_nothing_in_nothing_out(generator):
    assert generator.propose([], style="headline", limit=10) == []
    assert generator.propose(["", " \n\u200b"], style="headline", limit=10) == [[], []]


def test_results_keep_their_order_and_do_not_depend_on_the_batch(generator):
    texts = [*tiny.NEWS[:4], "", tiny.NEWS[0][:9]]
    together = generator.propose(texts, style="headline", limit=6)
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    shuffled = generator.propose([texts[i] for i in order], style="headline", limit=6)
    assert shape(shuffled) == [shape(together)[i] for i in order]
    assert shape(generator.propose([text], style="headline", limit=6)[0] for text in texts) == shape(together)
    assert together[4] == []


def test_proposals_are_whole_and_no_text_comes_twice(generator):
    rows = generator.propose(tiny.NEWS[:3], style="headline", limit=8)
    assert any(rows)
    for row in rows:
        texts = [proposal.text for proposal in row]
        assert len(texts) == len(set(texts))
        assert all(
            text == text.strip() and text and "\ufffd" not in text and "\n" not in text for text in texts
        )
        for proposal in row:
            assert proposal.origin in ("clause", "edit", "beam", "chat", "lead")
            assert proposal.score <= 0 or proposal.origin in (
                "clause",
                "edit",
            )  # the others are log-probabilities


def test_hidden_characters_of_the_source_change_nothing(generator):
    hidden = "\u200b".join(tiny.NEWS[1])
    assert hidden != tiny.NEWS[1]
    ask = {"style": "headline", "limit": 6}
    assert shape(generator.propose([hidden], **ask)) == shape(generator.propose([tiny.NEWS[1]], **ask))


def test_the_wished_length_bounds_the_work(generator):
    row = generator.propose([PARAGRAPH], style="headline", limit=4)[0]
    assert all(len(proposal.text) < 160 for proposal in row)  # 40 tokens at most, of a few characters


def test_it_says_what_it_is(generator):
    assert generator.name.partition(":")[0] in models.GENERATORS
    assert len(generator.fingerprint) == 64 and "headline" in generator.styles


@pytest.mark.parametrize("kind", LOCAL)
def test_the_fingerprint_follows_the_weights(kind, folders, tmp_path):
    again = getattr(tiny, kind)(tmp_path / "again", seed=0)
    other = getattr(tiny, kind)(tmp_path / "other", seed=1)
    first, same, different = (
        load(str(folder), QUICK, selftest=False).fingerprint for folder in (folders[kind], again, other)
    )
    assert first == same != different


# ---- the self-test at load


@pytest.mark.parametrize("kind", LOCAL)
def test_a_random_model_is_refused_unless_told_otherwise(kind, folders):
    with pytest.raises(
        ModelError, match=r"self-test failed: the output .*Out came '.*vocabulary and weights"
    ):
        load(str(folders[kind]), QUICK)


def test_a_taught_chat_model_says_the_same_in_process_and_behind_a_server(served, folders):
    local = load(str(folders["taught_chat"]), Settings(beams=1))
    remote = load(f"server:{folders['taught_chat']}@{served}", Settings(beams=1))
    ask = {"style": "headline", "limit": 30}
    expected = [[headline] for headline in tiny.HEADLINES]
    assert shape(local.propose(tiny.NEWS, **ask)) == expected == shape(remote.propose(tiny.NEWS, **ask))
    assert (
        "".join(local.stream(tiny.NEWS[0], **ask))
        == tiny.HEADLINES[0]
        == "".join(remote.stream(tiny.NEWS[0], **ask))
    )
    remote.close()


def test_a_taught_model_passes_and_one_with_a_foreign_vocabulary_does_not(folders, tmp_path):
    generator = load(str(folders["taught_t5"]), QUICK)
    assert generator.propose([PARAGRAPH], style="headline", limit=30)[0][0].text == tiny.HEADLINE
    mixed = tmp_path / "mixed"
    shutil.copytree(folders["taught_t5"], mixed)
    foreign = tiny.t5(tmp_path / "foreign", news=[text[::-1] for text in tiny.NEWS[::2]])
    shutil.copy(foreign / "spiece.model", mixed / "spiece.model")
    with pytest.raises(ModelError, match="self-test failed"):
        load(str(mixed), QUICK)


# ---- names


def test_a_bare_folder_is_recognized_by_its_config(folders):
    assert load(str(folders["bart"]), QUICK, selftest=False).name.startswith("seq2seq:")
    assert load(str(folders["chat"]), QUICK, selftest=False).name.startswith("chat:")


def test_the_wrong_kind_names_the_right_one(folders):
    with pytest.raises(ModelError, match=r"this is a seq2seq model.*write seq2seq:"):
        load(f"chat:{folders['t5']}", QUICK)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bundeld", r"unknown model 'bundeld'. Did you mean 'bundled'\? Known: bundled, extractive, seq2seq"),
        ("sec2seq:/m", r"Did you mean 'seq2seq'"),
        ("gpt2", r"Known: .*chat:ORG/NAME"),
        ("", "unknown model ''"),
        ("chat:", "expected a folder or a Hugging Face name: chat:FOLDER"),
        ("seq2seq:./nowhere", "no such folder"),
        ("org/nowhere", "no such folder.*local cache"),
        ("server:qwen3", "server_url"),
        ("server:@http://127.0.0.1:1/v1", "expected server:MODEL@URL"),
    ],
)
def test_a_name_that_leads_nowhere_says_what_to_write(name, says):
    with pytest.raises(ModelError, match=says):
        load(name)


def test_a_missing_package_names_its_cure(monkeypatch):
    monkeypatch.setitem(models.GENERATORS, "odd", "package_that_is_missing.models:load")
    with pytest.raises(ModelError, match="pip install package_that_is_missing"):
        load("odd")


def test_our_own_missing_module_is_a_bug_and_keeps_its_traceback(monkeypatch):
    monkeypatch.setitem(models.GENERATORS, "odd", "summarizer.models.nowhere:load")
    with pytest.raises(ModuleNotFoundError):
        load("odd")


def test_a_name_in_the_local_hugging_face_cache_needs_no_network(folders, monkeypatch, tmp_path):
    repository = tmp_path / "hub" / "models--org--tiny"
    shutil.copytree(folders["t5"], repository / "snapshots" / ("0" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    generator = load("org/tiny", QUICK, selftest=False)
    assert generator.name == "seq2seq:org/tiny"
    assert generator.fingerprint == load(str(folders["t5"]), QUICK, selftest=False).fingerprint


@pytest.mark.parametrize("kind", LOCAL)
def test_loading_a_folder_asks_no_network_even_where_there_is_one(kind, folders, monkeypatch):
    asked = []
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("socket.getaddrinfo", lambda host, *_, **__: asked.append(host) or [])
    load(str(folders[kind]), QUICK, selftest=False).propose(tiny.NEWS[:1], style="headline", limit=4)
    assert asked == []


# ---- folders that are incomplete or unsafe, through the real door


def test_an_unsafe_folder_is_refused_before_anything_is_loaded(folders, tmp_path):
    folder = shutil.copytree(folders["t5"], tmp_path / "m")
    (folder / "modeling_t5.py").write_text("raise SystemExit('loaded')", encoding="utf-8")
    for name in (str(folder), f"seq2seq:{folder}"):
        with pytest.raises(ModelError, match="can run code"):
            load(name, QUICK)


def test_missing_weights_are_an_error_not_random_numbers(folders, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(folders["t5"], tmp_path / "m")
    weights = load_file(folder / "model.safetensors")
    lost = next(name for name in weights if "decoder" in name and "SelfAttention" in name)
    save_file({k: v for k, v in weights.items() if k != lost}, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=f"weights lack 1 tensors.*{lost}"):
        load(str(folder), QUICK)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("model.safetensors", b"\x00\x01truncated", "could not load"),
        ("spiece.model", b"not a vocabulary", "could not load"),
        ("config.json", b'{"model_type": "t5", "d_model": "wide"}', "could not load"),
    ],
)
def test_a_damaged_file_is_a_model_error(folders, tmp_path, file, content, says):
    folder = Path(shutil.copytree(folders["t5"], tmp_path / "m"))
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=says):
        load(str(folder), QUICK)


def test_a_vocabulary_larger_than_the_weights_is_refused(folders, tmp_path):
    folder = Path(shutil.copytree(folders["chat"], tmp_path / "m"))
    small = tiny.chat(tmp_path / "small", vocabulary=450)
    for name in ("model.safetensors", "config.json"):
        shutil.copy(small / name, folder / name)
    with pytest.raises(ModelError, match=r"the tokenizer knows .* tokens but the weights only"):
        load(str(folder), QUICK)
