"""A text file becomes a Page: bytes, text, lines, running head."""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_right

from summarizer.errors import PageError
from summarizer.pages.encoding import Decoded, decode
from summarizer.pages.masthead import masthead
from summarizer.records import Page
from summarizer.text import strip_hidden

__all__ = ["MAGIC", "MARKUP", "read"]

# Bytes and characters. A broadsheet page is 5 to 40 KB of text and its longest paragraph, where a
# page has no column breaks, some 2,000 characters; far beyond that a file is something else, and
# separating it would take minutes and mean nothing.
_LARGEST = 4 * 2**20
_LONGEST = 20_000
# Runs of lost bytes listed one by one; the rest are counted.
_LISTED = 5

MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (Word, Excel and EPUB files are such)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
)
"""First bytes -> what they begin, which is no page."""
# A form feed beside a newline starts a new sheet, not another line: numbers stay those of an editor.
_NEWLINE = re.compile("\f?(?:\r\n|[\n\r\v\x85\u2028\u2029])\f?|\f")


def read(path: str, encoding: str | None) -> Page:
    """The page in the text file `path` ("-": standard input). Raises PageError and OSError."""
    data = _bytes(path)
    if encoding is None:
        _refuse_other_files(data)
    decoded = decode(data, encoding)
    lines, starts = _lines(decoded.text)
    shown = tuple(strip_hidden(line) for line in lines)
    _refuse_other_text(shown)
    head = masthead(shown, path)
    return Page(
        id=path,
        lines=shown,
        date=head.date,
        number=head.number,
        paper=head.paper,
        running_heads=head.lines,
        encoding=decoded.encoding,
        warnings=tuple(_warnings(decoded, starts, lines, shown)),
    )


def _bytes(path: str) -> bytes:
    if path == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        size = os.path.getsize(path) if os.path.isfile(path) else 0
        raise PageError(
            f"expected one newspaper page, at most {_LARGEST:,} bytes, "
            f"found {f'{size:,}' if size else 'more'}. Split the file into pages.",
            reason="file.bytes",
            limit=f"{_LARGEST / 2**20:.0f} MB",
        )
    if not data.strip():
        raise PageError(
            f"expected a page of text, found {'only blanks' if data else 'an empty file'}.",
            reason="file.empty",
        )
    return data


def _refuse_other_files(data: bytes) -> None:
    for magic, kind in MAGIC:
        if data.startswith(magic):
            raise PageError(
                f"expected a page of plain text, found {kind}. Convert it to text first.",
                reason="file.kind",
                found=kind,
            )


def _lines(text: str) -> tuple[list[str], list[int]]:
    """The lines without their newlines, and where each starts in `text`."""
    lines, starts, at = [], [], 0
    for newline in _NEWLINE.finditer(text):
        lines.append(text[at : newline.start()])
        starts.append(at)
        at = newline.end()
    if at < len(text):
        lines.append(text[at:])
        starts.append(at)
    return lines, starts


MARKUP = re.compile(r"<(?:!doctype|html|head|\?xml)\b", re.IGNORECASE)
"""Matches the first line with text of an HTML or XML file."""


def _refuse_other_text(lines: tuple[str, ...]) -> None:
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST:
            raise PageError(
                f"expected lines of at most {_LONGEST:,} characters, found {len(line):,} "
                f"in line {number}: this is no newspaper page. Split it into lines or pages.",
                reason="file.line",
                limit=f"{_LONGEST:,}",
                number=number,
            )
        if "\0" in line:
            raise PageError(
                f"expected text, found a NUL character in line {number}: "
                "binary data or the wrong encoding. Convert the file, or name its --encoding.",
                reason="file.kind",
                found="binary data",
            )
    first = next((line.strip() for line in lines if line.strip()), "")
    if not first:
        raise PageError("expected a page of text, found only blanks.", reason="file.empty")
    if MARKUP.match(first):
        raise PageError(
            "expected plain text, found HTML or XML. Save the page as text first.", reason="file.markup"
        )


def _warnings(decoded: Decoded, starts: list[int], lines: list[str], shown: tuple[str, ...]) -> list[str]:
    warnings = []
    if decoded.lost:
        total = sum(loss.count for loss in decoded.lost)
        places = [f"offset {loss.offset} (line {bisect_right(starts, loss.at)})" for loss in decoded.lost]
        more = f" and {len(places) - _LISTED} more places" if len(places) > _LISTED else ""
        unit = "byte" if total == 1 else "bytes"
        warnings.append(
            f"{total} {unit} could not be decoded as {decoded.encoding},"
            f" at {', '.join(places[:_LISTED])}{more}; U+FFFD stands for each"
        )
    damaged = sum(line.count("\ufffd") for line in lines) - _marks(decoded)
    if damaged:
        warnings.append(f"{damaged} characters were U+FFFD in the file already: lost before it came here")
    hidden = sum(map(len, lines)) - sum(map(len, shown))
    if hidden:
        warnings.append(f"{hidden} invisible characters (zero-width, direction marks) were left out")
    return warnings


def _marks(decoded: Decoded) -> int:
    """How many U+FFFD of the text stand for lost bytes."""
    unit = 2 if decoded.encoding.startswith("utf-16") else 1
    return sum(-(-loss.count // unit) for loss in decoded.lost)
