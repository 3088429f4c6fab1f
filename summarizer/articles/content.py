"""Do two texts speak of the same thing? Character pairs, weighted by rarity on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from operator import add

from summarizer.text import HAN

__all__ = ["Rarity", "pairs_of"]

_KEPT = re.compile(rf"[^{HAN}A-Za-z0-9]+")
# Pairs. A headline of which only one or two pairs stand anywhere on the page proves nothing.
_DOUBT = 2.0


def pairs_of(text: str) -> frozenset[str]:
    """All pairs of neighbouring letters, digits and Han characters, marks and blanks left out."""
    kept = _KEPT.sub("", text).lower()
    return frozenset(map(add, kept, kept[1:]))


class Rarity:
    """How much each pair of characters tells on this page, from the texts that stand apart on it."""

    def __init__(self, texts: Sequence[Iterable[str]]) -> None:
        """`texts`: the pairs of each text."""
        counts: Counter[str] = Counter()
        for pairs in texts:
            counts.update(pairs)
        scale = log(len(texts) + 1) or 1.0
        self._weight = {pair: log((len(texts) + 1) / n) / scale for pair, n in counts.items()}

    def shared(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Which part of the shorter text, by weight, stands in the other; 0 to 1, 0 for no text."""
        least = min(self._total(a), self._total(b))
        return self._total(a & b) / least if least else 0.0

    def _total(self, pairs: frozenset[str]) -> float:
        return sum(self._weight.get(pair, 0.0) for pair in pairs)

    def prefix_scores(self, head: frozenset[str], texts: Sequence[frozenset[str]]) -> list[float]:
        """For every n, how much of what `head` says stands in the first n texts; 0 to 1, rising.

        What stands nowhere on the page is left out of account, so a headline without any trace in
        the texts scores one half everywhere; n runs from 0 to len(texts).
        """
        weight = self._weight
        left = {pair for pair in head if pair in weight}
        total = sum(weight[pair] for pair in left) + _DOUBT
        found = _DOUBT / 2
        scores = [found / total]
        for pairs in texts:
            if new := left & pairs:
                found += sum(weight[pair] for pair in new)
                left -= new
            scores.append(found / total)
        return scores
