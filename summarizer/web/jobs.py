"""Batch jobs that outlive the browser and the server: folders on disk, and one process that works on them.

    jobs = Jobs(data / "jobs")
    one = jobs.submit("local", "八月", settings, uploads)      # it starts, or waits its turn
    jobs.list("local")[0].state                                # "running"

Every call says who calls, and raises NotYoursError for an id that is not the owner's.
"""

from __future__ import annotations

import builtins
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarizer.batch.exports import write_csv, write_markdown
from summarizer.batch.ledger import replaced
from summarizer.config import Settings
from summarizer.errors import NotYoursError, StoreError
from summarizer.web.jobfolder import JobFolder, Kept, Standing, chosen, size
from summarizer.web.jobnouns import FORMS, Aside, Form, Job, Progress, State
from summarizer.web.processes import spawned
from summarizer.web.uploads import Upload
from summarizer.web.workshop import Workshop

__all__ = ["FORMS", "Aside", "Form", "Job", "Jobs", "Limits", "Progress", "State"]

_SUFFIX: dict[Form, str] = {"jsonl": "jsonl", "csv": "csv", "markdown": "md"}
# Characters of a title; of it, in a file's name.
_TITLE, _NAME = 80, 40
_PLAIN = Settings()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 2 * 2**30
    """Of all jobs together, inputs and results."""
    each: int = 2**29
    """Bytes of one owner's jobs together, when another one is sent."""
    jobs: int = 100
    """Of one owner, whatever their state."""


_LIMITS = Limits()


class Jobs:
    """All jobs below `folder`, of which one runs at a time. Raises StoreError for what is wrong with it.

    `worker` are the words that start the process, the folder is added to them. Two servers may share one.
    """

    def __init__(
        self, folder: Path, *, limits: Limits = _LIMITS, worker: Sequence[str] | None = None
    ) -> None:
        self._workshop = Workshop(folder)
        self._limits = limits
        # -P: nothing is imported from the folder it runs in
        self._worker = list(worker or (sys.executable, "-P", "-m", "summarizer.web.worker"))
        self._processes: builtins.list[subprocess.Popen[bytes]] = []
        """Those that we started and that have not ended, of which one at most works."""
        self._threads = threading.Lock()
        for left in (*folder.glob(".gone-*"), *folder.glob(".new-*")):
            if left.stat().st_mtime < time.time() - 86_400:  # another server may be at a younger one
                shutil.rmtree(left, ignore_errors=True)

    def submit(self, owner: str, title: str, settings: Settings, pages: Sequence[Upload]) -> Job:
        """A job of these pages, which are moved into its folder; it waits its turn. Raises StoreError when
        there is no room; the pages are deleted then. The settings are kept with it: style, limit, model and
        the like; no key of a server.
        """
        if not pages:
            raise StoreError(
                "expected pages for the job, found none. Choose some files.", reason="job.no_pages"
            )
        files = tuple((f"{at:05}{page.path.suffix}", page.name) for at, page in enumerate(pages, 1))
        now, folder = time.time(), JobFolder(self._workshop.path / uuid.uuid4().hex)
        title = "".join(char for char in " ".join(title.split()) if char.isprintable())[:_TITLE]
        kept = Kept(owner, title or pages[0].name, now, files, chosen(settings), self._limits.bytes)
        try:
            with self._turn():
                self._check_room(owner, sum(page.bytes for page in pages))
                folder.make(kept, pages, Standing("waiting", now))
                self._start()
                return self._job(owner, folder.id)
        finally:
            for page in pages:
                page.path.unlink(missing_ok=True)  # of those that were moved nothing is left there

    def list(self, owner: str) -> list[Job]:
        """The owner's, newest first. Also starts the process when a job waits and none works."""
        with self._turn():
            self._start()
            every = self._workshop.jobs()
            places = _places(every)
            return [
                _shown(folder, kept, standing, places.get(folder.id, 0))
                for folder, kept, standing in reversed(every)
                if kept.owner == owner
            ]

    def get(self, owner: str, id: str) -> Job:
        """One of the owner's."""
        with self._turn():
            return self._job(owner, id)

    def stop(self, owner: str, id: str) -> Job:
        """It ends now, process and all; what was written stays. Nothing happens to one that is not
        running or waiting."""
        with self._turn():
            self._stop(self._mine(owner, id))
            self._start()
            return self._job(owner, id)

    def resume(self, owner: str, id: str) -> Job:
        """It waits its turn again and goes on where it was. Nothing happens to one that is done, running or
        waiting."""
        with self._turn():
            folder = self._mine(owner, id)
            if self._workshop.standing(folder).state in ("stopped", "interrupted", "failed"):
                folder.stand(Standing("waiting", time.time()))
            self._start()
            return self._job(owner, id)

    def delete(self, owner: str, id: str) -> None:
        """Stop it, and its pages and results are gone."""
        with self._turn():
            folder = self._mine(owner, id)
            self._stop(folder)
            gone = self._workshop.path / f".gone-{id}"
            os.replace(folder.path, gone)
            self._start()
        shutil.rmtree(gone, ignore_errors=True)  # what cannot be removed now is, at a later start

    def aside(self, owner: str, id: str) -> builtins.list[Aside]:
        """Pages that gave nothing so far, in their order."""
        return self._found(owner, id).aside()

    def download(self, owner: str, id: str, form: Form, into: Path) -> Path:
        """What there is so far, also while it runs, as a file in the folder `into`, named after the job."""

        folder = self._found(owner, id)
        title = "".join(char for char in folder.kept().title if char not in '/\\:*?"<>|')[:_NAME].strip()
        path = into / f"{title} {id[:8]}.{_SUFFIX[form]}"
        try:
            if form == "jsonl":
                with replaced(path) as file:
                    file.writelines(folder.rows())
            else:
                rows = (json.loads(row) for row in folder.rows())
                (write_csv if form == "csv" else write_markdown)(rows, path)
        except OSError as error:
            told = f"expected room for a file to download, found: {error.strerror}."
            raise StoreError(told, reason="job.no_download", found=error.strerror) from error
        return path

    def revive(self) -> None:
        """Start the process when a job waits and none works: at the start of a server."""
        with self._turn():
            self._start()

    # --- inside a turn

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._threads, self._workshop.turn():
            yield

    def _found(self, owner: str, id: str) -> JobFolder:
        with self._turn():
            return self._mine(owner, id)

    def _mine(self, owner: str, id: str) -> JobFolder:
        folder = self._workshop.folder(id)
        try:
            if folder is not None and folder.kept().owner == owner:
                return folder
        except StoreError as error:
            _log.warning("%s", error)  # nobody's, as nobody can say whose
        raise NotYoursError

    def _job(self, owner: str, id: str) -> Job:
        folder = self._mine(owner, id)
        standing = self._workshop.standing(folder)
        return _shown(folder, folder.kept(), standing, _places(self._workshop.jobs()).get(id, 0))

    def _check_room(self, owner: str, more: int) -> None:
        mine = [folder for folder, kept, _ in self._workshop.jobs() if kept.owner == owner]
        if len(mine) >= self._limits.jobs:
            raise StoreError(
                f"expected at most {self._limits.jobs} jobs, found more. Delete some first.",
                reason="job.too_many",
                limit=self._limits.jobs,
            )
        if sum(size(folder.path) for folder in mine) + more > self._limits.each:
            raise StoreError(
                f"expected at most {self._limits.each / 2**20:,.0f} MB of your jobs, found more. "
                "Delete some first.",
                reason="job.too_large",
                limit=f"{self._limits.each / 2**20:,.0f} MB",
            )
        if size(self._workshop.path) + more > self._limits.bytes:
            raise StoreError(
                f"expected at most {self._limits.bytes / 2**20:,.0f} MB of jobs, found more. "
                "Delete some first, or ask whoever keeps the server.",
                reason="job.full",
                limit=f"{self._limits.bytes / 2**20:,.0f} MB",
            )

    def _stop(self, folder: JobFolder) -> None:
        state = self._workshop.standing(folder).state
        if state == "running":
            ended = self._workshop.end()
            for process in self._processes:
                if process.pid == ended:
                    process.wait()  # it is past everything but its last breath
        if state in ("running", "waiting"):
            folder.stand(Standing("stopped", time.time()))

    def _start(self) -> None:
        """A process, when a job waits and none works or is about to."""
        ended = [process.poll() for process in self._processes]
        self._processes = [process for process in self._processes if process.returncode is None]
        done = self._workshop.finished()
        if any(process.pid != done for process in self._processes) or self._workshop.busy():
            return
        waiting = [(one.since, folder) for folder, _, one in self._workshop.jobs() if one.state == "waiting"]
        if waiting and any(code is not None and code > 0 for code in ended):
            # A process that fails by itself would do so again, for ever. Killed ones have no such code.
            _, folder = min(waiting, key=lambda one: one[0])
            folder.stand(Standing("failed", time.time(), "its process ended at once; the log says why"))
        elif waiting:
            self._processes.append(self._spawn())

    def _spawn(self) -> subprocess.Popen[bytes]:
        folder = self._workshop.path
        return spawned([*self._worker, str(folder.resolve())], folder, folder / "worker.log")


def _places(every: Sequence[tuple[JobFolder, Kept, Standing]]) -> dict[str, int]:
    """How many come before each waiting job, by its id."""
    running = sum(standing.state == "running" for _, _, standing in every)
    waiting = sorted(
        (standing.since, folder.id) for folder, _, standing in every if standing.state == "waiting"
    )
    return {id: running + at for at, (_, id) in enumerate(waiting)}


def _shown(folder: JobFolder, kept: Kept, standing: Standing, ahead: int) -> Job:
    return Job(
        folder.id, kept.title, standing.state, kept.created, len(kept.pages),
        style=kept.settings.get("style", _PLAIN.style), model=kept.settings.get("model", _PLAIN.model),
        ahead=ahead, progress=folder.progress(), reason=standing.reason,
    )  # fmt: skip
