"""The evaluation screen's other half: runs and references in one folder, as the screen shows them.

desk = open_desk(Path("~/.local/share/summarizer/evaluation"))
desk.runs(), desk.compare("a.json", "b.json"), desk.worst("a.json", "headlines")
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eval.annotations import Annotations
from eval.background import Background
from eval.compare import Comparison, Difference, Move, compare
from eval.records import Metric, Outcome, Run, TaskRun
from eval.report.labels import heading, shown, task_title
from eval.scores import Mean, means, number
from eval.store import RunFileError, load_run, save_run
from summarizer.errors import StoreError
from summarizer.records import Document
from summarizer.web.evaluation import (
    Change,
    Item,
    Moved,
    Pair,
    Reference,
    RunLine,
    Standing,
    TaskLine,
    Value,
    Verdict,
)
from summarizer.web.places import private

__all__ = ["Desk", "open_desk"]

_NAME = re.compile(r"[0-9A-Za-z._-]{1,120}\.json")
_VERDICTS: dict[str, Verdict] = {
    "better": "better", "worse": "worse", "differs": "differs", "no difference shown": "same",
}  # fmt: skip
# Characters of a run's name and of a text in a list.
_TITLE, _TEXT = 80, 400


def open_desk(folder: Path) -> Desk:
    """The desk that keeps everything in `folder`, made when it is missing. Raises StoreError."""
    return Desk(folder)


class Desk:
    """See `summarizer.web.evaluation.EvaluationDesk`."""

    def __init__(self, folder: Path) -> None:
        private(folder)
        self._folder = private(folder / "runs")
        self._annotations = Annotations(folder / "references.jsonl")
        self._background = Background(folder)
        self._seen: dict[str, tuple[tuple[int, int], Run | str, RunLine]] = {}

    # --- runs

    def runs(self) -> list[RunLine]:
        names = [path.name for path in self._folder.glob("*.json") if _NAME.fullmatch(path.name)]
        lines = [line for name in names if (line := self._line(name)) is not None]
        return sorted(lines, key=lambda line: (line.started, line.file), reverse=True)

    def add_run(self, path: Path) -> str:
        run = _loaded(path)
        _line("", run)  # whatever a file says in the place of a number is found out here
        stem = re.sub("[^0-9A-Za-z._-]+", "-", run.name).strip("-.")[:60] or "run"
        when = re.sub("[^0-9]", "", run.provenance.started)[:14]
        name = f"{stem}-{when}.json"
        save_run(run, self._folder / name)
        return name

    def remove_run(self, file: str) -> None:
        path = self._path(file)
        try:
            path.unlink()
        except OSError as error:
            raise StoreError(
                f"{file}: expected to delete it, found: {error.strerror}.",
                reason="store.unreadable",
                found=error.strerror,
            ) from error

    def compare(self, first: str, second: str) -> list[Pair]:
        return [_pair(one) for one in compare(self._run(first), self._run(second))]

    def worst(self, file: str, task: str, most: int = 20) -> list[Item]:
        done = next((one for one in self._run(file).tasks if one.task == task), None)
        if done is None or not done.metrics:
            return []
        lead = next((metric for metric in done.metrics if metric.guarded), done.metrics[0])
        scored = [one for one in done.outcomes if lead.name in one.scores or one.failure is not None]
        sign = -1.0 if lead.better == "lower" else 1.0

        def place(outcome: Outcome) -> tuple[bool, float, str]:
            score = outcome.scores.get(lead.name)
            return outcome.failure is None, sign * score.value if score else 0.0, outcome.id

        return [_item(outcome, lead) for outcome in sorted(scored, key=place)[:most]]

    def _path(self, file: str) -> Path:
        if not _NAME.fullmatch(file) or not (self._folder / file).is_file():
            raise StoreError(f"{file[:80]}: expected one of the runs, found none.", reason="eval.gone")
        return self._folder / file

    def _run(self, file: str) -> Run:
        self._path(file)
        line = self._line(file)
        run = self._seen[file][1] if line is not None else ""
        if isinstance(run, str):
            raise RunFileError(run, reason="eval.no_run", found=run)
        return run

    def _line(self, file: str) -> RunLine | None:
        """None when it was deleted meanwhile. Read again only when the file has changed."""
        path = self._folder / file
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        stamp = (found.st_mtime_ns, found.st_size)
        if self._seen.get(file, (None,))[0] != stamp:
            run: Run | str
            try:
                run = _loaded(path)
                line = _line(file, run)
            except RunFileError as error:
                run = str(error).removeprefix(f"{path}: ")
                line = RunLine(file, file, "", "", "", (), run)
            self._seen[file] = stamp, run, line
        return self._seen[file][2]

    # --- a run that goes on

    def begin(self, model: str, *, own: bool) -> None:
        if own and not self.file.exists():
            raise StoreError(
                "expected references to measure with, found none. Write some first.", reason="eval.no_own"
            )
        self._background.begin(model, self.file if own else None)

    def standing(self) -> Standing | None:
        return self._background.standing()

    def stop(self) -> None:
        self._background.stop()

    # --- references

    @property
    def file(self) -> Path:
        return self._annotations.path

    def references(self) -> list[Reference]:
        return self._annotations.every()

    def reference(self, document: Document) -> Reference:
        return self._annotations.of(document)

    def keep(self, reference: Reference) -> Reference:
        return self._annotations.keep(reference)


def _loaded(path: Path) -> Run:
    """Raises RunFileError also for what has the form of a run and other things in it."""
    try:
        return load_run(path)
    except (AttributeError, RecursionError, IndexError) as error:
        raise RunFileError(
            f"{path}: expected a file written by 'python -m eval run', found {error!r}.",
            reason="eval.no_run",
            found=type(error).__name__,
        ) from error


def _line(file: str, run: Run) -> RunLine:
    made = run.provenance
    try:
        tasks = tuple(_task(task) for task in run.tasks)
        return RunLine(
            file,
            shown(run.name)[:_TITLE],
            str(made.started),
            str(made.commit)[:12],
            str(made.data)[:8],
            tasks,
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise RunFileError(
            f"{file}: expected the numbers of a run, found {error!r}.",
            reason="eval.no_run",
            found=type(error).__name__,
        ) from error


def _task(task: TaskRun) -> TaskLine:
    values = tuple(_value(mean) for mean in means(task))
    title = task_title(task.task).removesuffix(f" {task.task}")
    return TaskLine(
        task.task, title, task.system, len(task.outcomes), int(task.planned), task.failures, values
    )


def _value(mean: Mean) -> Value:
    metric = mean.metric
    percent = metric.unit == "%"
    low, high = (number(value, metric) for value in (mean.low, mean.high))
    return Value(
        metric.name, heading(metric), shown(metric.meaning), number(mean.value, metric), f"[{low}, {high}]",
        mean.value / 100 if percent else None, (mean.low / 100, mean.high / 100), mean.n,
    )  # fmt: skip


def _pair(one: Comparison) -> Pair:
    title = task_title(one.task).removesuffix(f" {one.task}")
    both = len(one.first.outcomes) + len(one.second.outcomes) - one.alone
    moved = tuple(_moved(move) for move in one.moved)
    changes = tuple(_change(difference) for difference in one.differences)
    systems = (shown(one.first.system), shown(one.second.system))
    return Pair(one.task, title, systems, both // 2, one.alone, changes, moved)


def _change(one: Difference) -> Change:
    first, second = (number(value, one.metric) for value in (one.first, one.second))
    verdict = _VERDICTS[one.verdict]
    return Change(
        one.metric.name, heading(one.metric), first, second, f"{one.change:+.2f}",
        f"[{one.low:+.2f}, {one.high:+.2f}]", f"{one.adjusted:.3f}", verdict, one.metric.guarded,
    )  # fmt: skip


def _moved(move: Move) -> Moved:
    return Moved(
        move.id, _cut(move.asked), _texts(move.references), _cut(move.first.output), _cut(move.second.output),
        f"{move.change:+.1f}",
    )  # fmt: skip


def _item(outcome: Outcome, metric: Metric) -> Item:
    score = outcome.scores.get(metric.name)
    output = outcome.output[:_TEXT]
    marks = tuple(mark.span for mark in outcome.marks if mark.span[1] <= len(output))
    return Item(
        outcome.id, _cut(outcome.asked), _texts(outcome.references), output, marks,
        number(score.value, metric) if score else "—", outcome.failure or "",
    )  # fmt: skip


def _texts(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_cut(text) for text in texts[:5])


def _cut(text: str) -> str:
    """As much as a list has room for, and a sign where it goes on."""
    plain = shown(text)
    return plain if len(plain) <= _TEXT else plain[:_TEXT] + "…"
