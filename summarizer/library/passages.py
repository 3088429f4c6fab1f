"""A document's text becomes passages: what is found, shown and cited as one piece."""

from __future__ import annotations

from bisect import bisect_left

from summarizer.records import Span
from summarizer.text import clauses, sentences

__all__ = ["LENGTH", "passage_spans"]

# Characters. Three to five sentences of a newspaper: enough to say what a question asks, and little
# enough that BM25 and a vector still speak of one thing. Part of the library's format.
LENGTH = 240
# A sentence longer than this is cut; up to here it is better whole.
_LONGEST = 2 * LENGTH
# So many are better two passages than one.
_TWO = LENGTH * 3 // 2


def passage_spans(text: str) -> list[Span]:
    """Spans of about LENGTH characters that cover `text` without a gap: joined in order they are it.

    Cut between sentences, as evenly as these allow: a document has no stub at its end. Blanks
    belong to the passage before them. A sentence longer than twice LENGTH is cut between clauses, and one
    without clauses anywhere. [] for "".
    """
    if not text:
        return []
    spans: list[Span] = []
    start = 0
    cuts = _cuts(text) if len(text) >= _TWO else []
    while (left := len(text) - start) >= _TWO:
        end = _nearest(cuts, start, start + left / round(left / LENGTH))
        if end >= len(text):
            break
        spans.append((start, end))
        start = end
    return [*spans, (start, len(text))]


def _cuts(text: str) -> list[int]:
    """Where a passage may end, ascending, the end of the text last."""
    cuts: list[int] = []
    for end in [*_starts(sentences(text)), len(text)]:
        start = cuts[-1] if cuts else 0
        if end - start > _LONGEST:
            cuts += _inner_cuts(text, start, end)
        cuts.append(end)
    return cuts


def _inner_cuts(text: str, start: int, end: int) -> list[int]:
    """Inside a sentence that is too long, or a stretch of blanks."""
    cuts: list[int] = []
    before = start
    for cut in [*(start + at for at in _starts(clauses(text[start:end]))), end]:
        while cut - before > _LONGEST:
            before += LENGTH
            cuts.append(before)
        if cut < end:
            cuts.append(cut)
        before = cut
    return cuts


def _starts(spans: list[Span]) -> list[int]:
    """Of all but the first: the first passage starts where the text does."""
    return [start for start, _ in spans[1:]]


def _nearest(cuts: list[int], start: int, wanted: float) -> int:
    """The cut after `start` that is nearest to `wanted`, the earlier of two equally near ones."""
    at = bisect_left(cuts, wanted)
    near = [cut for cut in cuts[max(0, at - 1) : at + 1] if cut > start]
    return min(near, key=lambda cut: abs(cut - wanted))
