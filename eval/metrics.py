"""Scores of one headline against one reference; pure functions.

ROUGE comes from the rouge_score package (multiset n-gram counts, ROUGE-L by longest common
subsequence, F1), given a character tokenizer, because its own one drops everything but [a-z0-9] and
so gives Chinese 0.0. Texts are folded first: NFKC, lower case, punctuation and blanks dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rouge_score.rouge_scorer import RougeScorer

from summarizer.text import fold

__all__ = ["DECLARED", "Rouge", "interval", "rouge"]

DECLARED = "rouge_score 0.1.2, characters, multiset, F1 x100; punctuation and blanks dropped"


@dataclass(frozen=True, slots=True)
class Rouge:
    """ROUGE F1 x100 of one output against one reference."""

    one: float
    two: float
    long: float


class _Characters:
    def tokenize(self, text: str) -> list[str]:
        return list(fold(text))


@lru_cache(maxsize=1)
def _scorer() -> RougeScorer:
    return RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=_Characters())


def rouge(output: str, reference: str) -> Rouge:
    """0.0 throughout when either text folds to nothing."""
    scores = _scorer().score(reference, output)
    return Rouge(*(100 * scores[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")))


def interval(
    values: Sequence[float] | npt.NDArray[np.float64],
    statistic: Callable[..., npt.NDArray[np.float64]] = np.mean,
    *,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a statistic over items; (nan, nan) for no items.

    For a paired comparison pass the differences item by item.
    """
    items = np.asarray(values, dtype=np.float64)
    if not len(items):
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(items), size=(draws, len(items)))
    low, high = np.percentile(statistic(items[picked], axis=1), [2.5, 97.5])
    return float(low), float(high)
