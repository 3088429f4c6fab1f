"""The command line: parses words, calls the library, prints. Results go to stdout, all else to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from summarizer.cli.adding import add, reindex, remove
from summarizer.cli.asking import ask
from summarizer.cli.options import (
    EXIT_CODES,
    INTERRUPTED,
    PATH,
    exit_code,
    newspaper_of,
    paged,
    tell,
    unread,
)
from summarizer.cli.searching import search
from summarizer.cli.serving import app
from summarizer.errors import EXIT_DONE, SummarizerError, UsageError
from summarizer.records import Style

if TYPE_CHECKING:
    from summarizer.batch import Job, SetAside, Tally
    from summarizer.newspaper import Newspaper

    _Jobs = Iterator[Job | SetAside]

__all__ = ["main"]


def main() -> None:
    """The program `summarizer`. Ends the process with one of the exit codes above."""
    for stream in (sys.stdout, sys.stderr):
        # UTF-8 whatever the locale; a file name in another encoding is shown as \udcXX, not a crash
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(_run())


def _run() -> int:
    try:
        code = cli.main(prog_name="summarizer", standalone_mode=False)
        sys.stdout.flush()
        return int(code or EXIT_DONE)
    except SummarizerError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        return unread()


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(package_name="summarizer")
def cli() -> None:
    """Newspaper pages in, articles and checked headlines out. Nothing leaves this machine.

    \b
    summarizer articles page.txt               the articles of a page
    summarizer summarize pages/                a headline for each article
    summarizer summarize pages/ --out results  many pages, resumable
    summarizer add pages/                      into a library, to be searched and asked
    summarizer ask "客运站占地多少亩"          an answer, with the sentences that say so
    summarizer app                             all of it in a browser
    """


for verb in (add, remove, reindex, search, ask, app):
    cli.add_command(verb)


@cli.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@paged
def articles(
    paths: tuple[str, ...], as_json: bool, file: Path | None, encoding: str | None, verbose: bool
) -> int:
    """Separate pages into articles.

    PATH is a text file, a folder of .txt and .text files, a pattern, or - for standard input.
    """
    from summarizer.batch import SetAside, Tally, page_jobs
    from summarizer.cli.printing import printer

    newspaper, tally, show = newspaper_of(file, verbose, encoding=encoding), Tally(), printer(as_json)
    for item in page_jobs(newspaper, paths):
        tell(item)
        if isinstance(item, SetAside):
            tally.aside()
        else:
            show.articles(item)
            tally.done(item.inputs, len(item.articles))
    return exit_code(tally, pages=True)


@cli.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--jsonl", "rows", metavar="FILE", help="Rows with id and body, instead of PATH; may be .gz.")
@click.option("--style", type=click.Choice(get_args(Style)), help="Default: headline.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Characters at most.")
@click.option("--model", metavar="NAME", help="bundled, extractive, a folder, seq2seq:… chat:… server:…")
@click.option("--out", metavar="DIR", type=PATH, help="Write into DIR; the same command again goes on.")
@paged
def summarize(
    paths: tuple[str, ...],
    rows: str | None,
    out: Path | None,
    as_json: bool,
    file: Path | None,
    verbose: bool,
    **typed: object,
) -> int:
    """Summarize every article, each checked against its text.

    PATH is a text file, a folder of .txt and .text files, a pattern, or - for standard input.

    \b
    --out DIR writes summaries.jsonl, .md and .csv, and set-aside.jsonl for inputs
    that gave nothing. Stopped at any moment, the same command goes on where it was.
    """
    from summarizer.batch import Tally, count, page_jobs, row_jobs, shown

    if bool(paths) == bool(rows):
        raise UsageError(
            f"expected PATH... or --jsonl FILE, found {'both' if rows else 'neither'}. "
            "Try 'summarizer summarize --help'."
        )
    if out and as_json:
        raise UsageError("expected --json or --out, found both: one prints, the other writes files.")
    newspaper = newspaper_of(file, verbose, **typed)
    jobs = row_jobs(rows) if rows else page_jobs(newspaper, paths)
    tally = Tally()
    try:
        if out is None and sys.stdout.isatty():
            _print(newspaper, jobs, tally, as_json, lambda: None)  # the results are the progress
        else:
            tally.inputs = count(paths, rows)
            with shown(tally, sys.stderr) as draw:
                if out:
                    _write(newspaper, jobs, tally, out, draw)
                else:
                    _print(newspaper, jobs, tally, as_json, draw)
    except KeyboardInterrupt:
        if out:
            click.echo(f"Stopped: {tally.kept} articles kept, run the same command again to go on.", err=True)
        return INTERRUPTED
    return exit_code(tally, pages=not rows and not out)


def _print(newspaper: Newspaper, jobs: _Jobs, tally: Tally, as_json: bool, draw: Callable[[], None]) -> None:
    from summarizer.batch import SetAside, summarized
    from summarizer.cli.printing import printer

    show = printer(as_json)
    for item in summarized(newspaper, jobs, tally):
        if isinstance(item, SetAside):
            tell(item)
        else:
            tell(item.job)
            show.summaries(item)
            tally.kept += len(item.pairs)
        draw()


def _write(newspaper: Newspaper, jobs: _Jobs, tally: Tally, out: Path, draw: Callable[[], None]) -> None:
    from summarizer.batch import run

    def told(item: Job | SetAside) -> None:
        tell(item)
        draw()

    run(newspaper, jobs, out, tally=tally, told=told)
    click.echo(f"{out}: {tally.kept} articles, {tally.set_aside} inputs set aside.", err=True)
