"""An Article becomes a Summary: candidates, proof, choice.

The model proposes, the clause ranker always proposes beside it, the grounding check disqualifies
whatever the article does not say, and the best of the rest is printed. So an output never holds a number its
article does not, and is hardly ever empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from summarizer.grounding import Source
from summarizer.models import Generator, Judge, Proposal
from summarizer.models.extractive import Extractive
from summarizer.models.selftest import looping
from summarizer.models.shorten import shorten
from summarizer.records import Article, Candidate, Check, Reading, Style, Summary
from summarizer.text import lcs_f1, sentences, tidy

__all__ = ["digest", "summarize", "summarize_many"]

# 要点: editors ask for three to five.
POINTS = (3, 5)
# Characters. A point is a statement; shorter ones are fragments such as "一类苗占51.2%".
SHORT_POINT = 10
# Two points that share more than this (ROUGE-L F1) say the same thing.
SAME_POINT = 0.5


def summarize(article: Article, generator: Generator, *, style: Style, limit: int) -> Summary:
    """The summary of one article; see `summarize_many`."""
    return summarize_many([article], generator, style=style, limit=limit)[0]


def summarize_many(
    articles: Sequence[Article], generator: Generator, *, style: Style, limit: int
) -> list[Summary]:
    """One summary an article, in order; `limit` is in characters, for "points" of each point.

    The text keeps the limit always. It is "" only for an article without body and headline, or when
    nothing within the limit passes the checks.
    Raises ModelError when the generator fails.
    """
    bodies = [article.body or article.headline or "" for article in articles]
    floor = _floor()
    if style == "points":
        pools = [_point_pool(body, floor, limit) for body in bodies]
    elif style == "brief":
        pools = [_brief_pool(body, floor, limit) for body in bodies]
    else:
        pools = floor.propose(bodies, style=style, limit=limit)
    if style in generator.styles and generator.name != floor.name:
        own = generator.propose(bodies, style=style, limit=limit)
        pools = [_distinct([*mine, *theirs]) for mine, theirs in zip(own, pools, strict=True)]
    judge = cast(Judge, generator if hasattr(generator, "judge") else floor)
    learnt = style in ("headline", "digest") and hasattr(generator, "judge")
    scores = judge.judge(bodies, pools, limit) if learnt else [_in_order(pool) for pool in pools]
    return [
        _choose(article, body, pool, marks, style, limit, generator.name, judge)
        for article, body, pool, marks in zip(articles, bodies, pools, scores, strict=True)
    ]


def digest(articles: Sequence[Article], summaries: Sequence[Summary]) -> list[tuple[Article, Summary]]:
    """The items of one page, most important first: what a duty editor reads.

    A page says what matters by the room it gives: stories before captions and notices, a kicker or
    subtitle and a longer body before a shorter one; equal ones keep page order.
    """
    rank = {"article": 0, "photo": 1, "notice": 2}

    def weight(item: tuple[Article, Summary]) -> tuple[int, float, int]:
        article = item[0]
        decks = bool(article.kicker) + bool(article.subtitle)
        return rank[article.kind], -len(article.body) * (1 + 0.5 * decks), article.order

    return sorted(zip(articles, summaries, strict=True), key=weight)


@lru_cache(maxsize=1)
def _floor() -> Extractive:
    return Extractive()


def _distinct(pool: Sequence[Proposal]) -> list[Proposal]:
    """Without texts that stand earlier in the pool."""
    return list({p.text: p for p in reversed(pool)}.values())[::-1]


def _in_order(pool: Sequence[Proposal]) -> list[float]:
    """Scores that keep the pool's order: the model's own first, as it ranked them."""
    return [-float(i) for i in range(len(pool))]


def _brief_pool(body: str, floor: Extractive, limit: int) -> list[Proposal]:
    """导语 candidates: the opening sentences, and whole sentences chosen by the ranker, in order."""
    text = tidy(body)
    spans = sentences(text)
    whole = [text[a:b] for a, b in spans]
    lead = _fill(whole, range(len(whole)), limit) or shorten(text, limit)
    ranked = floor.sentence_order(text)
    picked = _fill(whole, ranked, limit)
    pool = [Proposal(t, 0.0, o) for t, o in ((lead, "lead"), (picked, "clause")) if t]
    # An opening is the best 导语 there is, unless it is somebody talking.
    return _distinct(pool[::-1] if lead.startswith("“") else pool)


def _fill(whole: Sequence[str], order: Sequence[int] | range, limit: int) -> str:
    """Sentences taken in `order` while they fit `limit`, joined in the article's order."""
    taken: list[int] = []
    room = limit
    for i in order:
        if len(whole[i]) <= room:
            taken.append(i)
            room -= len(whole[i])
        elif isinstance(order, range):
            break  # an opening has no holes
    return "".join(whole[i] for i in sorted(taken))


def _point_pool(body: str, floor: Extractive, limit: int) -> list[Proposal]:
    """要点: the best statements that say different things, in reading order, as one proposal."""
    found = [(start, text) for start, text in floor.statements(tidy(body), limit) if len(text) >= SHORT_POINT]
    chosen: list[tuple[int, str]] = []
    for start, text in found:
        if len(chosen) < POINTS[1] and all(lcs_f1(text, other) < SAME_POINT for _, other in chosen):
            chosen.append((start, text))
    if not chosen:
        return [Proposal(t, 0.0, "lead") for t in [shorten(tidy(body), limit)] if t]
    return [Proposal("\n".join(text for _, text in sorted(chosen)), 0.0, "clause")]


def _choose(
    article: Article, body: str, pool: Sequence[Proposal], scores: Sequence[float], style: Style,
    limit: int, model: str, judge: Judge,
) -> Summary:  # fmt: skip
    source = Source.of(body, article.date)
    judged: list[tuple[Candidate, tuple[Check, ...]]] = []
    for proposal, score in zip(pool, scores, strict=True):
        checks = source.check(proposal.text)
        faults = tuple(
            filter(None, [*_faults(proposal.text, checks, style, limit), judge.fault(body, proposal)])
        )
        judged.append((Candidate(proposal.text, proposal.origin, score, not faults, faults), checks))
    judged.sort(key=lambda item: (not item[0].accepted, -item[0].score))
    if not judged or not judged[0][0].accepted:
        judged.insert(0, _last_resort(body, limit, source))
    winner, checks = judged[0]
    paragraphs = sum(bool(p.strip()) for p in article.body.split("\n"))
    return Summary(
        text=winner.text, style=style, limit=limit, model=model,
        candidates=tuple(candidate for candidate, _ in judged), checks=checks,
        reading=Reading(paragraphs, paragraphs),
    )  # fmt: skip


def _faults(text: str, checks: Sequence[Check], style: Style, limit: int) -> list[str]:
    """Why a candidate may not be printed; [] when it may."""
    parts = text.split("\n") if style == "points" else [text]
    found = [f"unsupported {c.kind} {c.text}: {c.reason}" for c in checks if not c.supported]
    longest = max(map(len, parts))
    if longest > limit:
        found.append(f"{longest} characters, limit {limit}")
    if not text.strip():
        found.append("empty")
    if any(map(looping, parts)):
        found.append("repeats itself")
    return found


def _last_resort(body: str, limit: int, source: Source) -> tuple[Candidate, tuple[Check, ...]]:
    """The opening, cut at a word, inside one only when not even the first word fits; else nothing.

    A cut that the article does not bear out ("9" of "9人") is not printed: no summary is better.
    """
    text = tidy(body).replace("\n", "")
    for cut in (shorten(text, limit), text[:limit]):
        checks = source.check(cut)
        if cut and all(c.supported for c in checks):
            return Candidate(cut, "lead", 0.0, True, ("no candidate passed the checks",)), checks
    return Candidate("", "lead", 0.0, True, ("nothing that fits passes the checks",)), ()
