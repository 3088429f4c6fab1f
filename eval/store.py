"""Runs on disk: one JSON file when finished, a journal beside it while it goes on.

RUN.json holds everything. While a run goes on, RUN.json.journal gets a line for each item as soon as it is
scored, so an interrupted run goes on where it stopped; the first line says what is being run, and another
recipe is refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.records import Control, Mark, Metric, Outcome, Provenance, Run, Score, TaskRun
from summarizer.batch.ledger import replaced
from summarizer.errors import SummarizerError

__all__ = ["FORMAT", "Journal", "RunFileError", "journal_of", "load_run", "run_row", "save_run"]

FORMAT = 1
Row = dict[str, Any]


class RunFileError(SummarizerError):
    """A run's file is missing, damaged, of another format, or belongs to another run."""


def run_row(run: Run) -> Row:
    """The run as JSON. Means and intervals are not stored: they follow from the items (eval/scores.py)."""
    return {
        "format": FORMAT,
        "name": run.name,
        "recipe": dict(run.recipe),
        "provenance": asdict(run.provenance),
        "tasks": [_task_row(task) for task in run.tasks],
    }


def _task_row(task: TaskRun) -> Row:
    return {
        "task": task.task,
        "version": task.version,
        "system": task.system,
        "fingerprint": task.fingerprint,
        "n": len(task.outcomes),
        "planned": task.planned,
        "failures": task.failures,
        "limit": task.limit,
        "controls": [asdict(control) for control in task.controls],
        "metrics": [asdict(metric) for metric in task.metrics],
        "items": [outcome_row(outcome) for outcome in task.outcomes],
    }


def outcome_row(outcome: Outcome) -> Row:
    return {
        "id": outcome.id,
        "slices": dict(outcome.slices),
        "asked": outcome.asked,
        "output": outcome.output,
        "references": list(outcome.references),
        "scores": {name: [score.value, score.weight] for name, score in outcome.scores.items()},
        "marks": [[*mark.span, mark.reason] for mark in outcome.marks],
        "seconds": outcome.seconds,
        "failure": outcome.failure,
        "note": outcome.note,
    }


def outcome_of(row: Mapping[str, Any]) -> Outcome:
    return Outcome(
        id=row["id"],
        slices=row["slices"],
        asked=row["asked"],
        output=row["output"],
        references=tuple(row["references"]),
        scores={name: Score(*map(_number, pair)) for name, pair in row["scores"].items()},
        marks=tuple(Mark((start, end), reason) for start, end, reason in row["marks"]),
        seconds=row["seconds"],
        failure=row["failure"],
        note=row["note"],
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"expected a finite number as score, found {value!r}")
    return float(value)


def save_run(run: Run, path: Path) -> None:
    """Write it whole or not at all. Raises RunFileError."""
    text = json.dumps(run_row(run), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(text.encode("utf-8"))
    except OSError as error:
        raise RunFileError(f"{path}: expected to write the run there: {error}") from error


def load_run(path: Path) -> Run:
    """Raises RunFileError for anything but a finished run of this format."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["format"] != FORMAT:
            raise RunFileError(
                f"{path}: expected format {FORMAT}, found {row['format']}. Run it again.",
                reason="eval.no_run",
                found=f"format {row['format']}",
            )
        tasks = tuple(_task_of(task) for task in row["tasks"])
        return Run(row["name"], tasks, Provenance(**row["provenance"]), row["recipe"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        begun = journal_of(path).exists()
        journal = " It was not finished: the same 'run' command goes on." if begun else ""
        raise RunFileError(
            f"{path}: expected a file written by 'python -m eval run', found {error!r}.{journal}",
            reason="eval.no_run",
            found=type(error).__name__,
        ) from error


def _task_of(row: Row) -> TaskRun:
    return TaskRun(
        row["task"],
        row["version"],
        row["system"],
        row["fingerprint"],
        tuple(Metric(**metric) for metric in row["metrics"]),
        tuple(outcome_of(item) for item in row["items"]),
        row["planned"],
        row["limit"],
        tuple(Control(**control) for control in row["controls"]),
    )


def journal_of(path: Path) -> Path:
    """Where a run that will be `path` keeps what is done so far."""
    return path.with_name(path.name + ".journal")


class Journal:
    """Outcomes of a run that is going on, kept line by line."""

    def __init__(self, path: Path, recipe: Mapping[str, Any]) -> None:
        """`path` is the run's; `recipe` all that its outcomes depend on. Raises RunFileError when another
        recipe's journal lies there."""
        self._path = journal_of(path)
        self._recipe = json.loads(json.dumps(recipe))
        self.known: dict[tuple[str, str], Outcome] = {}
        """(task, item) -> what an earlier run came to."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._read()
            self._file = self._path.open("r+b" if whole else "wb")
            self._file.truncate(whole)
            self._file.seek(whole)
            if not whole:
                self._write({"recipe": self._recipe})
        except OSError as error:
            raise RunFileError(f"{self._path}: expected to keep the run's journal there: {error}") from error

    def _read(self) -> int:
        """Bytes of whole lines; what a power cut left of another is written over."""
        if not self._path.exists():
            return 0
        whole = 0
        for number, line in enumerate(self._path.read_bytes().splitlines(keepends=True)):
            if not line.endswith(b"\n"):
                break
            try:
                row = json.loads(line)
                if number:
                    self.known[row["task"], row["outcome"]["id"]] = outcome_of(row["outcome"])
                elif row["recipe"] != self._recipe:
                    raise RunFileError(
                        f"{self._path}: expected the journal of this run, found one of another "
                        f"({_difference(row['recipe'], self._recipe)}). Finish that one, delete the "
                        "journal, or name another --out."
                    )
            except (ValueError, KeyError, TypeError) as error:
                raise RunFileError(
                    f"{self._path}: expected a journal, found {error!r} in line {number + 1}. "
                    "Delete it to begin anew."
                ) from error
            whole += len(line)
        return whole

    def add(self, task: str, outcomes: Iterable[Outcome]) -> None:
        """Raises RunFileError when the disk refuses."""
        try:
            for outcome in outcomes:
                self._write({"task": task, "outcome": outcome_row(outcome)})
        except OSError as error:
            raise RunFileError(f"{self._path}: cannot be written: {error}") from error

    def _write(self, row: Row) -> None:
        self._file.write((json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n").encode())
        self._file.flush()

    def close(self, *, finished: bool) -> None:
        """Keep it for another run, or take it away because the run's own file holds everything."""
        self._file.close()
        if finished:
            self._path.unlink()


def _difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    names = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    return ", ".join(f"{name} {one.get(name)!r} instead of {other.get(name)!r}" for name in names)
