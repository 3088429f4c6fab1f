"""Extractive candidates: one to three neighbouring clauses of an article, with what a ranker asks.

Knows nothing of how they are ranked. Features follow the learnt clause ranker of this project's
feasibility study (position, length, bigram rarity and centrality, digits, quotes, reporting verbs,
temporal openings), all cheap enough to read an article whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from summarizer.models.bigrams import Bigrams, bigram_codes
from summarizer.records import Span
from summarizer.text import clauses, sentences

__all__ = ["FEATURES", "OPENING", "Clause", "candidates", "features"]

# Characters. Shorter ones say nothing, and nobody's headline has more neighbours than three.
SHORTEST = 5
NEIGHBOURS = 3

_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "「": "」"}
_EDGE = "，。！？；：、,;:…—-. 　\n"
# What a headline never opens with: when, according to whom, and connectives.
OPENING = re.compile(
    r"(?:(?:当地时间|北京时间)?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:上午|下午|晚上?|凌晨|早上?|当天)?(?:\d{1,2}[时点](?:\d{1,2}分)?[许左右]{0,2})?(?:[（(][^（）()]{1,8}[）)])?"
    r"|(?:今天|昨天|今日|昨日|日前|近日|目前|当天|当日|据悉|据了解|据介绍|同时|此外|另外|其中|然而|但是|因此|为此|随后|最近|近期|截至目前)"
    r"(?:[（(][^（）()]{1,10}[）)])?(?:上午|下午|晚上|晚)?)(?![的是至到和、—-])，?"
    r"|(?:本报|本台)?记者[^，。]{0,25}(?:获悉|了解到|看到)，"
)
_REPORTING = re.compile("获悉|了解到|表示|介绍|指出|强调|认为|透露|报道|称|说")
# Who says it, without what is said.
_SPEAKER = re.compile("(?:介绍|表示|指出|强调|认为|透露|报道|说道?|称|获悉|了解到|告诉记者|看到)$")
_PRONOUN = re.compile("[他她它这那其该此]|我们|他们|而|但|并|也|还|就|又")

FEATURES = (
    "sentence", "clause", "neighbours", "start", "start_share", "length", "idf_mean", "idf_max",
    "centrality", "style_mean", "style_first", "style_last", "lead_overlap", "digits", "quotes", "titles",
    "reporting", "opening_cut", "pronoun", "starts_sentence", "ends_sentence", "body_length",
    "sentences", "is_lead",
)  # fmt: skip
"""Names of the columns of `features`, in order."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of an article that could stand as its headline."""

    text: str
    span: Span
    sentence: int
    """Number of its sentence, from 0."""
    clause: int
    """Number of its first clause inside the sentence, from 0."""
    neighbours: int
    """How many clauses it joins."""
    opening_cut: bool
    ends_sentence: bool


def candidates(body: str, limit: int) -> list[Clause]:
    """All stretches of at most `limit` characters, in reading order; [] when none fits."""
    found: dict[Span, Clause] = {}
    for number, (start, end) in enumerate(sentences(body)):
        pieces = [(start + a, start + b) for a, b in clauses(body[start:end])]
        for first in range(len(pieces)):
            for last in range(first, min(first + NEIGHBOURS, len(pieces))):
                span, cut = _trim(body, pieces[first][0], pieces[last][1])
                if span[1] - span[0] > limit:
                    break
                text = body[span[0] : span[1]]
                if len(text) >= SHORTEST and _balanced(text) and not _SPEAKER.search(text):
                    ends = last == len(pieces) - 1
                    found.setdefault(span, Clause(text, span, number, first, last - first + 1, cut, ends))
    return list(found.values())


def _trim(body: str, start: int, end: int) -> tuple[Span, bool]:
    """Cut edge punctuation, a temporal or reporting opening, and a lone quote at either end."""
    while start < end and body[start] in _EDGE:
        start += 1
    cut = False
    while opening := OPENING.match(body, start, end):
        start, cut = opening.end(), True
    while end > start and body[end - 1] in _EDGE:
        end -= 1
    piece = body[start:end]
    if piece[:1] in _PAIRS and piece.find(_PAIRS[piece[0]]) in (-1, len(piece) - 1):
        # A quote opened and never closed here, or one around the whole: a headline needs neither.
        start += 1
        end -= piece[-1] == _PAIRS[piece[0]]
    elif piece[-1:] in _PAIRS.values() and not _balanced(piece) and _balanced(piece[:-1]):
        end -= 1
    while end > start and body[end - 1] in _EDGE:
        end -= 1
    return (start, end), cut


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in _PAIRS.items())


def features(body: str, found: Sequence[Clause], bigrams: Bigrams) -> npt.NDArray[np.float32]:
    """One row a clause, one column a name of `FEATURES`; shape (len(found), len(FEATURES))."""
    codes = bigram_codes(body)
    idf, style = bigrams.idf[codes], bigrams.style[codes]
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    central = np.log(counts[inverse]) * idf if len(codes) else np.zeros(0, np.float32)
    sums = [np.concatenate([[0.0], np.cumsum(a)]) for a in (idf, central, style)]
    ends = sentences(body)
    lead = set(codes[ends[0][0] : max(ends[0][0], ends[0][1] - 1)].tolist()) if ends else set()
    in_lead = np.concatenate([[0.0], np.cumsum([c in lead for c in codes.tolist()])])
    rows = np.zeros((len(found), len(FEATURES)), dtype=np.float32)
    for row, item in zip(rows, found, strict=True):
        start, end = item.span
        last = max(start, end - 1)
        n = max(1, last - start)
        text = item.text
        row[:] = (
            item.sentence, item.clause, item.neighbours, start, start / len(body), end - start,
            (sums[0][last] - sums[0][start]) / n, idf[start:last].max(initial=0.0),
            (sums[1][last] - sums[1][start]) / n, (sums[2][last] - sums[2][start]) / n,
            style[start] if start < len(style) else 0.0, style[last - 1] if last > start else 0.0,
            (in_lead[last] - in_lead[start]) / n, sum(c.isdigit() for c in text), text.count("“"),
            text.count("《"), bool(_REPORTING.search(text)), item.opening_cut,
            bool(_PRONOUN.match(text)), item.clause == 0, item.ends_sentence, len(body),
            len(ends), item.sentence == 0 and item.clause == 0,
        )  # fmt: skip
    return rows
