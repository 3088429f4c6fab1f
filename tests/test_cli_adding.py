"""The contract of `summarizer add`, `remove` and `reindex`: counts on stdout, the rest on stderr."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import summarizer
from summarizer.errors import LibraryError
from summarizer.library import Library
from summarizer.models import encoding
from summarizer.newspaper import Newspaper
from tests.libraries import HashedEncoder
from tests.running import write_rows

SAMPLES = Path(summarizer.__file__).parent / "samples"
PAGE = SAMPLES / "yunxi_daily.txt"
STORIES = len(Newspaper().articles(PAGE))
ROWS = [
    {"id": "a", "text": "清河大桥昨天合龙。", "title": "大桥合龙", "date": "2024-08-27"},
    {"id": 7, "body": "县城新开三家书店。", "date": "2024年8月3日"},
]


@pytest.fixture
def run(monkeypatch, program):
    """The program with a hashed encoder."""
    monkeypatch.setattr(encoding, "load_encoder", lambda name, settings: HashedEncoder(name))
    return program


def test_pages_are_added_once(run) -> None:
    code, out, err = run("add", PAGE, "--library", "lib", "--json")
    counts = json.loads(out)
    assert (code, err, counts["library"], counts["inputs"]) == (0, "", "lib", 1)
    assert (counts["documents"], counts["known"], counts["set_aside"]) == (STORIES, 0, 0)
    code, out, err = run("add", SAMPLES, "--library", "lib", "--json")
    assert json.loads(out)["known"] == STORIES
    library = Library.open("lib")
    page = Newspaper().read(PAGE)
    first = library.document(f"{PAGE}#1")
    assert (first.paper, first.date, first.number) == (page.paper, page.date, page.number)
    assert library.count()[0] == counts["documents"] + json.loads(out)["documents"]


def test_a_person_reads_counts(run) -> None:
    code, out, err = run("add", PAGE)
    passages = Library.open("library").count()[1]
    assert (code, err) == (0, "")
    assert out.startswith(
        f"library: {STORIES} articles added ({passages} passages, 0 articles replaced), 0 known"
    )


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_are_added_once(run, tmp_path: Path, name: str) -> None:
    rows = write_rows(tmp_path / name, ROWS)
    assert json.loads(run("add", "--jsonl", rows, "--library", "lib", "--json")[1])["documents"] == 2
    assert json.loads(run("add", "--jsonl", rows, "--library", "lib", "--json")[1])["known"] == 2
    library = Library.open("lib")
    assert [(entry.id, entry.date, entry.headline) for entry in library.documents()] == [
        ("7", "2024-08-03", None),
        ("a", "2024-08-27", "大桥合龙"),
    ]
    assert library.document("7").text == ROWS[1]["body"]


def test_bad_rows_are_set_aside_with_their_lines(run, tmp_path: Path) -> None:
    bad = [
        "{",
        {"text": "没有编号。"},
        {"id": "e", "text": " "},
        {"id": "d", "text": "日期不对。", "date": "13月"},
    ]
    rows = write_rows(tmp_path / "rows.jsonl", [ROWS[0], *bad, ROWS[1]])
    code, out, err = run("add", "--jsonl", rows, "--json")
    assert code == 3
    assert (json.loads(out)["documents"], json.loads(out)["set_aside"], json.loads(out)["inputs"]) == (
        2,
        4,
        6,
    )
    told = err.splitlines()
    assert [line.split(": ")[1].rsplit(", ")[-1] for line in told] == ["line 2", "line 3", "line 4", "line 5"]
    assert "field id, found none" in told[1]
    assert "field text, found only blanks" in told[2]
    assert "expected a date such as 2024-08-27 in the field date, found '13月'" in told[3]


def test_a_page_that_cannot_be_read_stops_no_other(run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(b"")
    (tmp_path / "in/b.txt").write_bytes(PAGE.read_bytes())
    code, out, err = run("add", "in", "--json")
    assert (code, json.loads(out)["documents"], json.loads(out)["set_aside"]) == (3, STORIES, 1)
    assert err.startswith("Set aside: in/a.txt")
    assert run("add", "in/a.txt")[0] == 1


@pytest.mark.parametrize("words", [["add"], ["add", "x.txt", "--jsonl", "y.jsonl"], ["remove"]])
def test_wrong_words(run, words) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "Error" in err or "Usage" in err


def test_articles_and_pages_are_removed(run, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ROWS)
    run("add", PAGE)
    run("add", "--jsonl", rows)
    code, out, err = run("remove", PAGE, "nobody")
    assert (code, out) == (1, "")
    assert "nobody" in err
    assert json.loads(run("remove", PAGE, "a", "--json")[1])["removed"] == STORIES + 1
    assert [entry.id for entry in Library.open("library").documents()] == ["7"]


def test_another_encoder_asks_for_a_reindex(run, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ROWS)
    run("add", "--jsonl", rows)
    code, out, err = run("add", "--jsonl", rows, "--encoder", "other")
    assert (code, out) == (1, "")
    assert "summarizer reindex --library library" in err
    assert json.loads(run("reindex", "--encoder", "other", "--json")[1])["documents"] == 2
    assert run("add", "--jsonl", rows, "--encoder", "other")[0] == 0


def test_the_library_is_a_setting(run, monkeypatch) -> None:
    monkeypatch.setenv("SUMMARIZER_LIBRARY", "elsewhere")
    run("add", PAGE)
    assert Library.open("elsewhere").count()[0] == STORIES


def test_a_folder_of_something_else_is_left_alone(run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_bytes(b"x")
    code, _, err = run("add", PAGE, "--library", "photos")
    assert code == 1
    assert "found a folder of something else" in err
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]


def kept(uri: str) -> int:
    try:
        return Library.open(uri).count()[0]
    except LibraryError:  # not made yet
        return 0


def test_stopped_by_ctrl_c_the_same_command_goes_on(tmp_path: Path) -> None:
    long = ({"id": n, "text": f"第{n}条消息。" * 200} for n in range(600))
    rows = write_rows(tmp_path / "rows.jsonl", long)
    words = ["add", "--jsonl", str(rows), "--library", str(tmp_path / "lib")]
    root = SAMPLES.parent.parent
    slow = subprocess.Popen(
        [sys.executable, "-m", "tests.libraries", "program", "0.3", *words],
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not kept(words[-1]):
        time.sleep(0.05)
    slow.send_signal(signal.SIGINT)
    assert "run the same command again to go on" in slow.communicate()[1]
    assert slow.returncode == 130
    done = subprocess.run(
        [sys.executable, "-m", "tests.libraries", "program", "0", *words, "--json"],
        cwd=root, capture_output=True, check=True,
    )  # fmt: skip
    counts = json.loads(done.stdout)
    assert 0 < counts["known"] < 600
    assert counts["documents"] + counts["known"] == Library.open(str(tmp_path / "lib")).count()[0] == 600
