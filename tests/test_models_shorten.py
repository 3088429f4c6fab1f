import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.shorten import shorten

TEXT = "柳湾县农业农村局今天发布消息，全县32.5万亩小麦已全部收割完毕，平均亩产512公斤。"


def test_a_text_that_fits_stays_whole():
    assert shorten("小麦收割完毕", 30) == "小麦收割完毕"


def test_it_ends_at_a_clause_when_that_is_near():
    assert shorten(TEXT, 20) == "柳湾县农业农村局今天发布消息"


@pytest.mark.parametrize("limit", range(1, 46))
def test_no_number_and_no_latin_word_is_cut(limit):
    text = "全县引进Greenfield公司技术，今年1—7月完成投资131.4亿元，同比增长8.5%，惠及第32届运动会"
    cut = shorten(text, limit)
    assert len(cut) <= limit and text.startswith(cut)
    for whole in ("Greenfield", "131.4亿", "8.5%", "第32届"):
        rest = text[len(cut) :]
        assert (whole in cut) or (whole in rest), cut


def test_brackets_and_quotes_are_not_left_open():
    text = "县文化馆推出“柳湾记忆（第一季）”系列展览，展出老照片三百张，市民可免费参观至月底。"
    for limit in range(1, len(text)):
        cut = shorten(text, limit)
        assert cut.count("“") == cut.count("”") and cut.count("（") == cut.count("）")


def test_nothing_fits_in_nothing():
    assert shorten("一二三四五", 0) == ""
    assert shorten("", 5) == ""


@given(st.text(alphabet="县里开会，。！（）“”12.3万AB", max_size=50), st.integers(0, 40))
def test_the_limit_always_holds(text, limit):
    assert len(shorten(text, limit)) <= limit
