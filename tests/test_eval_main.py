"""python -m eval as an analyst uses it: run, run again, compare, report; errors say what to do."""

from __future__ import annotations

import json
import sys

import pytest

from eval.__main__ import main
from eval.store import save_run
from tests.evaluating import run_of, written_page


@pytest.fixture
def program(monkeypatch, capsys, tmp_path):
    """Words -> (exit code, stdout, stderr), in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["eval", *map(str, words)])
        code = main()
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_run_compare_report(program, tmp_path):
    page = written_page(tmp_path)
    code, out, _ = program("run", "headlines", "--model", "lead", "--data", page)
    assert code == 0 and "headlines · lead · 2 items" in out and "rouge_l_best" in out
    assert program("run", "headlines", "--model", "lead", "--data", page)[0] == 0  # the same again
    code, _, _ = program("run", "headlines", "--model", "extractive", "--data", page, "--out", "x.json")
    assert code == 0
    code, out, _ = program("compare", "runs/lead.json", "x.json")
    assert code == 0 and "lead → extractive" in out
    code, out, _ = program("compare", "runs/lead.json", "x.json", "--json")
    assert {"metric", "p", "verdict"} <= set(json.loads(out.splitlines()[0]))
    code, _, err = program("report", "runs/lead.json", "x.json", "--out", "r.html")
    assert code == 0 and "r.html" in err and "云溪县医院" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_all_leaves_out_what_cannot_be(program, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("text,reference\n客运站昨日启用，占地42亩。,客运站启用\n", encoding="utf-8")
    code, out, err = program("run", "all", "--model", "lead", "--data", table)
    assert code == 0 and "headlines · lead" in out
    assert (
        "left out, nothing to ask of lead here: articles, briefs, retrieval, reading, answers, refusal" in err
    )


def test_a_significant_fall_of_a_guarded_metric_exits_with_1(program, tmp_path):
    save_run(run_of([90.0 + i % 7 for i in range(40)]), tmp_path / "a.json")
    save_run(run_of([50.0 + i % 5 for i in range(40)]), tmp_path / "b.json")
    assert program("compare", "a.json", "b.json")[0] == 1
    assert program("compare", "b.json", "a.json")[0] == 0


def test_failures_exit_with_3(program, tmp_path, monkeypatch):
    from eval.systems import baselines

    def broken(self, stories, **_):
        raise RuntimeError("broken")

    monkeypatch.setattr(type(baselines.lead(None)), "write", broken)
    code, out, _ = program("run", "headlines", "--model", "lead", "--data", written_page(tmp_path))
    assert code == 3 and "2 FAILED" in out and "RuntimeError: broken" in out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("run", "nonsense"), 2, "unknown task 'nonsense'"),
        (("run",), 2, "Missing argument"),
        (("run", "headlines", "--model", "nobody"), 1, "unknown model 'nobody'"),
        (("run", "headlines", "--data", "missing.csv"), 1, "expected gold data"),
        (("run", "headlines", "--limit", "0"), 2, "--limit"),
        (("compare", "a.json", "b.json"), 1, "expected a file written by"),
        (("report",), 2, "Missing argument"),
    ],
)
def test_errors_say_what_to_do(program, words, code, told):
    found, _, err = program(*words)
    assert found == code and told in err


def test_names_are_listed(program):
    code, out, _ = program("list")
    assert code == 0 and "grounding" in out and "oracle-clause" in out
