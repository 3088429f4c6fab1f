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
from summarizer.training import pretrain as pretraining
from summarizer.training.data import Pair
from summarizer.training.export import export
from summarizer.training.passages import GAP, passages, prepare_passages
from summarizer.training.prepare import prepare
from summarizer.training.pretrain import PretrainingRecipe, pretrain
from summarizer.training.rows import padded
from summarizer.training.train import Recipe, batches, losses, rate_factor, train
from tests.running import write_rows

PLACES = ["柳湾县", "清河市", "云溪县", "石门村", "桐川区", "白鹭镇"]
EVENTS = [
    "小麦全部收割完毕", "新增公交车20辆", "客运站正式启用", "苹果喜获丰收", "开展防汛应急演练", "举办运动会",
]  # fmt: skip


STORY = (
    "{place}粮站昨天开始收购小麦。站长说，小麦收购价格每公斤{price}元，比去年高一角。"
    "当天有{carts}辆农用车排队交售小麦，粮站开了三个窗口。记者看到，交售小麦的农户当场拿到货款，"
    "不打白条。粮站今年计划收购小麦{price}万公斤，仓库已经腾空，检验员提前做了培训。"
)


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
    stories = [STORY.format(place=place, price=2 + i, carts=30 + i) for i, place in enumerate(PLACES)]
    write_rows(made / "corpus.own.jsonl.gz", [{"id": str(i), "text": t} for i, t in enumerate(stories)])
    return made


@pytest.fixture(scope="module")
def work(folder, tmp_path_factory):
    made = tmp_path_factory.mktemp("work")
    prepare(folder, made, pieces=360)
    return made


@pytest.fixture(scope="module")
def news(folder, tmp_path_factory):
    """Rows in the package's vocabulary, and passages."""
    made = tmp_path_factory.mktemp("news")
    prepare(folder, made, onward=True)
    prepare_passages(folder, made)
    return made


QUICK = Recipe(
    steps=4, batch=4, warmup=2, compile=False, pretrained=False, dropout=0.0, small=True
)  # fmt: skip


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


def linked(work, folder):
    """A folder of its own for a run over the same rows."""
    folder.mkdir(exist_ok=True)
    for file in ("tokens.safetensors", "held.safetensors", "passages.safetensors", "tokenizer"):
        if (work / file).exists():
            (folder / file).symlink_to(work / file)


def test_a_stopped_run_ends_as_an_unbroken_one(work, tmp_path, monkeypatch):
    for name in ("whole", "broken"):
        linked(work, tmp_path / name)
    train(tmp_path / "whole", QUICK)
    stop = type("Stop", (Exception,), {})

    def failing(model, batch, counted=[]):  # noqa: B006 - counts the calls
        """A machine that fails in the third batch."""
        counted.append(batch)
        if len(counted) == 3:
            raise stop
        return losses(model, batch)

    with monkeypatch.context() as broken, pytest.raises(stop):
        broken.setattr("summarizer.training.train.losses", failing)
        train(tmp_path / "broken", QUICK)
    train(tmp_path / "broken", QUICK)
    whole, broken = (load_file(tmp_path / n / "checkpoint.safetensors") for n in ("whole", "broken"))
    assert whole.keys() == broken.keys()
    assert all(np.allclose(whole[k], broken[k], atol=1e-6) for k in whole)


def test_another_model_is_not_resumed(work, tmp_path):
    linked(work, tmp_path)
    one = replace(QUICK, steps=1)
    train(tmp_path, one)
    with pytest.raises(SummarizerError, match="expected weights of this model"):
        train(tmp_path, replace(QUICK, copy_head=False))


def test_export_loads_in_plain_transformers(work, tmp_path):
    out = tmp_path / "model"
    linked(work, tmp_path)
    with pytest.raises(SummarizerError, match="run the train step first"):
        export(tmp_path, out)
    train(tmp_path, replace(QUICK, steps=1))
    export(tmp_path, out)
    model = HeadlineT5.from_pretrained(out, local_files_only=True)
    assert model.config.copy_head and (out / "checksums.json").is_file()
    assert {"model.safetensors", "tokenizer.json"} <= set(json.loads((out / "checksums.json").read_text()))


def test_a_run_goes_on_from_the_model_in_the_package(folder, work, tmp_path):
    onward = replace(QUICK, steps=0, onward=True, small=False)
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


def test_rows_are_cut_and_filled():
    table = padded(np.array([5, 6, 7, 8, 9], dtype=np.uint16), np.array([1, 4, 4, 5]), 2)
    assert table.tolist() == [[5, 0], [6, 7], [0, 0], [9, 0]]


def test_the_clause_that_says_most_of_a_passage_is_taken_out():
    story = STORY.format(place="柳湾县", price=2, carts=30)
    (found,) = passages([story, "太短。"], most=2)
    assert found.before + found.clause + found.after == story
    # 小麦 and 粮站 return; no mark ends a clause that a headline could be
    assert found.clause == "粮站今年计划收购小麦2万公斤"
    assert len(list(passages([story * 4], most=2))) == 2


def test_texts_that_say_nothing_twice_are_refused(work, tmp_path):
    write_rows(tmp_path / "titles.train.own.jsonl.gz", list(rows()))
    write_rows(tmp_path / "corpus.own.jsonl.gz", [{"id": "1", "text": "太短。"}])
    with pytest.raises(SummarizerError, match="expected texts of 80 characters or more"):
        prepare_passages(tmp_path, work)


def test_a_passage_has_one_gap_and_its_clause_is_the_target(news):
    made = load_file(news / "passages.safetensors")
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    source, title = (
        padded(made["source"], made["source_end"], 160),
        padded(made["title"], made["title_end"], 24),
    )
    assert len(source) == len(PLACES) and ((source == GAP).sum(1) == 1).all()
    for given, wanted in zip(source, title, strict=True):
        assert tokenizer.decode(wanted, skip_special_tokens=True) not in tokenizer.decode(given)


def test_pieces_are_hidden_and_asked_for(news):
    made, recipe = load_file(news / "passages.safetensors"), PretrainingRecipe(batch=3, hidden=5)
    whole = padded(made["source"], made["source_end"], 160)
    batch, late = next(pretraining.batches(made, recipe, 0)), next(pretraining.batches(made, recipe, 1))
    assert (batch.source.gather(1, batch.places) == GAP).all()
    filled = batch.source.clone().scatter_(1, batch.places, batch.pieces)
    assert {tuple(row) for row in filled.tolist()} <= {tuple(row) for row in whole.tolist()}
    draws = pretraining.batches(made, recipe, 0)
    next(draws)
    again = next(draws)
    assert torch.equal(again.source, late.source) and torch.equal(again.places, late.places)


def test_headlines_begin_with_what_pretraining_left(news, tmp_path):
    linked(news, tmp_path)
    begun = replace(QUICK, pretrained=True, steps=0)
    with pytest.raises(SummarizerError, match="run the step that writes it first"):
        train(tmp_path, begun)
    pretrain(tmp_path, PretrainingRecipe(steps=2, warmup=1, batch=3, compile=False, small=True))
    train(tmp_path, begun)
    ours = load_file(tmp_path / "pretraining" / "checkpoint.safetensors")
    theirs = load_file(tmp_path / "checkpoint.safetensors")
    names = [name for name in ours if name.startswith("model.")]
    assert names and all(np.array_equal(ours[name], theirs[name]) for name in names)


def test_a_run_stops_where_it_is_told_and_cools_down_from_there(work, tmp_path):
    linked(work, tmp_path)
    train(tmp_path, replace(QUICK, steps=1000, until=2))
    kept = load_file(tmp_path / "checkpoint.safetensors")["step.shared.weight"]
    train(tmp_path, replace(QUICK, steps=3))
    assert kept == 2 and load_file(tmp_path / "checkpoint.safetensors")["step.shared.weight"] == 3
