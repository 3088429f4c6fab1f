"""Step 4: which of the reader's spans to prefer, learnt from questions it has not seen."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.answers.evidence import context_hits
from summarizer.models.bundled.reading.clues import CLUES, clues
from summarizer.models.bundled.reading.order import ORDER
from summarizer.models.bundled.reading.reader import BundledReader
from summarizer.models.reading import load_reader
from summarizer.text import characters_f1, fold, sentences
from summarizer.training.reading.export import OUT, seal
from summarizer.training.reading.kept import Kept, news, peoples

__all__ = ["train_order"]

log = logging.getLogger(__name__)

# Clozes of the news beside the two thousand and some questions of people.
NEWS = 2_000
# Passages of one text, those with most of the question's words: a newspaper article has no more.
PASSAGES = 10
# What a right span is worth in a sentence that does not say the answer whole.
ELSEWHERE = 0.3
PARAMETERS = {
    "objective": "cross_entropy", "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 200,
    "feature_fraction": 0.7, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "seed": 0,
    "deterministic": True, "num_threads": 2, "verbosity": -1,
}  # fmt: skip
ROUNDS = 250


@dataclass(frozen=True, slots=True)
class Judged:
    """The spans of one question: clues (spans, clues), and the F1 of each."""

    clues: np.ndarray
    worth: np.ndarray


def judged(reader: BundledReader, one: Kept) -> Judged | None:
    """None for a text without a span."""
    texts = [h.passage.text for h in context_hits(one.question, one.context, article="")][:PASSAGES]
    query = reader.query(one.question)
    rows: list[np.ndarray] = []
    worth: list[float] = []
    for text, spans in zip(texts, reader.candidates(one.question, texts), strict=True):
        if spans:
            rows.append(clues(query, text, spans))
            worth += _worth(text, [c.span for c in spans], one.answer)
    return Judged(np.concatenate(rows), np.array(worth)) if rows else None


def _worth(text: str, spans: Sequence[tuple[int, int]], answer: str) -> Iterator[float]:
    says = [(a, b, fold(answer) in fold(text[a:b])) for a, b in sentences(text)] if answer else []
    for start, end in spans:
        whole = any(said for a, b, said in says if a <= start < b)
        yield characters_f1(text[start:end], answer) * (1.0 if whole else ELSEWHERE)


def train_order(data: Path, out: Path = OUT, *, seed: int = 5) -> None:
    """Write `out`/order.txt and renew the checksums."""
    (out / ORDER).unlink(missing_ok=True)
    seal(out)
    reader = load_reader(str(out))
    assert isinstance(reader, BundledReader)
    found: list[Judged] = []
    for number, one in enumerate(chain(peoples(data), news(data, NEWS, seed))):
        spans = judged(reader, one)
        if spans:
            found.append(spans)
        if number % 500 == 0:
            log.info("%d questions", number)
    rows = np.concatenate([f.clues for f in found])
    worth = np.concatenate([f.worth for f in found])
    weight = np.concatenate([np.full(len(f.worth), len(f.worth) ** -0.5) for f in found])
    data_set = lightgbm.Dataset(rows, worth, weight=weight, feature_name=list(CLUES))
    trees = lightgbm.train(PARAMETERS, data_set, ROUNDS)
    trees.save_model(str(out / ORDER))
    seal(out)
    gains = sorted(zip(trees.feature_importance("gain"), CLUES, strict=True), reverse=True)
    log.info("%d spans; gain: %s", len(rows), ", ".join(f"{name} {gain:.0f}" for gain, name in gains))
