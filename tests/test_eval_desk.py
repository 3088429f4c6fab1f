"""The other half of the evaluation screen: runs, references that are good rulers, runs that go on."""

from __future__ import annotations

import json
import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

import pytest

from eval.annotations import Annotations
from eval.data import load_gold
from eval.desk import open_desk
from summarizer.errors import StoreError, SummarizerError
from summarizer.records import Document
from summarizer.web.evaluation import Asked
from summarizer.web.refusals import refusal
from summarizer.web.strings import Strings

BASELINE = Path(__file__).resolve().parent.parent / "eval" / "baselines" / "bundled.json"
BODY = "柳河桥自3月20日起封闭施工，工期45天。\n过往车辆请绕行青石大道，公交12路改道。"
ARTICLE = Document("page.txt#1", BODY, "柳河桥封闭施工", "2025-03-18")
OTHER = Document("page.txt#2", "县城新开两条公交线，首班6时发车，末班21时收车。", None, None)


@pytest.fixture
def desk(tmp_path):
    return open_desk(tmp_path / "evaluation")


def written(desk, document=ARTICLE, headlines=("柳河桥20日起封闭45天",), questions=()):
    return desk.keep(replace(desk.reference(document), headlines=headlines, questions=questions))


# --- references


def test_what_is_written_is_gold_data(desk):
    written(desk, questions=(Asked("工期多久？", ("45天", "四十五天")), Asked("谁施工？", ())))
    written(desk, OTHER, ("县城新开两条公交线",))
    gold = load_gold(desk.file)
    assert [(story.id, story.headlines, story.date) for story in gold.stories] == [
        ("page.txt#1", ("柳河桥20日起封闭45天",), "2025-03-18"),
        ("page.txt#2", ("县城新开两条公交线",), None),
    ]
    assert [(one.id, one.accepted, one.context) for one in gold.questions] == [
        ("page.txt#1?1", ("45天", "四十五天"), BODY),
        ("page.txt#1?2", (), BODY),
    ]
    assert [one.article for one in desk.references()] == ["page.txt#1", "page.txt#2"]
    assert desk.file.stat().st_mode & 0o777 == 0o600


def test_an_emptied_one_is_taken_out(desk):
    kept = written(desk)
    written(desk, OTHER, ("县城新开两条公交线",))
    desk.keep(replace(kept, headlines=()))
    assert [one.article for one in desk.references()] == ["page.txt#2"]
    desk.keep(replace(desk.reference(OTHER), headlines=()))
    assert desk.references() == [] and not desk.file.exists()


@pytest.mark.parametrize(
    ("headlines", "questions", "reason"),
    [
        (("封闭",), (), "headline_length"),
        (("长" * 61,), (), "headline_length"),
        (("柳河桥封闭60天",), (), "headline_number"),
        (("柳河桥封闭施工", "柳河桥 封闭施工"), (), "headline_twice"),
        ((), (Asked("谁", ()),), "question_length"),
        ((), (Asked("工期多久？", ("60天",)),), "answer_not_there"),
        ((), (Asked("工期多久？", ("45天", " ")),), "answer_length"),
        ((), (Asked("工期多久？", ("45天", "45天")),), "answer_twice"),
        ((), (Asked("工期多久？", ("45天",)), Asked("工期多久？", ())), "question_twice"),
    ],
)
def test_a_bad_ruler_is_refused_and_nothing_changes(desk, headlines, questions, reason):
    written(desk)
    before = desk.file.read_bytes()
    with pytest.raises(SummarizerError) as error:
        written(desk, headlines=headlines, questions=questions)
    assert error.value.reason == f"reference.{reason}"
    for language in ("zh", "en"):
        assert "{" not in refusal(error.value, Strings(language))
    assert desk.file.read_bytes() == before


def test_anothers_changes_are_not_written_over(desk):
    opened = written(desk)
    desk.keep(replace(opened, headlines=("柳河桥施工 车辆绕行青石大道",)))
    with pytest.raises(SummarizerError) as error:
        desk.keep(replace(opened, headlines=("柳河桥封闭 公交12路改道",)))
    assert error.value.reason == "reference.changed"
    assert desk.reference(ARTICLE).headlines == ("柳河桥施工 车辆绕行青石大道",)


def test_a_damaged_file_is_told_and_left_alone(desk):
    written(desk)
    damaged = desk.file.read_text(encoding="utf-8")[:-20]
    desk.file.write_text(damaged, encoding="utf-8")
    with pytest.raises(StoreError, match="Mend the file"):
        desk.references()
    with pytest.raises(StoreError):
        written(desk, OTHER)
    assert desk.file.read_text(encoding="utf-8") == damaged


def scribble(path, name, start):
    start.wait()
    annotations = Annotations(path)
    for number in range(10):
        document = Document(f"{name}#{number}", BODY)
        annotations.keep(replace(annotations.of(document), headlines=("柳河桥封闭施工",)))


def test_two_writers_lose_nothing(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    start, path = spawn.Event(), tmp_path / "references.jsonl"
    writers = [spawn.Process(target=scribble, args=(path, name, start)) for name in "ab"]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join(120)
        assert writer.exitcode == 0
    assert len(Annotations(path).every()) == 20


# --- runs


def test_a_run_is_taken_in_and_shown_with_its_intervals(desk):
    file = desk.add_run(BASELINE)
    (line,) = desk.runs()
    assert line.file == file and line.fault == "" and {task.task for task in line.tasks} >= {"headlines"}
    value = line.tasks[0].values[0]
    assert value.n > 0 and value.spread.startswith("[") and value.ends[0] <= value.share <= value.ends[1]
    worst = desk.worst(file, "headlines", most=5)
    scores = [float(item.score) for item in worst]
    assert len(worst) == 5 and scores == sorted(scores)
    (pair, *_) = desk.compare(file, file)
    assert {change.verdict for change in pair.changes} == {"same"} and pair.alone == 0
    desk.remove_run(file)
    assert desk.runs() == []


def test_a_worse_run_is_seen_as_worse(desk, tmp_path):
    row = json.loads(BASELINE.read_text(encoding="utf-8"))
    for task in row["tasks"]:
        for item in task["items"]:
            for name, (value, weight) in item["scores"].items():
                item["scores"][name] = [value / 2, weight]
    row["provenance"]["started"] = "2030-01-01T00:00:00+00:00"
    (tmp_path / "half.json").write_text(json.dumps(row), encoding="utf-8")
    good, bad = desk.add_run(BASELINE), desk.add_run(tmp_path / "half.json")
    headlines = next(pair for pair in desk.compare(good, bad) if pair.task == "headlines")
    assert any(change.verdict == "worse" and change.guarded for change in headlines.changes)
    assert headlines.moved and all(float(move.change) < 0 for move in headlines.moved)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "null", '{"format": 1}', '{"format": 99}', "[" * 100_000, '"\\ud800"'],
)
def test_what_is_no_run_is_refused(desk, tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SummarizerError, match="expected"):
        desk.add_run(path)
    assert desk.runs() == []


def test_numbers_that_are_none_are_refused(desk, tmp_path):
    row = json.loads(BASELINE.read_text(encoding="utf-8"))
    row["tasks"][0]["metrics"][0]["title"] = 7
    (tmp_path / "x.json").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(SummarizerError, match="expected the numbers of a run"):
        desk.add_run(tmp_path / "x.json")


def test_a_damaged_run_in_the_folder_stays_in_the_list_with_its_fault(desk, tmp_path):
    (tmp_path / "evaluation" / "runs" / "broken.json").write_text("{", encoding="utf-8")
    (line,) = desk.runs()
    assert line.fault and line.tasks == ()
    with pytest.raises(SummarizerError):
        desk.compare("broken.json", "broken.json")


@pytest.mark.parametrize("name", ["../references.jsonl", "/etc/passwd", "none.json", "", "x" * 500 + ".json"])
def test_a_name_leads_nowhere_else(desk, name):
    written(desk)
    for ask in (desk.remove_run, lambda file: desk.worst(file, "headlines")):
        with pytest.raises(StoreError) as error:
            ask(name)
        assert error.value.reason == "eval.gone"
    assert desk.file.exists()


# --- a run that goes on


def waited(desk, *states, seconds=180):
    until = time.monotonic() + seconds
    while (standing := desk.standing()) is None or standing.state not in states:
        assert time.monotonic() < until, standing
        time.sleep(0.1)
    return standing


def test_a_model_is_evaluated_on_our_own_references(desk):
    with pytest.raises(StoreError) as error:
        desk.begin("extractive", own=True)
    assert error.value.reason == "eval.no_own" and desk.standing() is None
    written(desk)
    desk.begin("extractive", own=True)
    with pytest.raises(StoreError) as error:
        desk.begin("extractive", own=True)
    assert error.value.reason == "eval.busy"
    assert waited(desk, "done", "failed").state == "done"
    (line,) = desk.runs()
    assert [(task.task, task.items) for task in line.tasks] == [("headlines", 1)]


def test_a_model_that_is_not_there_fails_and_says_why(desk):
    written(desk)
    desk.begin("seq2seq:/no/such/folder", own=True)
    standing = waited(desk, "done", "failed")
    assert standing.state == "failed" and "expected" in standing.told and desk.runs() == []


def test_a_stopped_run_goes_on_where_it_was(desk):
    desk.begin("extractive", own=False)
    until = time.monotonic() + 180
    while (standing := desk.standing()).items == 0 and standing.state == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    desk.stop()
    stopped = desk.standing()
    assert stopped.state == "stopped" and desk.runs() == []
    (journal,) = desk.file.parent.glob("runs/*.journal")
    scored = len(journal.read_text(encoding="utf-8").splitlines()) - 1
    desk.begin("extractive", own=False)
    assert waited(desk, "done", "failed").state == "done"
    (line,) = desk.runs()
    assert f"{line.file}.journal" == journal.name and scored >= 0
    desk.stop()  # nothing goes on: nothing happens
    assert desk.standing().state == "done"
