"""Step 4: the clause ranker, gradient boosting on ROUGE-L: two minutes on two cores.

Learns from the rows kept from the neural models and as many others as wanted; written as
LightGBM's own text format, which holds numbers only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.models.bigrams import BIGRAMS, BUCKETS, Bigrams, bigram_codes
from summarizer.models.clauses import FEATURES, candidates, features
from summarizer.models.fluency import BONDS, learn_bonds
from summarizer.text import lcs_f1
from summarizer.training.data import Pair, held_out, training_pairs
from summarizer.training.export import write_checksums

__all__ = ["learn_bigrams", "train_ranker"]

log = logging.getLogger(__name__)

# Articles a source: equal shares, so that the ranker is not an evening-news ranker.
ARTICLES = 3500
# Bodies are read this far when counting bigrams; openings of 110,000 articles are enough.
COUNTED_CHARS = 600
LIMIT = 30
LEAVES, ROUNDS, RATE, LEAST = 31, 300, 0.06, 80


def learn_bigrams(pairs: Sequence[Pair]) -> Bigrams:
    """Count bigrams over titles and bodies; add-half smoothing keeps rare buckets near neutral."""
    documents = np.zeros(BUCKETS)
    body, title = np.full(BUCKETS, 0.5), np.full(BUCKETS, 0.5)
    for pair in pairs:
        codes = bigram_codes(pair.body[:COUNTED_CHARS])
        documents[np.unique(codes)] += 1
        np.add.at(body, codes, 1)
        np.add.at(title, bigram_codes(pair.title), 1)
    idf = np.log(len(pairs) / (documents + 0.5)).clip(0, 15.9)
    # The prior of 2 expected counts pulls bigrams nobody saw in a title towards zero, not minus infinity.
    expected = body / body.sum() * title.sum()
    style = np.log((title + 2) / (expected + 2))
    return Bigrams(idf.astype(np.float32), style.astype(np.float32))


def train_ranker(data: Path, out: Path) -> None:
    """Write the tables of bigrams and bonds and `out`/ranker.txt, and renew checksums.json."""
    ours, _ = held_out(training_pairs(data))
    bigrams = learn_bigrams(ours)
    bigrams.save(out / BIGRAMS)
    bigrams = Bigrams.load(out / BIGRAMS)
    learn_bonds(["".join((p.title, p.body[:COUNTED_CHARS])) for p in ours]).save(out / BONDS)
    rng = np.random.default_rng(0)
    chosen = []
    for source in sorted({p.source for p in ours}):
        rows = [p for p in ours if p.source == source]
        chosen += [rows[i] for i in rng.permutation(len(rows))[:ARTICLES]]
    log.info("%d articles", len(chosen))
    tables, scores = [], []
    for pair in chosen:
        found = candidates(pair.body, LIMIT)
        if found:
            tables.append(features(pair.body, found, bigrams))
            scores.append(np.array([lcs_f1(c.text, pair.title) for c in found], dtype=np.float32))
    # An article's candidates weigh one together, else long articles rule.
    weight = np.concatenate([np.full(len(s), 1 / len(s)) for s in scores])
    rows = lightgbm.Dataset(
        np.concatenate(tables), np.concatenate(scores), weight=weight, feature_name=list(FEATURES)
    )
    settings = {
        "objective": "regression", "num_leaves": LEAVES, "learning_rate": RATE, "min_data_in_leaf": LEAST,
        "feature_fraction": 0.8, "seed": 0, "deterministic": True, "verbose": -1, "num_threads": 2,
    }  # fmt: skip
    booster = lightgbm.train(settings, rows, ROUNDS)
    booster.save_model(out / "ranker.txt")
    write_checksums(out)
