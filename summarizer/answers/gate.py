"""Is there an answer in what was found? Code decides, before anything is said.

A logistic regression of a few things that can be looked at: how sure the reader is, how far the best
passage is ahead, how much of the question stands around the answer, whether the answer is of
the kind that was asked for. Its weights are learnt by summarizer/training/reading/gate.py from questions
whose document was taken away; the threshold is chosen on the development set (eval/README.md).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from summarizer.errors import ModelError
from summarizer.models.reading import Extraction
from summarizer.records import Hit
from summarizer.terms import query_terms

__all__ = ["EVIDENCE", "Gate", "Gatekeeper", "evidence", "load_gate"]

FILE = Path(__file__).parent / "gate.json"

EVIDENCE = ("reader", "second", "near", "passage", "rarest", "kind", "repeated", "length")
"""Names of the numbers of `evidence`, in order."""

# Characters on either side of an answer in which the question should be repeated.
_NEAR = 60
# Beyond these the reader is as sure, or as unsure, as it can be.
_SUREST = 40.0
_KINDS = (
    (re.compile("多少|几[^乎]|多[长大高远久]"), re.compile(r"\d|[一二三四五六七八九十百千万两半]")),
    (re.compile("何时|什么时[候间]|哪一?[天年月日]"), re.compile("[年月日号时点天周晚午晨季底初]")),
    (re.compile("谁|哪位"), re.compile(r"^[^\d]{2,12}$")),
)


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
    sure = [max(-_SUREST, min(_SUREST, e.score)) for e in extractions]
    pointed = [i for i, e in enumerate(extractions) if e.span[1] > e.span[0]]
    if not pointed:
        return None
    best = max(pointed, key=lambda i: sure[i])
    text, (start, end) = hits[best].passage.text, extractions[best].span
    answer = text[start:end]
    said = {i: hits[i].passage.text[slice(*extractions[i].span)] for i in pointed}
    others = [sure[i] for i in pointed if said[i] != answer]
    terms = query_terms(question)
    around = text[max(0, start - _NEAR) : end + _NEAR].lower()
    near = [term in around for term in terms]
    within = [term in text.lower() for term in terms]
    names = [has for term, has in zip(terms, within, strict=True) if term.isascii()]
    kind = next((bool(fits.search(answer)) for asks, fits in _KINDS if asks.search(question)), True)
    repeated = sum(answer in hit.passage.text for hit in hits)
    return (
        sure[best],
        sure[best] - max(others, default=-_SUREST),
        sum(near) / len(near) if near else 0.0,
        sum(within) / len(within) if within else 0.0,
        sum(names) / len(names) if names else 1.0,
        float(kind),
        math.log1p(repeated),
        math.log1p(len(answer)),
    )


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
