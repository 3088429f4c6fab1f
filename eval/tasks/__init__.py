"""What can be measured: each task asks items of one system and scores what comes.

To add one: write a class with the attributes and methods of `Task`, put its import string into TASKS, and
raise its `version` whenever its scores change their meaning.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Sequence
from typing import Protocol, cast

from eval.records import Control, Item, Metric, Outcome
from eval.tasks.subject import Subject
from summarizer.errors import UsageError

__all__ = ["TASKS", "Task", "make_task"]


class Task(Protocol):
    """One task on one subject. Making it loads what it measures: SummarizerError when that fails,
    UnfitError when the subject is nothing for this task."""

    name: str
    version: int
    metrics: tuple[Metric, ...]
    chunk: int
    """Items that are asked together; when one of them fails, each is asked alone."""
    system: str
    fingerprint: str

    def items(self) -> Sequence[Item]:
        """All of them, in the order of the data; [] when the data hold nothing for this task."""

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        """One an item, in order. Whatever it raises is a failure of the system on these items."""

    def controls(self) -> Sequence[Control]:
        """Cases whose scores are known beforehand, made of this task's own items."""


TASKS = {
    "articles": "eval.tasks.articles:Articles",
    "headlines": "eval.tasks.writing:Headlines",
    "briefs": "eval.tasks.writing:Briefs",
    "retrieval": "eval.tasks.retrieval:Retrieval",
    "reading": "eval.tasks.answering:Reading",
    "answers": "eval.tasks.answering:Answers",
    "refusal": "eval.tasks.answering:Refusal",
    "grounding": "eval.tasks.grounding:Grounding",
    "speed": "eval.tasks.speed:Speed",
}
"""Name -> import string of a class that is made with a Subject."""


def make_task(name: str, subject: Subject) -> Task:
    """Raises UsageError for an unknown name, and what making the task raises."""
    if name not in TASKS:
        near = difflib.get_close_matches(name, TASKS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"unknown task {name!r}.{hint} Known: {', '.join(TASKS)}, or all")
    module, _, made = TASKS[name].partition(":")
    return cast(Task, getattr(importlib.import_module(module), made)(subject))
