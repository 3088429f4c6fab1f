"""Batch jobs that outlive the browser and the server: folders on disk, and one process that works on them.

    jobs = Jobs(data / "jobs")
    one = jobs.submit("local", "八月", settings, uploads)      # it starts, or waits its turn
    jobs.list("local")[0].state                                # "running"

Every call says who calls, and raises NotYoursError for an id that is not the owner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from summarizer.config import Settings
from summarizer.web.uploads import Upload

__all__ = ["FORMS", "Aside", "Form", "Job", "Jobs", "Limits", "Progress", "State"]

State = Literal["waiting", "running", "done", "stopped", "interrupted", "failed"]
"""`interrupted`: its process died; `failed`: it could not go on, see `reason`. Both can be resumed."""
Form = Literal["jsonl", "csv", "markdown"]
FORMS: tuple[Form, ...] = ("jsonl", "csv", "markdown")


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 2 * 2**30
    """Of all jobs together, inputs and results."""
    jobs: int = 100
    """Of one owner, whatever their state."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, as its process wrote it last."""

    stage: Literal["loading", "summarizing", "finishing"]
    inputs: int
    """Pages in all."""
    seen: int
    """Of these, done with: summarized, set aside, or done by an earlier run."""
    set_aside: int
    articles: int
    """Summarized and written, by this run or an earlier one."""
    rate: float
    """Articles a second, of this run; 0.0 when there are none yet."""
    left: float | None
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


class Jobs:
    """All jobs below `folder`, of which one runs at a time. Raises StoreError for what is wrong with it.

    `worker` are the words that start the process, the folder is added to them. Two servers may share a folder.
    """

    def __init__(
        self, folder: Path, *, limits: Limits = Limits(), worker: Sequence[str] | None = None
    ) -> None:
        self.folder = folder

    def submit(self, owner: str, title: str, settings: Settings, pages: Sequence[Upload]) -> Job:
        """A job of these pages, which are moved into its folder; it waits its turn. Raises StoreError when
        there is no room. The settings are kept with it: style, limit, model and the like; no key of a server.
        """
        raise NotImplementedError

    def list(self, owner: str) -> list[Job]:
        """The owner's, newest first. Also starts the process when a job waits and none works."""
        raise NotImplementedError

    def get(self, owner: str, id: str) -> Job:
        raise NotImplementedError

    def stop(self, owner: str, id: str) -> Job:
        """It ends now, process and all; what was written stays. Nothing happens to one that is not
        running or waiting."""
        raise NotImplementedError

    def resume(self, owner: str, id: str) -> Job:
        """It waits its turn again and goes on where it was. Nothing happens to one that is done, running or
        waiting."""
        raise NotImplementedError

    def delete(self, owner: str, id: str) -> None:
        """Stop it, and its pages and results are gone."""
        raise NotImplementedError

    def aside(self, owner: str, id: str) -> list[Aside]:
        """Pages that gave nothing so far, in their order."""
        raise NotImplementedError

    def download(self, owner: str, id: str, form: Form, into: Path) -> Path:
        """What there is so far, also while it runs, as a new file in the folder `into`, named after the job."""
        raise NotImplementedError

    def revive(self) -> None:
        """Start the process when a job waits and none works: at the start of a server."""
        raise NotImplementedError
