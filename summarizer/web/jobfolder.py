"""One batch job on disk. Knows its files, nothing of owners' rights or processes.

job.json          who, what, by which settings: written last when the job is made, never changed
state.json        where it stands, see State
progress.json     how far its process was when it wrote it last
inputs/00001.txt  the pages
out/              what `summarizer.batch.run` leaves
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from summarizer.config import Settings
from summarizer.errors import SettingsError, StoreError
from summarizer.web.jobnouns import Aside, Progress, State
from summarizer.web.places import written
from summarizer.web.uploads import Upload

__all__ = ["JobFolder", "Kept", "Memory", "Standing", "chosen", "size"]

_FORMAT = 1
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Kept:
    """What job.json says."""

    owner: str
    title: str
    created: float
    pages: tuple[tuple[str, str], ...]
    """File below inputs/, and the name that is shown."""
    settings: dict[str, Any]
    """Those that are not the defaults."""
    most: int
    """Bytes that all jobs together may take."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What state.json says."""

    state: State
    since: float
    """Seconds since 1970, UTC; of a waiting job, its place among the others."""
    reason: str = ""


Memory = dict[Path, tuple[tuple[int, ...], Any]]
"""What a file was when it was read, and what it said. Files are only ever replaced whole."""


class JobFolder:
    """The job in the folder `path`. Raises StoreError for a file that is missing or damaged.

    With a `memory` a file that is the same as when it was last read is not read again.
    """

    def __init__(self, path: Path, memory: Memory | None = None) -> None:
        self.path = path
        self._memory = {} if memory is None else memory

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def inputs(self) -> Path:
        return self.path / "inputs"

    @property
    def out(self) -> Path:
        return self.path / "out"

    def make(self, kept: Kept, pages: Sequence[Upload], standing: Standing) -> None:
        """Put everything into its place; until the end there is no such job. Raises OSError."""
        new = JobFolder(self.path.with_name(f".new-{self.id}"))
        new.inputs.mkdir(parents=True, mode=0o700)
        try:
            for (file, _), page in zip(kept.pages, pages, strict=True):
                shutil.move(page.path, new.inputs / file)
            new.stand(standing)
            written(new.path / "job.json", {"format": _FORMAT} | asdict(kept))
            os.replace(new.path, self.path)
        except BaseException:
            shutil.rmtree(new.path, ignore_errors=True)
            raise

    def kept(self) -> Kept:
        """Who, what and how."""

        def of(row: dict[str, Any]) -> Kept:
            if row.pop("format") != _FORMAT:
                raise ValueError
            pages = tuple((str(file), str(name)) for file, name in row.pop("pages"))
            return Kept(**row, pages=pages)

        return self._read("job.json", of)

    def settings(self) -> Settings:
        """By which it is done. Raises SettingsError."""
        try:
            return Settings(**self.kept().settings)
        except TypeError as error:
            raise SettingsError(f"expected settings of this version, found others: {error}.") from error

    def standing(self) -> Standing:
        """Where it stands, as was written last."""
        return self._read("state.json", lambda row: Standing(**row))

    def stand(self, standing: Standing) -> None:
        """Raises OSError."""
        written(self.path / "state.json", asdict(standing))

    def progress(self) -> Progress | None:
        """None before it has run."""
        if not (self.path / "progress.json").exists():
            return None
        return self._read("progress.json", lambda row: Progress(**row))

    def advance(self, progress: Progress) -> None:
        """Raises OSError."""
        written(self.path / "progress.json", asdict(progress))

    def rows(self) -> Iterator[bytes]:
        """The lines of the results so far, each whole with its newline; also while they are being written."""
        for line in _lines(self.out / "summaries.jsonl"):
            if line.endswith(b"\n"):  # the last one may be on its way
                yield line

    def aside(self) -> list[Aside]:
        """What was set aside so far: by the run that goes on, or was cut short, or else by the last one."""
        part = self.out / ".set-aside.jsonl.part"
        lines = _lines(part if part.exists() else self.out / "set-aside.jsonl")
        rows = [json.loads(line) for line in lines if line.endswith(b"\n")]
        return [Aside(row["input"], row["reason"]) for row in rows]

    def _read(self, name: str, of: Callable[[dict[str, Any]], _T]) -> _T:
        path = self.path / name
        try:
            found = path.stat()
            state = (found.st_mtime_ns, found.st_ino, found.st_size)
            before = self._memory.get(path)
            if before is None or before[0] != state:
                before = (state, of(json.loads(path.read_text(encoding="utf-8"))))
                self._memory[path] = before
            value: _T = before[1]
            return value
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"expected a job of this version, found its {name} missing or damaged "
                f"({type(error).__name__}). Delete its folder {self.path}.",
                reason="job.damaged",
                name=name,
            ) from error


def chosen(settings: Settings) -> dict[str, Any]:
    """Those settings that are not the defaults, by name."""
    plain = Settings()
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: value for name, value in values.items() if value != getattr(plain, name)}


def size(folder: Path) -> int:
    """Bytes of all files in it and below; what vanishes meanwhile counts nothing."""
    total = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(at, name)).st_size
            except FileNotFoundError:
                continue  # a temporary file that took its place
    return total


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            yield from file
    except FileNotFoundError:
        return  # nothing yet
