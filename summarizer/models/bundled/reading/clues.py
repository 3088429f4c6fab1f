"""What question and text tell of a span that may be the answer: the columns that `order.py` weighs.

The reader knows what an answer looks like; the words of the question know better which sentence it is
about, and that what stood beside the question words stands beside the answer. Chinese asks in
place: 检验了什么能力 is answered where 检验了 … 能力 is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import eq

import numpy as np
import numpy.typing as npt

from summarizer.answertype import AnswerType
from summarizer.models.bigrams import Bigrams, Weighed
from summarizer.models.fluency import Bonds
from summarizer.records import Span
from summarizer.text import clauses, fold, is_han, sentences

__all__ = ["CLUES", "Candidate", "Query", "clues"]

CLUES = (
    "odds", "begin", "end", "behind", "place", "sentence", "sentence_behind", "passage", "clause", "near",
    "left", "right", "left_of_words", "right_of_words", "length", "pauses", "asked", "shared", "fits",
    "unit", "head_ends", "head_follows", "several", "closed", "opened", "digits", "marks", "tie_left",
    "tie_right", "kind", "terms", "ordinal",
)  # fmt: skip
"""Names of the columns of `clues`, in order."""

# Characters on either side of a span in which the question should be repeated.
NEAR = 25
# Longest stretch beside a span that is compared with the question.
BESIDE = 8
_PAUSES = "，；：,;:"
_CLOSING = "，。；”》、！？）"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage that the reader points at, with natural log-probabilities."""

    span: Span
    begin: float
    end: float
    """Given the begin."""
    odds: float
    """Log-odds of the span against "the passage does not say"."""
    place: int
    """Among the spans of its sentence, 0 the likeliest."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read once for all spans."""

    text: str
    """Lower case."""
    folded: str
    weighed: Weighed
    wanted: AnswerType
    bonds: Bonds

    @classmethod
    def of(cls, question: str, bigrams: Bigrams, bonds: Bonds) -> Query:
        weighed = Weighed.of(question, bigrams)
        return cls(question.lower(), fold(question), weighed, AnswerType.of(question), bonds)


def clues(query: Query, passage: str, candidates: Sequence[Candidate]) -> Floats:
    """One row a candidate, one column a name of CLUES; NaN where a thing does not apply."""
    rows = np.full((len(candidates), len(CLUES)), np.nan, dtype=np.float32)
    if not candidates:
        return rows
    low = passage.lower()
    low = low if len(low) == len(passage) else passage  # a few letters grow when they are made small
    whole = query.weighed.said(low)
    parts = _shares(query, low, sentences(passage))
    pieces = _shares(query, low, clauses(passage))
    most = max(share for _, _, share in parts)
    surest = max(c.odds for c in candidates)
    for row, one in zip(rows, candidates, strict=True):
        begin, stop = one.span
        said = _share_at(parts, begin)
        row[0:5] = one.odds, one.begin, one.end, surest - one.odds, one.place
        row[5:8] = said, most - said, whole
        row[8] = _share_at(pieces, begin)
        row[9] = query.weighed.said(low[max(0, begin - NEAR) : begin] + "\0" + low[stop : stop + NEAR])
        _beside(row, query, low, one.span)
        _looks(row, query, passage, one.span)
        row[31] = begin / max(1, len(passage))
    return rows


def _shares(query: Query, low: str, spans: Sequence[Span]) -> list[tuple[int, int, float]]:
    found = [(start, stop, query.weighed.said(low[start:stop])) for start, stop in spans]
    return found or [(0, len(low), query.weighed.said(low))]


def _share_at(parts: Sequence[tuple[int, int, float]], at: int) -> float:
    return next((share for start, stop, share in parts if start <= at < stop), 0.0)


def _beside(row: Floats, query: Query, low: str, span: Span) -> None:
    """Fill the columns of what stands beside the span and beside the question words."""
    before, after = low[max(0, span[0] - BESIDE) : span[0]], low[span[1] : span[1] + BESIDE]
    row[10] = next((n for n in range(len(before), 0, -1) if before[-n:] in query.text), 0)
    row[11] = next((n for n in range(len(after), 0, -1) if after[:n] in query.text), 0)
    first, last = query.wanted.words
    left, right = query.text[max(0, first - BESIDE) : first], query.text[last : last + BESIDE]
    row[12] = next((n for n in range(min(len(before), len(left)), 0, -1) if before[-n:] == left[-n:]), 0)
    name = len(query.wanted.unit or query.wanted.head)
    row[13] = max(_common(after, right), _common(after, right[name:]))


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    return len(list(takewhile(bool, map(eq, one, other))))


def _looks(row: Floats, query: Query, passage: str, span: Span) -> None:
    """Fill the columns of the span's own looks and borders."""
    answer, wanted = passage[slice(*span)], query.wanted
    before, after = passage[span[0] - 1 : span[0]] if span[0] else "", passage[span[1] : span[1] + 1]
    folded = fold(answer)
    pairs = [folded[i : i + 2] for i in range(len(folded) - 1)]
    row[14], row[15] = len(answer), sum(c in _PAUSES for c in answer)
    row[16] = folded in query.folded
    row[17] = sum(pair in query.folded for pair in pairs) / max(1, len(pairs))
    row[18] = wanted.fits(answer) if wanted.looks else np.nan
    if wanted.unit:
        row[19] = 2 * answer.endswith(wanted.unit) or 1 * (wanted.unit[0] in answer)
    if wanted.head:
        row[20] = 2 * answer.endswith(wanted.head) or 1 * (wanted.head in answer)
        row[21] = passage.startswith(wanted.head, span[1])
    row[22] = answer.count("、")
    row[23] = not after or after in _CLOSING
    row[24] = not before or not before.isalnum()
    row[25] = sum(c.isdigit() for c in answer) / max(1, len(answer))
    row[26] = answer.count("“") + answer.count("《") - answer.count("”") - answer.count("》")
    row[27], row[28] = _tie(query.bonds, before, answer[:1]), _tie(query.bonds, answer[-1:], after)
    row[29] = wanted.number
    row[30] = len(query.weighed.terms)


def _tie(bonds: Bonds, one: str, other: str) -> float:
    """How tightly two neighbours hold together, in nats; -5 for strangers, NaN where one is no Han."""
    if not one or not other or not is_han(one) or not is_han(other):
        return np.nan
    return max(-5.0, bonds.strength(one, other))
