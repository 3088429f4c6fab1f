"""Runs regrouped by task: which systems did it, what keeps their scores from being compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.records import Metric, Run, TaskRun
from eval.report.labels import shown, unique

__all__ = ["Entry", "Group", "brokens", "failed_words", "groups", "partial_words", "run_labels", "warnings"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One system's outcomes of a task."""

    label: str
    """Unique inside its task, safe to show."""
    runs: tuple[str, ...]
    """Labels of the runs that came to exactly this; one, unless the same system did the same again."""
    task: TaskRun

    @property
    def ceiling(self) -> bool:
        """Does it look at the references? Then it bounds the others and is no competitor of theirs."""
        return self.task.system.startswith("oracle-")


@dataclass(frozen=True, slots=True)
class Group:
    """One task in all runs that did it."""

    name: str
    entries: tuple[Entry, ...]
    metrics: tuple[Metric, ...]
    """Of all entries, guarded ones first; two that are counted in different ways are two."""
    alike: bool
    """Same data and same version of the task: may the scores be compared?"""

    @property
    def lead(self) -> Metric:
        """What items are sorted by: the first run's first guarded metric, else its first."""
        own = self.entries[0].task.metrics
        return next((m for m in own if m.guarded), own[0])

    @property
    def guarded(self) -> tuple[Metric, ...]:
        """The guarded metrics; the lead where there are none."""
        return tuple(metric for metric in self.metrics if metric.guarded) or (self.lead,)


def run_labels(runs: Sequence[Run]) -> list[str]:
    """A name for each run, unique and safe to show."""
    return unique([shown(run.name) for run in runs])


def groups(runs: Sequence[Run]) -> list[Group]:
    """Tasks in the order in which the runs have them, without those that have no metric or no outcome."""
    labels = run_labels(runs)
    names = dict.fromkeys(task.task for run in runs for task in run.tasks if task.metrics and task.outcomes)
    return [_group(name, runs, labels) for name in names]


def _group(name: str, runs: Sequence[Run], labels: Sequence[str]) -> Group:
    done = [
        (label, task, run.provenance.data)
        for label, run in zip(labels, runs, strict=True)
        for task in run.tasks
        if task.task == name and task.metrics and task.outcomes
    ]
    merged: dict[int, tuple[TaskRun, list[str]]] = {}
    for label, task, _ in done:
        twin = next((known for known, (one, _) in merged.items() if _same(one, task)), None)
        if twin is None:
            merged[len(merged)] = task, [label]
        else:
            merged[twin][1].append(label)
    titles = unique(
        [shown(task.system) if len(several) > 1 else several[0] for task, several in merged.values()]
    )
    entries = tuple(
        Entry(title, tuple(several), task)
        for title, (task, several) in zip(titles, merged.values(), strict=True)
    )
    metrics = list(dict.fromkeys(metric for entry in entries for metric in entry.task.metrics))
    alike = len({(task.version, data) for _, task, data in done}) == 1
    return Group(name, entries, tuple(sorted(metrics, key=lambda metric: not metric.guarded)), alike)


def _same(one: TaskRun, other: TaskRun) -> bool:
    """The same system that came to the same, whatever time it took."""
    if (one.system, one.fingerprint, len(one.outcomes)) != (
        other.system, other.fingerprint, len(other.outcomes),
    ):  # fmt: skip
        return False
    return _untimed(one) == _untimed(other)


def _untimed(task: TaskRun) -> TaskRun:
    return replace(task, outcomes=tuple(replace(outcome, seconds=0.0) for outcome in task.outcomes))


def warnings(runs: Sequence[Run], found: Sequence[Group]) -> list[str]:
    """What keeps the numbers from being results, or from being compared; [] when nothing does."""
    told = []
    if len({run.provenance.data for run in runs}) > 1:
        told.append("各次运行用的数据不同，分数不能互相比较，因此不标最好值。")
    for group in found:
        versions = {entry.task.version for entry in group.entries}
        if len(versions) > 1:
            said = "、".join(str(version) for version in sorted(versions))
            told.append(f"任务 {shown(group.name)} 的版本不同（{said}），分数不能互相比较，因此不标最好值。")
        for entry in group.entries:
            if partial := partial_words(entry.task):
                told.append(f"{shown(group.name)} · {entry.label}：{partial}")
            told += [f"{shown(group.name)} · {entry.label}：{broken}" for broken in brokens(entry.task)]
    return told


def partial_words(task: TaskRun) -> str:
    """In which way it is no result; "" when every planned item was done."""
    if task.limit is None and len(task.outcomes) == task.planned:
        return ""
    return f"部分运行，只做了 {task.planned} 条中的 {len(task.outcomes)} 条，不能算结果。"


def brokens(task: TaskRun) -> list[str]:
    """The harness's own controls that do not hold."""
    return [
        f"自检不成立：{shown(c.name)}，得 {c.value:.1f}，界限 {c.bound:.1f}。"
        for c in task.controls
        if not c.held
    ]


def failed_words(task: TaskRun) -> list[str]:
    """Every kind of failure once, with how often and on which items."""
    reasons: dict[str, list[str]] = {}
    for outcome in task.outcomes:
        if outcome.failure is not None:
            reasons.setdefault(shown(outcome.failure), []).append(shown(outcome.id))
    return [f"{len(ids)} 条：{reason}（{'、'.join(ids)}）" for reason, ids in reasons.items()]
