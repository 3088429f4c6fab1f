"""Hits and answers as JSON objects: what `search --json` and `ask --json` print.

Fields are a contract with outside scripts: they may be added to, never renamed or dropped.
"""

from __future__ import annotations

from math import isfinite

from summarizer.answers.times import day_of, periods
from summarizer.errors import SettingsError
from summarizer.records import Answer, Citation, Hit
from summarizer.rows import Row

__all__ = ["answer_row", "hit_row", "said_days"]

_Id = str | int | None


def hit_row(name: _Id, hit: Hit) -> Row:
    """One hit of the question `name`; `span` counts in the text of the article, `matches` in `text`."""
    passage = hit.passage
    return {
        "id": name,
        "rank": hit.rank,
        "article": passage.article,
        "span": list(passage.span),
        "score": _finite(hit.score),
        "text": passage.text,
        "headline": passage.headline,
        "date": passage.date,
        "page": passage.page,
        "number": passage.number,
        "paper": passage.paper,
        "lexical": _finite(hit.lexical),
        "dense": _finite(hit.dense),
        "matches": [list(span) for span in hit.matches],
        "reprints": list(hit.reprints),
    }


def answer_row(name: _Id, question: str, answer: Answer, date: str | None = None) -> Row:
    """The answer to `question`, as it was typed.

    Of a refusal `answer` is "", `message` says so to a person, and `citations` are the nearest passages.
    `date` is that of the page on which the first citation stands.
    """
    return {
        "id": name,
        "question": question,
        "answer": "" if answer.refused else answer.text,
        "refused": answer.refused,
        "citations": [_citation(citation) for citation in answer.citations],
        "confidence": answer.confidence,
        "message": answer.text if answer.refused else None,
        "understood": answer.question,
        "model": answer.model,
        "checks": [
            {"text": check.text, "kind": check.kind, "span": list(check.span), "supported": check.supported}
            for check in answer.checks
        ],
        "unsupported": [list(span) for span in answer.unsupported],
        "days": [] if answer.refused else said_days(answer.text, date),
    }


def said_days(text: str, date: str | None) -> list[Row]:
    """What days 昨天 or 上周 of a text means that was printed on `date`; [] when the date is not known."""
    if date is None:
        return []
    try:
        found = periods(text, day_of(date))
    except SettingsError:
        return []  # the date of somebody's row
    return [{"text": day.word, "since": str(day.since), "until": str(day.until)} for day in found]


def _citation(citation: Citation) -> Row:
    return {
        "article": citation.article,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "hash": citation.hash,
    }


def _finite(score: float | None) -> float | None:
    return score if score is not None and isfinite(score) else None  # JSON knows no infinity
