"""Printed lines become running text: what stands between two lines, which blanks are print only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.text import HAN

__all__ = ["join_lines", "tidy"]

_SPACED = re.compile(rf"(?<![{HAN}])(?:[{HAN}][ \u3000]){{3,}}[{HAN}](?![{HAN}])")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")
# A blank stays between two Latin words and between two Han words ("交民心 通天下");
# everywhere else it is a typesetter's: around figures, Latin letters and punctuation marks.
_WORD = r"A-Za-z\u00c0-\u024f"
_PRINT_BLANK = re.compile(
    rf"(?<=[^{_WORD}0-9{HAN}.,;:!?'\")\]&-]) | (?=[^{_WORD}0-9{HAN}'\"(\[&-])"
    rf"|(?<=[{HAN}]) (?=[^{HAN}])|(?<=[^{HAN}]) (?=[{HAN}])|(?<=[0-9]) (?=[%‰℃])"
)
_LATIN_END = re.compile(rf"[{_WORD}]{{2,}}[,.;:!?'\")]*$|[{_WORD}][,;:!?\")]+$")
_HYPHEN = re.compile(rf"[{_WORD}]-$")


def join_lines(lines: Sequence[str]) -> str:
    """One text out of printed lines; no blank is made inside a word or a number.

    Chinese lines are set character by character, so a Latin word broken in one is closed up;
    a line that is mostly Latin breaks between words and keeps a blank there.
    """
    parts: list[str] = []
    for line in lines:
        if parts:
            parts.append(_between(parts[-1], line))
            if parts[-1] == "-":
                parts[-2:] = [parts[-2][:-1], ""]
        parts.append(line)
    return "".join(parts)


def _between(left: str, right: str) -> str:
    """What stands between two joined lines: nothing, a blank, or "-" for a hyphen to be dropped."""
    if not _mostly_latin(left):
        return ""
    if _HYPHEN.search(left[-3:]) and right[:1].islower():
        return "-"
    return " " if right[:1].isascii() and not right[:1].isspace() else ""


def _mostly_latin(line: str) -> bool:
    start = line[:200]
    return sum(c.isascii() for c in start) > 0.8 * len(start)


def tidy(text: str) -> str:
    """`text` with the blanks of its words only, none of the typesetter's."""
    if not _BLANKS.search(text):
        return text
    text = _SPACED.sub(lambda found: re.sub(r"[ \u3000]", "", found.group()), text)
    return _PRINT_BLANK.sub("", _BLANKS.sub(" ", text)).strip()
