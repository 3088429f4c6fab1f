"""Which of the reader's spans is the answer: trees that weigh its pointers and the clues of the words.

Trained by summarizer/training/reading/order.py on questions the reader has not seen, to tell the F1 that a
span would get. A score is the logit of that F1, so scores of one question's passages compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt

from summarizer.errors import ModelError
from summarizer.models.bundled.reading.clues import CLUES, Candidate, Query, clues

__all__ = ["ORDER", "SpanOrder"]

ORDER = "order.txt"


class SpanOrder:
    """The order in `folder`; where it has none (a reader in training), the reader's own log-odds."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError when the file is of another version of the clues."""
        path = folder / ORDER
        self._trees = lightgbm.Booster(model_file=str(path)) if path.exists() else None
        if self._trees and self._trees.num_feature() != len(CLUES):
            raise ModelError(f"{path}: expected {len(CLUES)} clues, found {self._trees.num_feature()}")

    def score(self, query: Query, passage: str, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        """Shape (len(candidates),), at least one; higher is likelier, comparable between passages."""
        if self._trees is None:
            return np.array([one.odds for one in candidates])
        rows = clues(query, passage, candidates)
        return np.asarray(self._trees.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)
