"""Step 5: the chooser, gradient boosting on ROUGE-L over the candidates of unseen articles.

Its articles are those held out from the neural model and the clause ranker, so that candidates are
as good and as bad as they will be in use.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt
from rich.progress import track

from summarizer.config import Settings
from summarizer.grounding import Source
from summarizer.models import Judge, Proposal
from summarizer.models.bigrams import BIGRAMS, Bigrams
from summarizer.models.bundled.generator import BundledGenerator, opening
from summarizer.models.chooser import COLUMNS, columns
from summarizer.models.extractive import Extractive
from summarizer.text import lcs_f1
from summarizer.training.data import Pair, held_out, training_pairs
from summarizer.training.export import write_checksums

__all__ = ["pools", "train_chooser"]

log = logging.getLogger(__name__)

LIMIT = 30
CHUNK = 64
SETTINGS = {
    "objective": "regression", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 200,
    "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 0,
    "deterministic": True, "verbose": -1, "num_threads": 2,
}  # fmt: skip
ROUNDS = 300

Floats = npt.NDArray[np.float32]


def pools(
    pairs: Sequence[Pair], model: BundledGenerator, floor: Extractive
) -> list[tuple[list[Proposal], list[float]]]:
    """For each pair its accepted candidates, in the order the product has them, and their likelihoods."""
    found = []
    for start in track(range(0, len(pairs), CHUNK), description="candidates"):
        part = pairs[start : start + CHUNK]
        bodies = [p.body for p in part]
        own = model.propose(bodies, style="headline", limit=LIMIT)
        theirs = floor.propose(bodies, style="headline", limit=LIMIT)
        chosen = [_accepted(b, [*a, *c], model) for b, a, c in zip(bodies, own, theirs, strict=True)]
        flat = model.likelihood([(b, p.text) for b, pool in zip(bodies, chosen, strict=True) for p in pool])
        at = 0
        for pool in chosen:
            found.append((pool, flat[at : at + len(pool)]))
            at += len(pool)
    return found


def _accepted(body: str, pool: Sequence[Proposal], judge: Judge) -> list[Proposal]:
    """Distinct candidates that fit and that the grounding check lets pass, as summaries.py has them."""
    source = Source(body, None)
    distinct = {p.text: p for p in reversed(pool)}.values()
    fitting = [p for p in distinct if len(p.text) <= LIMIT and not judge.fault(body, p)]
    return [p for p in fitting if all(c.supported for c in source.check(p.text))][::-1]


def train_chooser(data: Path, folder: Path) -> None:
    """Write `folder`/chooser.txt and renew checksums.json; `folder` holds the exported model."""
    _, apart = held_out(training_pairs(data))
    model, floor = BundledGenerator(folder, Settings()), Extractive(folder)
    bigrams = Bigrams.load(folder / BIGRAMS)
    tables: list[Floats] = []
    gains: list[Floats] = []
    weights: list[Floats] = []
    share = {s: 1 / sum(p.source == s for p in apart) for s in {p.source for p in apart}}
    for pair, (pool, likelihood) in zip(apart, pools(apart, model, floor), strict=True):
        if len(pool) < 2:
            continue
        scores = np.array([lcs_f1(p.text, pair.title) for p in pool], dtype=np.float32)
        tables.append(columns(opening(pair.body), pool, likelihood, LIMIT, bigrams))
        # Only differences inside one article matter; how hard its headline is does not.
        gains.append(scores - scores.mean())
        weights.append(np.full(len(pool), share[pair.source] / len(pool), dtype=np.float32))
    weight = np.concatenate(weights)
    rows = lightgbm.Dataset(
        np.concatenate(tables), np.concatenate(gains), weight=weight / weight.mean(),
        feature_name=list(COLUMNS),
    )  # fmt: skip
    booster = lightgbm.train(SETTINGS, rows, ROUNDS)
    booster.save_model(folder / "chooser.txt")
    importance = sorted(zip(COLUMNS, booster.feature_importance("gain"), strict=True), key=lambda x: -x[1])
    log.info("columns by gain: %s", ", ".join(f"{name} {gain:.0f}" for name, gain in importance[:12]))
    write_checksums(folder)
