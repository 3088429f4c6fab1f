"""What character bigrams tell: how rare one is in news, how much it sounds like a headline.

Two tables of `BUCKETS` small integers, learnt in training/ranker.py and shipped as safetensors;
bigrams share buckets by a plain hash, so no dictionary and no text of others is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from summarizer.terms import query_terms

__all__ = ["BIGRAMS", "BUCKETS", "Bigrams", "Weighed", "bigram_codes"]

BIGRAMS = "bigrams.safetensors"
# 131,072: the 60,000 commonest bigrams collide rarely, and both tables together take 256 kB.
BUCKETS = 1 << 17
# Steps a unit (nat) in the int8 tables: 1/16 nat is far below what a ranking can feel.
STEPS = 16.0

# Rarity of a Latin word or a number, of which the table knows nothing: that of a name.
WORD_RARITY = 7.0

Floats = npt.NDArray[np.float32]


def bigram_codes(text: str) -> npt.NDArray[np.int64]:
    """The bucket of each bigram, shape (len(text) - 1,) or (0,) for shorter texts."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    return (codes[:-1] * 65_599 + codes[1:] * 257) % BUCKETS


@dataclass(frozen=True, slots=True)
class Bigrams:
    """idf: ln(documents / documents with the bigram). style: ln p(bigram | headline) / p(| body)."""

    idf: Floats
    style: Floats

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path) -> Bigrams:
        tables = load_file(path)
        return cls(tables["idf"].astype(np.float32) / STEPS, tables["style"].astype(np.float32) / STEPS)

    def rarity(self, terms: Sequence[str]) -> Floats:
        """The idf of each search term, shape (len(terms),); words and numbers count as names do."""
        found = np.full(len(terms), WORD_RARITY, dtype=np.float32)
        pairs = [at for at, term in enumerate(terms) if len(term) == 2 and not term.isascii()]
        if pairs:
            # One after the other, so that every second bigram of all the characters is one of them.
            found[pairs] = self.idf[bigram_codes("".join(terms[at] for at in pairs))[::2]]
        return found

    def save(self, path: Path) -> None:
        small = {
            "idf": np.clip(np.round(self.idf * STEPS), 0, 255).astype(np.uint8),
            "style": np.clip(np.round(self.style * STEPS), -128, 127).astype(np.int8),
        }
        save_file(small, path)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a question is searched by, and how much of it a text says."""

    terms: tuple[str, ...]
    rarity: Floats
    """One a term, in nats."""
    shares: Floats
    """The rarity again, adding up to 1.0."""

    @classmethod
    def of(cls, question: str, bigrams: Bigrams) -> Weighed:
        """[] all round for a question without a letter or digit."""
        terms = tuple(query_terms(question))
        rarity = bigrams.rarity(terms)
        return cls(terms, rarity, rarity / max(float(rarity.sum()), 1e-6))

    def said(self, low: str) -> float:
        """The share of the question that `low`, a text in lower case, says; in [0, 1]."""
        return float(sum(s for term, s in zip(self.terms, self.shares, strict=True) if term in low))
