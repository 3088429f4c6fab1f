"""Items with all systems' outputs side by side, the first run's worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.records import Metric, Outcome
from eval.report.differences import Segment, closest, segments
from eval.report.groups import Entry, Group
from eval.report.labels import shown
from eval.scores import number

__all__ = ["Chip", "ItemView", "Said", "item_views"]

# Tasks whose references are no text that the output should equal: lists of headlines, ids, claims.
_NOT_COMPARED = frozenset({"articles", "grounding", "refusal", "retrieval", "speed"})


@dataclass(frozen=True, slots=True)
class Chip:
    """A score of one output."""

    title: str
    value: str
    """A number; of a yes/no score 是 or 否, with ✓ for the better of the two and ✗ for the worse."""
    bad: bool
    """A yes/no score at its worst."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one or more systems came to; those with the same outcome share one."""

    labels: tuple[str, ...]
    segments: tuple[Segment, ...]
    compared: int | None
    """Number of the reference, from 1, that the segments compare with."""
    chips: tuple[Chip, ...]
    """Guarded metrics."""
    others: str
    """The other metrics in one line."""
    faults: tuple[tuple[str, str], ...]
    """(stretch of the output, what is wrong with it)."""
    failure: str | None
    note: str
    seconds: tuple[float, ...]
    """One a label."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a task; every text in it is safe to show, and still to be escaped."""

    id: str
    asked: str
    references: tuple[str, ...]
    slices: Mapping[str, str]
    said: tuple[Said, ...]
    lead: Chip | None
    """The first run's score, which the order is by; None where the metric does not apply."""
    failed: bool
    """Did any system fail on it?"""

    @property
    def flagged(self) -> bool:
        return any(said.faults for said in self.said)

    @property
    def headline(self) -> str:
        """What the item is about, in one short line."""
        text = " ".join(self.asked.split())
        return text[:60] + ("…" if len(text) > 60 else "")


def item_views(group: Group) -> list[ItemView]:
    """Every item that any entry has, in the order described above; items of equal score by id, and those
    without a score last."""
    seen: dict[str, list[tuple[Entry, Outcome]]] = {}
    for entry in group.entries:
        for outcome in entry.task.outcomes:
            seen.setdefault(outcome.id, []).append((entry, outcome))
    first = {outcome.id: outcome for outcome in group.entries[0].task.outcomes}
    order = sorted(seen, key=lambda name: (*_badness(first.get(name), group.lead), name))
    return [_view(group, seen[name], first.get(name)) for name in order]


def _badness(outcome: Outcome | None, lead: Metric) -> tuple[bool, float, bool]:
    """Sorts worst first: a failure before an output with the same score."""
    if outcome is None or lead.name not in outcome.scores:
        return True, 0.0, outcome is None or outcome.failure is None
    value = outcome.scores[lead.name].value
    return False, -value if lead.better == "lower" else value, outcome.failure is None


def _view(group: Group, done: list[tuple[Entry, Outcome]], first: Outcome | None) -> ItemView:
    any_ = first or done[0][1]
    alike: list[list[tuple[Entry, Outcome]]] = []
    for pair in done:
        for several in alike:
            if _same(several[0], pair):
                several.append(pair)
                break
        else:
            alike.append([pair])
    return ItemView(
        shown(any_.id),
        shown(any_.asked),
        tuple(map(shown, any_.references)),
        {shown(name): shown(part) for name, part in any_.slices.items()},
        tuple(_said(group, several) for several in alike),
        _chip(group.lead, first) if first and group.lead.name in first.scores else None,
        any(outcome.failure is not None for _, outcome in done),
    )


def _same(one: tuple[Entry, Outcome], other: tuple[Entry, Outcome]) -> bool:
    (a, first), (b, second) = one, other
    return (
        first.output == second.output
        and first.scores == second.scores
        and first.marks == second.marks
        and (first.failure, first.note) == (second.failure, second.note)
        and a.task.metrics == b.task.metrics
    )


def _said(group: Group, several: list[tuple[Entry, Outcome]]) -> Said:
    entry, outcome = several[0]
    compares = group.name not in _NOT_COMPARED and outcome.output
    which = closest(outcome.output, outcome.references) if compares else None
    reference = None if which is None else outcome.references[which]
    metrics = [metric for metric in entry.task.metrics if metric.name in outcome.scores]
    chips = tuple(_chip(metric, outcome) for metric in metrics if metric.guarded)
    others = [_chip(metric, outcome) for metric in metrics if not metric.guarded]
    return Said(
        tuple(entry.label for entry, _ in several),
        tuple(
            Segment(shown(s.text), s.kind, tuple(map(shown, s.reasons)))
            for s in segments(outcome.output, reference, outcome.marks)
            if s.text
        ),
        None if which is None else which + 1,
        chips,
        " · ".join(f"{chip.title} {chip.value}" for chip in others),
        tuple((shown(outcome.output[slice(*mark.span)]), shown(mark.reason)) for mark in outcome.marks),
        None if outcome.failure is None else shown(outcome.failure),
        shown(outcome.note),
        tuple(outcome.seconds for _, outcome in several),
    )


def _chip(metric: Metric, outcome: Outcome) -> Chip:
    value = outcome.scores[metric.name].value
    if metric.yesno and metric.better != "neither":
        good = (value > 50) == (metric.better == "higher")
        return Chip(shown(metric.title), f"{'是' if value > 50 else '否'} {'✓' if good else '✗'}", not good)
    return Chip(shown(metric.title), number(value, metric), False)
