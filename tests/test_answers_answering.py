"""Newspaper.search, ask and ask_context over a real library, with a search by words and scripted models."""

from __future__ import annotations

from threading import Event

import pytest

from summarizer import Answer, Filters, Newspaper, Settings, models
from summarizer.answers.answering import Answerer
from summarizer.answers.citing import resolve
from summarizer.errors import LibraryError, ModelError, QuestionError
from summarizer.library import Library
from summarizer.records import Document
from tests.fakes import PointedGate, PointingReader, ScriptedWriter, WordSearcher
from tests.libraries import HashedEncoder
from tests.scripted import ScriptedGenerator

TEXT = "云溪县城南客运站昨日正式启用。该站占地42亩，总投资1.2亿元。首批开通线路26条。"
PAGES = [
    [Document("yx#1", TEXT, "城南客运站启用", "2024-08-22", "yx", "3")],
    [Document("lw#2", "柳湾县小麦收割完毕，平均亩产512公斤。", "柳湾小麦丰收", "2024-06-20", "lw", "1")],
]
ASKED = "城南客运站占地多少亩？"


@pytest.fixture
def library(tmp_path):
    made = Library.create(str(tmp_path / "archive"), HashedEncoder())
    made.add(PAGES, HashedEncoder())
    return made


def newspaper(library, *replies, reader=None, **settings):
    writer = ScriptedWriter(*replies)
    reader = PointingReader("42亩", "512公斤", "26条") if reader is None else reader
    return Newspaper(
        Settings(library=library.uri, **settings),
        encoder=HashedEncoder(),
        searcher=WordSearcher(library),
        answerer=Answerer(reader, PointedGate(), writer),
    ), writer


def test_a_question_is_answered_with_the_sentence_that_says_it(library) -> None:
    paper, _ = newspaper(library, "城南客运站占地42亩。")
    answer = paper.ask(ASKED)
    assert (answer.text, answer.question, answer.refused) == ("城南客运站占地42亩。", ASKED, False)
    (citation,) = answer.citations
    assert citation.quote == "该站占地42亩，总投资1.2亿元。"
    assert resolve(citation, library.document("yx#1").text) == (citation.start, citation.end)


def test_a_stream_ends_with_the_same_answer(library) -> None:
    paper, _ = newspaper(library, "城南客运站占地42亩。")
    *pieces, answer = paper.ask_stream(ASKED)
    assert "".join(pieces) == answer.text and answer == paper.ask(ASKED)
    cancel = Event()
    cancel.set()
    assert not any(isinstance(item, Answer) for item in paper.ask_stream(ASKED, cancel=cancel))


def test_a_follow_up_is_rewritten_by_the_chat_model_and_then_searched_for(library) -> None:
    paper, writer = newspaper(
        library, "城南客运站占地42亩。", "城南客运站开通了几条线路？", "城南客运站首批开通线路26条。"
    )
    first = paper.ask(ASKED)
    second = paper.ask("那有几条线路？", history=[first])
    assert (second.question, second.text) == ("城南客运站开通了几条线路？", "城南客运站首批开通线路26条。")
    assert [question for question, _ in paper.searcher.asked] == [ASKED, second.question]
    assert "城南客运站占地42亩。" in writer.prompts[1]


def test_days_count_from_the_newest_page_that_is_asked_about(library) -> None:
    paper, _ = newspaper(library, "")
    assert paper.understand("昨天有什么新闻？").text == "昨天有什么新闻？（昨天：2024年8月21日）"
    assert paper.understand("昨天有什么新闻？", filters=Filters(page="lw")).filters == Filters(
        since="2024-06-19", until="2024-06-20", page="lw"
    )
    assert paper.understand("今年呢", today="2020-01-01").text == "今年呢（今年：2020年）"


def test_the_settings_say_how_many_passages_are_read(library) -> None:
    both = "客运站占地和小麦亩产是多少？"
    for count in (1, 2):
        paper, writer = newspaper(library, "", passages=count)
        paper.ask(both)
        assert writer.prompts[0].count("<报道>") == count
    assert [hit.rank for hit in paper.search(both)] == [1, 2] and len(paper.search(both, k=1)) == 1


def test_the_gate_decides_before_the_model_is_asked(library) -> None:
    paper, writer = newspaper(library, "城南客运站占地42亩。", reader=PointingReader())
    answer = paper.ask(ASKED)
    assert answer.refused and answer.confidence == 0.1 and not writer.asked
    assert [citation.article for citation in answer.citations] == ["yx#1"]


def test_a_text_is_answered_from_without_a_library(tmp_path) -> None:
    answerer = Answerer(PointingReader("42亩"), PointedGate(), ScriptedWriter("客运站占地42亩。"))
    paper = Newspaper(Settings(library=str(tmp_path / "none")), answerer=answerer)
    answer = paper.ask_context("昨天启用的客运站占地多少亩？", TEXT, article="mine", date="2024-08-22")
    assert answer.question.endswith("（昨天：2024年8月21日）")
    (citation,) = answer.citations
    assert citation.article == "mine" and TEXT[citation.start : citation.end] == citation.quote
    assert paper.ask_context("占地多少亩？", "").refused
    with pytest.raises(QuestionError):
        paper.ask_context(" ", TEXT)
    with pytest.raises(LibraryError, match="expected a library"):
        Newspaper(Settings(library=str(tmp_path / "none")), encoder=HashedEncoder()).library.count()


def test_a_question_is_looked_at_before_the_library(tmp_path) -> None:
    paper = Newspaper(Settings(library=str(tmp_path / "none")))
    for ask in (paper.ask, paper.search):
        with pytest.raises(QuestionError):
            ask("")


def test_an_empty_library_says_so(tmp_path) -> None:
    paper, _ = newspaper(Library.create(str(tmp_path / "new"), HashedEncoder()), "")
    with pytest.raises(LibraryError, match="found an empty one"):
        paper.ask(ASKED)


def test_a_model_that_only_writes_headlines_cannot_be_asked(monkeypatch) -> None:
    monkeypatch.setattr(models, "load", lambda name, settings: ScriptedGenerator())
    with pytest.raises(ModelError, match="cannot be asked"):
        _ = Newspaper(Settings(reader="seq2seq:x"))._writer()
    assert Newspaper()._writer() is None
