"""A file becomes a Page. Knows files, encodings and running heads; nothing of articles.

    for path in find(["pages/", "more/*.txt", "-"]):
        page = read(path)

To read a new kind of file, write a module with `read(path, encoding) -> Page` that raises
PageError with a reason (no path: it is added here), and put its suffix into `READERS`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import cast

from summarizer.errors import PageError
from summarizer.pages.finding import named
from summarizer.records import Page

__all__ = ["READERS", "find", "read"]

READERS = {
    "": "summarizer.pages.plain:read",
    ".text": "summarizer.pages.plain:read",
    ".txt": "summarizer.pages.plain:read",
}
"""Suffix, lower case -> import string of a function (path, encoding or None) -> Page."""

# "page.2024" and "8.27要闻" end in no suffix: a suffix is a few Latin letters and digits.
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")


def find(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The pages that `paths` name, each once, as reached from the argument.

    A file is itself, whatever its suffix; "-" is standard input; a folder stands for the files
    with a suffix of `READERS` in it and below it, by name, links followed, hidden ones skipped;
    a pattern with * ? [ or ** stands for what it matches, by name. Raises nothing: a missing file,
    a pattern or folder without pages, an unreadable folder and a link that leads back to a folder
    above it are handed on as they are, so that `read` says what is wrong with each, in its turn.
    """
    return named(paths, tuple(suffix for suffix in READERS if suffix))


def read(path: str | os.PathLike[str], *, encoding: str | None = None) -> Page:
    """The page at `path`, or on standard input for "-".

    The encoding is found from the bytes unless one is named. Raises PageError, its message
    beginning with the path, when there is no page to be had; SettingsError for an unknown encoding.
    """
    name = os.fspath(path)
    try:
        return _reader(name)(name, encoding)
    except PageError as error:
        raise PageError(f"{name}: {error}", reason=error.reason, **error.values) from error.__cause__
    except OSError as error:
        raise PageError(
            f"{name}: expected a readable file, found: {error.strerror or error}. "
            "Check the path and its permissions."
        ) from error


def _reader(path: str) -> Callable[[str, str | None], Page]:
    if path != "-" and os.path.isdir(path):
        raise PageError(_about_folder(path))
    found = _SUFFIX.search(os.path.basename(path))
    suffix = found.group().lower() if found else ""
    if suffix not in READERS:
        raise PageError(
            f"expected one of {_known()}, found {suffix}. Convert the page to plain text first.",
            reason="file.suffix",
            found=suffix,
        )
    module, _, function = READERS[suffix].partition(":")
    return cast("Callable[[str, str | None], Page]", getattr(import_module(module), function))


def _about_folder(path: str) -> str:
    """Why `find` left a folder for `read` to explain."""
    if os.path.realpath(path) in _ancestors(path):
        return "expected pages, found a link back to a folder above it. Remove the link or name the pages."
    os.listdir(path)  # an unreadable folder says so itself, as OSError
    return (
        f"expected a page, found a folder without any {_known()} file (hidden ones are skipped). "
        "Name the pages, or the folder that holds them."
    )


def _ancestors(path: str) -> set[str]:
    """Real paths of the folders that the words of `path` go through."""
    folders, at = set(), os.path.dirname(os.path.abspath(path))
    while at not in folders:
        folders |= {at, os.path.realpath(at)}
        at = os.path.dirname(at)
    return folders


def _known() -> str:
    return " ".join(sorted(suffix for suffix in READERS if suffix))
