"""The bundled model is no worse than recorded: a quick part of the hand-written pages, item by item.

After a change that is meant to change outputs, record anew and say so in the commit:
    rm eval/baselines/bundled.json
    python -m eval run headlines articles reading answers --limit 40 --out eval/baselines/bundled.json
"""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.compare import compare
from eval.data import load_gold
from eval.runner import Plan, execute
from eval.store import load_run
from eval.tasks.subject import Subject
from summarizer.config import Settings

BASELINE = Path(__file__).resolve().parent.parent / "eval" / "baselines" / "bundled.json"


@pytest.fixture(scope="module")
def recorded():
    return load_run(BASELINE)


def done(recorded, model, tasks, folder):
    """The recorded plan with another model."""
    plan = Plan(tasks, recorded.recipe["limit"], recorded.provenance.settings)
    return execute(plan, Subject(model, load_gold(), Settings(), folder / "work"), folder / "run.json")


def test_the_recorded_run_is_of_these_pages_and_whole(recorded):
    told = "the hand-written pages have changed: record the baseline anew (see above)"
    assert recorded.provenance.data == load_gold().fingerprint, told
    assert not any(task.failures for task in recorded.tasks)
    assert [task.task for task in recorded.tasks] == ["headlines", "articles", "reading", "answers"]


def test_the_bundled_model_is_no_worse(recorded, tmp_path):
    tasks = tuple(task.task for task in recorded.tasks)
    now = done(recorded, "bundled", tasks, tmp_path)
    fallen = [
        f"{one.task} {d.metric.name}: {d.first:.1f} -> {d.second:.1f}, p {d.adjusted:.3f}"
        for one in compare(recorded, now)
        for d in one.regressions
    ]
    assert not fallen and not any(task.failures for task in now.tasks)


def test_the_guard_sees_a_worse_model(recorded, tmp_path):
    worse = done(recorded, "lead", ("headlines",), tmp_path)
    names = {d.metric.name for one in compare(recorded, worse) for d in one.regressions}
    assert {"rouge_l_best", "within_limit"} <= names
