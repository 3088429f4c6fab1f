"""What a batch job looks like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["FORMS", "Aside", "Form", "Job", "Progress", "Stage", "State"]

State = Literal["waiting", "running", "done", "stopped", "interrupted", "failed"]
"""`interrupted`: its process died; `failed`: it could not go on, see `reason`. Both can be resumed."""
Stage = Literal["loading", "summarizing", "finishing"]
Form = Literal["jsonl", "csv", "markdown"]
FORMS: tuple[Form, ...] = ("jsonl", "csv", "markdown")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, as its process wrote it last."""

    stage: Stage
    inputs: int
    """Pages in all."""
    seen: int = 0
    """Of these, done with: summarized, set aside, or done by an earlier run."""
    set_aside: int = 0
    articles: int = 0
    """Summarized and written, by this run or an earlier one."""
    rate: float = 0.0
    """Articles a second, of this run; 0.0 when there are none yet."""
    left: float | None = None
    """Seconds, at the rate so far; None when that cannot be told."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A page that gave nothing, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    title: str
    state: State
    created: float
    """Seconds since 1970, UTC."""
    pages: int
    style: str
    model: str
    ahead: int
    """Of a waiting job: how many come first, whoever owns them, the running one among them; else 0."""
    progress: Progress | None
    """None before it has run."""
    reason: str
    """Why it failed; "" otherwise."""
