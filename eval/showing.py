"""Runs and comparisons on a terminal, and as JSON Lines for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from eval.compare import Comparison, Difference, Move
from eval.records import Run, TaskRun
from eval.runner import Told
from eval.scores import Mean, means, number

__all__ = ["comparison_rows", "failures", "print_comparisons", "print_run", "progress"]

# Failed items that are told one by one.
_TOLD = 5
# Characters of an output in a list of items.
_SHOWN = 48
# Wide enough for every table, whatever the terminal; it is pasted into Markdown.
_WIDTH = 160


@contextmanager
def progress() -> Iterator[Told]:
    """A bar a task on stderr, with items done and time left."""
    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        known = {}

        def told(task: str, done: int, items: int) -> None:
            if task not in known:
                known[task] = bar.add_task(task, total=items)
            bar.update(known[task], completed=done)

        yield told


def print_run(run: Run) -> None:
    """One table a task, in Markdown; failures and what makes a run no result below it."""
    console = Console(width=_WIDTH)
    for task in run.tasks:
        console.print(f"\n{task.task} · {task.system} · {_counted(task)}", markup=False)
        table = Table("metric", "", "mean", "95 %", "n", box=MARKDOWN)
        for mean in means(task):
            table.add_row(*_cells(mean))
        console.print(table)
        for line in failures(task):
            console.print(line, markup=False)


def _counted(task: TaskRun) -> str:
    text = f"{len(task.outcomes)} items"
    if task.limit is not None:
        text += f" of {task.planned}: partial, not a result"
    return text + (f", {task.failures} FAILED" if task.failures else "")


def _cells(mean: Mean) -> tuple[str, str, str, str, str]:
    metric = mean.metric
    unit = "" if metric.unit == "%" else f" ({metric.unit})"
    mark = {"higher": "↑", "lower": "↓", "neither": ""}[metric.better]
    spread = f"[{number(mean.low, metric)}, {number(mean.high, metric)}]"
    return metric.name + unit, metric.title + mark, number(mean.value, metric), spread, str(mean.n)


def failures(task: TaskRun) -> list[str]:
    """The first failed items with their reasons, and how many more there are."""
    failed = [outcome for outcome in task.outcomes if outcome.failure is not None]
    lines = [f"failed: {outcome.id}: {outcome.failure}" for outcome in failed[:_TOLD]]
    return [*lines, f"and {len(failed) - _TOLD} more"] if len(failed) > _TOLD else lines


def print_comparisons(found: Sequence[Comparison]) -> None:
    """One table a task; what moved, and in which parts of the data."""
    console = Console(width=_WIDTH)
    for one in found:
        pair = f"{one.first.system} → {one.second.system}"
        apart = f", {one.alone} items in one run only" if one.alone else ""
        console.print(f"\n{one.task} · {pair}{apart}", markup=False)
        for task in (one.first, one.second):
            if task.limit is not None or task.failures:
                console.print(f"  {task.system}: {_counted(task)}", markup=False)
        table = Table(
            "metric", "first", "second", "change", "95 %", "p", "Holm", "verdict", "could show", box=MARKDOWN
        )
        for difference in one.differences:
            table.add_row(*_difference(difference))
        console.print(table)
        for name, part, difference in one.slices:
            if difference.p < 0.05:
                change = f"{difference.change:+.1f} (p {difference.p:.3f}, n {difference.n}, not corrected)"
                console.print(f"  {name} {part}: {difference.metric.name} {change}", markup=False)
        for move in one.moved:
            console.print(_move(move), markup=False)
        for difference in one.regressions:
            console.print(f"WORSE: {difference.metric.name} is guarded and fell significantly", markup=False)


def _difference(difference: Difference) -> tuple[str, ...]:
    metric = difference.metric
    said = [number(value, metric) for value in (difference.first, difference.second)]
    guarded = f"{difference.adjusted:.3f}" if metric.guarded else ""
    return (
        metric.name + (" (guarded)" if metric.guarded else ""),
        *said,
        f"{difference.change:+.2f}",
        f"[{difference.low:+.2f}, {difference.high:+.2f}]",
        f"{difference.p:.3f} {difference.test}",
        guarded,
        difference.verdict,
        f"±{difference.detectable:.1f}",
    )


def _move(move: Move) -> str:
    outputs = " → ".join(_shortened(one.output) for one in (move.first, move.second))
    return f"  {move.change:+6.1f} {move.id}: {outputs}"


def _shortened(output: str) -> str:
    """Its first line, as much of it as a line on a terminal has room for; the run has the whole."""
    line = output.split("\n")[0] or "（空）"
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def comparison_rows(found: Iterable[Comparison]) -> Iterator[str]:
    """One line a metric of a task."""
    for one in found:
        for d in one.differences:
            row = {
                "task": one.task, "metric": d.metric.name, "first": d.first, "second": d.second,
                "low": d.low, "high": d.high, "p": d.p, "adjusted": d.adjusted, "test": d.test, "n": d.n,
                "detectable": d.detectable, "guarded": d.metric.guarded, "verdict": d.verdict,
            }  # fmt: skip
            yield json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"
