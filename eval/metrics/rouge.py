"""ROUGE of Chinese texts, on characters or on jieba's words.

The rouge_score package (multiset n-gram counts, ROUGE-L by longest common subsequence, F1; Lin 2004) with a
tokenizer of our own, because its own one drops everything but [a-z0-9] and so gives Chinese 0.0. Texts are
folded first: NFKC, lower case, punctuation and blanks dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Literal

from rouge_score.rouge_scorer import RougeScorer

from eval.words import declared as declared_words
from eval.words import words
from summarizer.text import fold

__all__ = ["DECLARED", "Rouge", "Tokens", "best", "declared", "mean", "rouge"]

Tokens = Literal["characters", "words"]


def declared(tokenizer: Tokens = "characters") -> str:
    """What must stand beside such a score. Raises ModelError for words without jieba."""
    unit = declared_words() if tokenizer == "words" else "characters"
    return f"rouge_score {version('rouge-score')}, {unit}, multiset, F1 x100; punctuation and blanks dropped"


DECLARED = declared()


@dataclass(frozen=True, slots=True)
class Rouge:
    """ROUGE F1, 0 to 100."""

    one: float
    two: float
    long: float


class _Characters:
    def tokenize(self, text: str) -> list[str]:
        return list(fold(text))


class _Words:
    def tokenize(self, text: str) -> list[str]:
        return words(text)


@lru_cache(maxsize=2)
def _scorer(tokenizer: Tokens) -> RougeScorer:
    tokens = _Words() if tokenizer == "words" else _Characters()
    return RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=tokens)


def rouge(output: str, reference: str, *, tokenizer: Tokens = "characters") -> Rouge:
    """Of one output against one reference; 0.0 throughout when either folds to nothing.

    ROUGE-2 is 0.0 too when either is a single token. Raises ModelError for words without jieba.
    """
    scores = _scorer(tokenizer).score(reference, output)
    return Rouge(*(100 * scores[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")))


def best(output: str, references: Sequence[str], *, tokenizer: Tokens = "characters") -> Rouge:
    """Each of the three against the reference that favours it. ValueError without a reference."""
    found = _all(output, references, tokenizer)
    return Rouge(*(max(getattr(score, name) for score in found) for name in Rouge.__slots__))


def mean(output: str, references: Sequence[str], *, tokenizer: Tokens = "characters") -> Rouge:
    """Each of the three, averaged over the references. ValueError without a reference."""
    found = _all(output, references, tokenizer)
    return Rouge(*(sum(getattr(score, name) for score in found) / len(found) for name in Rouge.__slots__))


def _all(output: str, references: Sequence[str], tokenizer: Tokens) -> list[Rouge]:
    if not references:
        raise ValueError("expected at least one reference, found none")
    return [rouge(output, reference, tokenizer=tokenizer) for reference in references]
