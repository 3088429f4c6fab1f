"""The process that works on batch jobs, one after the other, until none waits. It needs no server.

    python -m summarizer.web.worker FOLDER

Killed at any moment it leaves whole rows; the job it was at can be resumed.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from summarizer import batch
from summarizer.config import Settings
from summarizer.errors import StoreError, SummarizerError
from summarizer.newspaper import Newspaper
from summarizer.pages.masthead import masthead
from summarizer.records import Page
from summarizer.web.jobfolder import JobFolder, Kept, Standing, size
from summarizer.web.jobnouns import Progress, Stage
from summarizer.web.workshop import Workshop

__all__ = ["main"]

# Seconds between two writings of the progress.
_EVERY = 0.5
# What is asked in the browser comes first.
_NICE = 10

_log = logging.getLogger(__name__)


def main(folder: Path) -> None:
    """Work until no job waits, or nothing at all when another process works."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    if hasattr(os, "nice"):
        os.nice(_NICE)
    workshop = Workshop(folder)
    with workshop.turn():
        if not workshop.begin():
            return
    newspaper: _Newspaper | None = None
    while True:
        with workshop.turn():
            job = workshop.take()
        if job is None:
            return
        ended, newspaper = _done(workshop, job, newspaper)
        with workshop.turn():
            if job.standing().state == "running":
                job.stand(ended)


class _Newspaper(Newspaper):
    """Reads pages under the names their senders gave them."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.shown: dict[str, str] = {}
        """Path -> name."""

    def read(self, path: str | os.PathLike[str]) -> Page:
        page, name = super().read(path), self.shown[os.fspath(path)]
        head = masthead(page.lines, name)  # the date may stand in the name alone
        return replace(
            page, id=name, date=head.date, number=head.number, paper=head.paper, running_heads=head.lines
        )


def _done(
    workshop: Workshop, job: JobFolder, newspaper: _Newspaper | None
) -> tuple[Standing, _Newspaper | None]:
    """How the job ended, and the newspaper it was done with: loaded models are used again."""
    try:
        kept, settings = job.kept(), job.settings()
        if newspaper is None or newspaper.settings != settings:
            newspaper = _Newspaper(settings)
        room = kept.most - size(workshop.path) + size(job.out)
        report = _Report(job, len(kept.pages), room)
        pages = _pages(newspaper, job, kept, report)
        batch.run(newspaper, pages, job.out, tally=report.tally, told=report.told)
        report.write("finishing")
        return Standing("done", time.time()), newspaper
    except SummarizerError as error:
        told = str(error).replace(f"{job.out}: ", "").replace(str(job.path), job.id)
        return Standing("failed", time.time(), told), newspaper
    except Exception as error:
        # a bug of ours in one job must not keep the others waiting for ever
        _log.exception("a bug in job %s; please report it", job.id)
        told = f"internal error, its trace is in the log: {type(error).__name__}"
        return Standing("failed", time.time(), told), newspaper


def _pages(
    newspaper: _Newspaper, job: JobFolder, kept: Kept, report: _Report
) -> Iterator[batch.Job | batch.SetAside]:
    report.begin()  # models are loaded before the first page is asked for
    for file, name in kept.pages:
        path = str(job.inputs / file)
        newspaper.shown = {path: name}
        for item in batch.page_jobs(newspaper, [path]):
            if isinstance(item, batch.SetAside):
                yield replace(item, source=name, reason=item.reason.replace(path, name))
            else:
                yield replace(item, source=name)


class _Report:
    """Tells how far a job is."""

    def __init__(self, job: JobFolder, inputs: int, room: int) -> None:
        self.tally = batch.Tally(inputs=inputs)
        self._job, self._room = job, room
        self._begun = self._last = time.monotonic()
        self.write("loading")

    def begin(self) -> None:
        """From now on pages are summarized."""
        self._begun = time.monotonic()
        self.write("summarizing")

    def told(self, item: batch.Job | batch.SetAside) -> None:
        """As `batch.run` calls it, for every page. Raises StoreError when there is no room for more."""
        finished = self.tally.seen == self.tally.inputs
        if finished or time.monotonic() - self._last >= _EVERY:
            self.write("finishing" if finished else "summarizing")
            if size(self._job.out) > self._room:
                raise StoreError(
                    "expected room for the results, found as much kept as may be. "
                    "Delete jobs that are done with, and resume this one."
                )

    def write(self, stage: Stage) -> None:
        tally = self.tally
        inputs, self._last = tally.inputs or 0, time.monotonic()
        seconds, worked = self._last - self._begun, tally.seen - tally.resumed
        left = (inputs - tally.seen) * seconds / worked if worked else None
        rate = tally.made / seconds if seconds else 0.0
        self._job.advance(
            Progress(stage, inputs, tally.seen, tally.set_aside, tally.kept, round(rate, 2), left)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
