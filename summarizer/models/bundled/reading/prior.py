"""What a question tells of its answer before anything is read: where it stands and what it looks like.

A reader of this size knows better what an answer is than which sentence the question is about; words know
that. So the sentence's share of the question's rarity, and a few plain facts of a span, are added to the
reader's log-odds. The weights were chosen on the development set, given contexts: they raise the
share of answers that stand in the cited sentence from 58 to 77 in 100 (training/LOG.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from summarizer.models.bigrams import Bigrams
from summarizer.terms import query_terms
from summarizer.text import HAN, fold

__all__ = ["Prior"]

# Nats for a sentence, and for a passage, that holds all of the question's words, by rarity.
SENTENCE, PASSAGE = 20.0, 6.0
# Nats for each pause inside an answer, and for an answer that the question gives itself.
PAUSE, ASKED = -8.0, -10.0
# Nats for an answer of the kind that is asked for, for a list, and for one that ends where a clause does.
KIND, LIST, CLOSED = 2.5, 4.0, 1.5
# Nats for an answer in the unit that is asked for: 多少人次 wants no percentage.
UNIT = 4.0
_UNIT = re.compile(rf"(?:多少|几)([{HAN}]{{1,2}})")
_PAUSES = "，；：,;:"
_CLOSING = "，。；”》、！？）"
_KINDS = (
    (re.compile("多少|几[^乎]|多[长大高远久]"), re.compile(r"\d|[一二三四五六七八九十百千万两半]")),
    (re.compile("何时|什么时[候间]|哪一?[天年月日]|哪个月"), re.compile("[年月日号时点天周晚午晨季底初]")),
    (re.compile("谁|哪位|哪[个些]?(?:国|省|市|县|公司)|哪家"), re.compile(r"^\D+$")),
)


@dataclass(frozen=True, slots=True)
class Prior:
    """One question, ready to weigh spans."""

    asked: str
    """Folded."""
    terms: tuple[str, ...]
    rarity: npt.NDArray[np.float32]
    """One a term; they add up to 1.0."""
    fits: re.Pattern[str] | None
    """What an answer of the kind asked for looks like; None when any will do."""
    unit: str
    """The one or two characters behind 多少 or 几; "" when the question has none."""

    @classmethod
    def of(cls, question: str, bigrams: Bigrams) -> Prior:
        terms = tuple(query_terms(question))
        rarity = bigrams.rarity(terms)
        fits = next((looks for asks, looks in _KINDS if asks.search(question)), None)
        unit = _UNIT.search(question)
        rarity = rarity / max(float(rarity.sum()), 1e-6)
        return cls(fold(question), terms, rarity, fits, unit[1] if unit else "")

    def said(self, text: str) -> float:
        """The share of the question's rarity that `text` says, in [0, 1]."""
        low = text.lower()
        return float(sum(r for term, r in zip(self.terms, self.rarity, strict=True) if term in low))

    def place(self, sentence: str, passage: str) -> float:
        """Nats for standing in this sentence of this passage."""
        return SENTENCE * self.said(sentence) + PASSAGE * self.said(passage)

    def form(self, answer: str, after: str) -> float:
        """Nats for the answer's looks; `after` is the character behind it, "" at the end."""
        total = PAUSE * sum(c in _PAUSES for c in answer)
        total += ASKED * (fold(answer) in self.asked)
        total += KIND * (self.fits is None or bool(self.fits.search(answer)))
        total += LIST * ("、" in answer)
        total += UNIT * bool(self.unit and (self.unit in answer or self.unit[0] in answer))
        return total + CLOSED * (not after or after in _CLOSING)
