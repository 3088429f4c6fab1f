"""Questions with the document that answers each: what encoder and ranking learn from.

People's questions (`qa.train.*`) bring their own contexts as documents; clozes of headlines and of
sentences ask about the news corpus itself. Nothing of a development set is read.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.text import tidy
from summarizer.training.data import corpus, json_rows, posed
from summarizer.training.reading.cloze import from_body, from_headline

__all__ = ["Sought", "news_questions", "peoples_questions"]


@dataclass(frozen=True, slots=True)
class Sought:
    """A question, the document it is about, and where that says the answer."""

    question: str
    document: str
    answer: str
    text: str
    """The document's text."""
    at: int
    """First character of the answer in it; -1 where unknown."""
    headline: bool = False
    """Was it made from the headline, whose words are another's?"""


def peoples_questions(data: Path) -> Iterator[Sought]:
    """Every answerable question of `qa.train.*`; equal contexts are one document."""
    for one in posed(data):
        if one.answers and one.answers[0] in one.context:
            name = "asked-" + hashlib.sha256(one.context.encode()).hexdigest()[:16]
            at = one.context.find(one.answers[0])
            yield Sought(one.question, name, one.answers[0], one.context, at)


def news_questions(data: Path, share: float, seed: int = 0) -> Iterator[Sought]:
    """Clozes about a `share` of the corpus: from the printed headline where one is known, else a sentence."""
    chance = random.Random(seed)
    titles = {r["doc_id"]: tidy(r["title"]) for r in json_rows(data / "titles.train.local_web.jsonl.gz")}
    for document in corpus(data):
        title = titles.get(document.id)
        if chance.random() >= (share if title is None else min(1.0, 6 * share)):
            continue
        asked = list(from_headline(title, document.text, chance)) if title else []
        for one in asked or from_body(document.text, chance, 1):
            answer = one.context[slice(*one.span)]
            yield Sought(one.question, document.id, answer, document.text, one.span[0], bool(asked))
