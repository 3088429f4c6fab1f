"""What an answer may rest on: the passages a search found, or those of a text given with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.answers.citing import cite_passage
from summarizer.library.passages import passage_spans
from summarizer.records import Answer, Hit, Passage
from summarizer.terms import index_terms, query_terms

__all__ = ["EACH", "NOTHING_FOUND", "Evidence", "context_hits", "refusal"]

EACH = 2
"""Passages of one article that are read for an answer: often it stands beside the likest one."""
NOTHING_FOUND = "没有找到可以回答这个问题的内容。"
# Passages that a refusal names: enough to see what the search was after, few enough to look at.
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages that were shown, in the order in which they were."""

    passages: tuple[Passage, ...]
    left_out: int = 0
    """How many more were found and did not fit, the last ones."""


def context_hits(question: str, context: str, *, article: str, date: str | None = None) -> list[Hit]:
    """The passages of one text as if a search had found them: those with most words of the question first.

    Equals in the order of the text; spans count in `context`, as it is. [] for a blank text.
    """
    wanted = query_terms(question)
    passages = [
        Passage(article, (start, end), context[start:end], date=date)
        for start, end in passage_spans(context)
        if context[start:end].strip()
    ]
    shares = [_share(wanted, passage.text) for passage in passages]
    order = sorted(range(len(passages)), key=lambda at: -shares[at])
    return [Hit(rank, passages[at], shares[at]) for rank, at in enumerate(order, 1)]


def _share(wanted: Sequence[str], text: str) -> float:
    """The part of the terms that the text has."""
    if not wanted:
        return 0.0
    return len(set(index_terms(text).split()).intersection(wanted)) / len(wanted)


def refusal(question: str, hits: Sequence[Hit], *, confidence: float, model: str) -> Answer:
    """An honest one: it cites the nearest passages, whole."""
    nearest = tuple(cite_passage(hit.passage) for hit in hits[:_NEAREST])
    return Answer(question, NOTHING_FOUND, True, nearest, confidence, model)
