"""Files from a browser: plain text only, under names of our own, capped in every direction.

    kept = accept(Path(sent), "../../8.27 三版.txt", folder, inside=temporary)
    kept.name, kept.path         # "8.27 三版.txt", folder/5f3a….txt

Reasons of an UploadError, for screens in other languages: `kind` (values: found), `suffix` (found),
`empty`, `bytes` (limit), `total` (limit), `files` (limit), `characters` (limit), `line` (limit, found,
number), `encoding`, `markup`, `gone`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SUFFIXES", "Limits", "Refused", "Upload", "accept", "accept_all", "shown_name"]

SUFFIXES = (".txt", ".text")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of what one person may send at once."""

    files: int = 500
    bytes: int = 4 * 2**20
    """Of one file; what `summarizer.pages` reads at most."""
    total: int = 64 * 2**20
    """Bytes of all files together."""
    characters: int = 400_000
    """Of one file. A broadsheet page has 3,000 to 8,000."""
    line: int = 20_000
    """Characters of the longest line; what `summarizer.pages` reads at most."""


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    """To be shown: cleaned, and different from those of the other files sent with it."""
    path: Path
    """Ours: nothing in it was chosen by the sender."""
    bytes: int
    characters: int


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    """To be shown, cleaned."""
    reason: str
    """The message of the error."""
    error: Exception


def shown_name(name: str) -> str:
    """The last part of a file's name as it may be shown: no path, no control or invisible characters, no
    direction marks, at most 80 characters with its suffix kept; "未命名" when nothing is left."""
    raise NotImplementedError


def accept(sent: Path, name: str, folder: Path, *, inside: Path | None = None, limits: Limits = Limits()) -> Upload:
    """Copy one page into `folder` under a name of its own. Raises UploadError; nothing stays then.

    `name` is what the sender calls it. With `inside` a `sent` that does not lie in that folder, links
    followed, is refused.
    """
    raise NotImplementedError


def accept_all(
    sent: Sequence[tuple[Path, str]], folder: Path, *, inside: Path | None = None, limits: Limits = Limits()
) -> tuple[list[Upload], list[Refused]]:
    """All that can be accepted, with names made different, and why the others cannot.

    Raises UploadError when there are too many files, or they are too big together; nothing stays then.
    """
    raise NotImplementedError
