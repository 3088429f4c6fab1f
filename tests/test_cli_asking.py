"""search and ask on the command line: fields, streams, exit codes, what goes wrong."""

from __future__ import annotations

import io
import json
import sys
from functools import cached_property
from pathlib import Path

import pytest

from summarizer import newspaper as room
from summarizer.answers.answering import Answerer
from summarizer.answers.citing import resolve
from summarizer.answers.evidence import NOTHING_FOUND
from summarizer.batch import progress
from summarizer.errors import ModelError
from summarizer.library import Library
from summarizer.newspaper import Newspaper
from summarizer.records import Citation, Document
from tests.fakes import PointedGate, PointingReader, ScriptedWriter, WordSearcher
from tests.libraries import HashedEncoder
from tests.running import write_rows

STATION = Document(
    "yx.txt#1",
    "云溪县城南客运站昨日正式启用。该站占地42亩，总投资1.2亿元。站长高一帆介绍，首批开通线路26条。",
    headline="城南客运站启用",
    date="2024-08-22",
    page="yx.txt",
    number="3",
    paper="云溪日报",
)
WHEAT = Document(
    "lw.txt#2",
    "柳湾县32万亩小麦全部收割完毕，平均亩产512公斤。",
    headline="柳湾小麦丰收",
    date="2024-06-20",
    page="lw.txt",
    number="1",
    paper="柳湾日报",
)
ASKED = "城南客运站占地多少亩？"


class Scripted(Newspaper):
    """The real one, with a search by words and a scripted chat model."""

    said = "城南客运站占地42亩。"

    def __init__(self, settings=None):
        super().__init__(settings, encoder=HashedEncoder())

    @cached_property
    def searcher(self):
        return WordSearcher(self.library)

    @cached_property
    def answerer(self):
        return Answerer(PointingReader("42亩", "小麦"), PointedGate(), ScriptedWriter(self.said))


@pytest.fixture
def run(monkeypatch, program, tmp_path):
    """The program in a folder with a library."""
    Library.create(str(tmp_path / "library"), HashedEncoder()).add([[STATION], [WHEAT]], HashedEncoder())
    monkeypatch.setattr(room, "Newspaper", Scripted)
    return program


def parsed(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def questions(folder: Path, *rows: object, name: str = "q.jsonl") -> str:
    return write_rows(folder / name, rows).name


# --- search


def test_hits_as_json_lines(run) -> None:
    code, out, err = run("search", ASKED, "--json")
    (hit, *_) = parsed(out)
    assert (code, err) == (0, "")
    assert list(hit)[:6] == ["id", "rank", "article", "span", "score", "text"]
    assert (hit["id"], hit["rank"], hit["article"]) == (None, 1, "yx.txt#1")
    assert STATION.text[slice(*hit["span"])] == hit["text"]
    told = [hit[name] for name in ("headline", "date", "page", "number", "paper")]
    assert told == ["城南客运站启用", "2024-08-22", "yx.txt", "3", "云溪日报"]
    assert hit["lexical"] == hit["score"] > 0 and hit["dense"] is None
    assert {hit["text"][slice(*span)] for span in hit["matches"]} >= {"城南", "客运", "占地"}


def test_hits_are_limited_and_filtered(run) -> None:
    def found(*words) -> list[str]:
        return [hit["article"] for hit in parsed(run("search", "客运站和小麦", "--json", *words)[1])]

    assert set(found()) == {"yx.txt#1", "lw.txt#2"}
    assert len(found("-k", 1)) == 1
    assert found("--from", "2024-07-01") == found("--number", "3") == ["yx.txt#1"]
    assert found("--to", "2024-07-01") == found("--paper", "柳湾日报") == ["lw.txt#2"]
    assert found("--from", "2024-06-20", "--to", "2024-06-20") == ["lw.txt#2"]


def test_relative_days_are_searched_on_the_pages_that_print_them(run) -> None:
    def found(*words) -> list[str]:
        return [hit["article"] for hit in parsed(run("search", "昨天客运站和小麦怎样", "--json", *words)[1])]

    assert found() == ["yx.txt#1"]  # the newest page is of 22 August
    assert found("--today", "2024-06-21") == ["lw.txt#2"]


def test_many_questions_in_their_order(run, tmp_path: Path) -> None:
    name = questions(tmp_path, {"id": "a", "question": "小麦"}, {"question": "客运站"}, name="q.jsonl.gz")
    code, out, _ = run("search", "--jsonl", name, "--json")
    assert code == 0
    assert [(row["id"], row["article"]) for row in parsed(out)] == [("a", "lw.txt#2"), (2, "yx.txt#1")]


def test_hits_for_a_person_show_what_matched(run) -> None:
    code, out, _ = run("search", ASKED)
    assert code == 0
    assert "  1  城南客运站启用  2024-08-22  第3版  云溪日报" in out
    assert "〖城南〗" in out and "yx.txt#1" in out
    assert not any(line != line.rstrip() for line in out.splitlines())
    assert "没有找到。" in run("search", "zzz")[1]


# --- ask


def test_an_answer_as_a_json_line(run) -> None:
    code, out, err = run("ask", ASKED, "--json")
    (row,) = parsed(out)
    assert (code, err) == (0, "")
    assert list(row)[:6] == ["id", "question", "answer", "refused", "citations", "confidence"]
    assert (row["id"], row["question"], row["answer"], row["refused"]) == (None, ASKED, Scripted.said, False)
    (cited,) = row["citations"]
    assert (cited["article"], cited["quote"]) == ("yx.txt#1", "该站占地42亩，总投资1.2亿元。")
    assert STATION.text[cited["start"] : cited["end"]] == cited["quote"]
    assert resolve(Citation(**cited), STATION.text) == (cited["start"], cited["end"])
    assert (row["confidence"], row["message"], row["unsupported"], row["days"]) == (0.9, None, [], [])


def test_a_refusal_says_so_and_names_the_nearest(run, monkeypatch) -> None:
    writer = ScriptedWriter(Scripted.said)
    monkeypatch.setattr(Scripted, "answerer", Answerer(PointingReader(), PointedGate(), writer))
    code, out, _ = run("ask", "城南客运站的站长多大年纪？", "--json")
    (row,) = parsed(out)
    assert (code, row["answer"], row["refused"], row["confidence"]) == (0, "", True, 0.1)
    assert row["message"] == NOTHING_FOUND and not writer.asked  # the gate stands before the model
    assert [cited["article"] for cited in row["citations"]] == ["yx.txt#1"]
    out = run("ask", "城南客运站的站长多大年纪？")[1]
    assert out.startswith(f"{NOTHING_FOUND}\n把握 10%") and "最接近的段落\n  1  城南客运站启用" in out


def test_where_nothing_is_found_nothing_is_near(run) -> None:
    code, out, _ = run("ask", "zzz", "--json")
    (row,) = parsed(out)
    assert (code, row["refused"], row["citations"], row["confidence"]) == (0, True, [], 0.0)
    assert "最接近的段落" not in run("ask", "zzz")[1]


def test_what_was_understood_and_what_yesterday_means_are_told(run, monkeypatch) -> None:
    monkeypatch.setattr(Scripted, "said", "城南客运站昨日正式启用。")
    (row,) = parsed(run("ask", "昨天什么客运站启用了？", "--json")[1])
    assert row["question"] == "昨天什么客运站启用了？"
    assert row["understood"] == "昨天什么客运站启用了？（昨天：2024年8月21日）"
    assert row["days"] == [{"text": "昨日", "since": "2024-08-21", "until": "2024-08-21"}]


def test_an_answer_for_a_person(run, monkeypatch) -> None:
    monkeypatch.setattr(Scripted, "said", "占地42亩。它是全省最大的。")
    code, out, _ = run("ask", ASKED)
    assert code == 0
    assert out.startswith("占地42亩。它是全省最大的。\n把握 90%  scripted")
    assert "⚠ 原文未见：它是全省最大的。" in out
    assert "  1  城南客运站启用  2024-08-22  第3版  云溪日报\n     该站占地42亩，总投资1.2亿元。\n" in out


def test_the_answer_is_marked_in_its_sentence(run, monkeypatch) -> None:
    monkeypatch.setattr(Scripted, "said", "占地42亩")
    assert "该站〖占地42亩〗，总投资1.2亿元。" in run("ask", ASKED)[1]


# --- many questions


def test_bad_rows_are_set_aside_and_the_others_go_on(run, tmp_path: Path) -> None:
    name = questions(
        tmp_path,
        {"id": 1, "question": ASKED},
        "no json",
        {"id": 3},
        {"id": 4, "question": "  "},
        {"id": 5, "question": "问" * 100_000},
        {"id": 6, "question": 7},
        {"id": 7, "question": ASKED},
    )
    code, out, err = run("ask", "--jsonl", name, "--json")
    assert (code, [row["id"] for row in parsed(out)]) == (3, [1, 7])
    for number, reason in (
        (2, "expected a JSON object"),
        (3, "expected a text in the field question, found none"),
        (4, "expected a text in the field question, found only blanks"),
        (5, "expected a question of at most 1,000 characters, found 100,000"),
        (6, "expected a text in the field question, found a int"),
    ):
        assert f"Set aside: q.jsonl, line {number}: {reason}" in err


def test_questions_from_standard_input(run, monkeypatch) -> None:
    row = json.dumps({"id": "x", "question": ASKED}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row)))
    code, out, _ = run("ask", "--jsonl", "-", "--json")
    assert (code, [row["id"] for row in parsed(out)]) == (0, ["x"])


def test_progress_is_told_on_stderr(run, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    name = questions(tmp_path, *({"question": ASKED} for _ in range(3)))
    code, out, err = run("ask", "--jsonl", name, "--json")
    assert (code, len(parsed(out))) == (0, 3)
    assert "1 of 3 questions" in err and "3 of 3 questions" in err


def test_a_row_is_answered_from_its_own_text_without_a_library(run, tmp_path: Path) -> None:
    text = f"本报讯\n{STATION.text}\n{WHEAT.text}"
    name = questions(
        tmp_path,
        {"id": 7, "question": ASKED, "text": text},
        {"id": "b", "question": "昨天什么启用了？", "text": STATION.text, "date": "2024-08-22"},
        {"id": "c", "question": ASKED},
        {"id": "d", "question": ASKED, "text": text, "date": "八月"},
    )
    command = ("ask", "--jsonl", name, "--context-field", "text", "--json", "--library", "gone")
    code, out, err = run(*command)
    first, second = parsed(out)
    assert code == 3
    assert (first["id"], first["answer"], first["citations"][0]["article"]) == (7, Scripted.said, 7)
    cited = first["citations"][0]
    assert text[cited["start"] : cited["end"]] == cited["quote"] == "该站占地42亩，总投资1.2亿元。"
    assert second["understood"] == "昨天什么启用了？（昨天：2024年8月21日）"
    assert "line 3: expected a text in the field text, found none" in err
    assert "line 4: expected a date such as 2024-08-27 in the field date, found '八月'" in err
    assert "该站占地42亩" in run(*command[:-3], "--library", "gone")[1]  # for a person


def test_a_model_that_fails_once_costs_a_question_and_thrice_the_run(run, monkeypatch, tmp_path) -> None:
    class Failing(ScriptedWriter):
        def stream_messages(self, messages, **options):
            if "读者的问题：柳湾" in messages[-1].content:
                raise ModelError("the scripted model was told to fail")
            return super().stream_messages(messages, **options)

    answerer = Answerer(PointingReader("42亩", "小麦"), PointedGate(), Failing(Scripted.said))
    monkeypatch.setattr(Scripted, "answerer", answerer)
    bad = {"question": "柳湾小麦亩产多少？"}
    name = questions(tmp_path, bad, bad, {"question": ASKED}, bad)
    code, out, err = run("ask", "--jsonl", name, "--json")
    assert (code, [row["id"] for row in parsed(out)]) == (3, [3])
    assert err.count("the scripted model was told to fail") == 3
    code, out, err = run("ask", "--jsonl", questions(tmp_path, bad, bad, bad, {"question": ASKED}), "--json")
    assert (code, out) == (1, "") and err.endswith("Error: the scripted model was told to fail\n")


# --- what goes wrong


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search"], "expected QUESTION or --jsonl FILE, found neither"),
        (["ask"], "expected QUESTION or --jsonl FILE, found neither"),
        (["ask", "a", "--jsonl", "b"], "expected QUESTION or --jsonl FILE, found both"),
        (["ask", "a", "--context-field", "text"], "expected --jsonl FILE with --context-field"),
        (["search", "a", "-k", "0"], "-k"),
        (["ask", "a", "--nothing"], "--nothing"),
    ],
)
def test_wrong_usage_is_2(run, words, says) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "") and says in err and "Traceback" not in err


@pytest.mark.parametrize("verb", ["search", "ask"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([""], "expected a question, found none. Write what you want to know."),
        (["？！"], "expected a question, found none"),
        (["问" * 100_000], "expected a question of at most 1,000 characters, found 100,000"),
        (["客运站", "--library", "gone"], "gone: expected a library"),
        (["客运站", "--library", "empty"], "empty: expected a library with pages in it, found an empty one"),
        (["客运站", "--library", "other"], "other: "),
        (["客运站", "--from", "gestern"], "expected an ISO date"),
        (["客运站", "--today", "2024-99-01"], "expected an ISO date"),
        (["客运站", "--from", "2024-09-01", "--to", "2024-08-01"], "expected --from before --to"),
        (["--jsonl", "gone.jsonl"], "gone.jsonl: expected readable JSON Lines"),
    ],
)
def test_errors_are_one_line_and_1(run, tmp_path: Path, verb, words, says) -> None:
    Library.create(str(tmp_path / "empty"), HashedEncoder())
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").write_text("无关的文件", encoding="utf-8")
    code, out, err = run(verb, *words)
    assert (code, out) == (1, "")
    assert err.startswith("Error: ") and says in err and err.count("\n") == 1


def test_a_missing_library_is_an_error_once_and_not_for_every_row(run, tmp_path: Path) -> None:
    name = questions(tmp_path, {"question": ASKED}, {"question": ASKED})
    code, out, err = run("ask", "--jsonl", name, "--library", "gone", "--json")
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_a_document_does_not_steer_the_terminal(run, tmp_path: Path) -> None:
    odd = Document("odd#1", "闸口\x1b[2J水位\x07正常，巡堤照旧。", headline="闸口\x1b]0;x\x07")
    Library.open(str(tmp_path / "library")).add([[odd]], HashedEncoder())
    out = run("search", "闸口水位")[1]
    assert "闸口" in out and "\x1b" not in out and "\x07" not in out


def test_help_shows_examples_and_options(run) -> None:
    for verb in ("search", "ask"):
        code, out, _ = run(verb, "--help")
        assert code == 0 and f"summarizer {verb} --jsonl" in out and "--library" in out
