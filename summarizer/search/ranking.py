"""The order of what was found: a learnt ranking of its features, or plain reciprocal rank fusion.

LightGBM's LambdaMART (Burges 2010) on `features`, trained by summarizer/training/retrieval on clozes of
headlines and of sentences of the news. `Fusion` (Cormack et al. 2009) needs no training and is what
the learnt one is measured against.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import lightgbm
import numpy as np
import numpy.typing as npt

from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams
from summarizer.search.features import FEATURES, Candidate, Question, features

__all__ = ["FOLDER", "Fusion", "LearntRanking", "Ranking"]

FOLDER = Path(__file__).parent
"""Where the shipped ranking lies."""
RANKER = "ranking.txt"

# Weight of BM25 beside the trees, both in standard deviations: cloze questions repeat their passage
# more than people's do, so the trees believe too much in single words. 0.3 to 1.0 do equally well on dev.
LEXICAL = 0.6

Scores = npt.NDArray[np.float64]


class Ranking(Protocol):
    """Scores for the candidates of one question; higher is better."""

    def score(self, question: str, candidates: Sequence[Candidate]) -> Scores:
        """Shape (len(candidates),), in their order."""


class LearntRanking:
    """The shipped ranking."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Raises ModelError when the file is missing, or is not the one that was shipped."""
        bundled.verify(folder)
        path = folder / RANKER
        self._trees = lightgbm.Booster(model_file=str(path))
        self._bigrams = Bigrams.load(bundled.FOLDER / BIGRAMS)
        if self._trees.num_feature() != len(FEATURES):
            raise ModelError(f"{path}: expected {len(FEATURES)} features, found {self._trees.num_feature()}")

    def score(self, question: str, candidates: Sequence[Candidate]) -> Scores:
        if not candidates:
            return np.zeros(0)
        rows = features(Question.of(question, self._bigrams), candidates)
        # one thread: a hundred rows are done before a second one has started
        learnt = np.asarray(self._trees.predict(rows, num_threads=1), dtype=np.float64)
        lexical = np.array([c.lexical for c in candidates], dtype=np.float64)
        known = lexical[~np.isnan(lexical)]
        lexical = np.where(np.isnan(lexical), known.min() if len(known) else 0.0, lexical)
        return _standard(learnt) + LEXICAL * _standard(lexical)


class Fusion:
    """Reciprocal rank fusion: 1 / (k + rank) of either search, added up."""

    def __init__(self, k: int = 60, lexical: float = 1.0, dense: float = 1.0) -> None:
        self._k, self._lexical, self._dense = k, lexical, dense

    def score(self, question: str, candidates: Sequence[Candidate]) -> Scores:
        total = np.zeros(len(candidates))
        for weight, name in ((self._lexical, "lexical"), (self._dense, "dense")):
            values = np.array([getattr(c, name) for c in candidates], dtype=np.float64)
            known = np.flatnonzero(~np.isnan(values))
            ranks = np.empty(len(known))
            ranks[np.argsort(-values[known], kind="stable")] = np.arange(1, len(known) + 1)
            total[known] += weight / (self._k + ranks)
        return total


def _standard(values: Scores) -> Scores:
    """In standard deviations from the mean; zeros when all are equal."""
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))
