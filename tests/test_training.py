"""From pairs to a model folder on a handful of invented pairs: every step for real, only small."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_torch
from transformers import AutoTokenizer

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.model import HeadlineT5
from summarizer.training import data
from summarizer.training.data import Pair
from summarizer.training.export import export
from summarizer.training.prepare import prepare
from summarizer.training.train import Recipe, batches, rate_factor, train
from tests.running import write_rows

PLACES = ["柳湾县", "清河市", "云溪县", "石门村", "桐川区", "白鹭镇"]
EVENTS = [
    "小麦全部收割完毕", "新增公交车20辆", "客运站正式启用", "苹果喜获丰收", "开展防汛应急演练", "举办运动会",
]  # fmt: skip


def rows():
    for i, place in enumerate(PLACES):
        for j, event in enumerate(EVENTS):
            news = f"8月{i + 1}日，记者获悉，{place}{event}，共有{100 + 7 * j}人参加。\n有关工作还在进行。"
            yield {"id": f"{i}-{j}", "title": f"{place}{event}", "body": f"本报讯（记者 方晓禾）{news}"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("data")
    everything = list(rows())
    write_rows(made / "titles.train.own.jsonl.gz", everything)
    write_rows(made / "titles.dev.own.jsonl.gz", everything[:2])
    return made


@pytest.fixture(scope="module")
def work(folder, tmp_path_factory):
    made = tmp_path_factory.mktemp("work")
    prepare(folder, made, pieces=360)
    return made


QUICK = Recipe(steps=4, batch=4, warmup=2, compile=False)


def test_dev_titles_rubrics_and_bait_are_left_out(folder):
    kept = data.training_pairs(folder)
    assert len(kept) == len(PLACES) * len(EVENTS) - 2
    assert all(p.body.startswith("8月") and p.source == "own" for p in kept)


@pytest.mark.parametrize(
    ("title", "fine"),
    [
        ("柳湾县小麦收割完毕", True),
        ("柳湾县35万亩小麦收割完毕", False),  # a number the body does not hold
        ("震惊！这件事没人敢说", False),
        ("小麦", False),
    ],
)
def test_a_usable_pair_says_what_its_body_says(title, fine):
    assert data.usable(Pair("1", title, "柳湾县32万亩小麦已全部收割完毕。", "own")) is fine


def test_the_split_for_the_chooser_does_not_move_when_rows_are_added():
    pairs = [Pair(str(i), "t", "b", "own") for i in range(500)]
    ours, apart = data.held_out(pairs)
    assert 5 < len(apart) < 50 and {p.id for p in apart} == {
        p.id for p in data.held_out([*pairs[::-1], Pair("new", "t", "b", "own")])[1]
    } - {"new"}
    assert len(ours) + len(apart) == 500


def test_broken_rows_are_named(tmp_path):
    write_rows(tmp_path / "titles.train.own.jsonl.gz", [{"id": "1", "title": "无正文"}])
    with pytest.raises(SummarizerError, match=r"titles\.train\.own.*expected gzip JSON Lines"):
        data.training_pairs(tmp_path)
    with pytest.raises(SummarizerError, match="found none"):
        data.training_pairs(tmp_path / "nowhere")


def test_tokens_spell_the_titles_and_labels_keep_them(work):
    tokens = load_file(work / "tokens.safetensors")
    tokenizer = AutoTokenizer.from_pretrained(work / "tokenizer")
    ends = tokens["source_end"], tokens["title_end"]
    for row in range(len(ends[0])):
        source = slice(ends[0][row - 1] if row else 0, ends[0][row])
        title = slice(ends[1][row - 1] if row else 0, ends[1][row])
        spelt = tokenizer.decode(tokens["title"][title], skip_special_tokens=True)
        kept = tokenizer.decode(tokens["source"][source][tokens["keep"][source] == 1])
        assert spelt[:3] in PLACES and tokens["coverage"][row] == 1
        assert kept == spelt


def test_the_vocabulary_loses_no_character(work):
    tokenizer = AutoTokenizer.from_pretrained(work / "tokenizer")
    text = "㙍岇村2024年8月26日 New Energy公司投资1.28亿元"
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True) == text
    assert tokenizer.unk_token_id not in ids


def test_batches_do_not_depend_on_where_training_stopped(work):
    tokens = load_file(work / "tokens.safetensors")
    fresh = batches(tokens, QUICK, 0)
    first = [next(fresh) for _ in range(12)]
    late = next(batches(tokens, QUICK, 11))
    assert torch.equal(first[11].source, late.source) and torch.equal(first[11].title, late.title)


def test_the_rate_warms_up_and_cools_down():
    recipe = Recipe(steps=100, warmup=10, cooldown=0.25)
    factors = [rate_factor(s, recipe) for s in range(101)]
    assert factors[0] == 0.1 and factors[50] == 1 and factors[100] == 0
    assert np.all(np.diff(factors[:10]) > 0) and np.all(np.diff(factors[75:]) < 0)


def test_a_stopped_run_ends_as_an_unbroken_one(work, tmp_path):
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
        for file in ("tokens.safetensors", "tokenizer"):
            (tmp_path / name / file).symlink_to(work / file)
    train(tmp_path / "whole", QUICK)
    stop = type("Stop", (Exception,), {})

    class Interrupted(dict):
        """The tokens of a machine that fails in the third batch."""

        seen = 0

        def __getitem__(self, key):
            if key == "title":
                Interrupted.seen += 1
                if Interrupted.seen > 2 * QUICK.batch:
                    raise stop
            return super().__getitem__(key)

    from summarizer.training import train as module

    kept = module.load_file
    module.load_file = lambda path: Interrupted(kept(path))
    try:
        with pytest.raises(stop):
            train(tmp_path / "broken", QUICK)
    finally:
        module.load_file = kept
    train(tmp_path / "broken", QUICK)
    whole, broken = (load_file(tmp_path / n / "checkpoint.safetensors") for n in ("whole", "broken"))
    assert whole.keys() == broken.keys()
    assert all(np.allclose(whole[k], broken[k], atol=1e-6) for k in whole)


def test_another_model_is_not_resumed(work, tmp_path):
    (tmp_path / "tokens.safetensors").symlink_to(work / "tokens.safetensors")
    one = Recipe(steps=1, batch=2, compile=False)
    train(tmp_path, one)
    with pytest.raises(SummarizerError, match="expected weights of this model"):
        train(tmp_path, Recipe(steps=2, batch=2, compile=False, copy_head=False))


def test_export_loads_in_plain_transformers(work, tmp_path):
    out = tmp_path / "model"
    with pytest.raises(SummarizerError, match="run the train step first"):
        export(tmp_path, out)
    train(work, Recipe(steps=1, batch=2, compile=False))
    export(work, out)
    model = HeadlineT5.from_pretrained(out, local_files_only=True)
    assert model.config.copy_head and (out / "checksums.json").is_file()
    assert {"model.safetensors", "tokenizer.json"} <= set(json.loads((out / "checksums.json").read_text()))


def test_a_run_goes_on_from_the_model_in_the_package(folder, work, tmp_path):
    onward = Recipe(steps=0, batch=2, compile=False, onward=True)
    with pytest.raises(SummarizerError, match="found 354; make them with 'prepare --onward'"):
        train(work, onward)
    prepare(folder, tmp_path, onward=True)
    train(tmp_path, onward)
    export(tmp_path, tmp_path / "model")
    ours, theirs = (load_torch(f / "model.safetensors") for f in (FOLDER, tmp_path / "model"))
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_headlines_that_the_opening_does_not_hold_are_left_out(work):
    tokens = load_file(work / "tokens.safetensors")
    tokens["coverage"] = np.where(np.arange(len(tokens["coverage"])) < 8, 0.5, 0.9).astype(np.float32)
    strict = replace(QUICK, left_out=0.55)
    seen = batches(tokens, strict, 0)
    drawn = torch.cat([next(seen).title for _ in range(6)])  # an epoch: 26 rows are left, 24 make batches
    first = [tokens["title"][: tokens["title_end"][0]].tolist()]
    assert len(torch.unique(drawn, dim=0)) == 24
    assert not any(row[: len(first[0])].tolist() == first[0] for row in drawn)
