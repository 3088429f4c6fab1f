"""Pure functions on Chinese text: clean, split, count. Knows nothing of pages or models.

Offsets returned here are character offsets into the argument, never into a copy of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from rapidfuzz.distance import LCSseq

from summarizer.records import Span

__all__ = [
    "HAN",
    "SETTLED",
    "characters_f1",
    "clauses",
    "fold",
    "is_han",
    "lcs_f1",
    "ngrams",
    "sentences",
    "strip_hidden",
    "tidy",
    "width",
]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Character ranges of CJK ideographs, for use inside a regex character class."""

SETTLED = "、。《》「」“”\u4e00-\u9fff"
"""Common Han and the marks beside it, for a character class: in NFKC and in lower case each stands for itself
and joins with nothing before or after."""

_HAN = re.compile(f"[{HAN}]")
# Zero-width, bidi and tag characters: invisible to an editor, so never part of what is read
# or printed (they carry hidden instructions; private-gpt issue 2270).
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_SENTENCE_END = "。！？!?…"
_CLAUSE_END = _SENTENCE_END + "，；：,;:"
_CLOSERS = "”’」』）)》〉】\"'"
_OPENERS = "“‘「『（(《〈【"


def is_han(char: str) -> bool:
    """Is this one character a CJK ideograph?"""
    return bool(_HAN.match(char))


def strip_hidden(text: str) -> str:
    """Without zero-width, bidirectional and tag characters."""
    return _HIDDEN.sub("", text)


# Full-width letters, digits and the marks that stand inside numbers; Chinese punctuation stays.
_NARROW = {0xFF01 + i: 0x21 + i for i in range(94) if chr(0x21 + i).isalnum()}
_NARROW |= {ord("％"): ord("%"), ord("．"): ord("."), ord("＋"): ord("+"), 0x3000: ord(" "), 0xA0: ord(" ")}
_BLANKS = re.compile(r"[^\S\n]+")


def tidy(text: str) -> str:
    """The form a model reads: NFC, narrow letters and digits, blanks only where they mean something.

    A blank stays between two Latin words or numbers and between two Chinese words (in a headline it
    separates halves); between the two it goes, as extraction put it there, and beside a mark. Paragraph
    breaks stay, empty paragraphs go. Lengths change.
    """
    text = unicodedata.normalize("NFC", strip_hidden(text)).translate(_NARROW).replace("\r", "\n")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(_drop_blanks(line) for line in lines if line)


def _drop_blanks(line: str) -> str:
    if " " not in line:
        return line
    kept = []
    for at, char in enumerate(line):
        if char == " ":
            before, after = line[at - 1], line[at + 1]
            apart = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
            if not apart and not (is_han(before) and is_han(after)):
                continue
        kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """The form in which two texts are compared: NFKC, lower case, letters and digits only.

    Punctuation and blanks are dropped, so lengths change; "" stays "".
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in plain if c.isalnum())


def lcs_f1(one: str, other: str) -> float:
    """ROUGE-L F1 on characters, in [0, 1]: longest common subsequence of the folded texts.

    0.0 when either folds to nothing. tests/test_eval_metrics.py checks it against rouge_score.
    """
    a, b = fold(one), fold(other)
    if not a or not b:
        return 0.0
    return 2.0 * LCSseq.similarity(a, b) / (len(a) + len(b))


def width(text: str) -> int:
    """Columns the text takes in a terminal: wide and full-width characters count two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def characters_f1(output: str, reference: str) -> float:
    """F1 of the character counts of both, folded; 0.0 when they share none (SQuAD's, by characters)."""
    one, other = Counter(fold(output)), Counter(fold(reference))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def ngrams(text: str, n: int) -> Iterator[str]:
    """All `n`-character substrings, in order; nothing when the text is shorter than `n`."""
    return (text[i : i + n] for i in range(len(text) - n + 1))


def sentences(text: str) -> list[Span]:
    """Spans of the sentences: end marks and closing quotes belong to the sentence before.

    A newline ends a sentence too. Blank stretches are in no span. A mark inside brackets or
    quotes ends a sentence only when the quote closes right after it.
    """
    return _split(text, _SENTENCE_END)


def clauses(text: str) -> list[Span]:
    """Spans between commas, colons, semicolons and sentence ends, the mark included.

    A mark between two digits ("1,200", "3:2") or inside a bracket pair does not cut.
    """
    return _split(text, _CLAUSE_END)


def _split(text: str, marks: str) -> list[Span]:
    spans: list[Span] = []
    start, depth, at = 0, 0, 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\n":
            _keep(text, start, at - 1, spans)
            start, depth = at, 0
        elif char in _OPENERS:
            depth += 1
        elif char in _CLOSERS:
            depth = max(0, depth - 1)
        elif char in marks and not _between_digits(text, at - 1):
            at, closed = _past_closers(text, at, marks)
            if depth - closed <= 0:
                _keep(text, start, at, spans)
                start = at
            depth = max(0, depth - closed)
    _keep(text, start, len(text), spans)
    return spans


def _between_digits(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()


def _past_closers(text: str, at: int, marks: str) -> tuple[int, int]:
    """Skip further marks and closing quotes after a mark; count the closers."""
    closed = 0
    while at < len(text) and (text[at] in marks or text[at] in _CLOSERS):
        closed += text[at] in _CLOSERS
        at += 1
    return at, closed


def _keep(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
