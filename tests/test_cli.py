"""The contracts with outside scripts: fields, streams, exit codes."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import summarizer
from summarizer import models
from summarizer.rows import article_row, summary_row
from tests.scripted import ScriptedGenerator, newspaper

SAMPLES = Path(summarizer.__file__).parent / "samples"
PAGE = SAMPLES / "yunxi_daily.txt"
ROOT = SAMPLES.parent.parent
SCRIPTED = [sys.executable, "-m", "tests.scripted"]


@pytest.fixture
def run(monkeypatch, program):
    """The program with the scripted model."""
    monkeypatch.setattr(models, "load", lambda name, settings: ScriptedGenerator())
    return program


def parsed(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


# --- articles


def test_articles_as_json_lines(run) -> None:
    code, out, err = run("articles", PAGE, "--json")
    expected = [json.loads(json.dumps(article_row(article))) for article in newspaper().articles(PAGE)]
    assert (code, parsed(out), err) == (0, expected, "")


def test_page_is_the_path_as_reached_from_the_argument(run, tmp_path: Path) -> None:
    (tmp_path / "in/day").mkdir(parents=True)
    (tmp_path / "in/day/3.txt").write_bytes(PAGE.read_bytes())
    code, out, _ = run("articles", "in", "--json")
    assert (code, {row["page"] for row in parsed(out)}) == (0, {"in/day/3.txt"})


def test_standard_input_and_encoding(run, monkeypatch) -> None:
    data = PAGE.read_text("utf-8").encode("gb18030")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, out, _ = run("articles", "-", "--json", "--encoding", "gbk")
    assert code == 0
    assert {row["page"] for row in parsed(out)} == {"-"}
    assert parsed(out)[1]["headline"] == "修一条路 富一方人"


def test_articles_for_a_person(run) -> None:
    code, out, _ = run("articles", PAGE)
    assert code == 0
    assert "云溪日报  2025-03-18  第2版" in out
    assert "修一条路 富一方人" in out
    assert not any(line != line.rstrip() for line in out.splitlines())


# --- summarize


def test_summaries_as_json_lines(run) -> None:
    code, out, err = run("summarize", PAGE, "--json")
    paper = newspaper()
    pairs = paper.summarize_page(paper.articles(PAGE))
    expected = [article_row(article) | summary_row(summary) for article, summary in pairs]
    assert (code, parsed(out), err) == (0, json.loads(json.dumps(expected)), "")


def test_style_limit_and_model_are_passed_on(run, monkeypatch) -> None:
    asked = []

    def load(name, settings):
        asked.append(name)
        return ScriptedGenerator()

    monkeypatch.setattr(models, "load", load)
    options = ["--style", "brief", "--limit", 44, "--model", "some:model"]
    code, out, _ = run("summarize", PAGE, "--json", *options)
    assert (code, asked) == (0, ["some:model"])
    assert {(row["style"], row["limit"]) for row in parsed(out)} == {("brief", 44)}
    assert all(len(row["summary"]) <= 44 for row in parsed(out))


def test_digest_puts_the_important_first(run) -> None:
    code, out, _ = run("summarize", PAGE, "--json", "--style", "digest")
    assert code == 0
    assert parsed(out)[0]["kind"] == "article"
    assert sorted(row["order"] for row in parsed(out)) != [row["order"] for row in parsed(out)]


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_rows_in_input_order_bad_ones_set_aside(run, tmp_path: Path, name: str) -> None:
    lines = [json.dumps({"id": n, "body": f"第{n}号仓库今天开仓，收粮{n}吨。"}) for n in range(40)]
    lines[3:3] = ["no json", '{"id": "without"}', ""]
    raw = "\n".join(lines).encode()
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    code, out, err = run("summarize", "--jsonl", name, "--json")
    assert code == 3
    assert [row["id"] for row in parsed(out)] == list(range(40))
    assert list(parsed(out)[0])[:2] == ["id", "summary"]
    assert f"{name}, line 4: expected a JSON object" in err
    assert f"{name}, line 5: expected a text in the field body, found none" in err


def test_rows_from_standard_input(run, monkeypatch) -> None:
    row = '{"id": 1, "body": "今年全县小麦喜获丰收，亩产提高。"}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row.encode())))
    code, out, _ = run("summarize", "--jsonl", "-", "--json")
    assert (code, [row["id"] for row in parsed(out)]) == (0, [1])


def test_summaries_for_a_person(run) -> None:
    code, out, _ = run("summarize", SAMPLES)
    assert code == 0
    assert out.index("qinghe_farmers") < out.index("tongchuan_evening") < out.index("yunxi_daily")
    for kind in ("报道", "图片", "公告"):
        assert kind in out
    assert "原题 修一条路 富一方人" in out


def test_settings_come_from_the_named_file(run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('style = "brief"\n', encoding="utf-8")
    (tmp_path / "summarizer.toml").write_text('style = "points"\n', encoding="utf-8")
    assert {row["style"] for row in parsed(run("summarize", PAGE, "--json")[1])} == {"points"}
    code, out, _ = run("summarize", PAGE, "--json", "--settings", "mine.toml")
    assert (code, {row["style"] for row in parsed(out)}) == (0, {"brief"})
    code, _, err = run("summarize", PAGE, "--json", "--settings", "gone.toml")
    assert code == 1
    assert "gone.toml: expected a file of settings, found none" in err


def test_out_writes_a_folder_and_tells_the_count(run, tmp_path: Path) -> None:
    code, out, err = run("summarize", SAMPLES, "--out", "results")
    rows = (tmp_path / "results/summaries.jsonl").read_text("utf-8").splitlines()
    assert (code, out) == (0, "")
    assert f"results: {len(rows)} articles, 0 inputs set aside." in err
    assert json.loads(rows[0])["summary"]
    (tmp_path / "bad.txt").write_bytes(b"")
    code, _, err = run("summarize", SAMPLES, "bad.txt", "--out", "results")
    assert code == 3
    assert "Set aside: bad.txt: expected a page of text, found an empty file." in err
    assert len((tmp_path / "results/set-aside.jsonl").read_text("utf-8").splitlines()) == 1


# --- what goes wrong


def test_some_pages_set_aside_is_3_and_none_read_is_1(run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    for verb in ("articles", "summarize"):
        code, out, err = run(verb, PAGE, "bad.txt", "--json")
        assert (code, bool(out)) == (3, True)
        assert err == "Set aside: bad.txt: expected a page of text, found an empty file.\n"
        code, out, err = run(verb, "bad.txt", "gone.txt", "--json")
        assert (code, out) == (1, "")
        assert "gone.txt: expected a readable file, found: No such file or directory" in err


@pytest.mark.parametrize(
    "words",
    [
        ["summarize"],
        ["summarize", "a", "--jsonl", "b"],
        ["summarize", "a", "--json", "--out", "b"],
        ["summarize", "a", "--style", "poem"],
        ["summarize", "a", "--limit", "0"],
        ["articles"],
        ["articles", "a", "--x"],
        ["unknown"],
    ],
)
def test_wrong_usage_is_2(run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "Error: " in err
    assert "Traceback" not in err


def test_errors_are_one_line(run, monkeypatch) -> None:
    monkeypatch.undo()
    code, out, err = run("summarize", PAGE, "--model", "nonsense")
    assert (code, out) == (1, "")
    assert err.startswith("Error: unknown model 'nonsense'")
    code, _, err = run("articles", PAGE, "--encoding", "utf-9")
    assert code == 1
    assert err.startswith("Error: expected an encoding")
    assert err.count("\n") == 1


def test_undecodable_bytes_are_told_on_stderr(run, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(PAGE.read_bytes() + b"\xff")
    code, _, err = run("articles", "p.txt", "--json")
    assert code == 0
    assert err.startswith("Warning: p.txt: 1 byte could not be decoded as utf-8, at offset ")


def test_a_file_name_in_another_encoding(run, tmp_path: Path) -> None:
    name = b"\xb5\xda3\xb0\xe6.txt".decode("utf-8", "surrogateescape")
    try:
        (tmp_path / name).write_bytes(PAGE.read_bytes())
    except OSError:
        pytest.skip("this file system takes no such names")
    code, out, _ = run("summarize", name, "--json")
    assert (code, {row["page"] for row in parsed(out)}) == (0, {name})
    assert run("summarize", name)[0] == run("summarize", name, "--out", "out")[0] == 0


def test_verbose_tells_what_is_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "summarizer", "articles", "-v", "--json", str(PAGE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert f"{PAGE}: utf-8, " in done.stderr.decode()


def test_help_shows_the_verbs_and_the_exit_codes(run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for word in ("articles", "summarize", "Exit codes", "--version"):
        assert word in out
    assert "--jsonl FILE" in run("summarize", "-h")[1]


# --- as a process


def test_a_reader_that_has_seen_enough() -> None:
    for options in ([], ["--json"]):
        command = [*SCRIPTED, "0.3", "summarize", str(SAMPLES), *options]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.read(10)
        process.stdout.close()
        _, err = process.communicate()
        assert process.returncode == 0
        assert b"Error" not in err
        assert b"Traceback" not in err


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    command = [*SCRIPTED, "0.5", "summarize", str(SAMPLES), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    rows = tmp_path / "out/summaries.jsonl"
    while process.poll() is None and not (rows.exists() and rows.read_bytes().count(b"\n") >= 8):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "articles kept, run the same command again to go on." in err
    assert "Traceback" not in err


def test_python_dash_m() -> None:
    command = [sys.executable, "-m", "summarizer", "articles", str(PAGE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert done.returncode == 0
    assert "修一条路 富一方人" in done.stdout.decode("utf-8")
