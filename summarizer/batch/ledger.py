"""The results of a run on disk: appended, never lost, never doubled.

`summaries.jsonl` is the only state. A row carries the hash of its job (`group`), its place in it
and how many there are, so that a file cut anywhere says what is missing. A job is made again
unless all its rows are there; made again it is the same, and the rows already there are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Self

from summarizer.batch.jobs import Done, Job, SetAside
from summarizer.errors import OutputError
from summarizer.rows import Row, article_row, encoded, summary_row

__all__ = ["ROWS", "SET_ASIDE", "Ledger", "replaced"]

ROWS = "summaries.jsonl"
SET_ASIDE = "set-aside.jsonl"
LOCK = ".lock"
"""Locked while a run writes; holds the recipe that the results of the folder were made with."""

# Part of every hash: raise it when the same input should give other rows.
_FORMAT = 1
_BLOCK = 65_536


class _Row(NamedTuple):
    """Where a row stands in the file, and what it belongs to."""

    offset: int
    raw: bytes
    source: str
    group: str
    place: int


class Ledger:
    """One output folder, locked while open. Raises OutputError for all that is wrong with it.

        with Ledger(folder, recipe) as ledger:
            for done in summarized(newspaper, (job for job in jobs if not ledger.has(job))):
                ledger.append(done)
            ledger.finish()

    `recipe` is everything but the articles that the results depend on: style, limit, model.
    Holds in memory a hash and a number for each job, never a row.
    """

    def __init__(self, folder: Path, recipe: str) -> None:
        self.folder = folder
        self._recipe = recipe
        self._kept: dict[str, int] = {}
        """Group -> how many of its rows, from the first on, are in the file."""
        self._wanted: dict[str, int] = {}
        """Group of every job of this run -> its turn."""
        self._sources: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as opened, self.writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = opened.enter_context(open(self.folder / LOCK, "a+b"))
            _lock(lock, self.folder)
            self._keep_recipe(lock)
            self._rows = opened.enter_context(open(self.folder / ROWS, "a+b"))
            self._part = opened.enter_context(open(self.folder / f".{SET_ASIDE}.part", "wb"))
            _cut_torn_end(self._rows)
            for row in self._scan():
                if row.place == self._kept.get(row.group, 0) + 1:
                    self._kept[row.group] = row.place
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def _keep_recipe(self, lock: IO[bytes]) -> None:
        """One folder, one recipe: a night's headlines are not replaced by a typo in --style."""
        lock.seek(0)
        found = lock.read().decode()
        if not found:
            lock.write(self._recipe.encode())
            lock.flush()
        elif found != self._recipe:
            raise OutputError(
                f"{self.folder}: expected results made as this run would make them ({_named(self._recipe)}), "
                f"found others ({_named(found)}). Name another folder with --out, or, to replace them "
                f"all, delete {self.folder / LOCK} first."
            )

    def has(self, job: Job) -> bool:
        """Are all rows of this job there? It counts as one of this run's either way."""
        group = self._group(job)
        self._wanted.setdefault(group, len(self._wanted))
        self._sources.add(job.source)
        return self._kept.get(group, 0) == len(job.articles)

    def append(self, done: Done) -> int:
        """Write the rows of a job that are not there yet, each at once; how many these were."""
        group = self._group(done.job)
        names = dict(zip(done.job.articles, done.job.ids, strict=False))
        before = self._kept.get(group, 0)
        for place, (article, summary) in enumerate(done.pairs, 1):
            if place <= before:
                continue
            row: Row = {"id": names[article]} if names else {}
            row |= article_row(article) | summary_row(summary)
            row |= {"group": group, "place": place, "of": len(done.pairs)}
            self._write(self._rows, row)
            self._kept[group] = place
        return len(done.pairs) - before

    def set_aside(self, item: SetAside) -> None:
        """For the list that `finish` leaves; the list of an earlier run is gone then."""
        self._write(self._part, item.row())

    def finish(self) -> None:
        """Put the rows of this run in the order of its input and drop those of pages that have
        changed since; rows of pages that were not its input stay. List what this run set aside."""
        with self.writing():
            if not self._in_order():
                self._rewrite()
            self._finish_set_aside()

    def rows(self) -> Iterator[Row]:
        """Every row of the file, in order."""
        self._rows.seek(0)
        for raw in self._rows:
            yield json.loads(raw)

    def _group(self, job: Job) -> str:
        digest = hashlib.sha256(f"{_FORMAT} {self._recipe}\n".encode())
        for article in job.articles:
            digest.update(encoded(article_row(article)))
        digest.update(encoded({"ids": list(job.ids)}))
        return digest.hexdigest()[:32]

    def _write(self, file: IO[bytes], row: Row) -> None:
        with self.writing():
            file.write(encoded(row))
            file.flush()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Raises OutputError for what the disk says to the block, full or read-only or gone."""
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"{self.folder}: expected a folder that can be written, found: {error.strerror or error}. "
                "Make it so and run the same command again, which goes on from here, or name another --out."
            ) from error

    def _scan(self) -> Iterator[_Row]:
        self._rows.seek(0)
        offset = 0
        for number, raw in enumerate(self._rows, 1):
            try:
                row = json.loads(raw)
                yield _Row(offset, raw, row["page"], row["group"], row["place"])
            except (ValueError, TypeError, KeyError) as error:
                raise OutputError(
                    f"{self.folder / ROWS}: expected rows of an earlier run, found something else in line "
                    f"{number}. Move the file away, or name another folder with --out."
                ) from error
            offset += len(raw)

    def _in_order(self) -> bool:
        last = (-1, 0)
        for row in self._scan():
            if row.source in self._sources:
                at = (self._wanted.get(row.group, -1), row.place)
                if row.group not in self._wanted or at <= last:
                    return False
                last = at
        return True

    def _rewrite(self) -> None:
        mine: dict[tuple[int, int], tuple[int, int]] = {}
        with replaced(self.folder / ROWS) as file:
            for row in self._scan():
                if row.source not in self._sources:
                    file.write(row.raw)
                elif row.group in self._wanted:
                    mine.setdefault((self._wanted[row.group], row.place), (row.offset, len(row.raw)))
            for _, (offset, length) in sorted(mine.items()):
                self._rows.seek(offset)
                file.write(self._rows.read(length))
        self._rows.close()
        self._rows = self._opened.enter_context(open(self.folder / ROWS, "a+b"))

    def _finish_set_aside(self) -> None:
        self._part.close()
        part, path = Path(self._part.name), self.folder / SET_ASIDE
        if part.stat().st_size:
            os.replace(part, path)
        else:
            part.unlink()
            path.unlink(missing_ok=True)


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when the block ends well, whole or not at all."""
    part = path.with_name(f".{path.name}.new")
    with open(part, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _lock(file: IO[bytes], folder: Path) -> None:
    """Hold the folder until the file is closed, or this process dies. Raises OutputError."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise OutputError(
            f"{folder}: expected to be alone, found another run writing there. "
            "Wait for it to end, or name another folder with --out."
        ) from error


def _named(recipe: str) -> str:
    style, limit, rest = recipe.split(" ", 2)
    return f"style {style}, limit {limit}, model {hashlib.sha256(rest.encode()).hexdigest()[:8]}"


def _cut_torn_end(file: IO[bytes]) -> None:
    """Drop what stands after the last newline: a row that was being written when a run was killed."""
    end = file.seek(0, os.SEEK_END)
    at = end
    while at > 0:
        start = max(0, at - _BLOCK)
        file.seek(start)
        newline = file.read(at - start).rfind(b"\n")
        if newline >= 0:
            at = start + newline + 1
            break
        at = start
    if at < end:
        file.truncate(at)
