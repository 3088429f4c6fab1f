"""Questions about texts that the reader never trained on: what is learnt of its answers is learnt here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.text import tidy
from summarizer.training.data import json_rows
from summarizer.training.reading.cloze import from_body
from summarizer.training.reading.rows import kept_back

__all__ = ["Kept", "news", "peoples"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A question, the text it is about, and the answer; "" where the text does not say it."""

    question: str
    context: str
    answer: str
    document: str = ""
    """Id of the text in the news corpus; "" for another one."""


def peoples(data: Path) -> Iterator[Kept]:
    """Those of `qa.train.*`, answerable or not."""
    for path in sorted(data.glob("qa.train.*.jsonl.gz")):
        for row in json_rows(path):
            context = tidy(row["context"])
            if kept_back(context):
                answer = "" if row.get("unanswerable") else tidy((row["answers"] or [""])[0])
                if row.get("unanswerable") or answer in context:
                    yield Kept(tidy(row["question"]), context, answer)


def news(data: Path, wanted: int, seed: int) -> Iterator[Kept]:
    """Up to `wanted` clozes of the news, one a text."""
    chance = random.Random(seed)
    rows = [row for path in sorted(data.glob("corpus.*.jsonl.gz")) for row in json_rows(path)]
    chance.shuffle(rows)
    given = 0
    for row in rows:
        text = tidy(row["text"])
        if given >= wanted:
            return
        if not kept_back(text):
            continue
        for asked in from_body(text, chance, 1):
            given += 1
            yield Kept(asked.question, text, text[slice(*asked.span)], row["id"])
