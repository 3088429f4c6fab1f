"""Bytes become text: which encoding they are in, and what could not be read.

Encodings are told apart by what comes out. Every candidate decodes the same stretch, and the
one whose characters are the most everyday ones wins: GB 2312 and Big5 both list the characters
by frequency, so the first level of each is a frequency table that needs no file. Big5 read as
GB18030 is nearly always valid, and short GBK is often valid Big5: validity alone decides nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from summarizer.errors import PageError, SettingsError

__all__ = ["Decoded", "Loss", "decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the shorter one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_BYTEWISE = ("utf-8", "gb18030", "cp950", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
# Every GBK and GB2312 file is GB18030 too, and more of a damaged one survives so.
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950", "utf-8-sig": "utf-8", "utf_8_sig": "utf-8"}
_SHOWN = {"cp950": "big5", "big5hkscs": "big5-hkscs"}

# Bytes looked at to tell encodings apart; a page is 5 to 40 KB, and 32 of them settle it.
_SAMPLE = 32_768
# A character lost costs as much as five unusual ones: damage of one in twenty characters still
# leaves the right candidate above _PLAUSIBLE, and the wrong ones, at 0.6 and less, below the right.
_LOSS_WEIGHT = 5
_PLAUSIBLE = 0.5

_LOST = re.compile("[\ud800-\udfff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_TEXT_ASCII = frozenset(map(chr, (*range(0x20, 0x7F), 9, 10, 12, 13)))


@dataclass(frozen=True, slots=True)
class Loss:
    """A run of bytes that could not be decoded; each stands as U+FFFD in the text."""

    offset: int
    """Of the first byte, from the start of the file."""
    count: int
    """Bytes."""
    at: int
    """Where its first U+FFFD stands in the text, in characters."""


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    """"utf-8", "gb18030", "big5", "big5-hkscs", "utf-16-le", …"""
    lost: tuple[Loss, ...]


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of `data`, without byte-order mark, in `encoding` or in the likeliest one.

    Raises PageError when `data` is in none of the encodings, SettingsError for an unknown name.
    """
    mark, marked = next(((m, name) for m, name in _BOMS if data.startswith(m)), (b"", None))
    if encoding is None:
        codec = marked or _likeliest(data)
    else:
        codec = _codec(encoding)
        if codec == "utf-16":
            codec = marked if marked in _WIDE else "utf-16-le"
        if codec != marked:
            mark = b""
    return _decode(data, codec, len(mark))


def _codec(encoding: str) -> str:
    try:
        b"0".decode(encoding, "ignore")  # refuses codecs that do not make text, such as "hex"
        name = codecs.lookup(encoding).name
    except LookupError:
        raise SettingsError(
            f"expected an encoding such as utf-8, gb18030, big5 or utf-16, found {encoding!r}."
        ) from None
    return _WIDER.get(name, name)


def _likeliest(data: bytes) -> str:
    wide = b"\0" in data  # text in bytes has no NULs, and wide text has one in every newline
    if not wide and _is_utf8(data):
        return "utf-8"
    high = None if wide else _HIGH.search(data)
    start = high.start() & ~1 if high else 0  # even, so that two-byte units stay whole
    sample = data[start : start + _SAMPLE]
    scores = {codec: _score(sample, codec) for codec in (_WIDE if wide else _BYTEWISE + _WIDE)}
    best = max(scores, key=lambda codec: scores[codec])  # of equals the earlier named
    if scores[best] < _PLAUSIBLE:
        found = "binary data" if wide else f"neither (the nearest is {_SHOWN.get(best, best)})"
        raise PageError(
            f"expected text in UTF-8, GB18030, Big5 or UTF-16, found {found}. "
            "Convert the file, or name its encoding with --encoding.",
            reason="file.encoding",
        )
    return best


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, codec: str) -> float:
    """Share of everyday characters among those that are not plain ASCII, less the losses."""
    text = _marked(sample, codec)
    foreign = [char for char in text if char not in _TEXT_ASCII]
    if not foreign:
        return 1.0
    everyday = _everyday()
    good = sum(char in everyday for char in foreign)
    lost = sum("\ud800" <= char <= "\udfff" for char in foreign)
    return (good - _LOSS_WEIGHT * lost) / len(foreign)


@cache
def _everyday() -> frozenset[str]:
    """Level-1 characters of GB 2312 (3,755) and Big5 (5,401), and their marks; no kana, no Greek."""
    tables = (
        ("gb2312", (0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8)), range(0xA1, 0xFF)),
        ("big5", (0xA1, *range(0xA4, 0xC6)), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    )
    return frozenset(
        char
        for codec, highs, lows in tables
        for high in highs
        for low in lows
        for char in bytes((high, low)).decode(codec, "ignore")
    )


def _marked(data: bytes, codec: str) -> str:
    """Decoded, with a lone surrogate for every byte (UTF-16: every unit) that makes no character."""
    if codec in _WIDE:
        # surrogateescape refuses the odd last byte; the other unreadable units are surrogates as they are
        return data[: len(data) & ~1].decode(codec, "surrogatepass") + "\udc80" * (len(data) & 1)
    try:
        return data.decode(codec, "surrogateescape")
    except UnicodeDecodeError as error:
        raise PageError(
            f"expected {codec} text, found bytes that make none at offset {error.start}. "
            "Name another --encoding, or none to have it found."
        ) from error


def _decode(data: bytes, codec: str, skip: int) -> Decoded:
    text = _marked(data[skip:], codec)
    return Decoded(
        _LOST.sub(lambda run: "\ufffd" * len(run.group()), text),
        _SHOWN.get(codec, codec),
        tuple(_losses(text, codec, skip, len(data))),
    )


def _losses(text: str, codec: str, skip: int, size: int) -> Iterator[Loss]:
    unit, errors = (2, "surrogatepass") if codec in _WIDE else (1, "surrogateescape")
    offset, at = skip, 0
    for run in _LOST.finditer(text):
        offset += len(text[at : run.start()].encode(codec, errors))
        count = min(unit * len(run.group()), size - offset)  # an odd last byte is half a unit
        yield Loss(offset, count, run.start())
        offset, at = offset + count, run.end()
