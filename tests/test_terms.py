"""What texts are found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.terms import asking, index_terms, query_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ""),
        ("，。！", ""),
        ("电", "电"),
        ("加装电梯", "加 加装 装 装电 电 电梯 梯"),
        ("营收2,879.5亿元", "营 营收 收 2879.5 亿 亿元 元"),
        ("ＸｅＳＳ 1.2", "xess 1.2"),
        ("8 月 16 日", "8 月 16 日"),
        ("1,200,000元", "1200000 元"),
        ("１，２００人", "1200 人"),
        ("2024-08-27 5G", "2024 08 27 5g"),
        ("iPhone15发布", "iphone15 发 发布 布"),
        ("3.14x", "3 14x"),
        ("ﬁnal_test", "final test"),
        ("\u3000\n", ""),
    ],
)
def test_index_terms(text, terms):
    assert index_terms(text) == terms


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("", []),
        ("？？", []),
        ("加装电梯", ["加装", "装电", "电梯"]),
        ("电梯装了多少部？", ["电梯", "梯装", "装了"]),
        ("雨", ["雨"]),
        ("什么", ["什么"]),
        ("A03版 A03", ["a03", "版"]),
        ("为何停产？", ["停产"]),
        ("多少钱", ["少钱"]),
        ("哪吒在哪里", ["哪吒", "吒在"]),
        ("几内亚有多少人口", ["几内", "内亚", "亚有", "人口"]),
        ("哪些", ["哪些"]),
        ("什么多少", ["什么", "么多", "多少"]),
        ("营收１，２００万", ["营收", "1200", "万"]),
    ],
)
def test_query_terms(question, terms):
    assert query_terms(question) == terms


@given(st.text(alphabet=st.sampled_from("电梯装多少什么0129.,，ＡａB 5％。\n"), max_size=30))
def test_a_text_says_every_term_it_is_asked_with(text):
    terms = query_terms(text)
    assert set(terms) <= set(index_terms(text).split())
    assert len(terms) == len(set(terms))
    assert bool(terms) == bool(index_terms(text))


def test_question_words_are_found_where_they_stand():
    assert [("客运站何时有多少条线路"[a:b]) for a, b in asking("客运站何时有多少条线路")] == ["何时", "多少"]
    assert asking("客运站启用") == asking("") == []
