"""What is summarized together: the articles of one page, or a stretch of rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from summarizer.batch.progress import Tally
from summarizer.errors import ModelError, PageError, SummarizerError
from summarizer.newspaper import Newspaper
from summarizer.pages import find
from summarizer.records import Article, Page, Summary
from summarizer.rows import Row, read_rows

__all__ = ["Done", "Job", "SetAside", "count", "page_jobs", "row_jobs", "summarized"]

# Rows of a JSON Lines file that go through the model together; enough to fill its batches. Fixed,
# so that a run that was resumed asks the model for the same groups as one that was not.
_TOGETHER = 32
# Jobs running that fail before the run stops: then it is the model or we, and not the pages.
_FAILURES = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    source: str
    """The page's id, or the path of the JSON Lines file."""
    articles: tuple[Article, ...]
    ids: tuple[str | int | None, ...] = ()
    """For rows: their ids, one an article."""
    page: Page | None = None
    """For a page: what was read."""

    @property
    def inputs(self) -> int:
        """How many inputs of the command it is: a page is one, and so is each row."""
        return len(self.ids) or 1


@dataclass(frozen=True, slots=True)
class Done:
    """A job with its summaries, as `Newspaper.summarize_page` orders them."""

    job: Job
    pairs: tuple[tuple[Article, Summary], ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """An input that gave nothing, and why."""

    source: str
    reason: str
    line: int | None = None
    """Of a JSON Lines file."""
    id: str | int | None = None

    def row(self) -> Row:
        """As `set-aside.jsonl` has it."""
        row: Row = {"input": self.source, "line": self.line, "id": self.id, "reason": self.reason}
        return {name: value for name, value in row.items() if value is not None}

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}, line {self.line}"
        return self.reason if self.reason.startswith(self.source) else f"{place}: {self.reason}"


def page_jobs(newspaper: Newspaper, paths: Iterable[str]) -> Iterator[Job | SetAside]:
    """One for each page that `paths` name, in order. A bad page is set aside, whatever is wrong."""
    for path in find(paths):
        try:
            page = newspaper.read(path)
            articles = newspaper.separate(page)
        except PageError as error:
            yield SetAside(path, str(error))
        except SummarizerError:
            raise  # a wrong setting is wrong for every page
        except Exception as error:
            # A bug of ours on one page must not cost the other thousands; it is logged whole.
            _log.exception("%s: a bug in reading this page; please report it with the page", path)
            yield SetAside(path, f"{path}: {_bug(error)}")
        else:
            _log.info("%s: %s, %d articles", path, page.encoding, len(articles))
            yield (
                Job(path, tuple(articles), page=page)
                if articles
                else SetAside(
                    path, f"{path}: expected newspaper articles, found text without any. Look at the page."
                )
            )


def row_jobs(path: str) -> Iterator[Job | SetAside]:
    """Stretches of the rows of a JSON Lines file. Bad rows come before the stretch they stand in.

    Raises PageError when the file cannot be read, also midway.
    """
    lines = read_rows(path)
    while stretch := list(islice(lines, _TOGETHER)):
        for line in stretch:
            if line.reason is not None:
                yield SetAside(path, line.reason, line.number, line.id)
        good = [(line.article, line.id) for line in stretch if line.article is not None]
        if good:
            yield Job(path, tuple(article for article, _ in good), tuple(name for _, name in good))


def count(paths: Iterable[str], rows: str | None) -> int | None:
    """How many inputs there are: rows of the JSON Lines file, or pages; None when that cannot be known."""
    if rows is None:
        return sum(1 for _ in find(paths))
    if not os.path.isfile(rows):
        return None  # a pipe can be read once only
    try:
        return sum(1 for _ in read_rows(rows))
    except PageError:
        return None  # `row_jobs` will say why


def summarized(
    newspaper: Newspaper, jobs: Iterable[Job | SetAside], tally: Tally
) -> Iterator[Done | SetAside]:
    """The jobs with their summaries, in order; what was set aside is passed on. `tally` counts both.

    A job on which the model fails is set aside, each of its rows by itself. Raises ModelError when
    the model cannot be loaded, and whatever comes when three jobs running fail.
    """
    failures = 0
    for job in jobs:
        if isinstance(job, SetAside):
            tally.aside()
            yield job
            continue
        _ = newspaper.generator  # loaded outside the try: without a model there is nothing to go on with
        try:
            pairs = newspaper.summarize_page(job.articles)
        except Exception as error:
            failures += 1
            ours = not isinstance(error, SummarizerError)
            if failures == _FAILURES or not (ours or isinstance(error, ModelError)):
                raise
            if ours:
                _log.exception("%s: a bug in summarizing; please report it with the input", job.source)
            yield from _failed(job, _bug(error) if ours else str(error), tally)
        else:
            failures = 0
            tally.done(job.inputs, len(pairs))
            yield Done(job, tuple(pairs))


def _failed(job: Job, reason: str, tally: Tally) -> Iterator[SetAside]:
    if job.page is not None:
        tally.aside()
        yield SetAside(job.source, f"{job.source}: {reason}")
        return
    for article, name in zip(job.articles, job.ids, strict=True):
        tally.aside()
        yield SetAside(job.source, reason, article.lines[0][0], name)


def _bug(error: Exception) -> str:
    return f"internal error, its trace is in the log: {type(error).__name__}: {error}"
