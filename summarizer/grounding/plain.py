"""A text as it is compared: no line breaks, no idle blanks, half-width; with the way back."""

from __future__ import annotations

import re

from summarizer.records import Span

__all__ = ["Plain"]

_DAY = re.compile(r"(?<!\d)\d{4}[-./]\d{1,2}[-./]\d{2}$")

# Full-width ASCII folds to ASCII, except the comma: in Chinese text "，" parts clauses,
# and folding it would make one number of "共3，200人未到".
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
_HALF |= {ord("○"): ord("〇"), ord("−"): ord("-"), ord("﹪"): ord("%")}


class Plain:
    """`text` is the argument folded to half width without idle blanks, case kept.

    A blank is idle unless it parts two ASCII letters or digits ("Switch 2", "5 10"): then one
    stays. A line break is idle between digits too, and after their point or comma: a column is
    broken there, not a number ("1.\\n2 万" is 1.2万); only a whole date ends there
    ("2018-09-22\\n17:06").
    """

    __slots__ = ("_at", "original", "text")

    def __init__(self, text: str) -> None:
        chars: list[str] = []
        at: list[int] = []
        blank = ""
        for offset, char in enumerate(text.translate(_HALF)):
            if char.isspace():
                blank += char if len(blank) < 2 or (char in "\r\n" and "\n" not in blank) else ""
                continue
            if blank and chars and _parts(chars, blank, char):
                chars.append(" ")
                at.append(offset - 1)
            blank = ""
            chars.append(char)
            at.append(offset)
        self.original = text
        self.text = "".join(chars)
        self._at = at

    def span(self, start: int, end: int) -> Span:
        """The span of the original text behind `self.text[start:end]`; the stretch is not empty."""
        return self._at[start], self._at[end - 1] + 1

    def unbroken(self, start: int, end: int) -> bool:
        """Was nothing dropped inside the stretch?"""
        return self._at[end - 1] - self._at[start] == end - 1 - start

    @property
    def cuts(self) -> list[int]:
        """Offsets of `text`, ascending, before which a blank was dropped."""
        return [i for i in range(1, len(self._at)) if self._at[i] - self._at[i - 1] > 1]


def _parts(before: list[str], blank: str, after: str) -> bool:
    """Does the blank between these belong to the text?"""
    last = before[-1]
    if not (after.isascii() and after.isalnum()):
        return False
    if "\n" in blank or "\r" in blank:
        broken = last.isdigit() or (last in ".," and len(before) > 1 and before[-2].isdigit())
        if broken and after.isdigit():
            return bool(_DAY.search("".join(before[-11:])))
    return last.isascii() and (last.isalnum() or last in ".,")
