"""The verbs that write a library: add, remove, reindex."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli.options import EXIT_CODES, INTERRUPTED, common, exit_code, newspaper_of, paged, tell
from summarizer.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from summarizer.batch import SetAside, Tally
    from summarizer.library import Added, Phase
    from summarizer.newspaper import Newspaper
    from summarizer.records import Document

__all__ = ["add", "reindex", "remove"]

_LIBRARY = click.option("--library", metavar="DIR", help="A folder or an s3:// address. Default: library.")
_ENCODER = click.option("--encoder", metavar="NAME", help="Of the vectors: bundled, a folder, or a name.")


@click.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--jsonl", "rows", metavar="FILE", help="Rows with id and text (or body), title, date; or .gz.")
@_LIBRARY
@_ENCODER
@paged
def add(
    paths: tuple[str, ...], rows: str | None, as_json: bool, file: Path | None, verbose: bool, **typed: object
) -> int:
    """Put pages into a library, to be searched and asked.

    PATH is a text file, a folder of .txt and .text files, a pattern, or - for standard input.
    What the library has already is left alone: stopped at any moment, the same command goes on.
    """
    from summarizer.batch import Tally, count, shown

    if bool(paths) == bool(rows):
        raise UsageError(
            f"expected PATH... or --jsonl FILE, found {'both' if rows else 'neither'}. "
            "Try 'summarizer add --help'."
        )
    newspaper, tally = newspaper_of(file, verbose, **typed), Tally(inputs=count(paths, rows))
    progress = _Progress(tally)
    read = _rows(rows, progress) if rows else _pages(newspaper, paths, progress)
    try:
        with shown(tally, sys.stderr) as progress.draw:
            added = newspaper.add_documents(read, told=progress.told)
            progress.told("adding", added)
    except KeyboardInterrupt:
        click.echo(f"Stopped: {tally.kept} articles kept, run the same command again to go on.", err=True)
        return INTERRUPTED
    counts = {"inputs": tally.seen, **asdict(added), "set_aside": tally.set_aside}
    _print(newspaper, as_json, counts, _ADDED)
    return exit_code(tally, pages=not rows)


@click.command(epilog=EXIT_CODES)
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_LIBRARY
@_ENCODER
@common
def remove(ids: tuple[str, ...], as_json: bool, file: Path | None, verbose: bool, **typed: object) -> int:
    """Take articles out of a library, or whole pages.

    ID is an article's, as search prints it, or a page's. When one is not there, nothing is taken out.
    """
    newspaper = newspaper_of(file, verbose, **typed)
    _print(newspaper, as_json, {"removed": newspaper.library.remove(ids)}, "{removed} articles removed.")
    return EXIT_DONE


@click.command(epilog=EXIT_CODES)
@_LIBRARY
@_ENCODER
@common
def reindex(as_json: bool, file: Path | None, verbose: bool, **typed: object) -> int:
    """Make the vectors and indexes of a library anew, with the present encoder.

    Until it is done the library answers as before; stopped at any moment, it stays as it was.
    """
    from summarizer.batch import Tally, shown
    from summarizer.library import Library

    newspaper = newspaper_of(file, verbose, **typed)
    library = Library.open(newspaper.settings.library)
    tally = Tally(inputs=library.count()[0])
    progress = _Progress(tally)
    for _ in range(tally.inputs or 0):
        progress.read(1)
    try:
        with shown(tally, sys.stderr) as progress.draw:
            made = library.reindex(newspaper.encoder, told=progress.told)
    except KeyboardInterrupt:
        click.echo("Stopped: the library is as it was.", err=True)
        return INTERRUPTED
    counts = {"documents": made.documents, "passages": made.passages}
    _print(newspaper, as_json, counts, "{documents} articles, {passages} passages made anew.")
    return EXIT_DONE


class _Progress:
    """How far a run is: inputs count when their documents are written, not when they are read."""

    def __init__(self, tally: Tally) -> None:
        self.draw: Callable[[], None] = lambda: None
        self._tally = tally
        self._phase: Phase = "adding"
        self._read = 0
        self._ends: deque[int] = deque()
        """For every input that is not written yet, how many documents there were up to its end."""

    def aside(self, item: SetAside) -> None:
        """An input that gives nothing, and why."""
        self._tally.aside()
        tell(item)
        self.draw()

    def read(self, documents: int) -> None:
        """One more input, of so many documents."""
        self._read += documents
        self._ends.append(self._read)

    def told(self, phase: Phase, added: Added) -> None:
        """As `Library.add` calls it."""
        tally = self._tally
        tally.kept, tally.made = added.documents + added.known, added.documents
        while self._ends and self._ends[0] <= tally.kept:
            self._ends.popleft()
            tally.seen += 1
        # Of a small run the next line comes in no time.
        if phase != self._phase and (phase == "waiting" or (phase == "indexing" and tally.kept > _LONG)):
            click.echo(_PHASES[phase], err=True)
        self._phase = phase
        self.draw()


_LONG = 1_000
_PHASES = {"waiting": "Another run is writing this library: waiting for it.", "indexing": "Indexing."}
_ADDED = (
    "{documents} articles added ({passages} passages, {replaced} articles replaced), {known} known, "
    "{removed} gone from their page; {set_aside} inputs set aside."
)


def _pages(newspaper: Newspaper, paths: Sequence[str], progress: _Progress) -> Iterator[list[Document]]:
    from summarizer.batch import SetAside, page_jobs
    from summarizer.library import stories

    for item in page_jobs(newspaper, paths):
        if isinstance(item, SetAside):
            progress.aside(item)
        elif item.page is not None:
            tell(item)
            documents = stories(item.page, item.articles)
            progress.read(len(documents))
            yield documents


def _rows(path: str, progress: _Progress) -> Iterator[list[Document]]:
    from summarizer.batch import SetAside
    from summarizer.rows import read_documents

    for line in read_documents(path):
        if line.document is None:
            progress.aside(SetAside(path, line.reason or "", line.number, line.id))
        else:
            progress.read(1)
            yield [line.document]


def _print(newspaper: Newspaper, as_json: bool, counts: Mapping[str, object], told: str) -> None:
    """The one result of these verbs, on stdout."""
    from summarizer.rows import encoded

    library = newspaper.settings.library
    if as_json:
        sys.stdout.buffer.write(encoded({"library": library, **counts}))
    else:
        click.echo(f"{library}: {told.format(**counts)}")
