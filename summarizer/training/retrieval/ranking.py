"""The learnt ranking: what both searches bring up for questions whose document is known, put in order.

A library of the news corpus and of the contexts that people asked about is made first, by the code
that makes everybody's. A passage with the answer is worth more than another one of its article. Passages
of other articles that hold the answer word for word are left out: the news is told more than once, and
nobody has said which of them answer.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.library import Library
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams
from summarizer.models.encoding import Encoder, load_encoder
from summarizer.records import Document
from summarizer.search import SHORTLIST, candidates_of
from summarizer.search.features import FEATURES, Candidate, Question, features
from summarizer.search.ranking import FOLDER, RANKER
from summarizer.training.data import corpus
from summarizer.training.export import write_checksums
from summarizer.training.retrieval.questions import Sought, news_questions, peoples_questions

__all__ = ["train_ranking"]

log = logging.getLogger(__name__)

# Clozes of headlines, and of sentences: what a few minutes search for. People's questions about
# encyclopaedias were tried and make it worse on news (LOG.md).
QUESTIONS = (1_400, 1_000)
# Worth of a passage: nothing, of the right article, with the answer.
OTHER, ARTICLE, ANSWER = 0, 1, 3
PARAMETERS = {
    "objective": "lambdarank", "lambdarank_truncation_level": 12, "learning_rate": 0.05, "num_leaves": 16,
    "min_data_in_leaf": 60, "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 5.0, "seed": 0, "deterministic": True, "num_threads": 2, "verbosity": -1,
    "label_gain": [0, 1, 2, 4],
}  # fmt: skip
ROUNDS = 220


def train_ranking(data: Path, work: Path, out: Path = FOLDER) -> None:
    """Write `out`/ranking.txt and its checksum; the library stays in `work`/library for a second run."""
    encoder = load_encoder("bundled")
    library = _library(data, work, encoder)
    chance = random.Random(0)
    news = list(news_questions(data, 0.05, seed=7))
    kinds = [[one for one in news if one.headline is wanted] for wanted in (True, False)]
    sought = [
        one
        for found, wanted in zip(kinds, QUESTIONS, strict=True)
        for one in chance.sample(found, min(len(found), wanted))
    ]
    rows, labels, sizes = _judged(sought, library, encoder)
    log.info("%d questions of %d with their document among %d passages", len(sizes), len(sought), len(labels))
    trees = lightgbm.train(
        PARAMETERS, lightgbm.Dataset(rows, labels, group=sizes, feature_name=list(FEATURES)), ROUNDS
    )
    path = out / RANKER
    trees.save_model(str(path))
    write_checksums(out, (RANKER,))
    gains = sorted(zip(trees.feature_importance("gain"), FEATURES, strict=True), reverse=True)
    log.info("gain: %s", ", ".join(f"{name} {gain:.0f}" for gain, name in gains))


def _library(data: Path, work: Path, encoder: Encoder) -> Library:
    library = Library.create(str(work / "library"), encoder)
    asked = {s.document: Document(s.document, s.text) for s in peoples_questions(data)}
    documents = (d for source in (corpus(data), asked.values()) for d in source)
    added = library.add(_groups(documents), encoder)
    log.info("%d documents new, %d known", added.documents, added.known)
    return library


def _groups(documents: Iterator[Document]) -> Iterator[Sequence[Document]]:
    yield from ([document] for document in documents)


def _judged(
    sought: Sequence[Sought], library: Library, encoder: Encoder
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """(features, worth, rows of each question), for the questions whose document was found."""
    bigrams = Bigrams.load(bundled.FOLDER / BIGRAMS)
    rows, labels, sizes = [], [], []
    for number, one in enumerate(sought):
        candidates = candidates_of(one.question, library, encoder, limit=SHORTLIST)
        worth = np.array([_worth(one, candidate) for candidate in candidates], dtype=np.int32)
        if (worth > OTHER).any():
            seen = features(Question.of(one.question, bigrams), candidates)
            rows.append(seen[worth >= OTHER])
            labels.append(worth[worth >= OTHER])
            sizes.append(int((worth >= OTHER).sum()))
        if number % 500 == 0:
            log.info("%d of %d questions", number, len(sought))
    return np.concatenate(rows), np.concatenate(labels), sizes


def _worth(sought: Sought, candidate: Candidate) -> int:
    """-1 for a passage that might answer, though nobody has said so."""
    passage = candidate.passage
    says = sought.answer in passage.text
    if passage.article != sought.document:
        return -1 if says and len(sought.answer) > 1 else OTHER
    inside = passage.span[0] <= sought.at < passage.span[1]
    return ANSWER if says and inside else ARTICLE
