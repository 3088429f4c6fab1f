"""Two runs, item by item: is one better, and could so many items show it?

Every metric that both have is tested on the items both did: a paired bootstrap of the difference of the
means, McNemar's exact test where every score is yes or no. The p values of one task's guarded metrics are
held to Holm's correction; the others are exploration and carry their plain p.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.records import Metric, Outcome, Run, TaskRun
from eval.scores import parts, slice_names
from eval.statistics import bootstrap_p, detectable, holm, mcnemar, resampled, weighted_mean
from summarizer.errors import SummarizerError

__all__ = ["LEVEL", "Comparison", "Difference", "Move", "RunMismatchError", "compare"]

LEVEL = 0.05
DRAWS = 10_000
# Items below which a part of the data is not compared: its interval would span everything.
LEAST = 8
# Items that moved most, told for either side.
MOVED = 5


class RunMismatchError(SummarizerError):
    """Two runs cannot be compared: other data, other tasks, other versions of one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The second run against the first in one metric."""

    metric: Metric
    first: float
    second: float
    low: float
    high: float
    """95 % interval of `second - first`, paired bootstrap over items."""
    p: float
    adjusted: float
    """After Holm's correction over the task's guarded metrics; `p` itself for the others."""
    test: str
    """"McNemar" or "bootstrap"."""
    n: int
    detectable: float
    """The difference that so many items would show with a probability of 0.8."""

    @property
    def change(self) -> float:
        return self.second - self.first

    @property
    def verdict(self) -> str:
        """ "better", "worse", "differs" (where neither is), or "no difference shown"."""
        if self.adjusted >= LEVEL:
            return "no difference shown"
        if self.metric.better == "neither":
            return "differs"
        return "better" if (self.change > 0) == (self.metric.better == "higher") else "worse"

    @property
    def regression(self) -> bool:
        """Is a guarded metric significantly worse?"""
        return self.metric.guarded and self.verdict == "worse"


@dataclass(frozen=True, slots=True)
class Move:
    """One item in both runs."""

    id: str
    asked: str
    references: tuple[str, ...]
    first: Outcome
    second: Outcome
    change: float
    """Of the first guarded metric; positive is better."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One task in two runs."""

    task: str
    first: TaskRun
    second: TaskRun
    alone: int
    """Items that only one of them did."""
    differences: tuple[Difference, ...]
    slices: tuple[tuple[str, str, Difference], ...]
    """(division, part, difference of the first guarded metric); exploration, not corrected."""
    moved: tuple[Move, ...]
    """Most improved first, most worsened last."""

    @property
    def regressions(self) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if difference.regression)


Pairs = list[tuple[Outcome, Outcome]]


def compare(first: Run, second: Run, *, seed: int = 0) -> list[Comparison]:
    """The tasks that both did, in the order of the first. Raises RunMismatchError when there is none, when
    the data differ, or a task has another version."""
    if first.provenance.data != second.provenance.data:
        raise RunMismatchError(
            f"{first.name} and {second.name}: expected runs on the same data, found "
            f"{first.provenance.data[:8]} and {second.provenance.data[:8]}. Run one of them again.",
            reason="eval.other_data",
            first=first.provenance.data[:8],
            second=second.provenance.data[:8],
        )
    others = {task.task: task for task in second.tasks}
    both = [(task, others[task.task]) for task in first.tasks if task.task in others]
    if not both:
        raise RunMismatchError(
            f"expected a task that both did, found {', '.join(t.task for t in first.tasks)} "
            f"and {', '.join(others)}",
            reason="eval.no_common",
        )
    return [_compared(one, other, seed) for one, other in both]


def _compared(first: TaskRun, second: TaskRun, seed: int) -> Comparison:
    if first.version != second.version:
        raise RunMismatchError(
            f"task {first.task}: expected one version, found {first.version} and {second.version}. "
            "Run the older one again.",
            reason="eval.other_version",
            task=first.task,
        )
    known = {outcome.id: outcome for outcome in second.outcomes}
    pairs = [(outcome, known[outcome.id]) for outcome in first.outcomes if outcome.id in known]
    names = {metric.name for metric in second.metrics}
    metrics = [metric for metric in first.metrics if metric.name in names]
    found = [d for metric in metrics if (d := difference(metric, pairs, seed)) is not None]
    lead = next((metric for metric in metrics if metric.guarded), None)
    return Comparison(
        first.task,
        first,
        second,
        len(first.outcomes) + len(second.outcomes) - 2 * len(pairs),
        tuple(_corrected(found)),
        tuple(_slices(lead, pairs, seed)) if lead else (),
        tuple(_moved(lead, pairs)) if lead else (),
    )


def difference(metric: Metric, pairs: Pairs, seed: int = 0) -> Difference | None:
    """None when no pair has it on both sides."""
    name = metric.name
    both = [(a.scores[name], b.scores[name]) for a, b in pairs if name in a.scores and name in b.scores]
    if not both:
        return None
    one, other = (np.array([pair[i].value for pair in both]) for i in (0, 1))
    weights = [np.array([pair[i].weight for pair in both]) for i in (0, 1)]
    means = [weighted_mean(values, w) for values, w in zip((one, other), weights, strict=True)]
    # The same items are drawn for both: the seed decides them, not the scores.
    drawn = [
        resampled(values, w, draws=DRAWS, seed=seed) for values, w in zip((one, other), weights, strict=True)
    ]
    if len(drawn[0]) != len(drawn[1]):  # a draw without any weight on one side only
        raise RunMismatchError(f"metric {name}: expected weights of both runs alike, found others")
    changes = drawn[1] - drawn[0]
    low, high = np.percentile(changes, [2.5, 97.5])
    p = mcnemar(one > 50, other > 50) if metric.yesno else bootstrap_p(changes)
    return Difference(
        metric, means[0], means[1], float(low), float(high), p, p,
        "McNemar" if metric.yesno else "bootstrap", len(both), detectable(float(changes.std())),
    )  # fmt: skip


def _corrected(found: Sequence[Difference]) -> list[Difference]:
    guarded = [d for d in found if d.metric.guarded]
    adjusted = dict(zip((d.metric.name for d in guarded), holm([d.p for d in guarded]), strict=True))
    return [replace(d, adjusted=adjusted.get(d.metric.name, d.p)) for d in found]


def _slices(metric: Metric, pairs: Pairs, seed: int) -> list[tuple[str, str, Difference]]:
    firsts = [first for first, _ in pairs]
    known = {second.id: second for _, second in pairs}
    found = []
    for name in slice_names(firsts):
        for part, outcomes in parts(firsts, name).items():
            mine = [(one, known[one.id]) for one in outcomes]
            if len(mine) >= LEAST and (d := difference(metric, mine, seed)) is not None:
                found.append((name, part, d))
    return found


def _moved(metric: Metric, pairs: Pairs) -> list[Move]:
    sign = -1.0 if metric.better == "lower" else 1.0
    moves = [
        Move(
            a.id, a.asked, a.references, a, b,
            sign * (b.scores[metric.name].value - a.scores[metric.name].value),
        )
        for a, b in pairs
        if metric.name in a.scores and metric.name in b.scores
    ]  # fmt: skip
    moves = sorted((move for move in moves if move.change), key=lambda move: (-move.change, move.id))
    return moves if len(moves) <= 2 * MOVED else moves[:MOVED] + moves[-MOVED:]
