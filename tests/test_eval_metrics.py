import random

import numpy as np
import pytest

from eval.metrics import interval, rouge
from summarizer.text import lcs_f1

TITLE = "柳湾县32万亩小麦收割完毕"


def test_by_hand():
    # 小麦丰收 against 小麦喜获丰收: 4 shared characters, 2 shared bigrams of 3 and 5, subsequence 4
    score = rouge("小麦丰收", "小麦喜获丰收")
    assert (score.one, score.two, score.long) == pytest.approx((80, 50, 80))


def test_negative_controls():
    same = rouge(TITLE, TITLE)
    assert (same.one, same.two, same.long) == (100, 100, 100)
    # Counts are multisets: repeating a text is not free.
    assert rouge(TITLE * 3, TITLE).one == pytest.approx(50)
    shuffled = "".join(random.Random(0).sample(TITLE, len(TITLE)))
    assert rouge(shuffled, TITLE).one == pytest.approx(100) and rouge(shuffled, TITLE).two < 30
    assert rouge("清河市新增公交车", TITLE).long < 20
    assert rouge("", TITLE).one == rouge(TITLE, "").long == 0


def test_marks_blanks_and_width_do_not_count():
    assert rouge("柳湾县 ３２万亩小麦，收割完毕！", TITLE).two == 100


def test_the_training_score_is_the_reported_score():
    rng = random.Random(1)
    for _ in range(300):
        a, b = ("".join(rng.choices("县城路，小麦12 ", k=rng.randint(0, 12))) for _ in range(2))
        assert 100 * lcs_f1(a, b) == pytest.approx(rouge(a, b).long)


def test_the_interval_covers_the_mean_and_shrinks_with_items():
    rng = np.random.default_rng(0)
    few, many = rng.normal(3, 1, 30), rng.normal(3, 1, 3000)
    low, high = interval(few)
    assert low < few.mean() < high
    assert np.diff(interval(many)) < np.diff(interval(few))
    assert np.isnan(interval([])).all()
