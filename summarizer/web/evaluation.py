"""What the evaluation screen shows and asks for: runs, two side by side, references, a run that goes on.

The package `eval` provides it and imports this one, never the reverse: the screen opens what `PLACE` names
when somebody comes to it. Numbers are texts here, as they are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

from summarizer.records import Document, Span

__all__ = [
    "Asked",
    "Change",
    "EvaluationDesk",
    "Item",
    "Moved",
    "Pair",
    "Reference",
    "RunLine",
    "Standing",
    "TaskLine",
    "Value",
    "Verdict",
    "first_of",
    "open_desk",
]

Verdict = Literal["better", "worse", "differs", "same"]
"""Of the second run against the first; "differs" where neither is better, "same" where nothing is shown."""
PLACE = "eval.desk:open_desk"
"""Import string of a function: folder -> EvaluationDesk."""


@dataclass(frozen=True, slots=True)
class Value:
    """One metric of one task of a run."""

    name: str
    title: str
    """Chinese, with its unit and an arrow to where better is."""
    meaning: str
    """How it is counted."""
    value: str
    spread: str
    """95 % interval."""
    share: float | None
    """In [0, 1], with the interval's ends in `ends`; None where the metric is no percentage."""
    ends: tuple[float, float]
    n: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a run."""

    task: str
    title: str
    system: str
    items: int
    planned: int
    """More than `items` when the run was cut short: no result then."""
    failures: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run, or a file that is none."""

    file: str
    """Its name in the desk's folder; what the other calls take."""
    name: str
    started: str
    """ISO, UTC; "" for a file that is no run."""
    commit: str
    data: str
    """The first signs of the hash of its gold data: runs with the same can be compared."""
    tasks: tuple[TaskLine, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One metric in two runs."""

    name: str
    title: str
    first: str
    second: str
    change: str
    spread: str
    """95 % interval of the change, paired over items."""
    p: str
    verdict: Verdict
    guarded: bool
    """Is p held to Holm's correction, and does `compare` fail when it is worse?"""


@dataclass(frozen=True, slots=True)
class Moved:
    """One item in two runs."""

    id: str
    asked: str
    references: tuple[str, ...]
    first: str
    second: str
    change: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One task in two runs."""

    task: str
    title: str
    systems: tuple[str, str]
    n: int
    alone: int
    """Items that only one of them did."""
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    """Most improved first, most worsened last."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a task with what came of it."""

    id: str
    asked: str
    references: tuple[str, ...]
    output: str
    marks: tuple[Span, ...]
    """What is wrong in the output."""
    score: str
    failure: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over an article with its right answers, the best first; () when it does not answer it."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What people wrote for one article."""

    article: str
    body: str
    date: str | None
    headlines: tuple[str, ...]
    questions: tuple[Asked, ...]
    version: str = ""
    """Of what was read: another's changes in the meantime are not written over."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The run that goes on, or the last one that was begun here."""

    state: Literal["running", "done", "stopped", "failed"]
    model: str
    task: str
    """"" before the first one has begun."""
    done: int
    items: int
    told: str = ""
    """Why it failed."""


class EvaluationDesk(Protocol):
    """Everything raises SummarizerError for what a reader can act on."""

    def runs(self) -> list[RunLine]:
        """All in the folder, newest first."""

    def add_run(self, path: Path) -> str:
        """Take a file written by `python -m eval run` into the folder; its name there."""

    def remove_run(self, file: str) -> None:
        """Delete it."""

    def compare(self, first: str, second: str) -> list[Pair]:
        """The tasks that both did."""

    def worst(self, file: str, task: str, most: int = 20) -> list[Item]:
        """The items that scored lowest in the task's first guarded metric, failures first."""

    def begin(self, model: str, *, own: bool) -> None:
        """Evaluate a model in a process of its own: on the hand-written pages, or on our `own` references."""

    def standing(self) -> Standing | None:
        """None when none was begun here yet."""

    def stop(self) -> None:
        """End what goes on; what is scored stays, and the same `begin` goes on from there."""

    def references(self) -> list[Reference]:
        """All that were written here, by article."""

    def reference(self, document: Document) -> Reference:
        """What was written for an article, with nothing in it when nothing was."""

    def keep(self, reference: Reference) -> Reference:
        """Write it down in place of what was there; with neither headline nor question it is taken out."""

    @property
    def file(self) -> Path:
        """The references in the form that `python -m eval run --data` takes; need not be there."""


def open_desk(folder: Path, place: str = PLACE) -> EvaluationDesk:
    """The desk that keeps its things in `folder`. Raises ImportError where the package is not installed."""
    module, _, function = place.partition(":")
    return cast("EvaluationDesk", getattr(import_module(module), function)(folder))


def first_of(runs: Sequence[RunLine], file: str) -> RunLine | None:
    """The run of that file; None when it is gone."""
    return next((run for run in runs if run.file == file and not run.fault), None)
