"""A run keeps every outcome, counts what failed, and goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval import runner
from eval.data import GoldDataError
from eval.runner import ControlError, Plan, execute, spread
from eval.store import RunFileError, load_run
from eval.tasks.subject import Subject
from summarizer.config import Settings
from summarizer.errors import UsageError
from tests.evaluating import Counting, Replaying, gold_of

PLAN = Plan(("counting",), None, {"words": False})


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Do a task as `execute` does it; (task, plan) -> the run."""
    subject = Subject("one", gold_of(tmp_path), Settings(), tmp_path / "work")

    def done(task, plan=PLAN, out="run.json"):
        monkeypatch.setattr(runner, "make_task", lambda name, subject: task)
        return execute(plan, subject, tmp_path / out)

    return done


def test_every_item_is_scored_in_order(run, tmp_path):
    task = Counting(10, lambda i: 10.0 * i)
    done = run(task).tasks[0]
    assert [o.scores["f1"].value for o in done.outcomes] == [10.0 * i for i in range(10)]
    assert task.asked == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"]]
    assert (done.planned, done.limit, done.failures) == (10, None, 0) and done.controls[0].held
    assert load_run(tmp_path / "run.json").tasks[0] == done


def test_a_failure_costs_its_item_and_no_other(run):
    def score(i):
        if i == 5:
            raise RuntimeError("out of memory")
        return 100.0

    done = run(Counting(8, score)).tasks[0]
    failed = done.outcomes[5]
    assert failed.failure == "RuntimeError: out of memory" and failed.references == ("reference",)
    # a crash is no missing row: it earns the worst there is, and what has no worst is not made up
    assert {name: s.value for name, s in failed.scores.items()} == {"f1": 0.0, "right": 0.0}
    assert done.failures == 1 and all(
        o.scores["f1"].value == 100.0 for i, o in enumerate(done.outcomes) if i != 5
    )


def test_a_system_that_loses_rows_is_a_failure(run):
    class Losing(Counting):
        def outcomes(self, items):
            return super().outcomes(items)[:-1]

    done = run(Losing(3, lambda i: 1.0)).tasks[0]
    assert done.failures == 3 and "expected one outcome an item" in done.outcomes[0].failure


def test_an_interrupted_run_goes_on(run, tmp_path):
    class Interrupted(Counting):
        def outcomes(self, items):
            if items[0].id == "4":
                raise KeyboardInterrupt
            return super().outcomes(items)

    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(10, float))
    assert not (tmp_path / "run.json").exists()
    task = Counting(10, float)
    assert len(run(task).tasks[0].outcomes) == 10
    assert task.asked == [["4", "5", "6", "7"], ["8", "9"]]


def test_the_same_command_again_asks_nothing(run):
    first = run(Counting(3, float))
    again = Counting(3, float)
    assert run(again) == first and not again.asked


def test_another_run_in_its_place_is_refused(run):
    run(Counting(3, float))
    with pytest.raises(RunFileError, match="one with other limit"):
        run(Counting(3, float), replace(PLAN, limit=2))


def test_a_broken_ruler_is_an_error(run):
    with pytest.raises(ControlError, match="a known case"):
        run(Counting(3, float, held=False))


def test_a_limited_run_says_so_and_spreads(run):
    done = run(Counting(10, float), replace(PLAN, limit=4)).tasks[0]
    assert [o.id for o in done.outcomes] == ["0", "2", "5", "7"]
    assert (done.limit, done.planned) == (4, 10)
    assert run(Counting(3, float), replace(PLAN, limit=4), "small.json").tasks[0].limit is None


def test_spread_keeps_order_and_all():
    assert spread([1, 2, 3], None) == spread([1, 2, 3], 9) == [1, 2, 3]
    assert spread(list(range(100)), 3) == [0, 33, 66]


def test_a_task_without_items(run):
    with pytest.raises(GoldDataError, match="expected something for the task counting"):
        run(Counting(0, float))
    assert run(Counting(0, float), replace(PLAN, every=True)).tasks == ()


def test_a_run_knows_where_it_comes_from(run, tmp_path):
    made = run(Counting(2, float)).provenance
    assert made.data == gold_of(tmp_path).fingerprint and made.prompts["headline"] >= 1
    assert made.versions["python"] and made.machine and made.settings == {"words": False}


def test_unknown_tasks_and_baselines_that_cannot_answer(tmp_path):
    subject = Subject("lead", gold_of(tmp_path), Settings(), tmp_path)
    with pytest.raises(UsageError, match="Did you mean 'headlines'"):
        execute(Plan(("headline",), None, {}), subject, tmp_path / "r.json")
    with pytest.raises(UsageError, match="expected a model that answers"):
        execute(Plan(("answers",), None, {}), subject, tmp_path / "r2.json")


def test_headlines_through_the_runner(tmp_path):
    gold = gold_of(tmp_path)
    subject = Subject("replaying", gold, Settings(), tmp_path / "work")
    good, bad = gold.stories[0].headlines[0], RuntimeError("no text")
    subject.__dict__["writer"] = Replaying({"yunxi#1": good, "yunxi#2": bad})
    task = execute(Plan(("headlines",), None, {}), subject, tmp_path / "r.json").tasks[0]
    first, second = task.outcomes
    assert first.scores["rouge_l_best"].value == 100.0 and first.note == "replayed"
    assert first.slices["subject"] == "health" and second.slices["kind"] == "notice"
    assert second.scores["unsupported_numbers"].value == 100.0 and second.scores["rouge_l_best"].value == 0.0
    assert "no text" in second.failure and "compression" not in second.scores
