"""Questions about texts that the reader never trained on: what is learnt of its answers is learnt here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from summarizer.training.data import corpus, posed
from summarizer.training.reading.cloze import from_body
from summarizer.training.reading.rows import kept_back

__all__ = ["Kept", "news", "peoples"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A question, the text it is about, and the answer; "" where the text does not say it."""

    question: str
    context: str
    answer: str


def peoples(data: Path) -> Iterator[Kept]:
    """Those of `qa.train.*`, answerable or not."""
    for one in posed(data):
        answer = one.answers[0] if one.answers else ""
        if kept_back(one.context) and (one.unanswerable or answer in one.context):
            yield Kept(one.question, one.context, answer)


def news(data: Path, wanted: int, seed: int) -> Iterator[Kept]:
    """Up to `wanted` clozes of the news, one a text."""
    chance = random.Random(seed)
    documents = list(corpus(data))
    chance.shuffle(documents)
    kept = (one for one in documents if kept_back(one.text))
    clozes = (asked for one in kept for asked in from_body(one.text, chance, 1))
    for asked in islice(clozes, wanted):
        yield Kept(asked.question, asked.context, asked.context[slice(*asked.span)])
