"""Step of the headline models: the verbs of the news, which models/statement.py looks for.

jieba's tagger (MIT) says what stands as a verb in headlines and leads. Many of its verbs are nouns in a
newspaper (选手, 警察, 举措); a verb is at times seen with an aspect marker (已, 将, 正; 了, 着, 过), a noun
is not.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from rich.progress import track

from summarizer.models.statement import VERBS
from summarizer.text import is_han, sentences
from summarizer.training.data import Pair, held_out, training_pairs
from summarizer.training.export import write_checksums

__all__ = ["aspects", "tagged_verbs", "write_verbs"]

PAIRS = 60_000
# Characters of a lead that are tagged, and of a body in which markers are counted.
LEAD, COUNTED = 80, 400
# Times a word must be seen, and the share of them in which it must be a verb: below it is a noun of late.
SEEN, VERBAL = 5, 0.6
# Share of its places beside a marker. On dev titles half a per cent parts 举办 from 选手.
MARKED = 0.005
_BEFORE, _AFTER = frozenset("已将正曾未被"), frozenset("了着过")


def write_verbs(data: Path, out: Path) -> int:
    """Write `out`/verbs.txt, one verb of two characters a line, the commonest first; returns how many.

    Renews checksums.json.
    """
    pairs, _ = held_out(training_pairs(data))
    random.Random(0).shuffle(pairs)
    pairs = pairs[:PAIRS]
    verbs = tagged_verbs(_headlines_and_leads(pairs))
    seen, marked = aspects((pair.body[:COUNTED] for pair in pairs), verbs)
    kept = [w for w in verbs if seen[w] >= SEEN and marked[w] >= MARKED * seen[w]]
    kept.sort(key=lambda word: (-seen[word], word))
    (out / VERBS.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    write_checksums(out)
    return len(kept)


def _headlines_and_leads(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in track(pairs, description="tagging"):
        yield pair.title
        yield pair.body[slice(*sentences(pair.body)[0])][:LEAD]


def tagged_verbs(texts: Iterable[str]) -> set[str]:
    """Words of two characters that the tagger mostly takes for verbs."""
    with warnings.catch_warnings():
        # jieba reads its dictionary through pkg_resources where there is one, which says that it is old
        warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
        from jieba import posseg

    words: Counter[str] = Counter()
    verbs: Counter[str] = Counter()
    for text in texts:
        for word, flag in posseg.cut(text):
            if len(word) == 2 and all(map(is_han, word)):
                words[word] += 1
                verbs[word] += flag == "v"
    return {word for word, count in words.items() if count >= SEEN and verbs[word] >= VERBAL * count}


def aspects(texts: Iterable[str], verbs: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each of `verbs` is seen in `texts`, and how often an aspect marker stands beside it."""
    seen: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    for text in texts:
        around = f" {text} "
        for at, (one, other) in enumerate(pairwise(text)):
            word = one + other
            if word in verbs:
                seen[word] += 1
                marked[word] += around[at] in _BEFORE or around[at + 3] in _AFTER
    return seen, marked
