"""A text as it is compared: no line breaks, no idle blanks, half-width; with the way back."""

from __future__ import annotations

from summarizer.records import Span

__all__ = ["Plain"]

# Full-width ASCII folds to ASCII, except the comma: in Chinese text "，" parts clauses,
# and folding it would make one number of "共3，200人未到".
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
_HALF |= {ord("○"): ord("〇"), ord("−"): ord("-"), ord("﹪"): ord("%")}


class Plain:
    """`text` is the argument folded to half width without idle blanks, case kept.

    A blank is idle unless it parts two ASCII letters or digits ("Switch 2", "5 10"): then one
    stays. A line break is idle between digits too, and after their point or comma: a column is
    broken there, not a number ("1.\\n2 万" is 1.2万).
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

    def before(self, end: int, since: int) -> str:
        """The stretch that ends at `end`, back to `since` or to the last place where a blank was dropped."""
        start = end
        while start > since and (start == end or self.unbroken(start - 1, start + 1)):
            start -= 1
        if start < end < len(self._at) and not self.unbroken(end - 1, end + 1):
            return ""
        return self.text[start:end]


def _parts(before: list[str], blank: str, after: str) -> bool:
    """Does the blank between these belong to the text?"""
    last = before[-1]
    if not (after.isascii() and after.isalnum()):
        return False
    if "\n" in blank or "\r" in blank:
        broken = last.isdigit() or (last in ".," and len(before) > 1 and before[-2].isdigit())
        if broken and after.isdigit():
            return False
    return last.isascii() and (last.isalnum() or last in ".,")
