"""The verb search, and what it shares with ask: which pages are meant, and many questions from a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli.options import EXIT_CODES, common, exit_code, newspaper_of, tell
from summarizer.errors import EXIT_DONE, ModelError, QuestionError, SettingsError, UsageError

if TYPE_CHECKING:
    from summarizer.batch import Tally
    from summarizer.newspaper import Newspaper
    from summarizer.records import Filters
    from summarizer.rows import QuestionLine, Row

__all__ = ["each", "filters_of", "scoped", "search", "written_out"]

# Questions running on which the model fails before the run stops: then it is the model.
_FAILURES = 3

_SCOPE = (
    click.option("--library", metavar="DIR", help="A folder or an s3:// address. Default: library."),
    click.option("--encoder", metavar="NAME", help="Of the library's vectors: bundled, a folder, or a name."),
    click.option("--from", "since", metavar="DATE", help="First day of the pages: 2024-08-27."),
    click.option("--to", "until", metavar="DATE", help="Last day of the pages."),
    click.option("--number", metavar="版", help="Only this page number: 3, A03."),
    click.option("--paper", metavar="NAME", help="Only this paper."),
    click.option("--today", metavar="DATE", help="From which 昨天 counts. Default: the newest page's."),
    click.option("--jsonl", "rows", metavar="FILE", help="Rows with id and question, or .gz, for QUESTION."),
)


def scoped(command: Callable[..., int]) -> Callable[..., int]:
    """The options of a verb that asks a library."""
    for option in reversed(_SCOPE):
        command = option(command)
    return common(command)


@click.command(epilog=EXIT_CODES)
@click.argument("question", required=False)
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, metavar="N", help="Hits. Default: 10.")
@click.option("--reranker", metavar="NAME", help="A CrossEncoder that reads the first 50 passages again.")
@click.option("--fold", is_flag=True, help="A report that several papers printed takes one place.")
@scoped
def search(
    question: str | None,
    count: int,
    fold: bool,
    rows: str | None,
    as_json: bool,
    file: Path | None,
    verbose: bool,
    today: str | None,
    library: str | None,
    encoder: str | None,
    reranker: str | None,
    **scope: str | None,
) -> int:
    """Find the passages that a question is about, best first.

    \b
    summarizer search "客运站占地多少亩" --library archive
    summarizer search --jsonl questions.jsonl --library archive --json

    A row without id is known by its line number. 昨天 or 上周 in a question searches the
    pages that print the news of that day or week.
    """
    from summarizer.answers.rows import hit_row

    expect_one(question, rows, "search")
    newspaper = newspaper_of(file, verbose, library=library, encoder=encoder, reranker=reranker)
    filters = filters_of(**scope)

    def found(asked: str, name: str | int | None) -> None:
        hits = newspaper.search(asked, k=count, filters=filters, today=today, fold=fold)
        if as_json:
            written_out(hit_row(name, hit) for hit in hits)
            return
        from summarizer.cli.clippings import Clippings

        Clippings(sys.stdout).hits(hits)

    if question is not None:
        found(question, None)
        return EXIT_DONE
    return each(newspaper, str(rows), lambda line: found(line.question, line.id))


def expect_one(question: str | None, rows: str | None, verb: str) -> None:
    """Raises UsageError unless either a question or a file of them was typed."""
    if (question is None) == (rows is None):
        raise UsageError(
            f"expected QUESTION or --jsonl FILE, found {'both' if rows else 'neither'}. "
            f"Try 'summarizer {verb} --help'."
        )


def filters_of(
    since: str | None = None, until: str | None = None, number: str | None = None, paper: str | None = None
) -> Filters:
    """Raises SettingsError for a date that is none, or a last day before the first."""
    from summarizer.answers.times import day_of
    from summarizer.records import Filters

    days = [day_of(day).isoformat() for day in (since, until) if day is not None]
    if days != sorted(days):
        raise SettingsError(f"expected --from before --to, found {since} and {until}. Change one of them.")
    return Filters(since=since, until=until, number=number, paper=paper)


def each(
    newspaper: Newspaper, path: str, done: Callable[[QuestionLine], None], *, context: str | None = None
) -> int:
    """`done` with every good row of a file, in order; bad ones are told and set aside. The exit code."""
    from summarizer.batch import SetAside, count
    from summarizer.rows import read_questions

    if context is None:
        _ = newspaper.library  # without one there is nothing to go on with, and no row is to blame
    failures = 0
    with _counted(count((), path)) as (tally, draw):
        for line in read_questions(path, context=context):
            reason = line.reason
            if reason is None:
                try:
                    done(line)
                    failures = 0
                except (QuestionError, ModelError) as error:
                    failures += isinstance(error, ModelError)
                    if failures == _FAILURES:
                        raise
                    reason = str(error)
            if reason is None:
                tally.done(1, 1)
            else:
                tally.aside()
                tell(SetAside(path, reason, line.number, line.id))
            draw()
    return exit_code(tally, pages=False)


@contextmanager
def _counted(inputs: int | None) -> Iterator[tuple[Tally, Callable[[], None]]]:
    from summarizer.batch import Tally, shown

    @dataclass(slots=True)
    class Questions(Tally):
        def line(self, seconds: float) -> str:
            of = f" of {self.inputs}" if self.inputs is not None else ""
            rate = f"{self.made / max(seconds, 1e-9):.1f} questions/s"
            return f"{self.seen}{of} questions, {rate}, {self.set_aside} set aside"

    tally = Questions(inputs=inputs)
    if sys.stdout.isatty():
        yield tally, lambda: None  # the results are the progress
    else:
        with shown(tally, sys.stderr) as draw:
            yield tally, draw


def written_out(rows: Iterator[Row]) -> None:
    """On stdout as JSON Lines, out at once, so that a reader need not wait."""
    from summarizer.rows import encoded

    for row in rows:
        sys.stdout.buffer.write(encoded(row))
    sys.stdout.buffer.flush()
