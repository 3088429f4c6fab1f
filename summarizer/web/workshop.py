"""The folder of all jobs: whose turn it is, and which process works. One works, whoever started it.

Two locks on files, which the system frees when a process dies. `.lock` is held for a moment by whoever
reads or changes where jobs stand. `.working` is held for life by the process that works; it is taken,
freed and looked at under `.lock` alone, so that what the first holder finds is true while it holds it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.errors import StoreError
from summarizer.web.jobfolder import JobFolder, Kept, Memory, Standing
from summarizer.web.places import private, written

__all__ = ["Workshop"]

_ID = re.compile(r"[0-9a-f]{32}")
# Seconds. A turn of the lock takes milliseconds; ending a process waits up to _GRACE, twice.
_PATIENCE, _GRACE = 30.0, 5.0
_LOOK = 0.01
_WORKER = ".worker.json"
"""Who works: written at the beginning and at the end of its work."""

_log = logging.getLogger(__name__)


class Workshop:
    """The folder `path`. Everything is called inside `turn`."""

    def __init__(self, path: Path) -> None:
        self.path = private(path)
        self._memory: Memory = {}
        self._working = FileLock(path / ".working", mode=0o600, thread_local=False)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else changes anything meanwhile. Raises StoreError."""
        try:
            with FileLock(self.path / ".lock", timeout=_PATIENCE, mode=0o600, poll_interval=_LOOK):
                yield
        except (OSError, Timeout) as error:
            raise StoreError(
                f"expected a folder of jobs that can be written, found: {error}. "
                "Look at the disk, and whether another server hangs."
            ) from error

    # --- jobs

    def jobs(self) -> list[tuple[JobFolder, Kept, Standing]]:
        """All that can be read, the oldest first. A running one whose process is gone is `interrupted`."""
        found = []
        names = [name for name in os.listdir(self.path) if _ID.fullmatch(name)]
        if len(self._memory) > 10 * len(names) + 100:
            self._memory.clear()  # most of it is about jobs that were deleted
        for name in names:
            folder = JobFolder(self.path / name, self._memory)
            try:
                found.append((folder, folder.kept(), folder.standing()))
            except StoreError as error:
                _log.warning("%s", error)  # nobody's, as nobody can say whose
        if not self.busy():
            found = [(folder, kept, _orphaned(standing)) for folder, kept, standing in found]
        return sorted(found, key=lambda one: (one[1].created, one[0].id))

    def folder(self, id: str) -> JobFolder | None:
        """None when there is no such job, whatever the id is made of."""
        if not _ID.fullmatch(id) or not (self.path / id / "job.json").is_file():
            return None
        return JobFolder(self.path / id, self._memory)

    def standing(self, folder: JobFolder) -> Standing:
        """Where a job stands; a running one whose process is gone is `interrupted`."""
        standing = folder.standing()
        return standing if self.busy() else _orphaned(standing)

    # --- the process that works

    def busy(self) -> bool:
        """Does a process work, or is one ready to?"""
        if self._working.is_locked:
            return True  # it is us
        probe = FileLock(self.path / ".working", mode=0o600)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        probe.release()
        return False

    def begin(self) -> bool:
        """Become the process that works; False when there is one. What the last one left is `interrupted`."""
        try:
            self._working.acquire(timeout=0)
        except Timeout:
            return False
        for folder, _, standing in self.jobs():
            if standing.state == "running":
                folder.stand(_orphaned(standing))
        written(self.path / _WORKER, {"pid": os.getpid(), "finished": False})
        return True

    def take(self) -> JobFolder | None:
        """The next job, from now on running. None when none waits: then it is not us who works any more."""
        every = self.jobs()
        waiting = [(standing.since, folder) for folder, _, standing in every if standing.state == "waiting"]
        if not waiting:
            written(self.path / _WORKER, {"pid": os.getpid(), "finished": True})
            self._working.release()
            return None
        _, folder = min(waiting, key=lambda one: (one[0], one[1].id))
        folder.stand(Standing("running", time.time()))
        return folder

    def finished(self) -> int | None:
        """Number of the process that worked last, once it will take no job any more."""
        try:
            told = self._told()
        except FileNotFoundError:
            return None
        return int(told["pid"]) if told["finished"] else None

    def _told(self) -> dict[str, int]:
        told: dict[str, int] = json.loads((self.path / _WORKER).read_text(encoding="utf-8"))
        return told

    def end(self) -> int | None:
        """End the process that works, at once; its number. Raises StoreError when it will not."""
        if not self.busy():
            return None
        pid = int(self._told()["pid"])  # its own: it wrote this in the turn in which it took `.working`
        for deadly in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            try:
                os.kill(pid, deadly)
            except ProcessLookupError:
                pass  # it went by itself
            until = time.monotonic() + _GRACE
            while time.monotonic() < until:
                if not self.busy():
                    return pid
                time.sleep(_LOOK)
        raise StoreError(
            f"expected process {pid} to end, found it still there. End it, and try again.",
            reason="job.will_not_end",
            process=pid,
        )


def _orphaned(standing: Standing) -> Standing:
    return Standing("interrupted", standing.since) if standing.state == "running" else standing
