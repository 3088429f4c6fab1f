"""Cut a text that is too long for a model into windows, losing nothing.

windows(text, 512, count)   every character but blanks at the borders is in exactly one window
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from summarizer.records import Span
from summarizer.text import clauses, sentences

__all__ = ["windows"]


def windows(text: str, size: int, count: Callable[[str], int]) -> list[str]:
    """Pieces of at most `size` tokens in order, as `count` counts them; [] for a blank text.

    Cut at sentence ends; inside a sentence longer than a window at clauses, and inside such a
    clause between characters. `size` must be at least 1; a single character is never cut,
    whatever it counts.
    """
    if not text.strip():
        return []
    if count(text) <= size:
        return [text.strip()]
    pieces = _pieces(text)
    if len(pieces) == 1:  # one character
        return pieces
    costs = [count(piece) for piece in pieces]
    result: list[str] = []
    for group in _groups(pieces, costs, size):
        result.extend(windows(group, size, count) if group != text else _halves(text, size, count))
    return result


def _pieces(text: str) -> list[str]:
    """The text at its coarsest cut: sentences, else clauses, else two halves, else itself."""
    for split in (sentences, clauses):
        spans = split(text)
        if len(spans) > 1:
            return _tiles(text, spans)
    middle = len(text) // 2
    return [text[:middle], text[middle:]] if middle else [text]


def _tiles(text: str, spans: Sequence[Span]) -> list[str]:
    """The whole text in pieces, each from one span's start to the next one's."""
    starts = [0, *(start for start, _ in spans[1:]), len(text)]
    return [text[a:b] for a, b in pairwise(starts)]


def _groups(pieces: Sequence[str], costs: Sequence[int], size: int) -> list[str]:
    """Neighbours joined while their costs add up to at most `size`; a costlier piece stays alone."""
    groups: list[str] = []
    room = 0
    for piece, cost in zip(pieces, costs, strict=True):
        if groups and cost <= room:
            groups[-1] += piece
            room -= cost
        else:
            groups.append(piece)
            room = size - cost
    return groups


def _halves(text: str, size: int, count: Callable[[str], int]) -> list[str]:
    """Costs that add up to a window and yet make more than one: cut in the middle instead."""
    middle = len(text) // 2
    return windows(text[:middle], size, count) + windows(text[middle:], size, count)
