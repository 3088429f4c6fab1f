"""What a composed headline may not do: each case is one that a model wrote, told of other people."""

import pytest

from summarizer.models.bundled import FOLDER
from summarizer.models.composed import calm, composed_fault
from summarizer.models.deletion import fault
from summarizer.models.fluency import BONDS, Bonds

SOURCE = (
    "县公安局称，一辆红色货车昨晚在柳湾桥头超车并撞上了一辆公交车。"
    "三名代表批评县供水公司擅自涨价令居民负担加重。"
    "清河队和柳湾队对石门队发起的申诉进入第三天。"
    "新季的豆角又便宜了，豆角节上的豆角也变得更便宜了。"
    "“豆角女儿”日渐稀少，致敬老站长的菜摊，是大家的方式。"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("县公安局称撞上一辆公交车", "drops who does it"),
        ("县公安局称，红色货车撞上公交车", ""),
        ("红色货车撞上公交车", ""),
        ("县供水公司擅自涨价令居民负担加重", "drops 批评"),
        ("三名代表称供水公司擅自涨价", "no one sentence"),
        ("三名代表县供水公司擅自涨价", "drops 批评"),
        ("石门队申诉进入第三天", "drops 对"),
        ("清河队对石门队发起的申诉进入第三天", ""),
        ("新季的豆角便宜了 豆角节上的豆角便宜了", "says twice"),
        ("致敬老站长的", "ends inside a phrase"),
        ("致敬老站长的菜摊", ""),
    ],
)
def test_what_is_kept_says_what_the_sentence_says(text, reason):
    found = fault(text, SOURCE)
    assert found.startswith(reason) and bool(reason) == bool(found)


def test_a_broken_word_is_found_before_anything_else():
    bonds = Bonds.load(FOLDER / BONDS)
    assert composed_fault("国际象日", "今天是国际象棋日。", bonds) == "breaks a word"
    assert composed_fault("红色货车撞上公交车", SOURCE, bonds) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("水价下调！居民减负！", "水价下调 居民减负"),
        ("水价下调!", "水价下调"),
        ("孩子们喊“加油！”", "孩子们喊“加油！”"),
        ("水价下调", "水价下调"),
        ("！", ""),
    ],
)
def test_nobody_shouts_who_is_not_quoted(text, wanted):
    assert calm(text) == wanted
