"""The reader's training on a handful of invented rows: every step for real, only small."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoTokenizer, T5Config

from summarizer.errors import ModelError, SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.reading.model import ReaderModel
from summarizer.models.bundled.reading.reader import WEIGHTS
from summarizer.models.reading import load_reader
from summarizer.text import sentences
from summarizer.training.reading import kept, order
from summarizer.training.reading import rows as making
from summarizer.training.reading import train as training
from summarizer.training.reading.answers import hidden_answers
from summarizer.training.reading.cloze import from_body, from_headline
from summarizer.training.reading.export import export
from summarizer.training.reading.rewording import WORDINGS, reworded, wordings
from summarizer.training.reading.rows import prepare, window
from summarizer.training.reading.train import ReaderRecipe, batches, fresh, loss, rate_factor, train
from tests.running import write_rows

TOWNS = ["柳湾县", "清河市", "云溪县", "石门村", "桐川区", "白鹭镇"]
TEXT = (
    "8月3日，云溪县城南客运站启用，共有26条线路进站。站长高一帆表示，首月票价下调15%。\n"
    "客运站占地48亩，由云溪建设集团承建。受连日降雨影响，工期推迟了20天。"
)
QUICK = ReaderRecipe(steps=4, pieces=400, warmup=2)


@pytest.fixture(autouse=True)
def one_thread():
    """Steps this small are slower on two threads, and a hundred times slower beside another program."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def story(town: str, number: int) -> str:
    return (
        f"{town}第二小学昨天迎来首批{300 + number}名新生。校长林知远介绍，学校开设了木工和园艺课程。"
        f"教学楼由清河建设集团承建，占地{20 + number}亩，工期推迟了{number + 3}天。"
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    made = tmp_path_factory.mktemp("data")
    told = [(town, n, story(town, n)) for n, town in enumerate(TOWNS)]
    titles = [{"id": str(n), "title": f"{t}第二小学迎来首批{300 + n}名新生", "body": b} for t, n, b in told]
    asked = [
        {"question": f"{t}第二小学有多少新生？", "context": b, "answers": [f"{300 + n}名"]}
        for t, n, b in told
    ]
    lost = {"question": "谁是市长？", "context": told[0][2], "answers": [], "unanswerable": True}
    wrong = {"question": "谁是镇长？", "context": told[0][2], "answers": ["贾有福"]}
    write_rows(made / "titles.train.own.jsonl.gz", titles)
    write_rows(made / "qa.train.own.jsonl.gz", [*asked, lost, wrong])
    news = ({"id": str(n), "text": b, "date": "2024-08-03"} for _, n, b in told)
    write_rows(made / "corpus.own.jsonl.gz", news)
    return made


@pytest.fixture(scope="module")
def work(data, tmp_path_factory):
    made = tmp_path_factory.mktemp("work")
    prepare(data, made)
    return made


@pytest.mark.parametrize(
    ("sentence", "kind", "answer", "asks"),
    [
        ("共有26条线路进站。", "number", "26条", "条"),
        ("首月票价同比下降15%。", "number", "15%", "多少"),
        ("8月3日上午，客运站启用。", "date", "8月3日上午", ""),
        ("会议于下午3点半开始。", "clock", "下午3点半", ""),
        ("他写了《石门旧事》。", "title", "《石门旧事》", ""),
        ("这里叫作“银龄课堂”。", "quote", "“银龄课堂”", ""),
        ("站长说，高一帆表示欢迎。", "person", "高一帆", ""),
        ("“阿米尔·哈桑”号到港。", "person", "阿米尔·哈桑", ""),
        ("工程由云溪建设集团承建。", "organisation", "工程由云溪建设集团", "哪"),
        ("课程包括木工、园艺和陶艺。", "list", "木工、园艺和陶艺", ""),
        ("县里启动了防汛应急演练。", "object", "防汛应急演练", ""),
        ("受连日降雨影响，工期推迟。", "cause", "连日降雨影响", "什么"),
        ("为了方便群众办事，大厅延时服务。", "purpose", "方便群众办事", "什么"),
    ],
)
def test_what_can_be_asked_for_is_found(sentence, kind, answer, asks):
    hidden = hidden_answers(sentence, random.Random(0))
    found = {(h.kind, sentence[slice(*h.span)]): h.question for h in hidden}
    assert (kind, answer) in found
    assert asks in found[kind, answer]


def test_a_number_without_a_unit_is_no_answer():
    sentence = "会议在302召开，共3次。"
    hidden = hidden_answers(sentence, random.Random(0))
    assert [sentence[slice(*h.span)] for h in hidden if h.kind == "number"] == ["3次"]


def test_clozes_of_sentences_point_at_what_they_hide():
    made = [asked for seed in range(40) for asked in from_body(TEXT, random.Random(seed), 2)]
    spans = sentences(TEXT)
    for asked in made:
        answer = TEXT[slice(*asked.span)]
        assert answer and asked.context == TEXT
        assert any(a <= asked.span[0] < asked.span[1] <= b for a, b in spans)
        assert asked.question.endswith("？") and "“" not in asked.question and answer not in asked.question
    assert len({asked.question for asked in made}) > 20


def test_a_cloze_of_a_headline_points_into_the_body_where_the_headline_is_told():
    body = "15日是周四。" + "别的事情占了很长一段话，说的都是天气和路况，与本文没有一点关系。" * 3
    body += "云溪县城南客运站启用，共有15条线路进站。"
    title = "云溪县城南客运站15条线路启用"
    made = [asked for seed in range(30) for asked in from_headline(title, body, random.Random(seed))]
    numbers = [asked for asked in made if body[slice(*asked.span)] == "15条"]
    assert numbers and {asked.span[0] for asked in numbers} == {body.rindex("15条")}
    assert not list(from_headline("云溪县新增99条线路", "正文没有这个数字。", random.Random(0)))


@pytest.mark.parametrize("seed", range(20))
def test_a_window_is_whole_sentences_around_the_answer(seed):
    text = TEXT * 4
    at = text.index("26条", seed % 4 * len(TEXT))
    part, span = window(text, (at, at + 3), random.Random(seed))
    assert part[slice(*span)] == "26条"
    start = at - span[0]
    assert text[start : start + len(part)] == part
    assert start in {a for a, _ in sentences(text)} and start + len(part) in {b for _, b in sentences(text)}


def test_a_window_of_a_short_text_is_all_of_it():
    assert window("只有一句。", (2, 3), random.Random(0)) == ("只有一句。", (2, 3))
    assert window("", (0, 1), random.Random(0))[0] == ""


def test_rows_point_at_the_pieces_of_the_answer(work):
    rows, tokenizer = load_file(work / "rows.safetensors"), AutoTokenizer.from_pretrained(FOLDER)
    starts = np.concatenate([[0], rows["ends"][:-1]])
    asked = {f"{town}第二小学有多少新生?": f"{300 + n}名" for n, town in enumerate(TOWNS)}
    assert len(rows["match"]) == len(rows["ids"]) == rows["ends"][-1]
    found, nowhere = {}, set()
    for first, end, question, start, stop in zip(
        starts, rows["ends"], rows["question"], rows["start"], rows["stop"], strict=True
    ):
        ids = rows["ids"][first:end]
        assert ids[question - 1] == ids[-1] == tokenizer.eos_token_id
        said = tokenizer.decode(ids[: question - 1]).replace("？", "?")
        if start == question - 1:
            assert stop == start
            nowhere.add(said)
        else:
            assert question <= start <= stop < len(ids) - 1
            found[said] = tokenizer.decode(ids[start : stop + 1])
    assert {question: found[question] for question in asked if question in found} == {
        question: answer for question, answer in asked.items() if question in found
    }
    assert len(found.keys() & asked.keys()) >= 4
    assert "谁是市长?" in nowhere and "谁是镇长?" not in nowhere | found.keys()


def test_the_same_seed_makes_the_same_rows(data, work, tmp_path):
    prepare(data, tmp_path)
    assert (tmp_path / "rows.safetensors").read_bytes() == (work / "rows.safetensors").read_bytes()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """A small headline model, not trained."""
    folder = tmp_path_factory.mktemp("headlines")
    HeadlineT5(bundled_config(12_000, small=True)).save_pretrained(folder)
    return folder


def test_it_starts_from_a_small_headline_models_encoder(encoder, tmp_path):
    model, headline = fresh(encoder), HeadlineT5.from_pretrained(encoder, dtype=torch.float32)
    blocks = headline.encoder.state_dict()
    assert len(blocks) > 30
    assert all(torch.equal(model.encoder.encoder.state_dict()[name], blocks[name]) for name in blocks)
    with pytest.raises(SummarizerError, match="of width 256 and 4 layers, found 320 and 8; make it with"):
        fresh(FOLDER)
    with pytest.raises(SummarizerError, match="expected a headline model, found no"):
        fresh(tmp_path)


def test_batches_do_not_depend_on_where_training_stopped(work):
    rows = load_file(work / "rows.safetensors")
    endless = batches(rows, QUICK, 0)
    first = [next(endless) for _ in range(30)]
    late = next(batches(rows, QUICK, 29))
    for name in ("ids", "match", "question", "start", "stop"):
        assert torch.equal(getattr(first[29], name), getattr(late, name))
    assert all(batch.ids.numel() <= QUICK.pieces for batch in first)
    assert not all(torch.equal(first[0].ids, batch.ids) for batch in first[1:])


def test_too_few_rows_for_a_batch_are_told(work):
    with pytest.raises(SummarizerError, match="expected rows enough for a batch of 100000 pieces"):
        next(batches(load_file(work / "rows.safetensors"), ReaderRecipe(pieces=100_000), 0))


def test_the_rate_warms_up_and_falls_to_nothing():
    recipe = ReaderRecipe(steps=100, warmup=10, cooldown=0.5)
    factors = [rate_factor(step, recipe) for step in range(101)]
    assert factors[:10] == pytest.approx([n / 10 for n in range(1, 11)])
    assert factors[50] == 1.0 and factors[75] == pytest.approx(0.5) and factors[100] == 0.0


def test_the_loss_falls_when_the_answer_is_pointed_at(work):
    batch = next(batches(load_file(work / "rows.safetensors"), QUICK, 0))
    model = small()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    before = loss(model, batch).item()
    for _ in range(4):
        optimizer.zero_grad()
        loss(model, batch).backward()
        optimizer.step()
    assert loss(model, batch).item() < before


def test_stopped_and_gone_on_with_it_ends_with_the_same_weights(work, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "fresh", lambda folder: small())
    whole, halves = (copied(work, tmp_path / name) for name in ("whole", "halves"))
    train(whole, QUICK)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(training, "loss", StoppedAfter(2))
        train(halves, QUICK)
    stopped = load_file(halves / "checkpoint.safetensors")
    train(halves, QUICK)
    one, other = (load_file(folder / "checkpoint.safetensors") for folder in (whole, halves))
    assert one.keys() == other.keys()
    assert all(np.allclose(one[name], other[name], atol=1e-5) for name in one)
    assert not np.allclose(stopped["model.pointers.weight"], one["model.pointers.weight"], atol=1e-5)
    assert json.loads((halves / "recipe.json").read_text(encoding="utf-8"))["steps"] == QUICK.steps


class StoppedAfter:
    """The loss, until somebody presses Ctrl-C after so many steps."""

    def __init__(self, steps):
        self.left = steps

    def __call__(self, model, batch):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return loss(model, batch)


def small():
    """A reader of one narrow layer: the same code, a hundredth of the work."""
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=12_000, d_model=16, d_kv=8, num_heads=2, d_ff=32, num_layers=1, dropout_rate=0.0,
        pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    return ReaderModel(config)


def copied(work, folder):
    folder.mkdir()
    (folder / "rows.safetensors").write_bytes((work / "rows.safetensors").read_bytes())
    return folder


def test_what_is_kept_back_is_never_trained_on(data, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "kept_back", lambda text: "清河市" not in text)
    monkeypatch.setattr(kept, "kept_back", lambda text: "清河市" in text)
    prepare(data, tmp_path)
    made, tokenizer = load_file(tmp_path / "rows.safetensors"), AutoTokenizer.from_pretrained(FOLDER)
    asked = [
        tokenizer.decode(made["ids"][end - size : end])
        for end, size in zip(made["ends"], np.diff(made["ends"], prepend=0), strict=True)
    ]
    # headlines have their own texts; of questions and news only the one town is left
    said = [row for row in asked if "有多少新生" in row]
    assert said and all("清河市" in row for row in said)
    back = [one.question for one in kept.peoples(data)]
    assert back == ["清河市第二小学有多少新生？"]
    news = list(kept.news(data, 9, seed=0))
    assert news and all("清河市" in one.context and one.answer in one.context for one in news)


def test_one_text_in_eight_is_kept_back_whatever_stands_behind_its_opening():
    texts = [f"第{n}号通告说的是道路施工的事，请过往车辆绕行。" * 4 for n in range(800)]
    assert 60 < sum(map(making.kept_back, texts)) < 140
    assert all(making.kept_back(text) == making.kept_back(text + "（完）") for text in texts)


def test_an_order_is_learnt_from_spans_the_reader_points_at(data, work, encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "kept_back", lambda text: True)
    monkeypatch.setitem(order.PARAMETERS, "min_data_in_leaf", 2)
    run = copied(work, tmp_path / "run")
    train(run, ReaderRecipe(steps=0, pieces=400, encoder=str(encoder)))
    export(run, tmp_path / "out")
    plain = load_reader(str(tmp_path / "out"))
    texts = [(one, [one.context]) for one in (*kept.peoples(data), *kept.news(data, 9, 0))]
    monkeypatch.setattr(order, "passages", lambda data, work, seed: texts)
    order.train_order(data, tmp_path / "work", tmp_path / "out")
    learnt = load_reader(str(tmp_path / "out"))
    assert (tmp_path / "out" / "order.txt").exists() and learnt.fingerprint != plain.fingerprint
    spans = learnt.candidates("多少条线路？", [TEXT])[0]
    query = learnt.query("多少条线路？")
    assert learnt._order.score(query, TEXT, spans).tolist() != [one.odds for one in spans]
    export(run, tmp_path / "out")  # other weights, or the same again: the order is not theirs
    assert not (tmp_path / "out" / "order.txt").exists()


def test_a_span_is_worth_its_f1_and_less_outside_the_sentence_that_answers():
    one = kept.Kept("多少条线路进站？", TEXT, "26条")
    spans = [(TEXT.index(said), TEXT.index(said) + len(said)) for said in ("26条", "26条线路", "20天")]
    worth = list(order._worth(TEXT, spans, one.answer))
    assert worth == pytest.approx([1.0, 3 / 4, 0.3 * 1 / 3])
    assert list(order._worth(TEXT, spans, "")) == [0.0] * 3


def test_a_run_goes_on_from_the_reader_in_the_package(work, tmp_path):
    run = copied(work, tmp_path / "run")
    train(run, ReaderRecipe(steps=0, pieces=400, onward=True))
    begun, shipped = load_file(run / "checkpoint.safetensors"), load_file(FOLDER / "reading" / WEIGHTS)
    same = [np.array_equal(begun[f"model.{n}"], t.astype(np.float32)) for n, t in shipped.items()]
    assert len(same) > 30 and all(same)


def test_what_is_exported_is_a_reader(work, encoder, tmp_path):
    with pytest.raises(SummarizerError, match="expected a checkpoint"):
        export(tmp_path / "nowhere", tmp_path / "out")
    run = copied(work, tmp_path / "run")
    train(run, ReaderRecipe(steps=0, pieces=400, encoder=str(encoder)))
    export(run, tmp_path / "out")
    reader = load_reader(str(tmp_path / "out"))
    trained = load_file(run / "checkpoint.safetensors")
    for name, tensor in reader.model.state_dict().items():
        if f"model.{name}" in trained:  # half precision keeps 11 bits
            assert np.allclose(tensor, trained[f"model.{name}"], rtol=1e-3, atol=1e-6), name
    (found,) = reader.read("多少条线路？", [TEXT])
    assert TEXT[slice(*found.span)] and np.isfinite(found.score)
    (tmp_path / "out" / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="sha256"):
        load_reader(str(tmp_path / "out"))


ASKED = "云溪县新建的客运站目前累计接待多少名旅客？"


def test_a_question_in_other_words_keeps_what_it_asks_for():
    made = {reworded(ASKED, random.Random(seed)) for seed in range(200)}
    assert len(made) > 10 and ASKED not in made
    assert all("多少" in one or "几" in one for one in made) and all(len(one) >= 6 for one in made)
    assert any("现在" in one for one in made) and any(one.startswith("客运站") for one in made)
    assert reworded(ASKED, random.Random(1)) == reworded(ASKED, random.Random(1))


def test_the_table_of_wordings_says_each_word_once_and_never_as_itself():
    lines = [line.split() for line in WORDINGS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    heads = [line[0] for line in lines]
    assert len(lines) > 900 and len(set(heads)) == len(heads)
    assert all(len(line) > 1 and len(set(line)) == len(line) for line in lines)
    assert [head for head in heads if len(head) < 2] == ["谁"]
    others, pattern = wordings()
    assert pattern.findall("哪一年建成") == ["哪一年", "建成"] and "落成" in others["建成"]


def test_a_word_inside_another_keeps_its_place():
    # 中学 stands in 集中学习, which is no school
    made = {reworded("干部集中学习三天后谁讲课？", random.Random(seed)) for seed in range(200)}
    assert not any(one and ("初中" in one or "集学校" in one) for one in made)


def test_words_go_whole_and_clauses_change_places():
    made = [reworded("据统计，客运站有多少名旅客？", random.Random(seed)) for seed in range(200)]
    assert any(one.endswith("，据统计？") for one in made) and "客运站有多少名旅客？" in made
    assert not any("客" in one.replace("旅客", "") and "客运" not in one for one in made)
    assert not any(one.startswith("，") or one.endswith("，？") for one in made)


@pytest.mark.parametrize("question", ["", "？", "谁？", "多少？", "什么什么"])
def test_what_says_nothing_else_stays(question):
    assert {reworded(question, random.Random(seed)) for seed in range(20)} == {None}
