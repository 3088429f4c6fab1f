"""Intervals and tests against hand-computed cases and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from eval.statistics import bootstrap_p, detectable, holm, interval, mcnemar, resampled, weighted_mean


def test_a_weighted_mean_by_hand():
    assert weighted_mean([100, 0], [3, 1]) == 75
    assert np.isnan(weighted_mean([], [])) and np.isnan(weighted_mean([1.0], [0.0]))


def test_the_f1_of_all_items_is_the_weighted_mean_of_the_pages():
    found, gold, predicted = np.array([3, 7]), np.array([4, 8]), np.array([5, 8])
    pages = 200 * found / (gold + predicted)
    assert weighted_mean(pages, gold + predicted) == pytest.approx(200 * 10 / 25)


def test_an_interval_agrees_with_scipy():
    values = np.random.default_rng(1).normal(10, 3, 80)
    low, high = interval(values, draws=9999)
    theirs = bootstrap((values,), np.mean, n_resamples=9999, method="percentile", rng=2).confidence_interval
    assert (low, high) == pytest.approx(tuple(theirs), abs=0.1)


def test_intervals_of_nothing_and_of_one():
    assert all(map(np.isnan, interval([])))
    assert interval([5.0]) == (5.0, 5.0)


def test_draws_that_weigh_nothing_are_left_out():
    drawn = resampled(np.array([100.0, 0.0]), np.array([1.0, 0.0]), draws=400)
    assert 0 < len(drawn) < 400 and set(drawn) == {100.0}
    assert len(resampled(np.empty(0), np.empty(0))) == 0


def test_a_statistic_of_its_own():
    assert interval([1.0, 1.0, 100.0], np.median, draws=500)[0] == 1.0


def test_p_of_a_bootstrap():
    assert bootstrap_p(np.ones(999)) == pytest.approx(2 / 1000)  # nothing unseen is impossible
    assert bootstrap_p(np.array([-1.0, 1.0] * 50)) == 1.0
    assert bootstrap_p(np.zeros(50)) == 1.0 and bootstrap_p(np.empty(0)) == 1.0


def test_mcnemar_by_hand():
    first, second = np.array([True] * 6 + [False]), np.array([False] * 6 + [True])
    assert mcnemar(first, second) == pytest.approx(2 * (1 + 7) / 2**7)
    assert mcnemar(first, first) == 1.0


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0]) and holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_and_keeps_the_order(values):
    adjusted = holm(values)
    assert all(a >= p for a, p in zip(adjusted, values, strict=True))
    order = np.argsort(values, kind="stable")
    assert all(np.diff(np.array(adjusted)[order]) >= 0)


def test_what_can_be_shown_shrinks_with_the_error():
    assert detectable(1.0) == pytest.approx(1.96 + 0.84, abs=0.01)
    assert detectable(0.5) == pytest.approx(detectable(1.0) / 2)
