"""The answer of a reader: a span of a passage, and the sentence it stands in.

The reader points into every passage; the same words pointed at in several passages speak for each
other. The gate may still refuse.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from summarizer.answers.citing import cite
from summarizer.answers.evidence import refusal
from summarizer.answers.gate import Gatekeeper
from summarizer.models.reading import Extraction, Reader
from summarizer.records import Answer, Citation, Hit
from summarizer.text import fold

__all__ = ["choose", "read"]

# Sentences cited for one answer: the first, and others that say the same.
CITED = 3
# What a place further down the ranking costs, in the reader's log-odds (eval/README.md).
RANK_COST = 0.5


def read(question: str, hits: Sequence[Hit], reader: Reader, gate: Gatekeeper) -> Answer:
    """The best span of `hits`, best first, with its sentence first among the citations, or a refusal.

    `Answer.text` is the passage's text at the span, not altered. Raises ModelError.
    """
    extractions = reader.read(question, [hit.passage.text for hit in hits])
    confidence = gate.confidence(question, hits, extractions)
    order = choose(hits, extractions)
    if not order or confidence < gate.threshold:
        return refusal(question, hits, confidence=confidence, model=reader.name)
    said = fold(_text(hits[order[0]], extractions[order[0]]))
    same = [i for i in order if fold(_text(hits[i], extractions[i])) == said]
    citations: dict[tuple[str, int], Citation] = {}
    for i in same:
        citation = cite(hits[i].passage, extractions[i].span)
        citations.setdefault((citation.article, citation.start), citation)
    text = _text(hits[order[0]], extractions[order[0]])
    return Answer(question, text, False, tuple(citations.values())[:CITED], confidence, reader.name)


def choose(hits: Sequence[Hit], extractions: Sequence[Extraction]) -> list[int]:
    """Numbers of the hits whose extractions point at something, the likeliest answer's first.

    An answer is as likely as all passages that point at the same words make it together; among those the
    likeliest passage comes first, of equals the one ranked higher.
    """
    alone = {
        i: e.score - RANK_COST * math.log(hits[i].rank)
        for i, e in enumerate(extractions)
        if e.span[1] > e.span[0]
    }
    together: dict[str, list[float]] = defaultdict(list)
    for i, score in alone.items():
        together[fold(_text(hits[i], extractions[i]))].append(score)
    shared = {text: _added(scores) for text, scores in together.items()}
    return sorted(alone, key=lambda i: (-shared[fold(_text(hits[i], extractions[i]))], -alone[i], i))


def _text(hit: Hit, extraction: Extraction) -> str:
    return hit.passage.text[slice(*extraction.span)]


def _added(scores: Sequence[float]) -> float:
    """log of the sum of exponentials."""
    most = max(scores)
    return most + math.log(sum(math.exp(score - most) for score in scores))
