import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.models.bundled import editing

TEXT = "柳湾县农业农村局今天发布消息，全县32.5万亩小麦已全部收割完毕，平均亩产512公斤。"


def characters(text):
    return [(i, i + 1) for i in range(len(text))]


def odds_for(text, *wanted):
    odds = np.full(len(text), -3.0, dtype=np.float32)
    for piece in wanted:
        at = text.index(piece)
        odds[at : at + len(piece)] = 3.0
    return odds


def texts(*arguments):
    return [e.text for e in editing.edits(*arguments)]


def test_it_keeps_what_the_odds_say():
    odds = odds_for(TEXT, "柳湾县", "小麦", "全部收割完毕")
    assert "柳湾县 小麦全部收割完毕" in texts(TEXT, characters(TEXT), odds, 30)


def test_a_number_is_never_split():
    odds = odds_for(TEXT, "全县32", "小麦")  # the odds would keep half of 32.5万亩
    for text in texts(TEXT, characters(TEXT), odds, 30):
        assert "32" not in text or "32.5万亩" in text


def test_a_negation_stays_with_what_it_negates():
    text = "县水务局否认停水传言，称供水正常。"
    odds = odds_for(text, "县水务局", "停水")
    assert all("停水" not in t or "否认停水" in t for t in texts(text, characters(text), odds, 30))


def test_units_merge_tokens_and_keep_order():
    text = "亩产512公斤"
    assert editing.units(text, characters(text)) == [(0, 1), (1, 2), (2, 7)]
    assert editing.units(text, [(0, 0)]) == []


@pytest.mark.parametrize("limit", [6, 11, 20, 30])
def test_the_limit_holds(limit):
    odds = np.full(len(TEXT), 2.0, dtype=np.float32)
    found = texts(TEXT, characters(TEXT), odds, limit)
    assert found and all(len(t.replace(" ", "")) <= limit for t in found)


def test_nothing_to_keep_gives_nothing():
    assert editing.edits("", [], np.zeros(0, dtype=np.float32), 30) == []


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-3, 3, width=32), min_size=9, max_size=9))
def test_the_search_is_exact(values):
    """Against the slow obvious way: every subset of nine units, scored by the same rules."""
    text = "柳湾县小麦喜获丰收"
    odds = np.array(values, dtype=np.float32)
    best = {}
    for mask in range(1, 1 << 9):
        total, size = 0.0, 0
        for i in range(9):
            if mask >> i & 1:
                fresh = i == 0 or not mask >> (i - 1) & 1
                cost = editing.CLAUSE_FRAGMENT_COST if i == 0 else editing.FRAGMENT_COST
                total += float(odds[i]) - (cost if fresh else 0)
                size += 1
        best[size] = max(best.get(size, -np.inf), total)
    for edit in editing.edits(text, characters(text), odds, 9):
        assert edit.score * len(edit.text) == pytest.approx(best[len(edit.text)], abs=1e-4)
