"""Who signs: a notice's issuer and day, writers right above a text, kickers above a headline in halves."""

from __future__ import annotations

import pytest

from summarizer.articles import separate
from summarizer.dateline import signature
from summarizer.pages.masthead import masthead
from summarizer.records import Page

STORY = """北渠清淤提前完工

本报讯（记者 石砚） 昨天，记者从榆川县水务局获悉，北渠清
淤工程比计划提前十天完工，下游三个乡镇的春灌用水有了保证。
"""
NOTICE = """关于南门桥断交施工的通告

因南门桥维修，自2025年5月12日起，全天禁止机动车通行，行人走
便桥。咨询电话：7725116。
"""
ISSUED = ["榆川县公路养护中心", "2025年5月9日"]


def articles(text):
    return separate(Page("page", tuple(text.split("\n"))))


@pytest.mark.parametrize("gap", ["\n", ""])
@pytest.mark.parametrize("indent", ["", "                    "])
@pytest.mark.parametrize("last", [True, False])
def test_who_issued_a_notice_and_the_day_close_it(gap, indent, last):
    notice = NOTICE + gap + "\n".join(indent + line for line in ISSUED) + "\n"
    found = articles(f"{STORY}\n{notice}" if last else f"{notice}\n{STORY}")
    assert len(found) == 2
    (one,) = [a for a in found if a.kind == "notice"]
    assert one.headline == "关于南门桥断交施工的通告"
    assert one.body.split("\n")[-2:] == ISSUED and one.body.split("\n")[-3].endswith("7725116。")


def test_the_day_of_a_notice_is_not_the_pages():
    lines = [*STORY.split("\n"), *NOTICE.split("\n"), *ISSUED, "", "责编 白露"]
    assert masthead(lines, "page.txt").date is None
    told = masthead([*lines, "榆川文体报 2025年5月10日 星期六 第3版 文体新闻"], "page.txt")
    assert (told.date, told.number, told.paper) == ("2025-05-10", "3", "榆川文体报")
    assert masthead(["榆川日报", "2025年5月10日", *lines], "page.txt").date == "2025-05-10"


@pytest.mark.parametrize(
    ("issuer", "day", "signs"),
    [
        ("榆川县公路养护中心", "2025年5月9日", True),
        ("榆川县交通运输局 榆川县档案馆", "二〇二五年五月九日", True),
        ("榆川日报", "2025年5月9日", False),
        ("便桥5月9日开通。", "2025年5月9日", False),
        ("榆川县公路养护中心", "2025年5月9日起施行", False),
        ("", "2025年5月9日", False),
    ],
)
def test_a_signature_is_an_issuer_and_a_day(issuer, day, signs):
    assert signature(issuer, day) is signs


def test_writers_below_a_headline_that_touches_the_story_before():
    (_, second) = articles(
        "腌菜记\n本报记者 乔雨\n"
        "　　入冬以后，母亲总要腌一缸芥菜。她说菜要选\n霜打过的，叶子厚，根也甜。洗菜的时候，我蹲在\n"
        "一边看水，水凉得扎手，母亲的手却一直是热的。\n"
        "老渡口的新生意\n本报记者 石砚 通讯员 叶满\n"
        "　　天还没亮，榆川河老渡口的灯就亮了。五十六\n岁的船工蒋顺发把缆绳盘好，等第一批游客上船。"
    )
    assert (second.headline, second.byline) == ("老渡口的新生意", "本报记者 石砚 通讯员 叶满")


@pytest.mark.parametrize("headline", ["先种树\n再修路", "先种树 再修路"])
def test_a_longer_line_above_a_headline_in_halves_is_a_kicker(headline):
    (found,) = articles(
        f"榆川县今年新添十二万株行道树\n{headline}\n\n本报讯（记者 叶满）3月12日，榆川县启动春季植树。"
    )
    assert (found.kicker, found.headline) == ("榆川县今年新添十二万株行道树", "先种树 再修路")


def test_two_statements_of_one_length_are_both_the_headline():
    (found,) = articles("水费下月起上调\n低保户不受影响\n\n本报讯（记者 叶满）榆川县水费5月1日起上调。")
    assert (found.kicker, found.headline) == (None, "水费下月起上调 低保户不受影响")


def test_editors_behind_marks_are_no_kicker():
    (found,) = articles(f"■责编 计然 ■美编 商羽\n\n{STORY}")
    assert (found.kicker, found.headline) == (None, "北渠清淤提前完工")


def test_a_number_grown_to_its_section():
    told = masthead(["3综合新闻 二〇二五年五月十三日 星期二 榆川新闻", "", STORY], "page.txt")
    assert (told.date, told.number, told.paper, told.lines) == ("2025-05-13", "3", "榆川新闻", (1,))
