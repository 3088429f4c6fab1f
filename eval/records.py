"""The nouns of an evaluation: what is asked, what came of it, what that scored; store.py writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from summarizer.records import Span

__all__ = ["Control", "Item", "Mark", "Metric", "Outcome", "Provenance", "Run", "Score", "TaskRun"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that every outcome of a task may have."""

    name: str
    """As in the JSON: "rouge_l_best"."""
    title: str
    """As people read it, Chinese: "ROUGE-L（取高）"."""
    meaning: str
    """How it is counted, library and version included, in one line."""
    unit: str = "%"
    """"%" (0 to 100), "/s", "s", "ms", "ratio", "characters"."""
    better: Literal["higher", "lower", "neither"] = "higher"
    yesno: bool = False
    """Every score is 0 or 100: two runs are compared by McNemar's test."""
    guarded: bool = False
    """`compare` exits with 1 when it is significantly worse."""

    @property
    def worst(self) -> float | None:
        """What an item earns on which the system failed; None where a failure has no number (speed)."""
        if self.unit != "%" or self.better == "neither":
            return None
        return 0.0 if self.better == "higher" else 100.0


@dataclass(frozen=True, slots=True)
class Score:
    """A number of one item and how much it weighs in the mean.

    Rates over things inside an item are means too: the F1 of a page has the value
    200 * found / (gold + predicted) and the weight gold + predicted.
    """

    value: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an output that something is wrong with."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a task asks of a system."""

    id: str
    asked: str
    """What a reader of the report must see to judge: the question, or how the article begins."""
    references: tuple[str, ...] = ()
    """What a person wrote; () where there is nothing to be said, as for what cannot be answered."""
    slices: Mapping[str, str] = field(default_factory=dict)
    """Name of a division -> the item's part in it: {"subject": "courts", "length": "over 400"}."""
    applies: frozenset[str] | None = None
    """Names of the metrics that it can have; None for all. A failure earns the worst of these."""


@dataclass(frozen=True, slots=True)
class Control:
    """A case whose score is known beforehand: the harness tests itself with it at every run."""

    name: str
    value: float
    bound: float
    held: bool
    """Is `value` on the right side of `bound`?"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item came to."""

    id: str
    slices: Mapping[str, str]
    asked: str
    output: str
    references: tuple[str, ...]
    """As its Item has them."""
    scores: Mapping[str, Score]
    """By metric; a metric that does not apply to this item is missing."""
    marks: tuple[Mark, ...] = ()
    seconds: float = 0.0
    failure: str | None = None
    """What went wrong, when the system failed on it; its scores are then the worst there are."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One task done by one system."""

    task: str
    version: int
    """Of the task: scores of two versions do not compare."""
    system: str
    fingerprint: str
    """Changes with the weights and the code's own tables of the system."""
    metrics: tuple[Metric, ...]
    outcomes: tuple[Outcome, ...]
    """In the order of the items; failures among them."""
    planned: int
    """Items that the task has in these data; more than there are outcomes when `limit` cut the run short."""
    limit: int | None = None
    """This many items only, spread over the data: not a result."""
    controls: tuple[Control, ...] = ()

    @property
    def failures(self) -> int:
        return sum(outcome.failure is not None for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that a score depends on beside the system."""

    commit: str
    """Of this project, a hash of what differs from it behind it; "unknown" outside a checkout."""
    seed: int
    data: str
    """Hash of the gold data."""
    prompts: Mapping[str, int]
    """Name -> version."""
    machine: str
    versions: Mapping[str, str]
    """Of Python and the libraries that decide outputs and scores."""
    settings: Mapping[str, str | int | float | bool | None]
    """What was asked for: --words, --beams, …"""
    started: str
    """ISO, UTC."""


@dataclass(frozen=True, slots=True)
class Run:
    """What `run` writes and `compare` and `report` read."""

    name: str
    tasks: tuple[TaskRun, ...]
    provenance: Provenance
    recipe: Mapping[str, Any] = field(default_factory=dict)
    """All that was asked for, as JSON: the same recipe again is the same run."""
