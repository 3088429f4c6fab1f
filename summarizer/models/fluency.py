"""Does a text put together from pieces of another read as language? Bonds between characters.

A headline made by deleting and copying can break a word (国际象棋日 becomes 国际象日) without inventing
anything a grounding check could see. Two characters that nearly always stand together are bound
(pointwise mutual information, Church & Hanks 1990); where a text joins what its source does not, the
join must be a pair that language knows, and must not tear such a bond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from summarizer.text import is_han

__all__ = ["BONDS", "Bonds", "Joins", "learn_bonds"]

BONDS = "bonds.safetensors"
# Two million buckets: the half million pairs seen five times and more collide in one of five.
_BUCKETS = 1 << 21
# Steps a nat in the uint8 tables.
_STEPS = 12.0
# Texts counted in one go: a count over all buckets costs as much as 4,000 texts.
_AT_ONCE = 4000
# Pairs seen less often in 34 million are chance: misprints, names, foreign words.
_SEEN = 5
# Nats. Of 90 dev titles 20 % (broadcast) to 40 % (web) tear a bond above this, by shortening 春季灌溉 to
# 春灌; what the bundled model tore, read in some thirty printed lines, was mostly a broken word.
# Set by hand, not swept.
_TORN = 4.0
# Nats: a pair as strong is a word by itself.
_HOLDS = 4.0
_EDGES = "，。！？；：、“”‘’《》（）()·—-…|｜/ \n"


@dataclass(frozen=True, slots=True)
class Joins:
    """What holds a text together where its source does not."""

    new: int
    """Neighbours in the text that are none in the source."""
    unknown: int
    """Of those, the pairs that language hardly ever shows."""
    torn: float
    """The strongest bond of the source that the text tears, in nats; 0.0 when none."""

    @property
    def sound(self) -> bool:
        """Is every join known to language and no word broken?"""
        return not self.unknown and self.torn <= _TORN


@dataclass(frozen=True, slots=True)
class Bonds:
    """Log counts of characters and of pairs in news text, hashed."""

    single: npt.NDArray[np.float32]
    pair: npt.NDArray[np.float32]
    total: float
    """Log of the number of pairs counted."""

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path) -> Bonds:
        tables = load_file(path)
        single, pair = (tables[n].astype(np.float32) / _STEPS for n in ("single", "pair"))
        return cls(single, pair, float(tables["total"][0]))

    def save(self, path: Path) -> None:
        small = {n: np.round(getattr(self, n) * _STEPS).astype(np.uint8) for n in ("single", "pair")}
        save_file({**small, "total": np.array([self.total], dtype=np.float32)}, path)

    def strength(self, one: str, other: str) -> float:
        """Pointwise mutual information of two neighbouring characters, in nats; -inf when unknown."""
        a, b = self.single[ord(one) & 0xFFFF], self.single[ord(other) & 0xFFFF]
        # A pair is no commoner than either of its characters: what exceeds them is another pair's count.
        count = min(self.pair[_bucket(ord(one), ord(other))], a, b)
        return float(count + self.total - a - b) if count >= np.log(_SEEN) else -np.inf

    def joins(self, text: str, source: str) -> Joins:
        """How `text` is joined from pieces of `source`; both as a reader sees them."""
        new = unknown = 0
        torn = 0.0
        around = f" {text} "
        for at, (left, right) in enumerate(pairwise(around)):
            if left + right in source or not (is_han(left) or is_han(right)):
                continue
            inner = is_han(left) and is_han(right)
            known = self.strength(left, right) if inner else 0.0
            new += inner
            unknown += inner and known == -np.inf
            # An edge of the text or of one of its parts tears what stood on its other side, unless the
            # character stands in a word on this side: of 袭击, 遭袭 is no half.
            held = known if inner else 0.0
            if max(held, self._held(around[at - 1 : at + 1])) < _HOLDS:
                torn = max(torn, self._torn(source, left, known, after=True))
            if max(held, self._held(around[at + 1 : at + 3])) < _HOLDS:
                torn = max(torn, self._torn(source, right, known, after=False))
        return Joins(new, unknown, torn)

    def _held(self, pair: str) -> float:
        return self.strength(*pair) if len(pair) == 2 and all(map(is_han, pair)) else 0.0

    def _torn(self, source: str, char: str, known: float, *, after: bool) -> float:
        """The weakest bond of `char` to its neighbours in `source`, if stronger than the new one."""
        if not is_han(char):
            return 0.0
        weakest = np.inf
        at = source.find(char)
        while at >= 0:
            beside = source[at + 1 : at + 2] if after else source[max(0, at - 1) : at]
            if not beside or beside in _EDGES or not is_han(beside):
                return 0.0
            if not after and source[max(0, at - 2) : at - 1].isdigit():
                return 0.0  # a unit closes its number: 13日|主持 is no word
            pair = (char, beside) if after else (beside, char)
            weakest = min(weakest, self.strength(*pair))
            at = source.find(char, at + 1)
        return float(weakest) if known < weakest < np.inf else 0.0


def _bucket(one: int, other: int) -> int:
    return (one * 65_599 + other * 257) % _BUCKETS


def learn_bonds(texts: Sequence[str]) -> Bonds:
    """Count the characters and pairs of `texts`; the pairs where two texts meet are noise."""
    single, pair = np.ones(1 << 16), np.ones(_BUCKETS)
    for start in range(0, len(texts), _AT_ONCE):
        together = "".join(texts[start : start + _AT_ONCE])
        codes = np.frombuffer(together.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        single += np.bincount(codes & 0xFFFF, minlength=1 << 16)
        np.add.at(pair, (codes[:-1] * 65_599 + codes[1:] * 257) % _BUCKETS, 1)
    tables = np.log(single).astype(np.float32), np.log(pair).astype(np.float32)
    return Bonds(*tables, float(np.log(pair.sum())))
