"""A run survives the disk, and what an interruption leaves is gone on with."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eval.records import Control, Mark, Outcome, Score
from eval.store import Journal, RunFileError, load_run, save_run
from tests.evaluating import run_of

OUTCOME = Outcome(
    "a", {"kind": "x"}, "问", "答", ("对",), {"f1": Score(50.0, 2.0)}, (Mark((0, 1), "无"),), 0.5
)


def test_a_run_comes_back_as_it_was(tmp_path):
    run = run_of([1.0, None, 3.0])
    task = replace(
        run.tasks[0], outcomes=(*run.tasks[0].outcomes, OUTCOME), controls=(Control("c", 1, 2, True),)
    )
    run = replace(run, tasks=(task,), recipe={"model": "one"})
    save_run(run, tmp_path / "deep" / "run.json")
    assert load_run(tmp_path / "deep" / "run.json") == run


def test_a_run_says_how_many_failed(tmp_path):
    save_run(run_of([1.0, None, None]), tmp_path / "run.json")
    (task,) = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["tasks"]
    assert (task["n"], task["failures"], task["planned"], task["limit"]) == (3, 2, 3, None)


@pytest.mark.parametrize("content", ["", "{}", '{"format": 99}', "[]", '{"format": 1, "name": "x"}'])
def test_what_is_no_run_is_refused(tmp_path, content):
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunFileError):
        load_run(tmp_path / "run.json")


def test_scores_are_finite(tmp_path):
    with pytest.raises(ValueError, match=r"not JSON compliant|Out of range"):
        save_run(run_of([float("nan")]), tmp_path / "run.json")
    assert not (tmp_path / "run.json").exists()


def test_a_missing_run_that_was_begun_says_so(tmp_path):
    Journal(tmp_path / "run.json", {}).close(finished=False)
    with pytest.raises(RunFileError, match="the same 'run' command goes on"):
        load_run(tmp_path / "run.json")


def test_a_journal_goes_on(tmp_path):
    path = tmp_path / "run.json"
    first = Journal(path, {"model": "one"})
    first.add("t", [OUTCOME])
    first.close(finished=False)
    again = Journal(path, {"model": "one"})
    assert again.known == {("t", "a"): OUTCOME}
    again.add("t", [replace(OUTCOME, id="b")])
    again.close(finished=False)
    last = Journal(path, {"model": "one"})
    assert set(last.known) == {("t", "a"), ("t", "b")}
    last.close(finished=True)
    assert not list(tmp_path.iterdir())


def test_a_journal_of_another_run_is_left_alone(tmp_path):
    Journal(tmp_path / "run.json", {"model": "one", "limit": 3}).close(finished=False)
    before = (tmp_path / "run.json.journal").read_bytes()
    with pytest.raises(RunFileError, match="model 'one' instead of 'other'"):
        Journal(tmp_path / "run.json", {"model": "other", "limit": 3})
    assert (tmp_path / "run.json.journal").read_bytes() == before


def test_a_journal_cut_anywhere_loses_its_last_item_at_most(tmp_path):
    path = tmp_path / "run.json"
    journal = Journal(path, {"model": "one"})
    journal.add("t", [OUTCOME, replace(OUTCOME, id="b")])
    journal.close(finished=False)
    whole = (tmp_path / "run.json.journal").read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for cut in range(0, len(whole), 7):
        (tmp_path / "run.json.journal").write_bytes(whole[:cut])
        journal = Journal(path, {"model": "one"})
        assert len(journal.known) == max(0, sum(end <= cut for end in ends) - 1)
        journal.close(finished=False)


def test_a_damaged_journal_says_where(tmp_path):
    journal = Journal(tmp_path / "run.json", {})
    journal.add("t", [OUTCOME])
    journal.close(finished=False)
    file = tmp_path / "run.json.journal"
    file.write_bytes(file.read_bytes() + b"nonsense\n")
    with pytest.raises(RunFileError, match="line 3"):
        Journal(tmp_path / "run.json", {})
