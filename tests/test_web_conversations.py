"""Conversations: kept as shown, found again after a restart, and nobody else's."""

from __future__ import annotations

import json

import pytest

from summarizer.errors import NotYoursError, StoreError
from summarizer.records import Answer, Check, Citation, Document
from summarizer.web import conversations as module
from summarizer.web.answerform import answer_of, json_of
from summarizer.web.conversations import Conversations
from summarizer.web.store import Store

CITED = Citation("云溪日报#2", 5, 16, "客运站占地42亩。", "0" * 64)
ANSWER = Answer(
    "客运站占地多少亩？", "42亩", False, (CITED,), 0.93, "reader",
    (Check("42亩", "number", (0, 3), True, (8, 11), ""), Check("王平", "name", (0, 2), False, None, "无")),
    ((0, 3),),
)  # fmt: skip
REFUSED = Answer("谁写的？", "资料库里没有答案。", True, (CITED,), 0.1, "reader")


class Clock:
    """Every look is a second later."""

    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        self.now += 1
        return self.now


@pytest.fixture
def kept(store):
    return Conversations(store, clock=Clock())


# --- what is kept


@pytest.mark.parametrize("answer", [ANSWER, REFUSED], ids=["answer", "refusal"])
def test_an_answer_comes_back_as_it_was(answer):
    assert answer_of(json_of(answer)) == answer


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", json_of(ANSWER).replace("quote", "quota")])
def test_anything_else_is_no_answer(text):
    with pytest.raises(StoreError, match="expected a kept answer"):
        answer_of(text)


def test_turns_survive_a_restart(store, kept):
    talk = kept.create("local", "  客运站\n 的事 ")
    kept.add_turn("local", talk.id, "占地多少亩？", ANSWER)
    kept.add_turn("local", talk.id, "谁写的？", REFUSED)
    kept.add_turn("local", talk.id, "还有呢？", None, "据记者")
    kept.add_turn("local", talk.id, "别的呢？", None)
    store.close()
    again = Store(store.path)
    turns = Conversations(again).turns("local", talk.id)
    again.close()
    assert [turn.question for turn in turns] == ["占地多少亩？", "谁写的？", "还有呢？", "别的呢？"]
    assert [turn.answer for turn in turns] == [ANSWER, REFUSED, None, None]
    assert [turn.partial for turn in turns] == [None, None, "据记者", ""]
    assert talk.title == "客运站 的事"


def test_the_last_changed_comes_first(kept):
    first, second = kept.create("local", "一"), kept.create("local", "二")
    assert [one.title for one in kept.list("local")] == ["二", "一"]
    kept.add_turn("local", first.id, "？", None)
    assert [(one.title, one.turns) for one in kept.list("local")] == [("一", 1), ("二", 0)]
    kept.rename("local", second.id, "叁" * 200)
    assert kept.list("local")[0].title == "叁" * 80


def test_search_reads_titles_questions_and_answers(kept):
    kept.create("local", "ＡＢＣ集团")
    two = kept.create("local", "二")
    kept.add_turn("local", two.id, "客运站占地多少？", ANSWER)
    three = kept.create("local", "三")
    kept.add_turn("local", three.id, "哪天？", None, "八月")

    def found(word):
        return [one.title for one in kept.list("local", word)]

    assert found("abc") == ["ＡＢＣ集团"]
    assert found("客运站") == found("42亩") == ["二"]
    assert found("八月") == ["三"]
    assert found("没有这个词") == []
    assert found("%") == found("_") == []  # no pattern, a text
    assert found(" ") == ["三", "二", "ＡＢＣ集团"]


def test_deleted_is_gone_from_the_disk_too(store, kept):
    talk, other = kept.create("local", "秘密的标题"), kept.create("local", "别的")
    for _ in range(50):
        kept.add_turn("local", talk.id, "一个谁也不该再读到的问题", ANSWER)
    secret = "谁也不该再读到".encode()
    assert secret in b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    kept.delete("local", talk.id)
    with pytest.raises(NotYoursError):
        kept.turns("local", talk.id)
    left = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert secret not in left and "秘密的标题".encode() not in left
    assert [one.id for one in kept.list("local")] == [other.id]


def test_what_a_browser_may_send_breaks_nothing(kept):
    talk = kept.create("local", "a\0b\ud800c")
    kept.add_turn("local", talk.id, "x\ud83dy\0z", None, "\udfff")
    [turn] = kept.turns("local", talk.id)
    assert (talk.title, turn.question, turn.partial) == ("a\ufffdb\ufffdc", "x\ufffdy\ufffdz", "\ufffd")
    assert kept.list("local", "\ud800") != []
    for id in ("", "\0", "\ud800", "' OR 1=1 --", "%"):
        with pytest.raises(NotYoursError):
            kept.turns("local", id)


def test_too_much_is_refused_with_a_sentence(kept, monkeypatch):
    monkeypatch.setattr(module, "_CONVERSATIONS", 2)
    monkeypatch.setattr(module, "_TURNS", 1)
    talk = kept.create("local", "一")
    kept.create("local", "二")
    with pytest.raises(StoreError, match="at most 2 conversations"):
        kept.create("local", "三")
    kept.create("another", "三")  # the others have room
    kept.add_turn("local", talk.id, "？", None)
    with pytest.raises(StoreError, match="Begin a new one"):
        kept.add_turn("local", talk.id, "？", None)
    with pytest.raises(StoreError, match="fewer words"):
        kept.add_turn("local", talk.id, "？" * 100_001, None)


# --- whose it is


@pytest.mark.parametrize(
    "act",
    [
        lambda kept, id: kept.get("eve", id),
        lambda kept, id: kept.turns("eve", id),
        lambda kept, id: kept.add_turn("eve", id, "？", None),
        lambda kept, id: kept.rename("eve", id, "mine"),
        lambda kept, id: kept.delete("eve", id),
        lambda kept, id: kept.export("eve", id, "json"),
        lambda kept, id: kept.export("eve", id, "markdown"),
    ],
    ids=["get", "turns", "add_turn", "rename", "delete", "json", "markdown"],
)
def test_a_guessed_id_opens_nothing(kept, act):
    talk = kept.create("ann", "她的")
    kept.add_turn("ann", talk.id, "？", ANSWER)
    before = kept.get("ann", talk.id), kept.turns("ann", talk.id)
    with pytest.raises(NotYoursError) as guessed:
        act(kept, talk.id)
    with pytest.raises(NotYoursError) as unknown:
        act(kept, "0" * 32)
    assert str(guessed.value) == str(unknown.value)  # not even that it exists is told
    assert (kept.get("ann", talk.id), kept.turns("ann", talk.id)) == before


def test_every_list_is_the_owners_alone(kept):
    kept.create("ann", "她的")
    kept.create("bob", "他的")
    assert [one.title for one in kept.list("ann")] == ["她的"]
    assert kept.list("bob", "她的") == [] == kept.list("eve")


# --- as a file


def test_markdown_shows_marks_as_they_are(kept):
    talk = kept.create("local", "# 标题 <b>")
    evil = "<img src=x onerror=alert(1)> [a](javascript:b) https://evil.example www.evil.example ![x](y)"
    answer = Answer("理解后的问题", f"- {evil}\n第二段", False, (CITED,), 0.9, "chat", (), ((0, 3),))
    kept.add_turn("local", talk.id, evil, answer)
    kept.add_turn("local", talk.id, "停了的", None, "说到一半")
    found = Document("云溪日报#2", "", "客运站启用", "2024-08-27", number="3", paper="云溪日报")
    text = kept.export("local", talk.id, "markdown", {"云溪日报#2": found}.get)
    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "<img" not in html and "<a " not in html and "<ul>" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "“客运站占地42亩。” — 客运站启用，云溪日报，2024-08-27，第3版" in html
    assert "说到一半" in html and "（已停止）" in html and "理解为：理解后的问题" in html
    assert "https://" not in text and "www.evil" not in text  # programs that look for addresses find none


def test_json_has_the_fields_of_the_command_line(kept):
    talk = kept.create("local", "客运站")
    kept.add_turn("local", talk.id, "占地多少亩？", ANSWER)
    kept.add_turn("local", talk.id, "停了的", None, "一半")
    whole = json.loads(kept.export("local", talk.id, "json"))
    [first, second] = whole["turns"]
    assert whole["title"] == "客运站" and first["question"] == "占地多少亩？"
    assert first["answer"]["citations"][0]["quote"] == CITED.quote
    assert (second["answer"], second["stopped_after"]) == (None, "一半")
