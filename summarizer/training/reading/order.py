"""Step 4: which of the reader's spans to prefer, learnt from questions it has not seen.

Each is asked of its own text, and some of a whole library too: what a search brings up beside the right
passage is as near to an answer as a wrong one comes.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.answers.evidence import EACH, context_hits
from summarizer.config import Settings
from summarizer.library import Library
from summarizer.models.bundled.reading.clues import CLUES, clues
from summarizer.models.bundled.reading.order import ORDER
from summarizer.models.bundled.reading.reader import BundledReader
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import load_reader
from summarizer.search import Searcher
from summarizer.text import characters_f1, fold, sentences
from summarizer.training.reading.export import OUT, seal
from summarizer.training.reading.kept import Kept, news, peoples

__all__ = ["train_order"]

log = logging.getLogger(__name__)

# Clozes of the news beside the two thousand and some questions of people; and how many of either are asked of
# the library.
NEWS = 1_200
SEARCHED = (500, 700)
# Passages of one text, those with most of the question's words, or of one search.
PASSAGES = Settings().passages
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


def judged(reader: BundledReader, one: Kept, texts: Sequence[str]) -> Judged | None:
    """What the reader points at in the passages `texts`; None for nothing."""
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


def passages(data: Path, work: Path, seed: int) -> Iterator[tuple[Kept, list[str]]]:
    """Each question with the passages it is asked of; `work`/library is that of the ranking."""
    chance = random.Random(seed)
    people, clozes = list(peoples(data)), list(news(data, NEWS, seed))
    for one in (*people, *clozes):
        hits = context_hits(one.question, one.context, article="")
        yield one, [hit.passage.text for hit in hits[:PASSAGES]]
    encoder = load_encoder("bundled")
    searcher = Searcher(Library.open(str(work / "library"), encoder), encoder)
    for kept, wanted in zip((people, clozes), SEARCHED, strict=True):
        for one in chance.sample(kept, min(len(kept), wanted)):
            hits = searcher.search(one.question, limit=PASSAGES, each=EACH)
            yield one, [hit.passage.text for hit in hits]


def train_order(data: Path, work: Path, out: Path = OUT, *, seed: int = 5) -> None:
    """Write `out`/order.txt and renew the checksums."""
    (out / ORDER).unlink(missing_ok=True)
    seal(out)
    reader = load_reader(str(out))
    assert isinstance(reader, BundledReader)
    found: list[Judged] = []
    for number, (one, texts) in enumerate(passages(data, work, seed)):
        spans = judged(reader, one, texts)
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
