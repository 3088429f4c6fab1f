"""What a question asks for: its kind, what the answer looks like, and what it is called."""

from __future__ import annotations

import pytest

from summarizer.answertype import KINDS, AnswerType


@pytest.mark.parametrize(
    ("question", "kind", "unit", "head"),
    [
        ("门诊累计接诊多少人次？", "number", "人次", ""),
        ("客运站占地几亩？", "number", "亩", ""),
        ("水库有多深？", "number", "", ""),
        ("客运站何时启用？", "date", "", "启用"),
        ("哪一天开工？", "date", "", "开工"),
        ("谁负责抢修？", "who", "", "负责"),
        ("在哪个县举行了比赛？", "where", "", "县举"),
        ("演练检验了什么能力？", "which", "", "能力"),
        ("采取了什么样的措施？", "how", "", "措施"),
        ("包括哪些课程？", "several", "", "课程"),
        ("为什么停运？", "why", "", "停运"),
        ("是否停运？", "yes", "", "停运"),
        ("水位如何？", "how", "", ""),
        ("几内亚在哪里？", "where", "", ""),
        ("云溪水库", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_question_tells_what_it_wants(question, kind, unit, head):
    wanted = AnswerType.of(question)
    assert (wanted.kind, wanted.unit, wanted.head) == (kind, unit, head)
    assert wanted.number == (KINDS.index(kind) if kind else len(KINDS))


def test_the_question_words_are_where_the_answer_would_be():
    question = "演练检验了什么能力？"
    start, end = AnswerType.of(question).words
    assert question[start:end] == "什么"
    assert AnswerType.of("没有问什么").words != AnswerType.of("没有问").words == (3, 3)


@pytest.mark.parametrize(
    ("question", "answer", "fits"),
    [
        ("接诊多少人次？", "6800人次", True),
        ("接诊多少人次？", "三成", True),
        ("接诊多少人次？", "夜间门诊", False),
        ("何时启用？", "8月3日", True),
        ("何时启用？", "去年", True),
        ("何时启用？", "客运站", False),
        ("谁负责？", "高一帆", True),
        ("谁负责？", "6800", False),
        ("在哪里举行？", "云溪县", True),
        ("包括哪些课程？", "木工和园艺", True),
        ("检验了什么？", "任何话", True),
        ("云溪水库", "任何话", True),
    ],
)
def test_an_answer_fits_by_its_looks(question, answer, fits):
    assert AnswerType.of(question).fits(answer) is fits
