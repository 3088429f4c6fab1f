"""Two runs, item by item: real differences are told, chance is not, and no guarded fall goes unseen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from eval.compare import RunMismatchError, compare
from eval.records import Metric
from eval.showing import comparison_rows, print_comparisons, print_run
from tests.evaluating import F1, RIGHT, run_of

NOISE = np.random.default_rng(3).normal(0, 10, 80)


def only(first, second):
    (found,) = compare(first, second)
    return found


def test_a_real_difference_is_shown():
    base = np.random.default_rng(1).uniform(20, 60, 80)
    found = only(run_of(base), run_of(base + 8 + NOISE / 5))
    (difference,) = found.differences
    assert (
        difference.verdict == "better" and difference.low < 8 < difference.high + 1 and not found.regressions
    )
    back = only(run_of(base + 8 + NOISE / 5), run_of(base))
    assert back.differences[0].verdict == "worse" and back.regressions


def test_chance_is_not_shown():
    base = np.random.default_rng(2).uniform(20, 60, 80)
    (difference,) = only(run_of(base), run_of(base + NOISE - NOISE.mean())).differences
    assert difference.verdict == "no difference shown" and difference.p > 0.5
    assert difference.detectable == pytest.approx(2.8 * NOISE.std() / np.sqrt(80), rel=0.1)


def test_a_run_against_itself():
    run = run_of([1.0, 2.0, 3.0])
    found = only(run, run)
    assert found.differences[0].p == 1.0 and not found.moved and found.alone == 0


def test_a_metric_that_is_not_guarded_never_fails():
    metric = replace(F1, guarded=False)
    base = np.random.default_rng(1).uniform(60, 90, 60)
    found = only(run_of(base, metric=metric), run_of(base - 30, metric=metric))
    assert found.differences[0].verdict == "worse" and not found.regressions


def test_lower_is_better_where_it_is():
    metric = Metric("faults", "faults", "of a test", better="lower", guarded=True)
    base = np.random.default_rng(1).uniform(10, 20, 60)
    assert only(run_of(base, metric=metric), run_of(base + 9, metric=metric)).regressions


def test_yes_and_no_by_mcnemar():
    first, second = [100.0] * 20 + [0.0] * 20, [0.0] * 8 + [100.0] * 12 + [0.0] * 20
    (difference,) = only(run_of(first, metric=RIGHT), run_of(second, metric=RIGHT)).differences
    assert difference.test == "McNemar" and difference.p == pytest.approx(2 / 2**8)


def test_pages_weigh_as_much_as_they_hold():
    (difference,) = only(
        run_of([100.0, 0.0], weights=[3.0, 1.0]), run_of([100.0, 100.0], weights=[3.0, 1.0])
    ).differences
    assert (difference.first, difference.second) == (75.0, 100.0)


def test_failures_stay_in_the_mean():
    (difference,) = only(run_of([100.0] * 4), run_of([100.0, None, None, None])).differences
    assert difference.second == 25.0 and difference.n == 4


def test_parts_and_what_moved():
    base = np.full(40, 50.0)
    found = only(run_of(base), run_of(base + np.arange(40) - 10))
    assert {(name, part) for name, part, _ in found.slices} == {("half", "0"), ("half", "1")}
    assert [move.change for move in found.moved] == [29, 28, 27, 26, 25, -6, -7, -8, -9, -10]


def test_runs_that_do_not_compare():
    with pytest.raises(RunMismatchError, match="expected runs on the same data"):
        compare(run_of([1.0]), run_of([1.0], data="other"))
    with pytest.raises(RunMismatchError, match="expected one version"):
        compare(run_of([1.0]), run_of([1.0], version=2))
    other = run_of([1.0])
    other = replace(other, tasks=(replace(other.tasks[0], task="else"),))
    with pytest.raises(RunMismatchError, match="expected a task that both did"):
        compare(run_of([1.0]), other)


def test_items_of_one_run_only_are_counted():
    found = only(run_of([1.0, 2.0, 3.0]), run_of([1.0, 2.0], limit=2))
    assert found.alone == 1 and found.differences[0].n == 2


def test_what_is_printed(capsys):
    base = np.random.default_rng(1).uniform(60, 90, 60)
    found = compare(run_of(base), run_of(base - 30, name="two"))
    print_comparisons(found)
    out = capsys.readouterr().out
    assert "WORSE: f1 is guarded" in out and "one → two" in out and "(guarded)" in out
    row = json.loads(next(comparison_rows(found)))
    assert row["verdict"] == "worse" and row["n"] == 60 and row["guarded"]


def test_a_partial_run_and_its_failures_are_told(capsys):
    run = run_of([1.0, None], limit=2)
    run = replace(run, tasks=(replace(run.tasks[0], planned=9),))
    print_run(run)
    out = capsys.readouterr().out
    assert "2 items of 9: partial, not a result, 1 FAILED" in out and "failed: 1: gone" in out
