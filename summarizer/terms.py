"""What a text is found by: its character unigrams and bigrams, its Latin words and numbers whole.

No dictionary, so no new name is ever unknown to it, and no cache file. Measured against words of
a dictionary in eval/README.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from summarizer.records import Span
from summarizer.text import HAN

__all__ = ["STOP", "asking", "index_terms", "query_terms"]

# A run of Han, or a number with its point and commas, or a Latin (or other alphabetic) word with its digits.
_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|\d+(?:[.,]\d+)+(?![^\W_{HAN}])|[^\W_{HAN}]+")
STOP = frozenset("什么多少哪些哪个哪里哪家哪位哪种哪年几个为何如何怎么怎样是否")
"""Question words by their characters: a stretch made of them asks and does not say."""
_ASKING = re.compile(
    "什么样|什么|多少|哪[些个里家位种名项所]|哪[一几两三]|哪(?!吒)|谁|几(?![内何乎])|为何|因何|何[时地处种人]|如何|怎么样|怎么|怎样|是否"
)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Every run with whether it is Han, in order; NFKC, lower case, numbers without their commas."""
    for found in _RUNS.finditer(unicodedata.normalize("NFKC", text).lower()):
        han = found.lastgroup == "han"
        yield (found[0] if han else found[0].replace(",", "")), han


def index_terms(text: str) -> str:
    """The terms of a passage, parted by blanks, in the order of the text; "" for a text without any.

    Each unigram stands before the bigram it begins: the column compresses to two thirds of what it
    takes when all unigrams come first.
    """
    found: list[str] = []
    for run, han in _runs(text):
        if han:
            for one, other in pairwise(run):
                found.append(one)
                found.append(one + other)
            found.append(run[-1])
        else:
            found.append(run)
    return " ".join(found)


def query_terms(question: str) -> list[str]:
    """The terms to look for, each once, in order: bigrams, words and numbers.

    A unigram is looked for only where it stands alone: inside a run the bigrams say more and cost less
    (half the time on 221,000 passages, the same hits). Question words are left out, and no bigram goes
    over them (接诊多少人 has no 诊多), unless nothing else is asked. [] for a question without a letter or
    digit.
    """
    telling: list[str] = []
    everything: list[str] = []
    for run, han in _runs(question):
        parts = [part for part in _ASKING.split(run) if len(part) > 1 or part == run] if han else [run]
        telling += [term for part in parts for term in _bigrams(part, han)]
        everything += _bigrams(run, han)
    rest = [term for term in everything if not STOP.issuperset(term)]  # 多少钱 leaves 少钱
    return list(dict.fromkeys(telling or rest or everything))


def asking(text: str) -> list[Span]:
    """Where `text` has question words, in order; [] for none."""
    return [found.span() for found in _ASKING.finditer(text)]


def _bigrams(run: str, han: bool) -> list[str]:
    return [run] if not han or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
