"""Questions in other words: people do not repeat the text they ask about, clozes and crowds mostly do.

Words are swapped for others that mean much the same (wordings.tsv), question words among them, an attribute
before 的 or some other word goes, two clauses change places. The answer stays the same; that the sentence
still reads well is not needed of a question that only has to look less like its text.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from summarizer.models.bundled import FOLDER
from summarizer.models.fluency import BONDS, Bonds
from summarizer.records import Span
from summarizer.terms import asking
from summarizer.text import HAN, is_han

__all__ = ["reworded"]

# One line a word, and what a reader may say for it.
WORDINGS = Path(__file__).with_name("wordings.tsv")

_ATTRIBUTE = re.compile(rf"[{HAN}]{{2,8}}的(?=[{HAN}]{{2}})")
# Words swapped at most; nats that hold two characters of a word together; characters of a question.
_SWAPPED, _WORD, _SHORTEST = 3, 2.0, 6


def reworded(question: str, chance: random.Random) -> str | None:
    """The question said otherwise; None when nothing of it can be changed or too little is left."""
    text, changed = _swapped(question, chance)
    attribute = _ATTRIBUTE.search(text)
    if attribute and not asking(attribute[0]) and chance.random() < 0.6:
        text = text[: attribute.start()] + text[attribute.end() :]
        changed += 1
    if not changed or chance.random() < 0.35:
        text = _without_a_word(text, chance)
    clauses = re.split("[，,]", text.rstrip("？?"))
    if len(clauses) == 2 and chance.random() < 0.5:
        text = f"{clauses[1]}，{clauses[0]}？"
    return text if text != question and len(text) >= _SHORTEST else None


def _swapped(text: str, chance: random.Random) -> tuple[str, int]:
    """(with other words, how many)."""
    others, pattern = wordings()
    found = [m.span() for m in pattern.finditer(text) if not any(_tied(text, at) for at in m.span())]
    chosen = chance.sample(found, min(len(found), chance.randint(1, _SWAPPED)))
    for start, end in sorted(chosen, reverse=True):
        text = text[:start] + chance.choice(others[text[start:end]]) + text[end:]
    return text, len(chosen)


@lru_cache(maxsize=1)
def wordings() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """(what may be said for each word, what finds these words in a text, the longest first)."""
    lines = WORDINGS.read_text(encoding="utf-8").splitlines()
    others = {one: tuple(rest) for one, *rest in (line.split() for line in lines if line[0] != "#")}
    return others, re.compile("|".join(sorted(map(re.escape, others), key=lambda word: (-len(word), word))))


def _without_a_word(text: str, chance: random.Random) -> str:
    """Without one of its words, if there are three; question words stay."""
    found = [(a, b) for a, b in _words(text) if not asking(text[a:b])]
    if len(found) < 3:
        return text
    start, end = chance.choice(found)
    return re.sub("^[，,]|[，,](?=[？?]?$)", "", text[:start] + text[end:])


def _words(text: str) -> list[Span]:
    """Stretches of two characters and more that hold together, in order."""
    borders = [0, *(at for at in range(1, len(text)) if not _tied(text, at)), len(text)]
    return [(a, b) for a, b in pairwise(borders) if b - a >= 2]


def _tied(text: str, at: int) -> bool:
    """Would a cut before character `at` go through a word?"""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    if is_han(one) and is_han(other):
        return Bonds.load(FOLDER / BONDS).strength(one, other) > _WORD
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()
