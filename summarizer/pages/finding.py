"""Words on the command line become paths of pages, in a fixed order."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator

__all__ = ["named"]

_Folder = tuple[int, int]
"""Device and inode: the same for a folder and for every link to it."""


def named(paths: Iterable[str | os.PathLike[str]], suffixes: tuple[str, ...]) -> Iterator[str]:
    """What `summarizer.pages.find` promises, for files that end in one of `suffixes`."""
    seen: set[str] = set()
    for path in paths:
        for page in _matches(os.fspath(path), suffixes):
            if page not in seen:
                seen.add(page)
                yield page


def _matches(path: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    if os.path.isdir(path):
        pages = _walk(path, suffixes, ())
        yield next(pages, path)
        yield from pages
    elif path == "-" or os.path.lexists(path) or not glob.has_magic(path):
        yield path
    else:
        # "**" matches folders beside all that is in them; the files speak for themselves.
        found = sorted(glob.glob(path, recursive=True))
        matches = (match for match in found if "**" not in path or not os.path.isdir(match))
        first = next(matches, None)
        if first is None:
            yield path
            return
        yield from _matches(first, suffixes)
        for match in matches:
            yield from _matches(match, suffixes)


def _walk(folder: str, suffixes: tuple[str, ...], above: tuple[_Folder, ...]) -> Iterator[str]:
    """Pages below `folder`; it stands for itself when it cannot be listed or leads back above."""
    try:
        here = os.stat(folder)
        names = sorted(os.listdir(folder))
    except OSError:
        yield folder
        return
    if (here.st_dev, here.st_ino) in above:
        yield folder
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _walk(path, suffixes, (*above, (here.st_dev, here.st_ino)))
        elif name.lower().endswith(suffixes):
            yield path
