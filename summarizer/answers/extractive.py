"""The answer of a reader: a span of a passage, and the sentence it stands in.

The reader points into every passage; the same words pointed at in several passages speak for each
other. The gate may still refuse.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.answers.choosing import alternatives, pointed_at
from summarizer.answers.citing import cite
from summarizer.answers.evidence import refusal
from summarizer.answers.gate import Gatekeeper
from summarizer.models.reading import Reader
from summarizer.records import Answer, Citation, Hit

__all__ = ["read"]

# Sentences cited for one answer: the first, and others that say the same.
CITED = 3


def read(question: str, hits: Sequence[Hit], reader: Reader, gate: Gatekeeper) -> Answer:
    """The best span of `hits`, best first, with its sentence first among the citations, or a refusal.

    `Answer.text` is the passage's text at the span, not altered. Raises ModelError.
    """
    extractions = reader.read(question, [hit.passage.text for hit in hits])
    confidence = gate.confidence(question, hits, extractions)
    answers = alternatives(hits, extractions)
    if not answers or confidence < gate.threshold:
        return refusal(question, hits, confidence=confidence, model=reader.name)
    same = answers[0].hits
    citations: dict[tuple[str, int], Citation] = {}
    for i in same:
        citation = cite(hits[i].passage, extractions[i].span)
        citations.setdefault((citation.article, citation.start), citation)
    text = pointed_at(hits[same[0]], extractions[same[0]])
    return Answer(question, text, False, tuple(citations.values())[:CITED], confidence, reader.name)
