"""Conversations outlive the server, and nobody reads another's."""

from __future__ import annotations

import json
import stat
import threading

import pytest

from summarizer.errors import NotYoursError, StoreError
from summarizer.records import Answer, Check, Citation
from summarizer.web.conversations import Conversations
from summarizer.web.store import Store

ANSWER = Answer(
    "门诊接诊多少人次？", "接诊6800人次，另有9人。", False,
    (Citation("a#1", 3, 9, "接诊6800人次", "00"),), 0.87, "bundled",
    (
        Check("9人", "number", (9, 11), False, None, "not in the text"),
        Check("6800人次", "number", (2, 8), True, (0, 6), "exact"),
    ),
    ((8, 12),),
)  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "app.sqlite"


def kept_in(path) -> Conversations:
    return Conversations(Store(path))


def test_what_was_said_is_there_after_a_restart_with_all_its_evidence(path) -> None:
    talk = kept_in(path).create("yuan", "  夜间\n门诊 ")
    kept_in(path).add_turn("yuan", talk.id, "接诊多少？", ANSWER)
    kept_in(path).add_turn("yuan", talk.id, "还有呢？", None, partial="截至")
    again = kept_in(path)
    first, second = again.turns("yuan", talk.id)
    assert (first.question, first.answer) == ("接诊多少？", ANSWER)
    assert (second.answer, second.partial) == (None, "截至")
    assert [one.title for one in again.list("yuan")] == ["夜间 门诊"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["turns", "rename", "delete", "add_turn", "export", "get"])
def test_anothers_id_is_the_same_as_none(path, name) -> None:
    kept = kept_in(path)
    mine = kept.create("yuan", "我的")
    more = {"rename": ("x",), "add_turn": ("q", ANSWER), "export": ("json",)}.get(name, ())
    said = set()
    for guessed in (mine.id, "0" * 32, "' OR 1=1 --", ""):
        with pytest.raises(NotYoursError) as error:
            getattr(kept, name)("zhao", guessed, *more)
        said.add(str(error.value))
    assert len(said) == 1
    assert kept.list("zhao") == []
    assert kept.turns("yuan", mine.id) == [] and kept.list("yuan")[0].title == "我的"


def test_rename_delete_and_search(path) -> None:
    kept = kept_in(path)
    one, two = kept.create("yuan", "一"), kept.create("yuan", "100%_满")
    kept.add_turn("yuan", one.id, "青柳公路多长？", ANSWER)
    assert [c.id for c in kept.list("yuan")] == [one.id, two.id]  # the last changed first
    assert [c.id for c in kept.list("yuan", "青柳公路")] == [one.id]
    assert [c.id for c in kept.list("yuan", "0%_")] == [two.id]
    kept.rename("yuan", two.id, "二")
    kept.delete("yuan", one.id)
    assert [c.title for c in kept.list("yuan")] == ["二"]
    assert "青柳".encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_export(path) -> None:
    kept = kept_in(path)
    talk = kept.create("yuan", "门诊")
    kept.add_turn("yuan", talk.id, "接诊<img src=x>？\n# 题", ANSWER)
    told = kept.export("yuan", talk.id, "markdown")
    assert "1. “接诊6800人次”" in told and "<img" not in told.replace("\\<", "")
    row = json.loads(kept.export("yuan", talk.id, "json"))
    assert row["turns"][0]["answer"]["citations"][0]["quote"] == "接诊6800人次"


def test_many_writers_lose_nothing(path) -> None:
    talk = kept_in(path).create("yuan", "多")

    def write(who: int) -> None:
        kept = kept_in(path)
        for at in range(10):
            kept.add_turn("yuan", talk.id, f"{who}:{at}", ANSWER)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [turn.question for turn in kept_in(path).turns("yuan", talk.id)]
    assert sorted(asked) == sorted(f"{who}:{at}" for who in range(6) for at in range(10))
    for who in range(6):
        assert [q for q in asked if q.startswith(f"{who}:")] == [f"{who}:{at}" for at in range(10)]


def test_another_version_and_another_file_are_told(path) -> None:
    store = Store(path)
    with store.writing() as base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="found format 99"):
        Store(path)
    other = path.with_name("other")
    other.write_text("a diary " * 200, encoding="utf-8")
    with pytest.raises(StoreError, match="other: expected conversations"):
        Store(other)
