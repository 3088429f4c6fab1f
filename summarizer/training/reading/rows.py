"""Step 1: questions with windows of text become one token file.

Three kinds of rows: questions people asked (`qa.train.*`), clozes of headlines against their bodies, clozes
of sentences of the unlabelled news. Three in ten cloze windows lack the answer, so that a reader
learns to say so. Half of all questions are said in other words than they were made in.
"""

from __future__ import annotations

import logging
import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.pieces import vocabulary
from summarizer.models.bundled.reading.inputs import Inputs, inputs_of
from summarizer.records import Span
from summarizer.text import sentences
from summarizer.training.data import corpus, posed, training_pairs
from summarizer.training.reading.cloze import Asked, from_body, from_headline, place_of
from summarizer.training.reading.rewording import reworded

__all__ = ["kept_back", "prepare", "window"]

log = logging.getLogger(__name__)

# Characters of a training window: with its question four in five fit the longest row that is trained on.
WINDOW = (90, 250)
# Share of cloze windows without the answer.
UNANSWERED = 0.3
# Times that a question somebody asked is read, each time in another window.
REPEAT = 3
# Share of questions in other words, and questions from a text of the news.
REWORDED, CLOZES = 0.5, 3
# Headlines of the broadcast news are many and alike.
CCTV = 0.35


def prepare(data: Path, work: Path, *, seed: int = 0) -> None:
    """Write `work`/rows.safetensors: `ids` uint16 and `match` uint8 end to end with `ends` int64 (rows,),
    `question` int64 (rows,), `start` and `stop` int64 (rows,): the answer's first and last piece, both
    `question` - 1 where there is none."""
    work.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    tokenizer = vocabulary(FOLDER)
    asked = [*_asked(data, chance), *_headlines(data, chance), *_news(data, chance)]
    asked = [_in_other_words(one, chance) for one in asked]
    chance.shuffle(asked)
    log.info("%d questions", len(asked))
    columns: dict[str, list[Any]] = {n: [] for n in ("ids", "match", "question", "start", "stop")}
    for at in range(0, len(asked), 2048):
        part = asked[at : at + 2048]
        made = inputs_of(tokenizer, [a.question for a in part], [a.context for a in part])
        for one, inputs in zip(part, made, strict=True):
            _append(columns, one, inputs)
        log.info("%d of %d rows", at + len(part), len(asked))
    save_file(
        {
            "ids": np.concatenate(columns["ids"]).astype(np.uint16),
            "match": np.concatenate(columns["match"]).astype(np.uint8),
            "ends": np.cumsum([len(i) for i in columns["ids"]]),
            **{n: np.array(columns[n], dtype=np.int64) for n in ("question", "start", "stop")},
        },
        work / "rows.safetensors",
    )


def kept_back(context: str) -> bool:
    """Is this one of the texts, one in eight, that the reader never trains on?

    What is learnt about its answers afterwards (which span to prefer, when to refuse) would otherwise be
    learnt from questions it knows by heart.
    """
    return zlib.crc32(context[:80].encode()) % 8 == 0


def _append(columns: dict[str, list[Any]], asked: Asked, inputs: Inputs) -> None:
    """The row, unless its answer was cut off with the window's end."""
    start = stop = inputs.question - 1
    if asked.span[1] > asked.span[0]:
        inside = [
            i for i, (a, b) in enumerate(inputs.spans) if a < asked.span[1] and b > asked.span[0] and b > a
        ]
        if not inside or inputs.spans[inside[-1]][1] < asked.span[1]:
            return
        start, stop = inputs.question + inside[0], inputs.question + inside[-1]
    for name, value in zip(columns, (inputs.ids, inputs.match, inputs.question, start, stop), strict=True):
        columns[name].append(value)


def window(text: str, span: Span, chance: random.Random) -> tuple[str, Span]:
    """Whole sentences of `text` around `span`, some WINDOW characters, and the span in them."""
    wanted = chance.randint(*WINDOW)
    pieces = sentences(text) or [(0, len(text))]
    first = max(0, sum(start <= span[0] for start, _ in pieces) - 1)
    last = max(first, sum(start < span[1] for start, _ in pieces) - 1)
    while pieces[last][1] - pieces[first][0] < wanted and (first or last < len(pieces) - 1):
        if first and (last == len(pieces) - 1 or chance.random() < 0.5):
            first -= 1
        else:
            last += 1
    start = pieces[first][0]
    return text[start : pieces[last][1]], (span[0] - start, span[1] - start)


def _without(text: str, answer: Span, chance: random.Random) -> str | None:
    """A window of `text` that does not hold the answer; None when there is none."""
    said = text[slice(*answer)]
    for _ in range(4):
        at = chance.randrange(len(text))
        part, _ = window(text, (at, at + 1), chance)
        if said not in part:
            return part
    return None


def _in_other_words(asked: Asked, chance: random.Random) -> Asked:
    other = reworded(asked.question, chance) if chance.random() < REWORDED else None
    return asked if other is None else replace(asked, question=other)


def _windowed(asked: Iterable[Asked], chance: random.Random, unanswered: float) -> Iterator[Asked]:
    for one in asked:
        if one.span[1] > one.span[0] and chance.random() < unanswered:
            part = _without(one.context, one.span, chance)
            if part is not None:
                yield Asked(one.question, part, (0, 0))
            continue
        if one.span[1] > one.span[0]:
            part, span = window(one.context, one.span, chance)
            yield Asked(one.question, part, span)
        else:
            at = chance.randrange(max(1, len(one.context)))
            yield Asked(one.question, window(one.context, (at, at + 1), chance)[0], (0, 0))


def _asked(data: Path, chance: random.Random) -> Iterator[Asked]:
    """Questions people asked; the occurrence of the answer that stands beside the question's words."""
    for row in posed(data):
        answers = [answer for answer in row.answers if answer in row.context]
        if kept_back(row.context) or not (row.unanswerable or answers):
            continue
        span = place_of(answers[0], row.question, row.context, near=60) if answers else None
        for _ in range(REPEAT):
            yield from _windowed([Asked(row.question, row.context, span or (0, 0))], chance, 0.15)


def _headlines(data: Path, chance: random.Random) -> Iterator[Asked]:
    pairs = [p for p in training_pairs(data) if p.source != "cctv" or chance.random() < CCTV]
    log.info("%d headlines", len(pairs))
    for pair in pairs:
        yield from _windowed(from_headline(pair.title, pair.body, chance), chance, UNANSWERED)


def _news(data: Path, chance: random.Random) -> Iterator[Asked]:
    for document in corpus(data):
        if not kept_back(document.text):
            yield from _windowed(from_body(document.text, chance, CLOZES), chance, UNANSWERED)
