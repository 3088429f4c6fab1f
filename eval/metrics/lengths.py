"""How long, how new, how repetitive an output is: counts of characters, with no reference."""

from __future__ import annotations

from collections import Counter

from summarizer.models.selftest import looping
from summarizer.text import fold, ngrams

__all__ = ["compression", "novelty", "repeated", "repeats", "within_limit"]


def compression(output: str, body: str) -> float:
    """Characters of the output for 100 of the body, from 0; above 100 when it is the longer one.

    0.0 for an empty output. ValueError for an empty body.
    """
    if not body:
        raise ValueError("expected a body, found an empty one")
    return 100 * len(output) / len(body)


def within_limit(output: str, limit: int) -> bool:
    """At most `limit` characters (Unicode code points); true of an empty output."""
    return len(output) <= limit


def novelty(output: str, body: str) -> float:
    """Share, 0 to 100, of the output's character bigrams that the body has nowhere (See et al. 2017).

    Both folded, every occurrence counted. 0.0 for an output of fewer than two letters or digits.
    """
    said, known = list(ngrams(fold(output), 2)), set(ngrams(fold(body), 2))
    return 100 * sum(pair not in known for pair in said) / len(said) if said else 0.0


def repeated(output: str) -> float:
    """Share, 0 to 100, of the output's character bigrams that stood in it before (folded).

    0.0 for an output of fewer than two letters or digits.
    """
    said = Counter(ngrams(fold(output), 2))
    return 100 * (1 - len(said) / said.total()) if said else 0.0


def repeats(output: str) -> bool:
    """Does it go in circles, as a stuck decoder does (summarizer.models.selftest.looping)? "" does not."""
    return looping(output)
