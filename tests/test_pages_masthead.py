from __future__ import annotations

import pytest

from summarizer.pages.masthead import Masthead, masthead


@pytest.mark.parametrize(
    ("line", "date", "number", "paper"),
    [
        ("云溪日报 2024年8月27日 星期二 第3版 责编/陈岚 美编/许可", "2024-08-27", "3", "云溪日报"),
        ("2025年3月21日 星期五 责编/孟砚 美编/汤小满", "2025-03-21", None, None),
        ("A03 民生 ｜ 二〇二四年八月二十七日", "2024-08-27", "A03", None),
        ("第三版", None, "3", None),
        ("第十二版  副刊", None, "12", None),
        ("03版：要闻 2024-08-27", "2024-08-27", "3", None),
        ("３版 ２０２４年８月２７日", "2024-08-27", "3", None),
        ("云溪晚报", None, None, "云溪晚报"),
        ("今日8版 云溪日报 二○二四年八月二十日 星期二 农历甲辰年七月十七", "2024-08-20", None, "云溪日报"),
        ("责任编辑：陈岚 校对：许可 2024.8.27", "2024-08-27", None, None),
        ("2024 年 8 月 27 日 星期二", "2024-08-27", None, None),
        ("版次：A03", None, "A03", None),
        ("3 民生 2024年8月27日 云溪日报", "2024-08-27", "3", "云溪日报"),
        ("2024年8月27日/星期二 05 文体新闻", "2024-08-27", "5", None),
        ("雲溪時報 二零二四年十月三十一日 第A12版", "2024-10-31", "A12", "雲溪時報"),
        ("水城走笔  2024年8月27日", "2024-08-27", None, None),
        ("责编 白露 美编 秋实 第三版", None, "3", None),
    ],
)
def test_running_heads(line: str, date: str | None, number: str | None, paper: str | None) -> None:
    assert masthead([line, "", "正文从这里开始。"], "page.txt") == Masthead(date, number, paper, (1,))


@pytest.mark.parametrize(
    "line",
    [
        "2024年8月27日起施行",
        "（下转第3版）",
        "下转A03版",
        "上接第一版",
        "第3版图书首发",
        "记者从县应急管理局获悉2024年8月27日",
        "2024年8月27日，我县召开全县农村公路建设现场推进会，安排部署下一阶段工作。",
        "走进云溪县融媒体中心日报社",
        "2024年2月30日",
        "C919首飞成功 B2B平台上线",
        "全县教育工作汇报",
    ],
)
def test_a_headline_or_a_sentence_is_no_running_head(line: str) -> None:
    assert masthead([line], "page.txt") == Masthead()


def test_foot_counts_and_the_middle_does_not() -> None:
    text = [f"第{n}段的一行正文，说的是别的事情" for n in range(20)]
    assert masthead([*text, "2024年8月27日 星期二"], "page.txt").date == "2024-08-27"
    assert masthead([*text, "2024年8月27日 星期二", *text], "page.txt").date is None


def test_the_upper_head_wins_and_the_rest_is_filled_in() -> None:
    head = masthead(["第2版", "正文", "2024年8月27日 第5版"], "x/云溪日报_20200101_07.txt")
    assert head == Masthead("2024-08-27", "2", "云溪日报", (1, 3))


@pytest.mark.parametrize(
    ("path", "date", "number", "paper"),
    [
        ("聊石日报_20240827_03.txt", "2024-08-27", "3", "聊石日报"),
        ("2024-08-27/03.txt", "2024-08-27", "3", None),
        ("a/2024年8月27日第3版.txt", "2024-08-27", "3", None),
        ("20240827-A03.txt", "2024-08-27", "A03", None),
        ("2024.8.27.txt", "2024-08-27", None, None),
        ("2024-08-27_第四版.txt", "2024-08-27", "4", None),
        ("p000.txt", None, None, None),
        ("page12.txt", None, None, None),
        ("20241399.txt", None, None, None),
        ("03.txt", None, None, None),
        ("-", None, None, None),
    ],
)
def test_file_names(path: str, date: str | None, number: str | None, paper: str | None) -> None:
    assert masthead([], path) == Masthead(date, number, paper)
