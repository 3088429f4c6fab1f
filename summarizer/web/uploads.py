"""Files from a browser: plain text only, under names of our own, capped in every direction.

    kept = accept(Path(sent), "../../8.27 三版.txt", folder, inside=temporary)
    kept.name, kept.path         # "8.27 三版.txt", folder/5f3a….txt

An UploadError has a reason and its values, which summarizer.web.refusals tells in the reader's language.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from summarizer.errors import PageError, UploadError
from summarizer.pages.encoding import decode
from summarizer.pages.plain import MAGIC, MARKUP
from summarizer.text import strip_hidden

__all__ = ["REASONS", "SUFFIXES", "Limits", "Refused", "Upload", "accept", "accept_all", "shown_name"]

SUFFIXES = (".txt", ".text")
REASONS: dict[str, tuple[str, ...]] = {
    "suffix": ("found",),
    "kind": ("found",),
    "markup": (),
    "empty": (),
    "encoding": (),
    "bytes": ("limit",),
    "characters": ("limit",),
    "line": ("limit", "number"),
    "gone": (),
    "files": ("limit",),
    "total": ("limit",),
}
"""Of an UploadError -> the names of its values."""

# Characters of a name that is shown, its suffix among them.
_NAME = 80
_NAMELESS = "未命名"
# Beside those that summarizer.pages refuses: what is no page by its first bytes, whatever it is called.
_MORE_MAGIC = (
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh91AY&SY", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"SQLite format 3\0", "a database"),
)
# A page may begin with these letters ("BMW", "RIFF"); a binary file has a NUL soon after them.
_WITH_NUL = ((b"MZ", "a Windows program"), (b"BM", "a BMP image"), (b"RIFF", "a picture, sound or film"))
_SOON = 64
_ACCEPTED = f"a page of plain text ({' or '.join(SUFFIXES)}, in UTF-8, GB18030, Big5 or UTF-16)"


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


_LIMITS = Limits()


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
    error: UploadError

    @property
    def reason(self) -> str:
        """In a sentence."""
        return str(self.error)


def shown_name(name: str) -> str:
    """The last part of a file's name as it may be shown: no path, no control or invisible characters, no
    direction marks, at most 80 characters with its suffix kept; "未命名" when nothing is left."""
    last = PurePosixPath(PureWindowsPath(name.replace("\0", "")).name).name
    seen = "".join(char for char in strip_hidden(unicodedata.normalize("NFC", last)) if _seen(char))
    seen = " ".join(seen.split())
    stem, dot, suffix = seen.rpartition(".")
    if dot and len(suffix) < 8:
        stem = stem.lstrip(". ").rstrip()[: _NAME - 1 - len(suffix)]
        return f"{stem or _NAMELESS}.{suffix}"
    return seen.lstrip(". ")[:_NAME] or _NAMELESS


def _seen(char: str) -> bool:
    """Blanks may stay; controls, formats, surrogates, private and unassigned characters may not."""
    return char == " " or unicodedata.category(char)[0] not in "CZ"


def accept(
    sent: Path, name: str, folder: Path, *, inside: Path | None = None, limits: Limits = _LIMITS
) -> Upload:
    """Copy one page into `folder` under a name of its own. Raises UploadError; nothing stays then.

    `name` is what the sender calls it. With `inside` a `sent` that does not lie in that folder, links
    followed, is refused: a path that comes from a browser may be any.
    """
    shown = shown_name(name)
    suffix = PurePosixPath(shown).suffix.lower()
    if suffix not in SUFFIXES:
        told = f"expected {_ACCEPTED}, found {suffix and 'the suffix '}{suffix or 'no suffix'}"
        raise _refused(told, "suffix", found=suffix)
    data = _bytes(sent, inside, limits)
    characters = _characters(data, limits)
    path = folder / f"{uuid.uuid4().hex}{suffix}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return Upload(shown, path, len(data), characters)


def accept_all(
    sent: Sequence[tuple[Path, str]], folder: Path, *, inside: Path | None = None, limits: Limits = _LIMITS
) -> tuple[list[Upload], list[Refused]]:
    """All that can be accepted, with names made different, and why the others cannot.

    `sent` are files and what the sender calls them. Raises UploadError when there are too many files, or
    they are too big together; nothing stays then.
    """
    if len(sent) > limits.files:
        raise _refused(f"expected at most {limits.files:,} files at once", "files", limit=limits.files)
    kept: list[Upload] = []
    refused: list[Refused] = []
    names = _Names()
    try:
        for path, name in sent:
            try:
                one = accept(path, name, folder, inside=inside, limits=limits)
            except UploadError as error:
                refused.append(Refused(shown_name(name), error))
                continue
            kept.append(Upload(names.own(one.name), one.path, one.bytes, one.characters))
            if sum(upload.bytes for upload in kept) > limits.total:
                size = f"{limits.total / 2**20:,.0f} MB"
                raise _refused(f"expected files of at most {size} together", "total", limit=size)
    except BaseException:
        for upload in kept:
            upload.path.unlink(missing_ok=True)
        raise
    return kept, refused


class _Names:
    """No two alike, not even to one who does not see letter case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def own(self, name: str) -> str:
        stem, _, suffix = name.rpartition(".")
        for one in self._offered(stem, suffix):
            if one.casefold() not in self._taken:
                self._taken.add(one.casefold())
                return one
        raise AssertionError("the offers do not end")

    def _offered(self, stem: str, suffix: str) -> Iterator[str]:
        yield f"{stem}.{suffix}"
        at = 2
        while True:
            yield f"{stem} ({at}).{suffix}"
            at += 1


def _bytes(sent: Path, inside: Path | None, limits: Limits) -> bytes:
    """What is in the file, which must be one: no link, no device, nothing out of `inside`."""
    try:
        real = sent.resolve(strict=True)
        if inside is not None and not real.is_relative_to(inside.resolve(strict=True)):
            raise _refused("expected a file that was sent, found none", "gone")
        # O_NONBLOCK: a pipe in place of a file must not hold us
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _refused("expected a file that was sent, found none", "gone")
            data = file.read(limits.bytes + 1)
    except (OSError, ValueError, RuntimeError) as error:
        raise _refused("expected a file that was sent, found none", "gone") from error
    if len(data) > limits.bytes:
        size = f"{limits.bytes / 2**20:,.0f} MB"
        raise _refused(f"expected one page, at most {size}, found a larger file", "bytes", limit=size)
    return data


def _characters(data: bytes, limits: Limits) -> int:
    """How many it holds, once it is known for a page of text."""
    if not data.strip():
        raise _refused(f"expected {_ACCEPTED}, found an empty file", "empty")
    for magic, kind in (*MAGIC, *_MORE_MAGIC, *(_WITH_NUL if b"\0" in data[:_SOON] else ())):
        if data.startswith(magic):
            raise _refused(f"expected {_ACCEPTED}, found {kind}", "kind", found=kind)
    try:
        lines = decode(data).text.splitlines()
    except PageError as error:
        raise _refused(f"expected {_ACCEPTED}, found another encoding or binary data", "encoding") from error
    count = sum(map(len, lines))
    if count > limits.characters:
        limit = f"{limits.characters:,}"
        raise _refused(f"expected one page, at most {limit} characters", "characters", limit=limit)
    for number, line in enumerate(lines, 1):
        if len(line) > limits.line:
            limit = f"{limits.line:,}"
            told = f"expected lines of at most {limit} characters, line {number} is longer"
            raise _refused(told, "line", limit=limit, number=number)
        if "\0" in line:
            raise _refused(f"expected {_ACCEPTED}, found binary data", "kind", found="binary data")
    if MARKUP.match(next((line.strip() for line in lines if line.strip()), "")):
        raise _refused(f"expected {_ACCEPTED}, found HTML or XML", "markup")
    return count


def _refused(told: str, reason: str, **values: object) -> UploadError:
    assert tuple(values) == REASONS[reason]
    return UploadError(
        f"{told}. Save the page as a text file and send that.", reason=f"file.{reason}", **values
    )
