"""Which of the answers that a reader points at: the same words in several passages speak for each other."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.models.reading import Extraction
from summarizer.records import Hit
from summarizer.text import fold

__all__ = ["Alternative", "alternatives", "choose", "pointed_at"]

# What a place further down the ranking costs, in the reader's log-odds (eval/README.md).
RANK_COST = 0.5


@dataclass(frozen=True, slots=True)
class Alternative:
    """One answer, and where it is pointed at."""

    text: str
    """Folded, as `text.fold` does it."""
    score: float
    """How likely all passages that point at it make it together, in nats."""
    hits: tuple[int, ...]
    """Numbers of these, counted from 0: the likeliest passage first, of equals the one ranked higher."""


def alternatives(hits: Sequence[Hit], extractions: Sequence[Extraction]) -> list[Alternative]:
    """Every differing answer, the likeliest first; one extraction a hit; [] when nothing is pointed at."""
    alone = {
        i: e.score - RANK_COST * math.log(hits[i].rank)
        for i, e in enumerate(extractions)
        if e.span[1] > e.span[0]
    }
    together: dict[str, list[int]] = defaultdict(list)
    for i in alone:
        together[fold(pointed_at(hits[i], extractions[i]))].append(i)
    found = [
        Alternative(text, _added([alone[i] for i in same]), tuple(sorted(same, key=lambda i: (-alone[i], i))))
        for text, same in together.items()
    ]
    return sorted(found, key=lambda one: (-one.score, -alone[one.hits[0]], one.hits[0]))


def choose(hits: Sequence[Hit], extractions: Sequence[Extraction]) -> list[int]:
    """Numbers of the hits whose extractions point at something, the likeliest answer's first."""
    return [i for one in alternatives(hits, extractions) for i in one.hits]


def pointed_at(hit: Hit, extraction: Extraction) -> str:
    """The words of the passage, as it has them."""
    return hit.passage.text[slice(*extraction.span)]


def _added(scores: Sequence[float]) -> float:
    """log of the sum of exponentials."""
    most = max(scores)
    return most + math.log(sum(math.exp(score - most) for score in scores))
