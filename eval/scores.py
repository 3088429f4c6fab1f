"""From the scores of items to the numbers of a table: mean, interval, n, by slice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.records import Metric, Outcome, TaskRun
from eval.statistics import interval, weighted_mean

__all__ = ["Mean", "mean", "means", "number", "parts", "slice_names"]


@dataclass(frozen=True, slots=True)
class Mean:
    """One metric over some outcomes."""

    metric: Metric
    value: float
    low: float
    high: float
    """95 % bootstrap interval over items."""
    n: int
    """Outcomes to which the metric applies; failures are among them."""


def mean(metric: Metric, outcomes: Iterable[Outcome]) -> Mean | None:
    """None when the metric applies to none of them."""
    scores = [outcome.scores[metric.name] for outcome in outcomes if metric.name in outcome.scores]
    values = np.array([score.value for score in scores])
    weights = np.array([score.weight for score in scores])
    if not weights.sum():
        return None
    low, high = interval(values, weights=weights)
    return Mean(metric, weighted_mean(values, weights), low, high, len(scores))


def means(task: TaskRun) -> list[Mean]:
    """Every metric that applies to something, in the task's order."""
    return [found for metric in task.metrics if (found := mean(metric, task.outcomes)) is not None]


def slice_names(outcomes: Sequence[Outcome]) -> list[str]:
    """Divisions that have at least two parts."""
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.slices)
    return [name for name in names if len(parts(outcomes, name)) > 1]


def parts(outcomes: Sequence[Outcome], name: str) -> dict[str, list[Outcome]]:
    """The outcomes by their part of the division `name`, parts in alphabetical order."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if name in outcome.slices:
            found.setdefault(outcome.slices[name], []).append(outcome)
    return dict(sorted(found.items()))


def number(value: float, metric: Metric) -> str:
    """As a table prints it: one digit behind the point; two for seconds and ratios, more for small
    ones; none for milliseconds."""
    if metric.unit == "ms":
        return f"{value:.0f}"
    if metric.unit in ("s", "ratio", "a page"):
        size = abs(value)
        return (
            f"{value:.2f}" if size >= 0.1 or not value else f"{value:.3f}" if size >= 0.01 else f"{value:.2g}"
        )
    return f"{value:.1f}"
