"""What the gate sees of a question, the passages found and the places a reader points at in them.

How sure the reader is and how far ahead of its second answer; how much of the question is said in the
sentence that would be cited, in its passage, in its article and anywhere, and what of it nobody says; how
near the vectors are. Left out: the search's own scores, which compare inside one search only, BM25's, whose
size is that of the library, and how many passages agree, of which a library that tells everything once has
little (summarizer/training/LOG.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from summarizer.answers.choosing import Alternative, alternatives
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams, Weighed
from summarizer.models.reading import Extraction
from summarizer.records import Hit, Span
from summarizer.terms import asking
from summarizer.text import sentences

__all__ = ["FEATURES", "SENSE", "Features", "features"]

Features = npt.NDArray[np.float64]

SENSE = {
    # the reader: the answer's score together, its share of all answers', their entropy, ahead of the second,
    # ahead of answers that neither hold it nor are held by it, alone; mean of the five best, spread of all
    "shared": 1, "share": 1, "entropy": -1, "ahead": 1, "ahead_of_others": 1, "score": 1, "mean": 1,
    "spread": 0,
    # log-odds against "does not say": in its passage, the most of all, behind that, how many are above 0
    "odds": 1, "odds_most": 1, "odds_behind": 0, "odds_above": 0, "rank": -1,
    # share of the question said by its sentence, that and its neighbours, around it, passage, article, all
    "sentence": 1, "beside": 1, "near": 1, "passage": 1, "article": 1, "anywhere": 1,
    # by how much another sentence, another passage says more
    "better_sentence": -1, "better_passage": -1,
    # not said in the passage: rarest term, rarity of all, how many, longest stretch; in the article
    "lost": -1, "lost_together": -1, "lost_terms": -1, "gap": -1, "lost_article": -1, "gap_article": -1,
    # longest stretch of the question, word for word; words and numbers of it, as shares
    "copied": 1, "copied_passage": 1, "words": 1, "figures": 1, "figures_passage": 1, "figures_anywhere": 1,
    # cosine of question and passage: its own, the best, behind it, best to fifth; BM25 as a share of the best
    "cosine": 1, "cosine_most": 0, "cosine_behind": 0, "cosine_fall": 0, "lexical": 1, "lexical_fifth": 0,
    # the question: terms, characters, rarity on average and at most
    "terms": 0, "length": 0, "rarity": 0, "rarest": 0,
}  # fmt: skip
"""By the names of what `features` counts, in order: does more speak for an answer (1) or against one (-1)?"""
FEATURES = tuple(SENSE)

# Characters on either side of an answer in which the question should be repeated.
NEAR = 60
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def features(question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> Features | None:
    """Shape (len(FEATURES),), NaN where a thing does not apply; None when nothing is pointed at.

    One extraction a hit, the hits best first.
    """
    answers = alternatives(hits, extractions)
    if not answers:
        return None
    best = answers[0].hits[0]
    text, span = hits[best].passage.text, extractions[best].span
    weighed = Weighed.of(question, Bigrams.load(bundled.FOLDER / BIGRAMS))
    found = {
        "rank": hits[best].rank,
        **_reader(answers, extractions),
        **_said(weighed, hits, best, span),
        **_lost(question, weighed, hits, best),
        **_repeated(question, hits, text, _around(text, span)[0]),
        **_search(hits, best),
        "terms": len(weighed.terms),
        "length": len(question),
        "rarity": weighed.rarity.mean() if weighed.terms else 0.0,
        "rarest": weighed.rarity.max(initial=0.0),
    }
    return np.array([found[name] for name in FEATURES], dtype=np.float64)


def _reader(answers: Sequence[Alternative], extractions: Sequence[Extraction]) -> dict[str, float]:
    best = answers[0].hits[0]
    together = np.array([one.score for one in answers])
    likely = np.exp(together - together[0])
    likely /= likely.sum()
    alone = sorted((extractions[i].score for one in answers for i in one.hits), reverse=True)
    odds = np.array([extractions[i].odds for one in answers for i in one.hits])
    first = answers[0].text
    others = [
        extractions[i].score
        for one in answers
        if one.text not in first and first not in one.text
        for i in one.hits
    ]
    score, own = extractions[best].score, extractions[best].odds
    return {
        "shared": together[0],
        "share": likely[0],
        "entropy": -(likely * np.log(likely + 1e-12)).sum(),
        "ahead": together[0] - together[1] if len(together) > 1 else np.nan,
        "ahead_of_others": score - max(others, default=np.nan),
        "score": score,
        "mean": np.mean(alone[:5]),
        "spread": np.std(alone),
        "odds": own,
        "odds_most": odds.max(),
        "odds_behind": own - odds.max(),
        "odds_above": (odds > 0).sum(),
    }


def _said(weighed: Weighed, hits: Sequence[Hit], best: int, span: Span) -> dict[str, float]:
    text = hits[best].passage.text
    low = text.lower()
    sentence, beside = (weighed.said(part) for part in _around(text, span))
    passages = [weighed.said(hit.passage.text.lower()) for hit in hits]
    most = max(weighed.said(h.passage.text[a:b].lower()) for h in hits for a, b in _sentences(h.passage.text))
    return {
        "sentence": sentence,
        "beside": beside,
        "near": weighed.said(text[max(0, span[0] - NEAR) : span[1] + NEAR].lower()),
        "passage": weighed.said(low),
        "article": weighed.said(_article(hits, best)),
        "anywhere": weighed.said(_everything(hits)),
        "better_sentence": most - sentence,
        "better_passage": max(passages) - passages[best],
    }


def _lost(question: str, weighed: Weighed, hits: Sequence[Hit], best: int) -> dict[str, float]:
    low, article = hits[best].passage.text.lower(), _article(hits, best)
    lost = _rarities(weighed, low)
    words = [term in low for term in weighed.terms if term.isascii()]
    return {
        "lost": max(lost, default=0.0),
        "lost_together": sum(lost),
        "lost_terms": len(lost),
        "gap": _gap(question, weighed, low),
        "lost_article": max(_rarities(weighed, article), default=0.0),
        "gap_article": _gap(question, weighed, article),
        "words": float(np.mean(words)) if words else 1.0,
    }


def _rarities(weighed: Weighed, low: str) -> list[float]:
    """Of the terms that `low` does not say, in nats."""
    return [float(r) for t, r in zip(weighed.terms, weighed.rarity, strict=True) if t not in low]


def _gap(question: str, weighed: Weighed, low: str) -> int:
    """Length of the longest stretch of the question, question words apart, of which `low` says no term."""
    asked = question.lower()
    unsaid = np.array([char.isalnum() for char in asked], dtype=bool)
    for start, end in asking(asked):
        unsaid[start:end] = False
    for term in weighed.terms:
        if term in low:
            for found in re.finditer(f"(?={re.escape(term)})", asked):
                unsaid[found.start() : found.start() + len(term)] = False
    return max(map(len, "".join("x" if one else " " for one in unsaid).split()), default=0)


def _repeated(question: str, hits: Sequence[Hit], text: str, sentence: str) -> dict[str, float]:
    asked, low = question.lower().rstrip("？?"), text.lower()
    figures = _FIGURE.findall(question)

    def share(said: str) -> float:
        return sum(figure in said for figure in figures) / len(figures) if figures else np.nan

    return {
        "copied": _copied(asked, sentence),
        "copied_passage": _copied(asked, low),
        "figures": share(sentence),
        "figures_passage": share(low),
        "figures_anywhere": share(_everything(hits)),
    }


def _copied(asked: str, said: str) -> int:
    """Length of the longest common substring."""
    longest = 0
    for at in range(len(asked)):
        while at + longest < len(asked) and asked[at : at + longest + 1] in said:
            longest += 1
    return longest


def _search(hits: Sequence[Hit], best: int) -> dict[str, float]:
    """NaN all round for passages that no search found."""
    cosine = sorted((hit.dense for hit in hits if hit.dense is not None), reverse=True)
    lexical = sorted((hit.lexical for hit in hits if hit.lexical is not None), reverse=True)
    own, words = hits[best].dense, hits[best].lexical
    most = cosine[0] if cosine else np.nan
    top = lexical[0] if lexical and lexical[0] > 0 else np.nan
    return {
        "cosine": np.nan if own is None else own,
        "cosine_most": most,
        "cosine_behind": np.nan if own is None else own - most,
        "cosine_fall": most - cosine[min(4, len(cosine) - 1)] if cosine else np.nan,
        "lexical": np.nan if words is None else words / top,
        "lexical_fifth": lexical[min(4, len(lexical) - 1)] / top if lexical else np.nan,
    }


def _sentences(text: str) -> list[Span]:
    return sentences(text) or [(0, len(text))]


def _around(text: str, span: Span) -> tuple[str, str]:
    """(the sentence that holds the span's first character, it and its two neighbours), in lower case."""
    found = _sentences(text)
    at = next((n for n, (a, b) in enumerate(found) if a <= span[0] < b), 0)
    first, last = found[max(0, at - 1)][0], found[min(len(found) - 1, at + 1)][1]
    return text[slice(*found[at])].lower(), text[first:last].lower()


def _article(hits: Sequence[Hit], best: int) -> str:
    """What was found of the article that hit `best` is of, in lower case."""
    name = hits[best].passage.article
    return _everything([hit for hit in hits if hit.passage.article == name])


def _everything(hits: Sequence[Hit]) -> str:
    return "\n".join(hit.passage.text.lower() for hit in hits)
