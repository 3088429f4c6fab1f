"""The nouns as JSON objects: what `--json` prints, and the rows that `--jsonl` reads.

Fields are a contract with outside scripts: they may be added to, never renamed or dropped.
Text is written as it is; only what UTF-8 cannot hold (a file name in another encoding) is
written as \\udcXX, which JSON reads back as the same name.
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import isfinite

from summarizer.errors import PageError
from summarizer.records import Article, Check, Summary

__all__ = ["Line", "Row", "article_row", "encoded", "read_rows", "summary_row"]

Row = dict[str, object]


def article_row(article: Article) -> Row:
    """The fields of `summarizer articles --json`, in reading order."""
    return {
        "page": article.page,
        "order": article.order,
        "kind": article.kind,
        "headline": article.headline,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "byline": article.byline,
        "dateline": article.dateline,
        "body": article.body,
        "lines": [list(lines) for lines in article.lines],
        "jump": article.jump,
        "date": article.date,
    }


def summary_row(summary: Summary) -> Row:
    """What `summarizer summarize --json` adds to the article's fields."""
    return {
        "summary": summary.text,
        "style": summary.style,
        "limit": summary.limit,
        "model": summary.model,
        "candidates": [
            {
                "text": candidate.text,
                "origin": candidate.origin,
                "score": candidate.score if isfinite(candidate.score) else None,  # JSON knows no infinity
                "accepted": candidate.accepted,
                "reasons": list(candidate.reasons),
            }
            for candidate in summary.candidates
        ],
        "checks": [_check(check) for check in summary.checks],
        "reading": {
            "paragraphs_read": summary.reading.paragraphs_read,
            "paragraphs": summary.reading.paragraphs,
        },
    }


def _check(check: Check) -> Row:
    return {
        "text": check.text,
        "kind": check.kind,
        "span": list(check.span),
        "supported": check.supported,
        "source": None if check.source is None else list(check.source),
        "reason": check.reason,
    }


def encoded(row: Row) -> bytes:
    """One line of JSON Lines, newline included."""
    return (json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a `--jsonl` file: a text to summarize, or the reason why there is none."""

    number: int
    """From 1."""
    id: str | int | None
    """As the row has it; None when it has none."""
    article: Article | None
    reason: str | None
    """Set exactly when `article` is None."""


def read_rows(path: str) -> Iterator[Line]:
    """The lines of a JSON Lines file ("-": standard input), unzipped when its name ends in .gz.

    A row needs `body`; `id`, `headline` and `date` are used when there. Blank lines are skipped.
    Raises PageError when the file cannot be read to its end.
    """
    try:
        with _opened(path) as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield _line(path, number, raw)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise PageError(f"{path}: expected readable JSON Lines, found: {reason}. Check the file.") from error


def _opened(path: str) -> AbstractContextManager[Iterable[bytes]]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


def _line(path: str, number: int, raw: bytes) -> Line:
    def bad(reason: str, known: str | int | None = None) -> Line:
        return Line(number, known, None, reason)

    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return bad(f"expected UTF-8, found byte {raw[error.start]:#04x} at offset {error.start} of the line")
    except (ValueError, RecursionError) as error:
        return bad(f"expected a JSON object, found: {error}")
    if not isinstance(row, dict):
        return bad(f"expected a JSON object, found {type(row).__name__}")
    name = row.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        name = None
    body = row.get("body")
    if not isinstance(body, str) or not body.strip():
        return bad(f"expected a text in the field body, found {_found(row, 'body')}", name)
    return Line(number, name, _article(path, number, row, body), None)


def _article(path: str, number: int, row: Row, body: str) -> Article:
    headline, date = row.get("headline"), row.get("date")
    return Article(
        page=path,
        order=number,
        kind="article",
        headline=headline if isinstance(headline, str) and headline.strip() else None,
        body=body,  # as it is: spans of checks are offsets into it
        lines=((number, number),),
        date=date if isinstance(date, str) else None,
    )


def _found(row: Row, field: str) -> str:
    if field not in row:
        return "none"
    value = row[field]
    return "only blanks" if isinstance(value, str) else f"a {type(value).__name__}"
