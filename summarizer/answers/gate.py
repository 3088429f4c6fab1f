"""Is there an answer in what was found? Code decides, before anything is said.

A logistic regression of a few things that can be looked at: how good the answer looks to the reader, how
sure it is that the passage answers at all, how much of the question its sentence and its passage say,
which word of it nobody says. Its weights are learnt by summarizer/training/reading/gate.py from questions
whose answer was taken away; the threshold is chosen on the development set (eval/README.md).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from summarizer.answertype import AnswerType
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams, Weighed
from summarizer.models.reading import Extraction
from summarizer.records import Hit
from summarizer.text import sentences

__all__ = ["EVIDENCE", "Gate", "Gatekeeper", "evidence", "load_gate"]

FILE = Path(__file__).parent / "gate.json"

EVIDENCE = (
    "score", "odds", "ahead", "sentence", "better_elsewhere", "passage", "near", "lost", "words", "fits",
    "repeated", "terms",
)  # fmt: skip
"""Names of the numbers of `evidence`, in order."""

# Characters on either side of an answer in which the question should be repeated.
_NEAR = 60
# Beyond these the reader is as sure, or as unsure, as it can be; and as far ahead as matters.
_SUREST, _FARTHEST = 20.0, 5.0


class Gatekeeper(Protocol):
    """Decides from the evidence, before anything is said, whether there is an answer."""

    @property
    def threshold(self) -> float:
        """Below this confidence an answer is refused."""

    def confidence(self, question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> float:
        """Probability that the hits hold the answer, in [0, 1]; one extraction a hit."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A weight for each name of EVIDENCE, a bias, and the confidence below which it refuses."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def confidence(self, question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> float:
        """Probability that the hits hold the answer, in [0, 1]; 0.0 without hits."""
        seen = evidence(question, hits, extractions)
        if seen is None:
            return 0.0
        total = self.bias + sum(w * x for w, x in zip(self.weights, seen, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def evidence(
    question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]
) -> tuple[float, ...] | None:
    """What the gate looks at, one number a name of EVIDENCE; None when nothing is pointed at."""
    pointed = [i for i, e in enumerate(extractions) if e.span[1] > e.span[0]]
    if not pointed:
        return None
    best = max(pointed, key=lambda i: extractions[i].score)
    text, (start, end) = hits[best].passage.text, extractions[best].span
    answer = text[start:end]
    said = {i: hits[i].passage.text[slice(*extractions[i].span)] for i in pointed}
    sure = _within(extractions[best].score, _SUREST)
    others = [_within(extractions[i].score, _SUREST) for i in pointed if said[i] != answer]
    weighed = Weighed.of(question, Bigrams.load(bundled.FOLDER / BIGRAMS))
    low = text.lower()
    holding = (text[a:b].lower() for a, b in sentences(text) if a <= start < b)
    sentence = weighed.said(next(holding, low))
    most = max(weighed.said(h.passage.text[a:b].lower()) for h in hits for a, b in sentences(h.passage.text))
    return (
        sure,
        _within(extractions[best].odds, _SUREST),
        min(_FARTHEST, sure - max(others, default=-_SUREST)),
        sentence,
        most - sentence,
        weighed.said(low),
        weighed.said(text[max(0, start - _NEAR) : end + _NEAR].lower()),
        *_missing(weighed, low),
        float(AnswerType.of(question).fits(answer)),
        math.log1p(sum(answer in hit.passage.text for hit in hits)),
        math.log1p(len(weighed.terms)),
    )


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _missing(question: Weighed, low: str) -> tuple[float, float]:
    """(rarity of the rarest term `low` lacks, in tens of nats; share of words and numbers it has)."""
    lost = max(
        (float(r) for t, r in zip(question.terms, question.rarity, strict=True) if t not in low), default=0.0
    )
    words = [term in low for term in question.terms if term.isascii()]
    return lost / 10, float(np.mean(words)) if words else 1.0


def load_gate(path: Path = FILE) -> Gate:
    """The shipped gate. Raises ModelError when the file is missing or is of another version of the code."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(float(said["weights"][name]) for name in EVIDENCE)
        return Gate(weights, float(said["bias"]), float(said["threshold"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        names = ", ".join(EVIDENCE)
        raise ModelError(
            f"{path}: expected the gate's weights for {names}: {error!r}; install the package again"
        ) from error
