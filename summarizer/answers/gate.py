"""Is there an answer in what was found? Code decides, before anything is said.

Gradient-boosted trees (LightGBM) over `features`, each made to speak only the way that makes sense: a surer
reader never makes an answer less likely, a lost name never more. They are learnt by
summarizer/training/reading/gate.py from questions whose answer was taken away and from the same questions in
other words; the threshold is chosen on the development set (eval/README.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import lightgbm

from summarizer.answers.features import FEATURES, features
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.reading import Extraction
from summarizer.records import Hit

__all__ = ["FOLDER", "TREES", "Gate", "Gatekeeper", "load_gate"]

FOLDER = Path(__file__).parent
"""Where the shipped gate lies."""
TREES = "gate.txt"
# Refuses not quite one right answer in ten of the development set (python -m eval.answers).
THRESHOLD = 0.139


class Gatekeeper(Protocol):
    """Decides from the evidence, before anything is said, whether there is an answer."""

    @property
    def threshold(self) -> float:
        """Below this confidence an answer is refused."""

    def confidence(self, question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> float:
        """Probability that the hits hold the answer, in [0, 1]; one extraction a hit."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Trees over FEATURES, and the confidence below which it refuses."""

    trees: lightgbm.Booster
    threshold: float = THRESHOLD

    def confidence(self, question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> float:
        """Probability that the hits hold the answer, in [0, 1]; 0.0 when nothing is pointed at."""
        seen = features(question, hits, extractions)
        if seen is None:
            return 0.0
        total = float(self.trees.predict(seen[None, :], raw_score=True, num_threads=1)[0])
        return 1.0 / (1.0 + math.exp(-total))


def load_gate(folder: Path = FOLDER) -> Gate:
    """The shipped gate. Raises ModelError when its file is missing, changed, or of another version."""
    bundled.verify(folder)
    path = folder / TREES
    trees = lightgbm.Booster(model_file=str(path))
    if tuple(trees.feature_name()) != FEATURES:
        raise ModelError(f"{path}: expected trees over {', '.join(FEATURES)}; install the package again")
    return Gate(trees)
