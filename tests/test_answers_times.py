from datetime import date

import pytest

from summarizer.answers.times import calendar, day_of, periods, told, window
from summarizer.errors import SettingsError

TODAY = date(2024, 8, 27)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨天全县收了多少粮？", ["昨天：2024年8月26日"]),
        ("今日有哪些公告？", ["今日：2024年8月27日"]),
        ("前天和昨晚分别停了多久电？", ["前天：2024年8月25日", "昨晚：2024年8月26日"]),
        ("大前天谁来过？", ["大前天：2024年8月24日"]),
        ("明天有雨吗，后天呢？", ["明天：2024年8月28日", "后天：2024年8月29日"]),
        ("上周三发布了什么？", ["上周三：2024年8月21日"]),
        ("本周日比赛几点开始？", ["本周日：2024年9月1日"]),
        ("上个星期有几起火灾？", ["上个星期：2024年8月19日至8月25日"]),
        ("下周一开学吗？", ["下周一：2024年9月2日"]),
        ("上个月用电量是多少？", ["上个月：2024年7月"]),
        ("本月和下月的展览", ["本月：2024年8月", "下月：2024年9月"]),
        ("今年比去年多收多少？", ["今年：2024年", "去年：2023年"]),
        ("去年8月建成的桥，明年会拆吗？", ["去年：2023年", "明年：2025年"]),
        ("昨天，就是昨天", ["昨天：2024年8月26日"]),
    ],
)
def test_relative_words_are_told_in_calendar_days(text, expected):
    assert told(periods(text, TODAY)) == f"（{'，'.join(expected)}）"


@pytest.mark.parametrize(
    "text",
    [
        "在今天津市的会上",
        "《今日说法》讲了什么？",
        "今日头条发布了什么？",
        "之前天气怎样？",
        "三年前年产多少吨？",
        "以上月份的数据",
        "后天形成的习惯",
        "上周年庆典",
        "该校本年级有几个班？",
        "成立十周年",
        "本市新建多少公里地铁？",
        "",
    ],
)
def test_words_that_only_look_like_it_mean_no_day(text):
    assert periods(text, TODAY) == [] and told([]) == ""


def test_spans_are_where_the_word_stands():
    text = "记者昨天从县里获悉，去年开工的路本月通车。"
    found = periods(text, TODAY)
    assert [text[p.start : p.start + len(p.word)] for p in found] == ["昨天", "去年", "本月"]


def test_the_turn_of_the_year_and_a_leap_day():
    assert calendar(periods("昨天", date(2025, 1, 1))[0]) == "2024年12月31日"
    assert calendar(periods("上个月", date(2025, 1, 31))[0]) == "2024年12月"
    assert calendar(periods("下个月", date(2024, 12, 5))[0]) == "2025年1月"
    assert calendar(periods("明天", date(2024, 2, 28))[0]) == "2024年2月29日"
    assert periods("上个月", date(2024, 3, 31))[0].until == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", ("2024-08-27", "2024-08-27")),
        ("昨天", ("2024-08-26", "2024-08-27")),  # printed the same day or the next
        ("大前天", ("2024-08-24", "2024-08-25")),
        ("前天和昨天", ("2024-08-25", "2024-08-27")),
        ("上周", ("2024-08-19", "2024-08-27")),
        ("上上周", ("2024-08-12", "2024-08-25")),
        ("上个月", ("2024-07-01", "2024-08-27")),
        ("去年", None),  # may be told in any paper since
        ("明天", None),
        ("昨天说的明天", None),
        ("去年昨天", ("2024-08-26", "2024-08-27")),
    ],
)
def test_the_pages_that_print_the_news_of_those_days(text, expected):
    found = window(periods(text, TODAY), TODAY)
    assert (found and tuple(day.isoformat() for day in found)) == expected


@pytest.mark.parametrize("text", ["", "gestern", "2024-13-01", "2024年8月27日", "0001-01-01", "9999-12-31"])
def test_a_day_is_an_iso_date(text):
    with pytest.raises(SettingsError, match="expected an ISO date"):
        day_of(text)
