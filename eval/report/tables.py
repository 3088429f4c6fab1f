"""Score tables: one row a system, one column a metric, each cell with interval and n; and by slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.records import Metric
from eval.report.groups import Entry, Group
from eval.report.labels import division_title, shown
from eval.scores import Mean, mean, number, parts, slice_names

__all__ = ["FEW", "Cell", "Part", "Row", "SliceTable", "score_rows", "slice_tables"]

# Items below which a part's interval says next to nothing; told, not hidden.
FEW = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean as it is printed."""

    value: str
    interval: str
    """"38.1–46.9"."""
    n: int
    best: bool = False
    partial: bool = False
    """Of a run that was cut short: not a result."""

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    cells: tuple[Cell | None, ...]
    """One a metric of the group; None where it does not apply."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a division: "题材", "courts", a cell an entry."""

    division: str
    name: str
    cells: tuple[Cell | None, ...]
    first: bool
    """Is it the first of its division?"""


@dataclass(frozen=True, slots=True)
class SliceTable:
    metric: Metric
    parts: tuple[Part, ...]


def score_rows(group: Group) -> list[Row]:
    """One an entry, in order; the best value of each metric marked."""
    columns = [[_mean(metric, entry) for entry in group.entries] for metric in group.metrics]
    best = [_best(group, column) for column in columns]
    rows = []
    for i, entry in enumerate(group.entries):
        partial = entry.task.limit is not None
        cells = [_cell(column[i], i in top, partial) for column, top in zip(columns, best, strict=True)]
        rows.append(Row(entry, tuple(cells)))
    return rows


def _mean(metric: Metric, entry: Entry) -> Mean | None:
    """None also where the entry has a metric of this name that is counted in another way."""
    return mean(metric, entry.task.outcomes) if metric in entry.task.metrics else None


def _best(group: Group, column: Sequence[Mean | None]) -> set[int]:
    """Places of the best of whole runs that compete; none when fewer than two do, or all are the same."""
    fair = {
        i: found
        for i, (entry, found) in enumerate(zip(group.entries, column, strict=True))
        if found is not None and entry.task.limit is None and not entry.ceiling
    }
    values = {found.value for found in fair.values()}
    better = {found.metric.better for found in fair.values()}
    if not group.alike or len(values) < 2 or "neither" in better:
        return set()
    top = min(values) if "lower" in better else max(values)
    return {i for i, found in fair.items() if found.value == top}


def _cell(found: Mean | None, best: bool = False, partial: bool = False) -> Cell | None:
    if found is None:
        return None
    low, high = (number(value, found.metric) for value in (found.low, found.high))
    return Cell(number(found.value, found.metric), f"{low}–{high}", found.n, best, partial)


def slice_tables(group: Group) -> list[SliceTable]:
    """One a guarded metric that any part of the data has; [] where the data have no divisions."""
    outcomes = [outcome for entry in group.entries for outcome in entry.task.outcomes]
    found = []
    for metric in group.guarded:
        rows: list[Part] = []
        for division in slice_names(outcomes):
            by_entry = [parts(entry.task.outcomes, division) for entry in group.entries]
            for i, name in enumerate(parts(outcomes, division)):
                cells = tuple(
                    _cell(mean(metric, mine.get(name, ())), partial=entry.task.limit is not None)
                    if metric in entry.task.metrics
                    else None
                    for entry, mine in zip(group.entries, by_entry, strict=True)
                )
                rows.append(Part(division_title(shown(division)), shown(name), cells, not i))
        if any(cell for row in rows for cell in row.cells):
            found.append(SliceTable(metric, tuple(rows)))
    return found
