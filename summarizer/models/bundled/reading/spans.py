"""From two pointers to spans: the likeliest of every sentence, none cutting a number or a Latin word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from summarizer.models.bundled.reading.clues import Candidate
from summarizer.models.bundled.reading.inputs import Inputs
from summarizer.records import Span
from summarizer.text import sentences

__all__ = ["KEPT", "spans_of"]

# Spans of each sentence that are weighed: the best of a text has an F1 of 91 on 200 development questions.
KEPT = 12
# Pieces. Of the training answers 99 % are shorter; longer spans are two answers run together.
LONGEST = 40
_EDGE = " \n，。！？；：、,.;:!?”"
_PAIRS = {"“": "”", "《": "》", "「": "」", "『": "』"}

Floats = npt.NDArray[np.float32]


def spans_of(inputs: Inputs, begin: Floats, end: Floats, text: str, offset: int) -> list[Candidate]:
    """The KEPT likeliest spans of every sentence of `text`, moved by `offset`; [] without pieces.

    `begin` (pieces,) and `end` (pieces, pieces), the start first, are log-probabilities.
    """
    first, count = inputs.question, len(inputs.spans)
    if not count:
        return []
    nowhere = float(begin[first - 1] + end[first - 1, first - 1])
    inner = slice(first, first + count)
    scores = begin[inner, None] + end[inner, inner] - nowhere
    found = sentences(text)
    number = np.searchsorted([stop for _, stop in found], [a for a, _ in inputs.spans], side="right")
    rows, columns = np.arange(count)[:, None], np.arange(count)[None, :]
    allowed = (columns >= rows) & (columns < rows + LONGEST) & (number[:, None] == number[None, :])
    allowed &= ~np.array([_inside(text, a) for a, _ in inputs.spans])[:, None]
    allowed &= ~np.array([_inside(text, b) for _, b in inputs.spans])[None, :]
    kept: list[Candidate] = []
    for at in range(len(found)):
        values = np.where(allowed & (number[:, None] == at), scores, -np.inf)
        spans: dict[Span, tuple[int, int]] = {}
        for flat in np.argsort(-values, axis=None, kind="stable")[: 2 * KEPT]:
            i, j = divmod(int(flat), count)
            if not np.isfinite(values[i, j]) or len(spans) == KEPT:
                break
            span = _trimmed(text, (inputs.spans[i][0], inputs.spans[j][1]))
            if span[1] > span[0]:
                spans.setdefault(span, (i, j))
        for place, ((start, stop), (i, j)) in enumerate(spans.items()):
            likely = float(begin[first + i]), float(end[first + i, first + j])
            kept.append(Candidate((start + offset, stop + offset), *likely, float(scores[i, j]), place))
    return kept


def _inside(text: str, at: int) -> bool:
    """Would a cut before character `at` go through a number or a Latin word?"""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    if one in ".," and at > 1 and text[at - 2].isdigit() and other.isdigit():
        return True
    if one.isdigit() and other in ".," and at + 1 < len(text) and text[at + 1].isdigit():
        return True
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()


def _trimmed(text: str, span: Span) -> Span:
    """Without marks at either end: a piece may hold one, an answer does not. Quotes come in pairs."""
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    closer = _PAIRS.get(text[start : start + 1])
    if closer and closer not in text[start:end]:
        return (start, end + 1) if text[end : end + 1] == closer else (start + 1, end)
    return start, end
