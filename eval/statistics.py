"""Intervals and tests over items; pure functions of arrays, no knowledge of tasks.

Items are few and their scores skewed, so intervals are bootstrapped (Efron and Tibshirani 1993, percentile
method) and two systems are compared item by item: by a paired bootstrap (Koehn 2004) and, where every
score is yes or no, by McNemar's exact test. Several metrics at once are held to Holm's correction (1979).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, norm

__all__ = ["bootstrap_p", "detectable", "holm", "interval", "mcnemar", "resampled", "weighted_mean"]

Floats = npt.NDArray[np.float64]
DRAWS = 2000


def weighted_mean(values: Sequence[float] | Floats, weights: Sequence[float] | Floats) -> float:
    """sum(w v) / sum(w); nan when nothing weighs anything."""
    v, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    return float(v @ w / w.sum()) if w.sum() > 0 else float("nan")


def resampled(values: Floats, weights: Floats, *, draws: int = DRAWS, seed: int = 0) -> Floats:
    """Weighted means of `draws` samples of the items with replacement, shape (draws,).

    Draws whose items weigh nothing are left out, so that there may be fewer; none for no items.
    """
    if not len(values):
        return np.empty(0)
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(values), size=(draws, len(values)))
    total = weights[picked].sum(axis=1)
    means = (values * weights)[picked].sum(axis=1)[total > 0] / total[total > 0]
    return np.asarray(means, dtype=np.float64)


def interval(
    values: Sequence[float] | Floats,
    statistic: Callable[..., Floats] | None = None,
    *,
    weights: Sequence[float] | Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % percentile bootstrap interval over items; (nan, nan) for no items.

    Of the mean, weighted when `weights` are given; or of a `statistic` such as np.median, which is
    called with an array of shape (draws, items) and axis=1. For a paired comparison pass the differences.
    """
    items = np.asarray(values, dtype=np.float64)
    if statistic is None:
        weighing = np.ones_like(items) if weights is None else np.asarray(weights, dtype=np.float64)
        drawn = resampled(items, weighing, draws=draws, seed=seed)
    else:
        rng = np.random.default_rng(seed)
        picked = rng.integers(0, max(1, len(items)), size=(draws, len(items)))
        drawn = statistic(items[picked], axis=1) if len(items) else np.empty(0)
    if not len(drawn):
        return float("nan"), float("nan")
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_p(differences: Floats) -> float:
    """Two-sided p of a paired bootstrap: how often resampled differences fall on the other side of 0.

    `differences` are those of `resampled` pairs, one a draw. Never below 2 / (draws + 1): what was not
    seen in so many draws is not impossible. 1.0 for none.
    """
    if not len(differences):
        return 1.0
    other = min((differences <= 0).sum(), (differences >= 0).sum())
    return float(min(1.0, 2 * (other + 1) / (len(differences) + 1)))


def mcnemar(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> float:
    """Exact two-sided p that both systems are right equally often; 1.0 when they never differ."""
    lost, won = int((first & ~second).sum()), int((second & ~first).sum())
    return float(binomtest(won, won + lost).pvalue) if won + lost else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given (Holm 1979): compare each with the level itself."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def detectable(error: float, *, level: float = 0.05, power: float = 0.8) -> float:
    """The smallest true difference that a two-sided test at `level` shows with probability `power`.

    `error` is the standard error of the mean paired difference. Normal approximation (Card et al. 2020,
    With Little Power Comes Great Responsibility).
    """
    return float((norm.ppf(1 - level / 2) + norm.ppf(power)) * error)
