"""Hybrid search: passages by their words and by their vectors, in a learnt order.

    Searcher(Library.open("library", encoder), encoder).search("客运站占地多少亩", limit=10)

Both searches run at the same time, for SHORTLIST passages by words and NEAREST by vectors; `ranking` orders
them by `features`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from summarizer.library import Found, Library
from summarizer.library.found import cosines
from summarizer.models.encoding import Encoder, Vectors
from summarizer.models.reranking import Reranker
from summarizer.records import Filters, Hit, Span
from summarizer.search.features import Candidate
from summarizer.search.ranking import LearntRanking, Ranking
from summarizer.search.reprints import tellings
from summarizer.terms import query_terms
from summarizer.text import HAN, SETTLED

__all__ = ["SHORTLIST", "Searcher", "candidates_of"]

# Passages by words. In 95 of 100 development questions 64 hold the right article, 20 in 88; but with 64 of
# them as many stand among the first ten in the end as with 48.
SHORTLIST = 48
# Passages by vectors: with 64 of them not one development question finds more, and each costs reading it.
NEAREST = 24
# Passages that a re-ranker by name reads: published gains are within the first fifty.
RERANKED = 50
_ALL = Filters()
# A character that is another one in NFKC or in lower case, or may be.
_TOUCHY = re.compile(f"[^0-9a-z{SETTLED}]")
# A character of a Latin word or a number, which are terms only whole.
_PART = re.compile(rf"[^\W_{HAN}]")
# Between the thousands of a number.
_COMMA = re.compile(r"(?<=\d)[,，](?=\d)")


class Searcher:
    """One library, ready to be asked by any number of threads."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        ranking: Ranking | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """`encoder` must be the one whose vectors the library holds; `ranking` is the shipped one when None.

        A `reranker` reads the first RERANKED passages again, with the question, and has the last word.
        """
        self._library, self._encoder = library, encoder
        self._ranking = LearntRanking() if ranking is None else ranking
        self._reranker = reranker

    def search(
        self, question: str, *, limit: int, filters: Filters = _ALL, each: int = 1, fold: bool = False
    ) -> list[Hit]:
        """At most `limit` passages, best first, at most `each` of one article; [] when nothing is like it.

        With `fold` every telling takes one place: articles whose found passage says nearly the same stand
        in the `reprints` of the first. Equal scores go by article and place. Raises LibraryError.
        """
        candidates = candidates_of(question, self._library, self._encoder, filters)
        scores = self._ranking.score(question, candidates)
        order = sorted(
            range(len(candidates)),
            key=lambda i: (-scores[i], candidates[i].passage.article, candidates[i].ordinal),
        )
        if self._reranker is not None:
            order = self._reranked(question, candidates, order)
        chosen = _spread(candidates, order, len(order) if fold else limit, each)
        groups = _folded(candidates, chosen, limit) if fold else [[i] for i in chosen]
        terms = query_terms(question)
        return [
            Hit(
                rank, candidates[i].passage, float(scores[i]), _known(candidates[i].lexical),
                _known(candidates[i].dense), _matches(candidates[i].passage.text, terms),
                _articles(candidates, rest),
            )
            for rank, (i, *rest) in enumerate(groups, 1)
        ]  # fmt: skip

    def _reranked(self, question: str, candidates: Sequence[Candidate], order: list[int]) -> list[int]:
        assert self._reranker is not None
        first, rest = order[:RERANKED], order[RERANKED:]
        scores = self._reranker.score(question, [candidates[i].passage.text for i in first])
        places = sorted(range(len(first)), key=lambda at: (-scores[at], at))
        return [first[at] for at in places] + rest


def candidates_of(
    question: str,
    library: Library,
    encoder: Encoder,
    filters: Filters = _ALL,
    *,
    limit: int = SHORTLIST,
    nearest: int = NEAREST,
) -> list[Candidate]:
    """What `limit` passages by words and `nearest` by vectors come to, each once, in no order that means
    anything."""
    vector = encoder.questions([question])[0]
    said, near = library.hybrid(query_terms(question), vector, filters, limit=limit, nearest=nearest)
    return _merged(said, near, vector)


def _merged(said: Sequence[Found], near: Sequence[Found], vector: Vectors) -> list[Candidate]:
    """Every passage once. The cosine is known for all, since the words bring their vectors along."""
    lexical = {(f.passage.article, f.ordinal): f.score for f in said}
    found = {(f.passage.article, f.ordinal): f for f in (*said, *near)}
    if not found or not vector.any():
        near_to = [np.nan] * len(found)
    else:
        near_to = cosines(np.array([f.vector for f in found.values()]), vector)
    return [
        Candidate(f.passage, f.ordinal, lexical.get(key, np.nan), cosine)
        for (key, f), cosine in zip(found.items(), near_to, strict=True)
    ]


def _spread(candidates: Sequence[Candidate], order: Sequence[int], limit: int, each: int) -> list[int]:
    """The first `limit` of `order`, at most `each` of one article."""
    taken: dict[str, int] = {}
    chosen: list[int] = []
    for i in order:
        if len(chosen) >= limit:
            break
        article = candidates[i].passage.article
        if taken.get(article, 0) < each:
            taken[article] = taken.get(article, 0) + 1
            chosen.append(i)
    return chosen


def _folded(candidates: Sequence[Candidate], chosen: Sequence[int], limit: int) -> list[list[int]]:
    """`chosen` in groups of one telling, at most `limit` of them."""
    groups = tellings([candidates[i].passage.text for i in chosen], limit)
    return [[chosen[at] for at in group] for group in groups]


def _articles(candidates: Sequence[Candidate], chosen: Sequence[int]) -> tuple[str, ...]:
    """Their ids, each once."""
    return tuple(dict.fromkeys(candidates[i].passage.article for i in chosen))


def _matches(text: str, terms: Sequence[str]) -> tuple[Span, ...]:
    """Where the text says words of the question, neighbours joined, the longest first.

    As the terms are read: "ＧＤＰ" says gdp and "1,200" says 1200; words and numbers are whole.
    """
    low, places = _plain(text)
    marked = bytearray(len(text))
    for term in terms:
        at = low.find(term)
        whole = at >= 0 and _PART.match(term) is not None
        while at >= 0:
            end = at + len(term)
            if not whole or not (_PART.match(low[at - 1 : at]) or _PART.match(low[end : end + 1])):
                first, last = places[at], places[end - 1]
                marked[first : last + 1] = b"\1" * (last + 1 - first)
            at = low.find(term, at + 1)
    spans = [found.span() for found in re.finditer(b"\1+", marked)]
    return tuple(sorted(spans, key=lambda span: (span[0] - span[1], span[0])))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as terms are made of it, and where in `text` each of its characters stands."""
    chars = list(text)
    for found in _TOUCHY.finditer(text):
        chars[found.start()] = _normal(found[0])
    places = list(range(len(text)))
    for found in _COMMA.finditer(text):
        chars[found.start()] = ""
    low = "".join(chars)
    if len(low) != len(text) or "" in chars:  # a character that is none now, or several
        places = [at for at, char in enumerate(chars) for _ in char]
    return low, places


@lru_cache(maxsize=1 << 13)  # a newspaper's characters; each costs ten times as much to make anew
def _normal(char: str) -> str:
    return unicodedata.normalize("NFKC", char).lower()


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
