"""Does tasks: items in chunks, every outcome kept as soon as it is there, failures told, nothing lost.

A system that fails on a chunk is asked each of its items alone; an item it still fails on stays in the run
with the worst scores there are, and the reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from eval.data import GoldDataError
from eval.provenance import commit, library_versions, machine, prompt_versions
from eval.records import Control, Item, Outcome, Provenance, Run, Score, TaskRun
from eval.store import Journal, RunFileError, load_run, save_run
from eval.tasks import Task, make_task
from eval.tasks.subject import Subject, UnfitError
from summarizer.errors import SummarizerError

__all__ = ["ControlError", "Plan", "Told", "execute", "spread"]

log = logging.getLogger(__name__)

Told = Callable[[str, int, int], None]
"""Hears (task, items done, items in all)."""


class ControlError(SummarizerError):
    """A case whose score is known beforehand scored otherwise: the ruler is broken, and no number counts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `run` was asked for."""

    tasks: tuple[str, ...]
    limit: int | None
    """Items of each task, spread over the data; None for all."""
    settings: Mapping[str, str | int | float | bool | None]
    """What was typed: recorded, and part of the recipe."""
    every: bool = False
    """All tasks were asked for: one that this system or these data have nothing for is left out."""


def execute(plan: Plan, subject: Subject, out: Path, told: Told = lambda task, done, items: None) -> Run:
    """The run, written to `out`; goes on where an earlier one with the same recipe stopped.

    A finished run of the same recipe is returned as it is. Raises ControlError, RunFileError, and
    SummarizerError when a task can't be begun; what was done before stays in the journal.
    """
    made = Provenance(
        commit=commit(),
        seed=subject.settings.seed,
        data=subject.gold.fingerprint,
        prompts=prompt_versions(),
        machine=machine(),
        versions=library_versions(),
        settings=plan.settings,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    recipe = _recipe(plan, subject, made)
    if out.exists():
        return _finished(out, plan, subject, made)
    journal = Journal(out, recipe)
    try:
        tasks = [_done(name, plan, subject, journal, told) for name in plan.tasks]
        run = Run(subject.name, tuple(task for task in tasks if task is not None), made, recipe)
        save_run(run, out)
    except BaseException:
        journal.close(finished=False)
        raise
    journal.close(finished=True)
    return run


def _recipe(plan: Plan, subject: Subject, made: Provenance) -> dict[str, object]:
    return {
        "model": subject.name,
        "tasks": list(plan.tasks),
        "limit": plan.limit,
        "settings": dict(plan.settings),
        "data": made.data,
        "seed": made.seed,
        "commit": made.commit,
        "prompts": dict(made.prompts),
    }


def _finished(out: Path, plan: Plan, subject: Subject, made: Provenance) -> Run:
    """The run at `out`, when it is this one."""
    run = load_run(out)
    wanted = _recipe(plan, subject, made)
    if (found := run.recipe) != wanted:
        names = ", ".join(name for name in wanted if wanted[name] != found.get(name))
        raise RunFileError(
            f"{out}: expected no run there or this one, found one with other {names}. "
            "Name another --out, or delete it."
        )
    return run


def _done(name: str, plan: Plan, subject: Subject, journal: Journal, told: Told) -> TaskRun | None:
    """None when there is nothing to do and all tasks were asked for."""
    try:
        task = make_task(name, subject)
    except UnfitError:
        if plan.every:
            return None
        raise
    items = list(task.items())
    if not items:
        if plan.every:
            return None
        raise GoldDataError(
            f"{subject.gold.name}: expected something for the task {name}, found nothing; "
            "eval/README.md tells what a task needs"
        )
    controls = tuple(task.controls())
    _expect_held(task.name, controls)
    chosen = spread(items, plan.limit)
    outcomes: dict[str, Outcome] = {
        item.id: journal.known[task.name, item.id] for item in chosen if (task.name, item.id) in journal.known
    }
    todo = [item for item in chosen if item.id not in outcomes]
    told(task.name, len(outcomes), len(chosen))
    for start in range(0, len(todo), task.chunk):
        made = _asked(task, todo[start : start + task.chunk])
        journal.add(task.name, made)
        outcomes |= {outcome.id: outcome for outcome in made}
        told(task.name, len(outcomes), len(chosen))
    return TaskRun(
        task.name, task.version, task.system, task.fingerprint, task.metrics,
        tuple(outcomes[item.id] for item in chosen), len(items),
        plan.limit if len(chosen) < len(items) else None, controls,
    )  # fmt: skip


def _expect_held(name: str, controls: Sequence[Control]) -> None:
    broken = [f"{c.name}: found {c.value:.1f}, bound {c.bound:.1f}" for c in controls if not c.held]
    if broken:
        raise ControlError(
            f"task {name}: the harness's own controls do not hold ({'; '.join(broken)}). "
            "No score can be trusted; check the gold data and the installed metric libraries."
        )


def _asked(task: Task, items: Sequence[Item]) -> list[Outcome]:
    """Outcomes of all items; `seconds` is each one's share of the call."""
    start = time.perf_counter()
    try:
        made = task.outcomes(items)
        if [outcome.id for outcome in made] != [item.id for item in items]:
            raise ValueError(f"expected one outcome an item, found {len(made)} for {len(items)}")
    except Exception as error:  # whatever a system raises is a result of the evaluation, and told
        if len(items) > 1:
            return [outcome for item in items for outcome in _asked(task, [item])]
        log.warning("%s: %s failed: %r", task.name, items[0].id, error)
        return [_failed(task, items[0], error, time.perf_counter() - start)]
    share = (time.perf_counter() - start) / len(items)
    return [replace(outcome, seconds=share) for outcome in made]


def _failed(task: Task, item: Item, error: Exception, seconds: float) -> Outcome:
    worst = {
        metric.name: Score(metric.worst)
        for metric in task.metrics
        if metric.worst is not None and (item.applies is None or metric.name in item.applies)
    }
    reason = f"{type(error).__name__}: {error}"
    return Outcome(
        item.id, item.slices, item.asked, "", item.references, worst, seconds=seconds, failure=reason
    )


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """At most `limit` items, evenly over the data, in their order: the first ones would be one page's."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]
