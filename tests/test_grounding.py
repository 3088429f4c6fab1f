"""The contract of summarizer.grounding: what is supported, what is flagged, and where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import SettingsError
from summarizer.grounding import Source, align, check, unsupported
from summarizer.grounding.plain import Plain
from summarizer.grounding.scanner import scan
from summarizer.text import sentences

SHARED = Path(__file__).resolve().parents[2] / "shared"

ARTICLE = (
    "本报讯 记者8月26日从北河县交通运输局了解到，2023年全县交通投资131.4亿元，比上年增长5.3%；"
    "今年1—7月，新开公交线路13条，接到13840个热线电话，解决问题6200余个。\n"
    "“路畅了，心就近了。”青石村党支部书记牛得水说，村里的梨卖到每公斤4.6元，"
    "户均增收1.\n2 万元，全村三成农户买了车。8时50分，C919型客机首次飞抵北河机场，"
    "航班载客一百五十八人，晚点不足10分钟。当天的篮球赛，北河队以3:2胜南溪队，"
    "事故造成3人死亡、5人受伤，救援投入10至20万元，气温零下5℃。"
)


def flagged(output: str, source: str = ARTICLE, date: str | None = None) -> list[str]:
    return [c.text for c in unsupported(output, source, date=date)]


@pytest.mark.parametrize(
    "output",
    [
        "投资131.4亿", "投资超131亿元",
        "投资一百三十一点四亿元", "比上年增5.3%", "13840个电话", "6200多个问题",
        "户均增收12000元",
        "一万二千元", "三成农户", "30%的农户", "8:50",
        "上午8点50分", "158人", "3比2",
        "3死5伤", "前7个月", "1至7月", "-5℃", "c919", "北河交通局", "“路畅了， 心就近了”", "北河县",
        "每公斤4.6元", "1.2万", "10万至20万元", "一名司机", "十分近", "第一时间", "一带一路",
    ],
)  # fmt: skip
def test_supported(output: str) -> None:
    assert flagged(output) == []


@pytest.mark.parametrize(
    ("output", "claim"),
    [
        ("投资131亿元", "131亿元"), ("投资131.4万元", "131.4万元"), ("3840个电话", "3840个"),
        ("1384个电话", "1384个"), ("增长5.3个百分点", "5.3个百分点"), ("增长53%", "53%"),
        ("投资下降5.3%", "5.3%"), ("13公里线路", "13公里"), ("12002元", "12002元"), ("1002元", "1002元"),
        ("2024年投资", "2024年"), ("5死", "5死"), ("8人", "8人"), ("2:3", "2:3"), ("2:3胜", "2:3"),
        ("9时50分", "9时50分"), ("1—6月", "1—6月"), ("7月", "7月"), ("20万元", "20万元"),
        ("10分钟", "10分钟"),
        ("10分钟以上", "10分钟以上"), ("C909", "C909"), ("牛得土说", "牛得土"),
        ("“路通了，心就近了”", "路通了，心就近了"),
        ("南河县", "南河县"), ("第三届", "第三届"), ("5℃", "5℃"), ("不足131.4亿元", "不足131.4亿元"),
        ("十五五", "十五五"), ("两成农户", "两成"), ("数万人", "数万"),
    ],
)  # fmt: skip
def test_flagged(output: str, claim: str) -> None:
    assert flagged(output) == [claim]


def test_relative_dates_need_the_page() -> None:
    assert flagged("2024年8月26日") == ["2024年8月26日"]
    assert flagged("2024年8月26日", date="2024-08-27") == []
    assert flagged("昨日", date="2024-08-27") == []
    assert flagged("前天", date="2024-08-27") == ["前天"]
    assert flagged("去年投资131.4亿元", date="2024-08-27") == []
    assert flagged("今年投资", date="2025-01-01") == [] == flagged("26日")


@pytest.mark.parametrize("date", ["8月27日", "2024", "2024-13", "2024-08-32", ""])
def test_a_date_that_is_none_is_an_error(date: str) -> None:
    with pytest.raises(SettingsError, match="ISO date"):
        check("今年", ARTICLE, date=date)


def test_a_month_is_date_enough() -> None:
    assert flagged("2024年", "今年投资", date="2024-08") == []
    assert flagged("2024年", "今年投资", date="2025-08") == ["2024年"]
    assert flagged("昨日", "记者昨日获悉", date="2024-08") == []
    assert flagged("昨日", "记者7日获悉", date="2024-08") == ["昨日"]


def test_a_date_ends_at_its_line_break() -> None:
    source = "2018-09-22\n17:06:55 记者了解到"
    assert flagged("2018-09-22", source) == [] == flagged("17:06:55", source)


def test_spans_refer_to_the_texts_as_given() -> None:
    output = "增收 １．２ 万元"
    (found,) = check(output, ARTICLE)
    assert output[slice(*found.span)] == found.text == "１．２ 万元"
    assert found.source is not None
    assert ARTICLE[slice(*found.source)] == "1.\n2 万元"


def test_a_number_is_not_lent_to_another_subject() -> None:
    source = "全市新开放书房6家，总数达到35家。出口451亿元，增长11.7%，进口231亿元，增长4.6%。"
    assert flagged("新开放书房35家", source) == ["35家"]
    assert flagged("书房达35家 新开放书房6家", source) == []
    assert flagged("进口增长11.7%", source) == ["11.7%"]
    assert flagged("出口增长11.7%", source) == []


@pytest.mark.parametrize(
    ("source", "output", "claims"),
    [
        ("其中男生219人，女生202人。", "男生202人", ["202人"]),
        ("其中男生219人，女生202人。", "男生219人 女生202人", []),
        ("219名男生和202名女生参加。", "219名女生参加", ["219名"]),
        ("山前县接待游客31万人次，山后县接待游客45万人次。", "山前县接待游客45万人次", ["45万人次"]),
        ("全镇转移群众412人，其中东坡村189人。", "东坡村转移群众412人", ["412人"]),
        ("大桥全长2860米，主跨680米。", "大桥主跨2860米", ["2860米"]),
        ("被告人高某犯罪，获刑11年；被告人卢某犯罪，获刑3年。", "卢某获刑11年", ["11年"]),
        ("今年产粮18万吨，去年产粮17万吨。", "去年产粮18万吨", ["18万吨"]),
        ("今年产粮18万吨，比去年增加1万吨。", "今年产粮增加1万吨", []),
        ("书展5月8日开幕，6月2日闭幕。", "书展6月2日开幕", ["6月2日"]),
        ("山前队以92:85战胜山后队。", "山后队92:85胜山前队", ["92:85"]),
        ("山前队以92:85战胜山后队。", "山后队85:92不敌山前队", []),
        ("计划投资2.4亿元，已完成投资9300万元。", "已完成投资2.4亿元", ["2.4亿元"]),
        ("计划完成投资2.4亿元。", "完成投资2.4亿元", []),
        ("居民热价每平方米22元。", "居民热费总价22元", ["22元"]),
        ("过火面积约700平方米。", "过火面积超700平方米", ["超700平方米"]),
        ("他售出多达91名球员。", "售出91名球员", []),
        ("马小棠以12秒06夺冠，季小禾以12秒31获亚军。", "季小禾12秒06", ["12秒06"]),
    ],
)  # fmt: skip
def test_a_number_keeps_its_company(source: str, output: str, claims: list[str]) -> None:
    assert flagged(output, source, "2024-10-08") == claims


def test_reasons_are_for_a_person() -> None:
    (near,) = check("投资131亿元", ARTICLE)
    assert "131.4亿元" in near.reason
    (same,) = check("增收12000元", ARTICLE)
    assert same.reason == "12000元 = 1.2万元"


def test_nothing_claims_nothing() -> None:
    assert check("", ARTICLE) == () == check("今天天气".replace("今天", ""), "")
    assert flagged("3人", "") == ["3人"]


def test_order_is_position() -> None:
    spans = [c.span for c in check("北河县投资131.4亿元，“路畅了”，C919，8月26日", ARTICLE)]
    assert spans == sorted(spans)


def test_the_article_supports_itself() -> None:
    assert flagged(ARTICLE) == [] == flagged(ARTICLE, date="2024-08-27")


BOUNDARIES = sorted(
    {0, *range(len(Plain(ARTICLE).text) + 1)}
    - {i for t in scan(Plain(ARTICLE).text) for i in range(t.start + 1, t.end)}
)


@settings(max_examples=300, deadline=None)
@given(st.tuples(st.sampled_from(BOUNDARIES), st.sampled_from(BOUNDARIES)).map(sorted))
def test_any_cut_between_tokens_is_supported(cut: list[int]) -> None:
    start, end = cut
    if start < end:
        low, high = Plain(ARTICLE).span(start, end)
        assert flagged(ARTICLE[low:high], date="2024-08-27") == []


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="019.,:-—%一二十百万亿年月日时分第余多近超 \n“”《》Aa个人元公里成", max_size=40))
def test_any_text_supports_its_own_tokens_and_never_fails(text: str) -> None:
    for found in check(text, text):
        assert text[slice(*found.span)] == found.text
        assert found.supported or found.source is None
    assert Source(text).check("") == ()


@pytest.mark.parametrize("char", ["1", "一", "a", "字", " "])
def test_a_long_run_of_one_character_is_read(char: str) -> None:
    Source(char * 200_000).check("1人" + char * 100)


@pytest.mark.parametrize(
    "chars",
    ["“", "市", "张", "第", "1,", "1+", "1.", "1-", "9月", "·一", "1:", "一百", "5人", "1/", "3至", "从1到"],
)
def test_many_tokens_are_read_in_linear_time(chars: str) -> None:
    """A backtracking scan of these would run into the test's time limit."""
    Source(chars * 5_000).check("1人" + chars)


@pytest.mark.parametrize("char", ["1", "一", "a", "字"])
def test_a_long_output_is_checked(char: str) -> None:
    Source("共1人。").check(char * 200_000)


def test_lead_sentences_of_real_news_support_themselves() -> None:
    path = SHARED / "data" / "titles.dev.cctv_2026h1.jsonl.gz"
    if not path.exists():
        pytest.skip("shared data is not here")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][:300]
    wrong = []
    for row in rows:
        start, end = sentences(row["body"])[0]
        wrong += unsupported(row["body"][start:end], row["body"], date=row["date"])
    assert wrong == []


def test_align_finds_the_sentence() -> None:
    start, end = align("青石村梨每公斤4.6元", ARTICLE) or (0, 0)
    assert "每公斤4.6元" in ARTICLE[start:end]
    assert align("股市大盘今日收涨", ARTICLE) is None
    assert align("", ARTICLE) is None is align("投资", "")
