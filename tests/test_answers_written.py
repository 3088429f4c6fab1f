from itertools import pairwise
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.answers.evidence import NOTHING_FOUND, context_hits
from summarizer.answers.written import NOT_SAID, request, stream, unmarked
from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import server
from summarizer.records import Answer, Hit, Passage
from tests.fakes import ScriptedServer, ScriptedWriter, events

TEXT = "云溪县城南客运站昨日正式启用。该站占地42亩，总投资1.2亿元。站长高一帆介绍，首批开通线路26条。"
STATION = Passage("yx#1", (0, len(TEXT)), TEXT, headline="城南客运站启用", date="2024-08-22", number="3")
WHEAT = Passage("lw#3", (7, 29), "柳湾县32万亩小麦收割完毕，亩产512公斤。")
HITS = [Hit(1, STATION, 9.0), Hit(2, WHEAT, 4.0)]
ASKED = "城南客运站占地多少亩？"


def asked(reply, hits=HITS, **options):
    writer = ScriptedWriter(reply, **options)
    *pieces, answer = stream(ASKED, hits, writer, confidence=0.8)
    assert isinstance(answer, Answer)
    return pieces, answer, writer


def test_text_comes_in_pieces_and_the_answer_last():
    pieces, answer, writer = asked("<think>先看数字</think>城南客运站占地42亩[1]。")
    assert len(pieces) > 2 and "".join(pieces) == answer.text == "城南客运站占地42亩。"
    assert (answer.question, answer.refused) == (ASKED, False)
    assert (answer.confidence, answer.model) == (0.8, "scripted")
    assert [c.quote for c in answer.citations] == ["该站占地42亩，总投资1.2亿元。"]
    assert answer.unsupported == () and [check.text for check in answer.checks] == ["42亩"]
    assert len(writer.asked) == 1


def test_a_server_is_heard_while_it_writes():
    body = events("<think>42", "</think>城南客运站", "占地", "42亩[1", "]。")
    with ScriptedServer((200, {"content-type": "text/event-stream"}, body)) as fake:
        writer = server.load(f"tiny@{fake.url}", Settings())
        *pieces, answer = stream(ASKED, HITS, writer, confidence=0.8)
        writer.close()
    assert "".join(pieces) == answer.text == "城南客运站占地42亩。" and len(pieces) > 1
    assert answer.model == f"server:tiny@{fake.url}" and answer.citations[0].article == "yx#1"
    (request_sent,) = fake.requests
    assert [message["role"] for message in request_sent["messages"]] == ["system", "user"]
    assert TEXT in request_sent["messages"][1]["content"] and request_sent["stream"]


def test_the_prompt_shows_whole_passages_in_order_between_delimiters():
    prompt = asked("城南客运站占地42亩。")[2].prompts[0]
    first, second = prompt.index(f"2024-08-22  第3版  城南客运站启用\n{TEXT}"), prompt.index(WHEAT.text)
    assert prompt.index("片段1") < first < prompt.index("片段2") < second < prompt.index(ASKED)
    assert prompt.count("<报道>") == prompt.count("</报道>") == 2 and NOT_SAID in prompt


def test_passages_that_do_not_fit_are_left_out_whole_and_counted():
    writer = ScriptedWriter("", context=100_000)
    bare = writer.room(request(ASKED, [], writer)[1], budget=464)
    used = 100_000 - bare
    evidence, messages = request(ASKED, HITS, ScriptedWriter("", context=used + len(TEXT) + 60))
    assert (evidence.passages, evidence.left_out) == ((STATION,), 1)
    assert TEXT in messages[-1].content and WHEAT.text not in messages[-1].content
    evidence, messages = request(ASKED, HITS, ScriptedWriter("", context=used + 75))
    (cut,) = evidence.passages
    assert cut.text == TEXT[: cut.span[1]] and cut.text.endswith("。") and len(cut.text) < len(TEXT)
    assert evidence.left_out == 1 and cut.text in messages[-1].content
    with pytest.raises(ModelError, match="longer context"):
        request(ASKED, HITS, ScriptedWriter("", context=used + 10))


@pytest.mark.parametrize(
    "reply",
    [
        NOT_SAID,
        f"“{NOT_SAID}”。",
        f"对不起，{NOT_SAID}客运站占地多少亩。不过小麦亩产512公斤。",
        "",
        "<think>我不知道",
        "城南客运站占地99亩。",
        "客运站很大，欢迎参观。",
    ],
)
def test_a_reply_of_which_nothing_is_borne_out_is_a_refusal_with_the_nearest_passages(reply):
    answer = asked(reply)[1]
    assert answer.refused and answer.text == NOTHING_FOUND and answer.unsupported == ()
    nearest = [(c.article, c.start, c.end) for c in answer.citations]
    assert nearest == [("yx#1", 0, len(TEXT)), ("lw#3", 7, 29)]


def test_what_is_borne_out_stays_and_the_rest_is_marked():
    answer = asked("回答：城南客运站占地42亩。它是全省最大的。")[1]
    assert not answer.refused and answer.text == "城南客运站占地42亩。它是全省最大的。"
    assert [answer.text[slice(*span)] for span in answer.unsupported] == ["它是全省最大的。"]


def test_an_answer_is_plain_text():
    answer = asked("<b>城南客运站</b>占地42亩。<script>alert(1)</script><!-- 1.2亿元 -->")[1]
    assert answer.text == "城南客运站占地42亩。alert(1)" and len(answer.unsupported) == 1


def test_a_cancelled_stream_ends_without_an_answer():
    cancel = Event()
    running = stream(ASKED, HITS, ScriptedWriter("城南客运站占地42亩。"), confidence=0.8, cancel=cancel)
    assert next(running) == "城南客"
    cancel.set()
    assert not any(isinstance(item, Answer) for item in running)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("占地42亩[1]。", "占地42亩。"),
        ("占地42亩 [1][2]，投资1.2亿元【3】。", "占地42亩，投资1.2亿元。"),
        ("占地42亩[1, 2]。线路26条〔报道3〕", "占地42亩。线路26条"),
        ("占地42亩[^1]", "占地42亩"),
        ("占地42亩【4†L2】", "占地42亩"),
        ("占地42亩［片段1］", "占地42亩"),
        ("[[1]2]好", "好"),
        ("乘坐【1号线】", "乘坐【1号线】"),
        ("[2024年]大事", "[2024年]大事"),
        ("第[123]号", "第[123]号"),
        ("未完[", "未完["),
        ("隐\u200b藏", "隐藏"),
    ],
)
def test_marks_that_a_model_writes_are_taken_off(written, expected):
    assert "".join(unmarked([written])) == expected


@given(st.text(alphabet="占[]【】1,2 ^亩", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_a_stream_without_marks_is_the_same_however_it_is_cut(text, cuts):
    marks = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert "".join(unmarked(text[a:b] for a, b in pairwise(marks))) == "".join(unmarked([text]))


def test_a_stream_is_held_back_only_while_a_mark_may_begin():
    assert list(unmarked(["占地", "42亩", "[", "1]", "。"])) == ["占地", "42亩", "。"]
    assert list(unmarked(["见[", "附录]", "。"])) == ["见", "[附录]", "。"]


# --- the passages of a text given with the question


def test_a_context_is_cut_into_passages_best_first_with_its_own_offsets():
    context = f"{'柳湾县的小麦长势良好。' * 40}\n{TEXT}\n{'清河市的公交增开班次。' * 40}"
    hits = context_hits(ASKED, context, article="row 7", date="2024-08-22")
    assert "该站占地42亩" in hits[0].passage.text
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert sorted(hits, key=lambda hit: -hit.score) == hits
    for hit in hits:
        assert context[slice(*hit.passage.span)] == hit.passage.text
        assert (hit.passage.article, hit.passage.date) == ("row 7", "2024-08-22")
    assert sum(len(hit.passage.text) for hit in hits) == len(context)


def test_a_blank_context_and_a_question_of_marks_have_no_best():
    assert context_hits(ASKED, " \n", article="a") == []
    assert [hit.passage.span for hit in context_hits("？", TEXT, article="a")] == [(0, len(TEXT))]
