"""A folder of results: complete, in order, and the same however often the run was cut short."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import summarizer
from summarizer import batch
from summarizer.errors import ModelError, OutputError, PageError
from tests.scripted import newspaper

SAMPLES = Path(summarizer.__file__).parent / "samples"
ROOT = Path(summarizer.__file__).parent.parent


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for page in SAMPLES.glob("*.txt"):
        shutil.copy(page, folder)
    return folder


def run(out: Path, *paths: Path, paper=None, told=lambda item: None) -> batch.Tally:
    paper = paper or newspaper()
    return batch.run(paper, batch.page_jobs(paper, map(str, paths)), out, told=told)


def rows(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "summaries.jsonl").read_text("utf-8").splitlines()]


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def sources(out: Path) -> list[str]:
    return list(dict.fromkeys(Path(row["page"]).stem for row in rows(out)))


# --- what a run leaves


def test_every_article_of_every_page_in_order(pages: Path, tmp_path: Path) -> None:
    paper, out = newspaper(), tmp_path / "out"
    tally = run(out, pages, paper=paper)
    expected = [article for page in sorted(pages.iterdir()) for article in paper.articles(page)]
    assert [(row["page"], row["order"], row["body"]) for row in rows(out)] == [
        (article.page, article.order, article.body) for article in expected
    ]
    assert all(row["summary"] and row["model"] == "scripted" for row in rows(out) if row["body"])
    assert (tally.kept, tally.made, tally.seen, tally.set_aside) == (len(expected), len(expected), 3, 0)
    assert sorted(files(out)) == [".lock", "summaries.csv", "summaries.jsonl", "summaries.md"]


def test_bad_pages_stop_nothing_and_are_listed(pages: Path, tmp_path: Path) -> None:
    (pages / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (pages / "z.txt").write_bytes(b"")
    out, told = tmp_path / "out", []
    tally = run(out, pages, pages / "gone.txt", told=told.append)
    assert len(sources(out)) == 3
    aside = [json.loads(line) for line in (out / "set-aside.jsonl").read_text("utf-8").splitlines()]
    assert [Path(row["input"]).name for row in aside] == ["a.txt", "z.txt", "gone.txt"]
    assert all("expected" in row["reason"] for row in aside)
    assert (tally.seen, tally.set_aside) == (6, 3)
    told_aside = [item.source for item in told if isinstance(item, batch.SetAside)]
    assert told_aside == [row["input"] for row in aside]
    for name in ("a.txt", "z.txt"):
        (pages / name).unlink()
    run(out, pages)
    assert not (out / "set-aside.jsonl").exists()


def test_a_page_the_model_fails_on_is_set_aside_and_a_dead_model_ends_it(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tally = run(out, pages, paper=newspaper("汪德顺"))
    assert (tally.set_aside, len(sources(out))) == (1, 2)
    assert run(out, pages).made == 7  # the run after it makes up for it
    with pytest.raises(ModelError):
        run(tmp_path / "dead", pages, paper=newspaper("，"))


def test_a_bug_on_one_page_is_logged_and_set_aside(pages: Path, tmp_path: Path, monkeypatch, caplog) -> None:
    paper, out = newspaper(), tmp_path / "out"
    separate = paper.separate
    monkeypatch.setattr(paper, "separate", lambda page: separate(page) if "yunxi" in page.id else 1 // 0)
    tally = run(out, pages, paper=paper)
    assert (tally.set_aside, sources(out)) == (2, ["yunxi_daily"])
    assert "ZeroDivisionError" in (out / "set-aside.jsonl").read_text("utf-8")
    assert "Traceback" in caplog.text


def test_rows_of_a_json_lines_file(tmp_path: Path) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out"
    lines = [json.dumps({"id": f"r{n}", "body": f"第{n}号仓库今天开仓，收粮{n}吨。"}) for n in range(70)]
    lines[5] = "broken"
    lines[6] = '{"id": "empty", "body": ""}'
    file.write_text("\n".join(lines), encoding="utf-8")
    paper = newspaper()
    tally = batch.run(paper, batch.row_jobs(str(file)), out)
    assert [row["id"] for row in rows(out)] == [f"r{n}" for n in range(70) if n not in (5, 6)]
    aside = [json.loads(line) for line in (out / "set-aside.jsonl").read_text("utf-8").splitlines()]
    assert [(row["line"], row.get("id")) for row in aside] == [(6, None), (7, "empty")]
    assert (tally.seen, tally.kept, tally.set_aside) == (70, 68, 2)
    assert batch.count([], str(file)) == 70
    with pytest.raises(PageError):
        batch.run(paper, batch.row_jobs(str(tmp_path / "gone.jsonl")), out)


def test_digest_rows_come_as_the_newspaper_orders_them(pages: Path, tmp_path: Path) -> None:
    paper, out = newspaper(style="digest"), tmp_path / "out"
    run(out, pages, paper=paper)
    expected = [
        article.order
        for page in sorted(pages.iterdir())
        for article, _ in paper.summarize_page(paper.articles(page))
    ]
    assert [row["order"] for row in rows(out)] == expected
    assert {row["style"] for row in rows(out)} == {"digest"}


# --- again, changed, and beside other runs


def test_the_same_again_asks_the_model_nothing_and_changes_nothing(pages: Path, tmp_path: Path) -> None:
    out, paper = tmp_path / "out", newspaper()
    run(out, pages)
    before = files(out)
    tally = run(out, pages, paper=paper)
    assert paper.generator.asked == []
    assert (tally.made, tally.resumed, tally.kept) == (0, 3, len(rows(out)))
    assert files(out) == before


@pytest.mark.parametrize("change", [{"style": "brief"}, {"limit": 20}, {"seed": 1}, {"fingerprint": "other"}])
def test_another_recipe_does_not_replace_the_rows_unless_told(
    pages: Path, tmp_path: Path, change: dict
) -> None:
    out = tmp_path / "out"
    run(out, pages)
    before = files(out)
    with pytest.raises(OutputError, match=r"found others \(style headline, limit 30.*delete .*\.lock first"):
        run(out, pages, paper=newspaper(**change))
    assert files(out) == before
    (out / ".lock").unlink()
    tally = run(out, pages, paper=newspaper(**change))
    run(tmp_path / "fresh", pages, paper=newspaper(**change))
    assert tally.resumed == 0
    assert files(out) == files(tmp_path / "fresh")


def test_a_changed_page_is_replaced_and_the_others_stay(pages: Path, tmp_path: Path) -> None:
    out, paper = tmp_path / "out", newspaper()
    run(out, pages)
    page = pages / "tongchuan_evening.txt"
    page.write_text(page.read_text("utf-8").replace("46万元", "48万元"), encoding="utf-8")
    assert run(out, pages, paper=paper).resumed == 2
    run(tmp_path / "fresh", pages)
    assert files(out) == files(tmp_path / "fresh")


def test_pages_of_earlier_commands_stay(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second, third = sorted(pages.iterdir())
    run(out, third)
    run(out, first)
    assert sources(out) == [third.stem, first.stem]
    run(out, first, second, third)
    assert sources(out) == [first.stem, second.stem, third.stem]
    run(out, second)
    assert sources(out) == [first.stem, second.stem, third.stem]


# --- cut short


def test_cut_at_any_byte_and_run_again(pages: Path, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(whole, pages)
    content = (whole / "summaries.jsonl").read_bytes()
    for cut in (*range(0, len(content), len(content) // 25), len(content) - 1):
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        (out / "summaries.jsonl").write_bytes(content[:cut])
        run(out, pages)
        assert files(out) == files(whole), f"cut at byte {cut}"


class PowerCut(BaseException):
    pass


@pytest.mark.parametrize("moment", range(7))
def test_cut_while_the_files_are_put_in_order(pages: Path, tmp_path: Path, monkeypatch, moment: int) -> None:
    """The power goes at each step of finishing: before and after every sync and rename."""
    first, *others = sorted(pages.iterdir())

    def prepared(out: Path) -> Path:
        run(out, *others)
        run(out, first, pages / "gone.txt")
        return out

    whole, out = prepared(tmp_path / "whole"), prepared(tmp_path / "out")
    run(whole, *others[::-1], first, pages / "lost.txt")

    calls = 0

    def counted(function):
        def cut(*args):
            nonlocal calls
            calls += 1
            if calls == moment + 1:
                raise PowerCut
            return function(*args)

        return cut

    with monkeypatch.context() as cutting:
        cutting.setattr(os, "fsync", counted(os.fsync))
        cutting.setattr(os, "replace", counted(os.replace))
        with pytest.raises(PowerCut):
            run(out, *others[::-1], first, pages / "lost.txt")
    run(out, *others[::-1], first, pages / "lost.txt")
    assert files(out) == files(whole)


@pytest.mark.parametrize("rows_before_the_kill", [0, 1, 7, 20])
def test_killed_and_run_again(pages: Path, tmp_path: Path, rows_before_the_kill: int) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(whole, pages)
    command = [sys.executable, "-m", "tests.scripted", "0.2", "summarize", str(pages), "--out", str(out)]
    process = subprocess.Popen(command, cwd=ROOT)
    file = out / "summaries.jsonl"
    while process.poll() is None and not (
        file.exists() and file.read_bytes().count(b"\n") >= rows_before_the_kill
    ):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run(out, pages)
    assert files(out) == files(whole)


def test_two_runs_into_one_folder_do_not_mix(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def another(item: object) -> None:
        with pytest.raises(OutputError, match="found another run writing there"):
            run(out, pages)

    run(out, pages, told=another)


def test_a_foreign_file_is_not_touched(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "summaries.jsonl").write_text('{"mine": 1}\n', encoding="utf-8")
    with pytest.raises(OutputError, match="found something else in line 1"):
        run(out, pages)
    assert (out / "summaries.jsonl").read_text("utf-8") == '{"mine": 1}\n'


def test_a_folder_that_cannot_be_made(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="expected a folder that can be written"):
        run(tmp_path / "file" / "out", pages)


def test_a_full_disk_is_told(pages: Path, tmp_path: Path, monkeypatch) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as later:
        later.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left on device"):
            run(tmp_path / "out", pages)
    run(tmp_path / "out", pages)
    run(tmp_path / "whole", pages)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


# --- for people


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out"
    bodies = ["=HYPERLINK(1)，点我", "+1县，新增", "-1度，降温", "@所有人，注意", "平常，的一条"]
    file.write_text("\n".join(json.dumps({"id": body, "body": body}) for body in bodies), encoding="utf-8")
    batch.run(newspaper(), batch.row_jobs(str(file)), out)
    raw = (out / "summaries.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert [row["id"] for row in table] == [*(f"'{body}" for body in bodies[:4]), bodies[4]]
    cells = [cell for row in table for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_markdown_shows_pages_and_summaries(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, pages)
    text = (out / "summaries.md").read_text("utf-8")
    assert text.count("\n## ") + text.startswith("## ") == 3
    for row in rows(out):
        if row["headline"]:
            assert f"原题：{row['headline']}" in text


# --- progress


def test_a_log_gets_a_line_now_and_then(capsys) -> None:
    now = 0.0
    tally = batch.Tally(inputs=100)
    with batch.shown(tally, sys.stderr, clock=lambda: now) as draw:
        for second in range(31):
            now = float(second)
            tally.done(1, 7)
            draw()
    assert capsys.readouterr().err.splitlines() == [
        "16 of 100 inputs, 0 articles, 7.5 articles/s, 1:19 left",
        "31 of 100 inputs, 0 articles, 7.2 articles/s, 1:07 left",
    ]


def test_a_terminal_gets_a_bar_and_stdout_is_left_alone(capsys) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, tally = Terminal(), batch.Tally(inputs=2)
    with batch.shown(tally, terminal) as draw:
        tally.done(2, 9)
        draw()
        sys.stdout.write("a result")
    assert "2 of 2 inputs" in terminal.getvalue()
    assert capsys.readouterr().out == "a result"


def test_resumed_inputs_do_not_shorten_the_time_left() -> None:
    tally = batch.Tally(inputs=100, seen=60, resumed=50, kept=300, made=50, set_aside=1)
    assert tally.line(10.0) == "60 of 100 inputs, 300 articles, 5.0 articles/s, 0:40 left, 1 set aside"
    assert batch.Tally(seen=1, made=1, kept=1).line(0.5) == "1 inputs, 1 articles, 2.0 articles/s"
    assert batch.Tally(inputs=40_000, seen=10, made=10).line(10.0).endswith("11:06:30 left")
