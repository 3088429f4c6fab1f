"""What the verbs have in common: options, a quiet end, and the Newspaper made of what was typed."""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.errors import EXIT_DONE, EXIT_SET_ASIDE, SummarizerError

if TYPE_CHECKING:
    from summarizer.batch import Job, SetAside, Tally
    from summarizer.newspaper import Newspaper

__all__ = [
    "EXIT_CODES",
    "INTERRUPTED",
    "PATH",
    "common",
    "exit_code",
    "newspaper_of",
    "paged",
    "tell",
    "unread",
]

PATH = click.Path(path_type=Path)

INTERRUPTED = 130  # what a shell says of a program stopped by Ctrl-C

EXIT_CODES = """\b
Exit codes: 0 done; 1 an error, told on stderr; 2 wrong usage;
3 finished, but some inputs were set aside, each told on stderr."""


def unread() -> int:
    """The reader of our output has seen enough (| head): that is no error, and no more is written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_DONE


def common(command: Callable[..., int]) -> Callable[..., int]:
    """What every verb has: these options, and a quiet end when nobody reads on."""

    @functools.wraps(command)
    def listened(**words: object) -> int:
        try:
            return command(**words)
        except BrokenPipeError:  # click would make it exit code 1
            return unread()

    shared: Callable[..., int] = listened
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is being done."),
        click.option("--settings", "file", metavar="FILE", type=PATH, help="Instead of ./summarizer.toml."),
        click.option("--json", "as_json", is_flag=True, help="JSON Lines on stdout, one object a line."),
    ):
        shared = option(shared)
    return shared


def paged(command: Callable[..., int]) -> Callable[..., int]:
    """What verbs that read pages have besides."""
    told = "Encoding of the pages, instead of the one found."
    return common(click.option("--encoding", metavar="NAME", help=told)(command))


def newspaper_of(file: Path | None, verbose: bool, **typed: object) -> Newspaper:
    """By the settings that were typed, and those of `file` or ./summarizer.toml. Raises SettingsError."""
    from summarizer.config import load_settings
    from summarizer.newspaper import Newspaper

    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")
    given = {name: value for name, value in typed.items() if value is not None}
    return Newspaper(load_settings(given, file=file))


def tell(item: Job | SetAside) -> None:
    """On stderr: why something was set aside, or what is odd about a page that was read."""
    from summarizer.batch import SetAside

    if isinstance(item, SetAside):
        click.echo(f"Set aside: {item}", err=True)
    elif item.page is not None:
        for warning in item.page.warnings:
            click.echo(f"Warning: {item.source}: {warning}", err=True)


def exit_code(tally: Tally, *, pages: bool) -> int:
    if not tally.set_aside:
        return EXIT_DONE
    # Named pages of which none could be read are an error like any other.
    return SummarizerError.exit_code if pages and tally.set_aside == tally.seen else EXIT_SET_ASIDE
