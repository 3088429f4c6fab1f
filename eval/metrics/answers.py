"""One answer against the accepted ones, and its citations against the places where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from eval.data import Evidence
from summarizer.records import Answer, Citation
from summarizer.text import characters_f1, fold

__all__ = ["Overlap", "Scored", "overlap", "scored"]


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer against the accepted ones, each number 0 to 1."""

    f1: float
    exact: float
    cited: float
    """Does one of the cited sentences hold an accepted answer?"""
    first: float
    """Does the first of them?"""
    precision: float
    """Share of the cited sentences that do."""
    confidence: float


def scored(answer: Answer, accepted: Sequence[str]) -> Scored:
    """Against the accepted wording that favours it; F1 counts characters, folded (SQuAD's, by characters).

    For an answer that was refused everything but the confidence is 0; without citations, what counts
    them. ValueError when no accepted answer says anything.
    """
    wanted = [folded for text in accepted if (folded := fold(text))]
    if not wanted:
        raise ValueError(f"expected accepted answers, found {accepted!r}")
    if answer.refused:
        return Scored(0.0, 0.0, 0.0, 0.0, 0.0, answer.confidence)
    holds = [any(w in fold(c.quote) for w in wanted) for c in answer.citations]
    return Scored(
        f1=max(characters_f1(answer.text, a) for a in accepted),
        exact=float(fold(answer.text) in wanted),
        cited=float(any(holds)),
        first=float(holds[0]) if holds else 0.0,
        precision=sum(holds) / len(holds) if holds else 0.0,
        confidence=answer.confidence,
    )


@dataclass(frozen=True, slots=True)
class Overlap:
    """Citations against gold evidence, each number 0 to 1."""

    recall: float
    """Share of the characters of the evidence that stand in a cited stretch of the same article."""
    precision: float
    """Share of the citations that share a character with the evidence."""


def overlap(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> Overlap:
    """By article id and character span, so a citation of another telling of the same news earns nothing.

    Both 0.0 without citations; ValueError without evidence.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for place in evidence:
        wanted[place.story].update(range(*place.span))
    total = sum(map(len, wanted.values()))
    if not total:
        raise ValueError("expected evidence, found none")
    said: dict[str, set[int]] = defaultdict(set)
    right = 0
    for citation in citations:
        characters = set(range(citation.start, citation.end))
        said[citation.article] |= characters
        right += bool(characters & wanted.get(citation.article, set()))
    found = sum(len(places & said.get(story, set())) for story, places in wanted.items())
    return Overlap(found / total, right / len(citations) if citations else 0.0)
