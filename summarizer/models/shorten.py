"""Cut a text to a number of characters without cutting a word, a number or a bracket.

Words are the pieces of the bundled vocabulary: learnt from news, close enough to words that a cut
between two of them reads as a cut between words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from summarizer.text import clauses

__all__ = ["shorten"]

_VOCABULARY = Path(__file__).parent / "bundled" / "tokenizer.json"
_OPENERS, _CLOSERS = "“‘（(《〈「【", "”’）)》〉」】"
_EDGE = "，、；：,;:—-· 　"
# What stays whole beside single words: numbers with sign, decimals and the unit that follows.
_WHOLE = re.compile(
    r"[-+]?\d[\d.,:/]*(?:%|‰|个百分点|[万亿千百十]+)*[^\W\d_，。]?|[A-Za-z0-9][A-Za-z0-9.&+-]*|第[一二三四五六七八九十百\d]+."
)
# A clause end is a better place to stop than a word end, if this share of the limit is used.
_FULL_ENOUGH = 0.5


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of `text` from its start; "" when not even one word fits.

    A text that fits comes back whole but for edge commas. Otherwise it ends at the last clause
    end past half of the limit, else at the last word end; open brackets and quotes are not left open.
    """
    text = text.strip(_EDGE + "\n")
    if len(text) <= limit:
        return text
    ends = [end for _, end in clauses(text)]
    for end in reversed(ends):
        piece = text[:end].rstrip(_EDGE + "。")
        if limit * _FULL_ENOUGH <= len(piece) <= limit and _closed(piece):
            return piece
    for end in reversed([e for e in _word_ends(text) if e <= limit]):
        piece = text[:end].rstrip(_EDGE)
        if piece and _closed(piece):
            return piece
    return ""


def _closed(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in zip(_OPENERS, _CLOSERS, strict=True))


def _word_ends(text: str) -> list[int]:
    """Offsets where a word ends, ascending, none inside a number or a Latin word."""
    inside = {i for m in _WHOLE.finditer(text) for i in range(m.start() + 1, m.end())}
    spans = _tokenizer().encode(text, add_special_tokens=False).offsets
    return [end for _, end in spans if end not in inside]


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(_VOCABULARY))
