"""The plots of a report: means with intervals, length against score, speed against quality.

A plot with nothing to show is a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from eval.records import Metric, Outcome, Run
from eval.report.drawing import ACCENT, FAINT, INK, LINE, drawn
from eval.report.groups import Entry, Group, run_labels
from eval.report.labels import heading, task_title
from eval.scores import Mean, mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Plot", "PlotSet", "bars", "lengths", "paces", "spaced"]

Floats = npt.NDArray[np.float64]
# Tasks whose outputs have a length that matters.
_WRITTEN = frozenset({"headlines", "briefs"})
# Outputs below which three averages by length are noise.
_ENOUGH = 12


@dataclass(frozen=True, slots=True)
class Plot:
    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class PlotSet:
    """Plots of one kind side by side."""

    title: str
    plots: tuple[Plot, ...]
    note: str
    """How to read them; or, without plots, why there are none."""


def bars(group: Group) -> PlotSet:
    """One plot a guarded metric, a bar an entry, with 95 % intervals."""
    plots = []
    for metric in group.guarded:
        found = [
            (entry.label + ("（部分）" if entry.task.limit is not None else ""), m)
            for entry in group.entries
            if metric in entry.task.metrics and (m := mean(metric, entry.task.outcomes)) is not None
        ]
        if found:
            name = f"{task_title(group.name)}：{heading(metric)}"
            svg = drawn(partial(_bars, metric=metric, found=found), 3.95, 0.75 + 0.3 * len(found), name)
            plots.append(Plot(heading(metric), svg))
    title = "均值与 95 % 区间"
    if not plots:
        return PlotSet(title, (), "没有可画的指标：没有一条有分数。")
    return PlotSet(title, tuple(plots), "细线是对条目自助抽样得到的 95 % 区间。")


def _bars(figure: Figure, metric: Metric, found: Sequence[tuple[str, Mean]]) -> None:
    axes = figure.subplots()
    places = np.arange(len(found))
    values = np.array([one.value for _, one in found])
    ends = np.array([[one.value - one.low, one.high - one.value] for _, one in found]).T
    # A percentile interval of very skewed scores may leave the mean outside; a bar cannot go backwards.
    axes.barh(places, values, height=0.62, color=ACCENT, alpha=0.75)
    axes.errorbar(values, places, xerr=np.maximum(ends, 0), fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
    axes.set_yticks(places, [label for label, _ in found])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    top = max(one.high for _, one in found)
    axes.set_xlim(0, 100 if metric.unit == "%" and top > 60 else top * 1.08 or 1.0)


def lengths(group: Group) -> PlotSet | None:
    """One plot an entry: characters of the output against the lead score; None where no text is written."""
    if group.name not in _WRITTEN:
        return None
    lead, title = group.lead, f"输出字数与{heading(group.lead)}"
    dots = [(entry, _points(entry, lead)) for entry in group.entries if lead in entry.task.metrics]
    dots = [(entry, points) for entry, points in dots if len(points) > 1]
    if not dots:
        return PlotSet(title, (), "没有可画的：没有一个系统写出两条以上有分数的文字。")
    widest = max(float(points[:, 0].max()) for _, points in dots)
    plots = tuple(
        Plot(
            entry.label,
            drawn(partial(_cloud, points=points, widest=widest), 3.1, 2.3, f"{entry.label}：{title}"),
        )
        for entry, points in dots
    )
    note = f"每点一条输出，失败的不画。至少 {_ENOUGH} 条时，方块是按字数分成三等份后各份的平均。"
    return PlotSet(title, plots, note)


def _points(entry: Entry, lead: Metric) -> Floats:
    """(characters, score) of what was written, shape (outputs, 2)."""
    rows = [
        (len(outcome.output), outcome.scores[lead.name].value)
        for outcome in entry.task.outcomes
        if outcome.failure is None and lead.name in outcome.scores
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _cloud(figure: Figure, points: Floats, widest: float) -> None:
    axes = figure.subplots()
    axes.plot(points[:, 0], points[:, 1], "o", color=FAINT, markersize=3.5, markeredgewidth=0)
    if len(points) >= _ENOUGH:
        thirds = np.array_split(points[np.argsort(points[:, 0], kind="stable")], 3)
        middles = np.array([third.mean(axis=0) for third in thirds])
        axes.plot(middles[:, 0], middles[:, 1], "s-", color=ACCENT, markersize=6, linewidth=1.5)
    axes.set(xlim=(0, widest * 1.05 + 1), ylim=(-3, 103), xlabel="字数")
    axes.grid(True)
    axes.set_axisbelow(True)


def paces(runs: Sequence[Run], group: Group) -> PlotSet | None:
    """Speed against the lead score, a point an entry; None for what is no text written or answered.

    Stories a second where every run did the speed task, else items a second of this task's own time.
    """
    if group.name not in {*_WRITTEN, "reading", "answers"}:
        return None
    title = f"速度与{heading(group.lead)}"
    rates, unit = _rates(runs, group)
    found = [
        (entry.label, rates[entry.label], quality)
        for entry in group.entries
        if rates.get(entry.label, 0) > 0
        and group.lead in entry.task.metrics
        and (quality := mean(group.lead, entry.task.outcomes)) is not None
    ]
    if len(found) < 2:
        return PlotSet(title, (), "速度与质量要至少两个系统都有耗时和分数才画得出来。")
    svg = drawn(partial(_paces, found=found, unit=unit), 5.6, 3.4, f"{task_title(group.name)}：{title}")
    machines = {run.provenance.machine for run in runs}
    apart = "注意：各次运行不在同一种机器上，速度不能直接比较。" if len(machines) > 1 else ""
    return PlotSet(title, (Plot("越靠右上越好" if group.lead.better == "higher" else "", svg),), apart)


def _rates(runs: Sequence[Run], group: Group) -> tuple[dict[str, float], str]:
    """By entry: how much is done in a second, and what that is counted in."""
    measured = {}
    for label, run in zip(run_labels(runs), runs, strict=True):
        for task in run.tasks:
            metric = next((m for m in task.metrics if m.name == "articles" and m.unit == "/s"), None)
            found = mean(metric, task.outcomes) if metric and task.task == "speed" else None
            if found is not None:
                measured[label] = found.value
    if group.name in _WRITTEN and all(entry.runs[0] in measured for entry in group.entries):
        return {entry.label: measured[entry.runs[0]] for entry in group.entries}, "篇/秒（速度任务，标题）"
    return {entry.label: _own(entry.task.outcomes) for entry in group.entries}, "条/秒（本任务，不含载入）"


def _own(outcomes: Sequence[Outcome]) -> float:
    """Items a second of what succeeded; 0.0 where no time was kept."""
    times = [outcome.seconds for outcome in outcomes if outcome.failure is None]
    return len(times) / sum(times) if sum(times) > 0 else 0.0


def _paces(figure: Figure, found: Sequence[tuple[str, float, Mean]], unit: str) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    axes = figure.subplots()
    x = np.array([rate for _, rate, _ in found])
    y = np.array([quality.value for _, _, quality in found])
    ends = np.array([[q.value - q.low, q.high - q.value] for _, _, q in found]).T
    axes.errorbar(x, y, yerr=np.maximum(ends, 0), fmt="none", ecolor=FAINT, elinewidth=1.2, capsize=3)
    axes.plot(x, y, "o", color=ACCENT, markersize=7)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel=unit)
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.margins(x=0.08, y=0.1)
    _name(axes, [label for label, _, _ in found], x, y)


def _name(
    axes: Axes, labels: Sequence[str], x: Floats,
    y: Floats,
) -> None:  # fmt: skip
    """Names in a column on the right, each with a line to its point: names beside points would overlap."""
    low, high = axes.get_ylim()
    gap = (high - low) * 0.075
    for label, x_at, y_at, place in zip(labels, x, y, spaced(list(y), gap, low, high), strict=True):
        axes.annotate(
            label, (x_at, y_at), (1.04, place), textcoords=axes.get_yaxis_transform(), va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": LINE, "linewidth": 0.7, "shrinkB": 4, "shrinkA": 1},
        )  # fmt: skip


def spaced(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The values moved apart to at least `gap`, order kept, near `low` to `high` where that many fit."""
    order = sorted(range(len(values)), key=values.__getitem__)
    made = list(values)
    floor = low
    for i in order:
        made[i] = max(made[i], floor)
        floor = made[i] + gap
    roof = max(high, low + gap * (len(values) - 1))
    for i in reversed(order):
        made[i] = min(made[i], roof)
        roof = made[i] - gap
    return made
