"""Choosing well is half the work: a learnt score over all candidates of one article.

Gradient boosting on ROUGE-L against printed headlines of articles kept from the other models
(training/chooser.py). It sees where a candidate comes from, how likely the seq2seq holds it, how far
the candidates agree (consensus, as in minimum-Bayes-risk decoding), and plain facts of its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from summarizer.models import Proposal
from summarizer.models.bigrams import BIGRAMS, Bigrams, bigram_codes
from summarizer.text import fold, lcs_f1, sentences

__all__ = ["COLUMNS", "Chooser", "columns"]

ORIGINS = ("clause", "edit", "beam", "lead")
_MARKS = "，。！？；：、"

COLUMNS = (
    "origin", "place", "clause_score", "edit_score", "beam_score", "likelihood", "likelihood_total",
    "likelihood_gap", "consensus", "consensus_clause", "consensus_edit", "consensus_beam", "lead_overlap",
    "length", "limit_share", "style", "rarity", "copied", "start", "digits", "marks", "blanks", "quotes",
    "body_length", "pool",
)  # fmt: skip
"""Names of the columns of `columns`, in order."""

Floats = npt.NDArray[np.float32]


def columns(
    body: str, pool: Sequence[Proposal], likelihood: Sequence[float], limit: int, bigrams: Bigrams
) -> Floats:
    """What the chooser sees: one row a candidate, shape (len(pool), len(COLUMNS)).

    `likelihood` is the seq2seq's mean log-probability a token of each candidate, NaN where unknown.
    """
    n = len(pool)
    plain = [fold(p.text) for p in pool]
    agreement = np.array([[_overlap(a, b) for b in plain] for a in plain], dtype=np.float32).reshape(n, n)
    origin = np.array([ORIGINS.index(p.origin) if p.origin in ORIGINS else -1 for p in pool])
    spans = sentences(body)
    lead = body[slice(*spans[0])] if spans else ""
    folded = fold(body)
    known = set(bigram_codes(folded).tolist())
    best = np.nanmax(likelihood) if n and not np.all(np.isnan(likelihood)) else np.nan
    rows = np.full((n, len(COLUMNS)), np.nan, dtype=np.float32)
    for i, (row, item) in enumerate(zip(rows, pool, strict=True)):
        codes = bigram_codes(plain[i])
        scores = [item.score if item.origin == o else np.nan for o in ("clause", "edit", "beam")]
        near = [_mean(agreement[i, (origin == o) & (np.arange(n) != i)]) for o in range(3)]
        row[:] = (
            origin[i], sum(origin[:i] == origin[i]), *scores, likelihood[i], likelihood[i] * len(plain[i]),
            likelihood[i] - best, (agreement[i].sum() - 1) / max(1, n - 1), *near, lcs_f1(item.text, lead),
            len(plain[i]), len(item.text) / limit, _mean(bigrams.style[codes]), _mean(bigrams.idf[codes]),
            _mean(np.array([c in known for c in codes.tolist()])), folded.find(plain[i][:2]),
            sum(c.isdigit() for c in item.text), sum(c in _MARKS for c in item.text),
            item.text.count(" "), item.text.count("“") + item.text.count("《"), len(body), n,
        )  # fmt: skip
    return rows


def _overlap(one: str, other: str) -> float:
    """`text.lcs_f1` of texts that are folded already: every pair of a pool is compared."""
    return 2.0 * LCSseq.similarity(one, other) / max(1, len(one) + len(other))


def _mean(values: npt.NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


class Chooser:
    """Scores the candidates of one article; higher is better, comparable inside the article only."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds chooser.txt and bigrams.safetensors."""
        self._booster = lightgbm.Booster(model_file=folder / "chooser.txt")
        self._bigrams = Bigrams.load(folder / BIGRAMS)

    def score(
        self, body: str, pool: Sequence[Proposal], likelihood: Sequence[float], limit: int
    ) -> list[float]:
        """One score a candidate; [] for an empty pool."""
        if not pool:
            return []
        table = columns(body, pool, likelihood, limit, self._bigrams)
        return [float(s) for s in self._booster.predict(table, num_threads=1)]
