import sys
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import words
from eval.metrics import DECLARED, Rouge, rouge
from eval.metrics.rouge import best, declared, mean
from summarizer.errors import ModelError
from summarizer.text import fold, lcs_f1

TITLE = "柳湾县32万亩小麦收割完毕"
TEXTS = st.text(st.sampled_from("县城路，小麦12 ３收割"), max_size=12)


def slow(output, reference, n):
    """ROUGE-N by its definition."""
    grams = [Counter(t[i : i + n] for i in range(len(t) - n + 1)) for t in map(fold, (output, reference))]
    shared = sum(min(count, grams[1][gram]) for gram, count in grams[0].items())
    total = grams[0].total() + grams[1].total()
    return 200 * shared / total if shared else 0.0


def slow_lcs(a, b):
    if not a or not b:
        return 0
    if a[0] == b[0]:
        return 1 + slow_lcs(a[1:], b[1:])
    return max(slow_lcs(a[1:], b), slow_lcs(a, b[1:]))


def test_by_hand():
    # 小麦丰收 against 小麦喜获丰收: 4 shared characters, 2 shared bigrams of 3 and 5, subsequence 4
    assert rouge("小麦丰收", "小麦喜获丰收") == Rouge(*map(pytest.approx, (80, 50, 80)))


def test_negative_controls():
    assert rouge(TITLE, TITLE) == Rouge(100, 100, 100)
    # Counts are multisets: repeating a text is not free.
    assert rouge(TITLE * 3, TITLE).one == pytest.approx(50)
    shuffled = "".join(Random(0).sample(TITLE, len(TITLE)))
    assert rouge(shuffled, TITLE).one == pytest.approx(100) and rouge(shuffled, TITLE).two < 30
    assert rouge("清河市新增公交车", TITLE).long < 20
    assert rouge("", TITLE) == rouge(TITLE, "") == rouge("，。", TITLE) == Rouge(0, 0, 0)


def test_marks_blanks_and_width_do_not_count():
    assert rouge("柳湾县 ３２万亩小麦，收割完毕！", TITLE).two == 100


@given(TEXTS, TEXTS)
def test_counts_are_those_of_the_definition(output, reference):
    found = rouge(output, reference)
    assert found.one == pytest.approx(slow(output, reference, 1))
    assert found.two == pytest.approx(slow(output, reference, 2))


@given(st.text(st.sampled_from("县城小麦1"), max_size=7), st.text(st.sampled_from("县城小麦1"), max_size=7))
def test_the_longest_common_subsequence_is_that_of_the_definition(output, reference):
    shared = slow_lcs(output, reference)
    wanted = 200 * shared / (len(output) + len(reference)) if shared else 0.0
    assert rouge(output, reference).long == pytest.approx(wanted)


@given(TEXTS, TEXTS)
def test_the_training_score_is_the_reported_score(a, b):
    assert 100 * lcs_f1(a, b) == pytest.approx(rouge(a, b).long)


def test_several_references_best_and_mean():
    references = ["小麦喜获丰收", "丰收小麦"]
    # the second shares all four characters, both bigrams of two that are 小麦 and 丰收, a subsequence of two
    assert best("小麦丰收", references) == Rouge(*map(pytest.approx, (100, 200 / 3, 80)))
    assert mean("小麦丰收", references) == Rouge(*map(pytest.approx, (90, (50 + 200 / 3) / 2, 65)))
    assert best("小麦丰收", references[:1]) == mean("小麦丰收", references[:1])
    for many in (best, mean):
        with pytest.raises(ValueError, match="at least one reference"):
            many("小麦丰收", [])


def test_words_count_words():
    pytest.importorskip("jieba")
    assert words.words("柳湾县 ３２万亩小麦，丰收！")[-2:] == ["小麦", "丰收"] and words.words("，。 ") == []
    # 小麦 丰收 against 小麦 喜获丰收 or 小麦 喜获 丰收: one or two words are shared, no bigram for certain
    assert rouge("小麦价格", "小麦种植", tokenizer="words").one == pytest.approx(50)
    assert rouge("小麦价格", "小麦种植", tokenizer="words").two == 0
    assert rouge(TITLE, TITLE, tokenizer="words").two == 100
    assert "words of jieba" in declared("words") and "characters" in DECLARED == declared()


def test_words_leave_nothing_in_the_shared_folder(tmp_path, monkeypatch):
    pytest.importorskip("jieba")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    words._jieba.cache_clear()
    assert words.words("小麦丰收") == ["小麦", "丰收"] and not list(tmp_path.iterdir())


def test_words_without_jieba_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jieba", None)
    words._jieba.cache_clear()
    with pytest.raises(ModelError, match="pip install jieba"):
        rouge("小麦", "小麦", tokenizer="words")
