"""What goes to stdout: JSON Lines for programs, or pages for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Protocol

from summarizer.batch import Done, Job
from summarizer.rows import Row, article_row, encoded, summary_row

__all__ = ["Printer", "printer"]


class Printer(Protocol):
    def articles(self, job: Job) -> None:
        """The articles of one page."""

    def summaries(self, done: Done) -> None:
        """The summaries of one page, or of a stretch of rows."""


def printer(as_json: bool) -> Printer:
    """The one that was asked for."""
    return JsonLines() if as_json else Pages()


class JsonLines:
    """One object a line, as the contract has them; out at once, so that a reader need not wait."""

    def articles(self, job: Job) -> None:
        self._print(article_row(article) for article in job.articles)

    def summaries(self, done: Done) -> None:
        ids = dict(zip(done.job.articles, done.job.ids, strict=False))
        self._print(
            ({"id": ids[article]} if ids else article_row(article)) | summary_row(summary)
            for article, summary in done.pairs
        )

    def _print(self, rows: Iterable[Row]) -> None:
        for row in rows:
            sys.stdout.buffer.write(encoded(row))
        sys.stdout.buffer.flush()


class Pages:
    """For a terminal."""

    def __init__(self) -> None:
        from summarizer.cli.render import Screen  # rich takes a while to load, and --json needs none of it

        self._screen = Screen(sys.stdout)

    def articles(self, job: Job) -> None:
        self._heading(job)
        for article in job.articles:
            self._screen.article(article)

    def summaries(self, done: Done) -> None:
        self._heading(done.job)
        for article, summary in done.pairs:
            self._screen.summary(article, summary)

    def _heading(self, job: Job) -> None:
        if job.page is not None:
            self._screen.page(job.page, len(job.articles))
