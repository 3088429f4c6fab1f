"""What texts are found by."""

from __future__ import annotations

import pytest

from summarizer.terms import index_terms, query_terms


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
        ("电梯装了多少部？", ["电梯", "梯装", "装了", "了多", "少部"]),
        ("雨", ["雨"]),
        ("什么", ["什么"]),
        ("A03版 A03", ["a03", "版"]),
    ],
)
def test_query_terms(question, terms):
    assert query_terms(question) == terms
