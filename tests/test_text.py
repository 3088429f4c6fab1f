from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from summarizer import text

CHINESE = st.text(alphabet="县里开会，。！？“”（）《》秋收 12.3万亩A\n", max_size=60)


def pieces(whole, spans):
    return [whole[a:b] for a, b in spans]


def test_sentences_keep_their_closing_quote_and_split_at_newlines():
    whole = "“路修好了。”村民说。县里还要修桥！\n明年动工"
    assert pieces(whole, text.sentences(whole)) == ["“路修好了。”", "村民说。", "县里还要修桥！", "明年动工"]


def test_a_mark_inside_brackets_does_not_end_a_sentence():
    whole = "全县（含开发区。下同）共有学校32所。"
    assert pieces(whole, text.sentences(whole)) == [whole]


def test_clauses_do_not_cut_numbers_and_scores():
    whole = "主队以3:2获胜，观众1,200人，时间8:30。"
    assert pieces(whole, text.clauses(whole)) == ["主队以3:2获胜，", "观众1,200人，", "时间8:30。"]


@given(CHINESE)
def test_spans_lose_nothing_but_blanks_and_never_overlap(whole):
    for split in (text.sentences, text.clauses):
        spans = split(whole)
        assert all(a < b for a, b in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))
        assert "".join("".join(pieces(whole, spans)).split()) == "".join(whole.split())


def test_tidy_narrows_digits_and_drops_blanks_beside_them():
    assert (
        text.tidy("２０２３ 年完成投资 １３１．４ 亿元，同比增长 8 ％")
        == "2023年完成投资131.4亿元，同比增长8%"
    )


def test_tidy_keeps_blanks_between_halves_of_a_headline_and_between_latin_words():
    assert text.tidy("强化服务 当好先锋") == "强化服务 当好先锋"
    assert text.tidy("引进 Green Field 公司") == "引进Green Field公司"


def test_tidy_keeps_paragraphs_and_drops_empty_ones_and_hidden_characters():
    assert text.tidy("第一段\u200b\r\n\r\n  第二段 ") == "第一段\n第二段"


@given(CHINESE)
def test_tidy_twice_is_tidy_once(whole):
    assert text.tidy(text.tidy(whole)) == text.tidy(whole)


def test_fold_drops_marks_and_case():
    assert text.fold("Ａ股“上涨” 1.5％！") == "a股上涨15"


def test_lcs_f1_by_hand():
    # 小麦丰收 (4) against 小麦喜获丰收 (6): subsequence 4, 2 * 4 / 10
    assert text.lcs_f1("小麦丰收", "小麦喜获丰收") == 0.8
    assert text.lcs_f1("小麦", "") == 0.0
    assert text.lcs_f1("，。", "，。") == 0.0


def test_width_counts_wide_characters_twice():
    assert text.width("版A1") == 4


def test_ngrams_of_a_short_text_are_none():
    assert list(text.ngrams("县", 2)) == []
