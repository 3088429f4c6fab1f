"""The nouns as JSON objects: what `--json` prints, and the rows that `--jsonl` reads.

Fields are a contract with outside scripts: they may be added to, never renamed or dropped.
Text is written as it is; only what UTF-8 cannot hold (a file name in another encoding) is
written as \\udcXX, which JSON reads back as the same name.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from math import isfinite

from summarizer.errors import PageError
from summarizer.records import Article, Check, Document, Summary

__all__ = [
    "DocumentLine",
    "Line",
    "QuestionLine",
    "Row",
    "article_row",
    "encoded",
    "read_documents",
    "read_questions",
    "read_rows",
    "summary_row",
]

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


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a `--jsonl` file for a library: a document, or the reason why there is none."""

    number: int
    """From 1."""
    document: Document | None
    reason: str | None
    """Set exactly when `document` is None."""
    id: str | int | None = None
    """Of a bad row, when it has one."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One line of a `--jsonl` file of questions, or the reason why there is none."""

    number: int
    """From 1."""
    id: str | int
    """As the row has it; the line's number when it has none."""
    question: str = ""
    context: str = ""
    """The text to answer from, when one was asked for."""
    date: str | None = None
    """Of that text."""
    reason: str | None = None
    """Set exactly when there is nothing to ask."""


def read_rows(path: str) -> Iterator[Line]:
    """The lines of a JSON Lines file ("-": standard input), unzipped when its name ends in .gz.

    A row needs `body`; `id`, `headline` and `date` are used when there. Blank lines are skipped.
    Raises PageError when the file cannot be read to its end.
    """
    for number, raw in _lines(path):
        yield _line(path, number, raw)


def read_documents(path: str) -> Iterator[DocumentLine]:
    """The lines of a file as `read_rows` reads it, as documents of a library.

    A row needs `id` and `text` (or `body`); `title` (or `headline`), `date`, `number`, `paper` and
    `section` are used when there. A blank text is none; a date must be one.
    """
    for number, raw in _lines(path):
        row = _row(number, raw)
        if isinstance(row, str):
            yield DocumentLine(number, None, row)
            continue
        try:
            yield DocumentLine(number, _document(row), None)
        except ValueError as error:
            yield DocumentLine(number, None, str(error), _name(row))


def read_questions(path: str, *, context: str | None = None) -> Iterator[QuestionLine]:
    """The lines of a file as `read_rows` reads it, as questions.

    A row needs `question`, a text, and the field named `context` when there is one; `id` is used when
    there, and with a context `date`, which must be one. What a question may be is not looked at here.
    """
    for number, raw in _lines(path):
        row = _row(number, raw)
        if isinstance(row, str):
            yield QuestionLine(number, number, reason=row)
            continue
        name = _name(row)
        name = number if name is None or name == "" else name
        wanted = ("question",) if context is None else ("question", context)
        texts = [row.get(field) for field in wanted]
        good = [isinstance(text, str) and bool(text.strip()) for text in texts]
        if not all(good):
            bad = wanted[good.index(False)]
            found = f"expected a text in the field {bad}, found {_found(row, bad)}"
            yield QuestionLine(number, name, reason=found)
            continue
        question, *rest = map(str, texts)
        printed = _optional(row, "date") if rest else None
        try:
            yield QuestionLine(number, name, question, "".join(rest), printed and _iso(printed))
        except ValueError as error:
            yield QuestionLine(number, name, reason=str(error))


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    try:
        with _opened(path) as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield number, raw
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

    row = _row(number, raw)
    if isinstance(row, str):
        return bad(row)
    name, body = _name(row), row.get("body")
    if not isinstance(body, str) or not body.strip():
        return bad(f"expected a text in the field body, found {_found(row, 'body')}", name)
    return Line(number, name, _article(path, number, row, body), None)


def _row(number: int, raw: bytes) -> Row | str:
    """The object of a line, or the reason why there is none."""
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return f"expected UTF-8, found byte {raw[error.start]:#04x} at offset {error.start} of the line"
    except (ValueError, RecursionError) as error:
        return f"expected a JSON object, found: {error}"
    return row if isinstance(row, dict) else f"expected a JSON object, found {type(row).__name__}"


def _name(row: Row) -> str | int | None:
    name = row.get("id")
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None


def _document(row: Row) -> Document:
    """Raises ValueError with what is wrong with the row."""
    name = _name(row)
    if name is None or name == "":
        raise ValueError(f"expected a text or a number in the field id, found {_found(row, 'id')}")
    field = "text" if "text" in row else "body"
    text = row.get(field)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"expected a text in the field {field}, found {_found(row, field)}")
    printed = _optional(row, "date")
    return Document(
        id=str(name),
        text=text,
        headline=_optional(row, "title") or _optional(row, "headline"),
        date=None if printed is None else _iso(printed),
        number=_optional(row, "number"),
        paper=_optional(row, "paper"),
        section=_optional(row, "section"),
    )


def _optional(row: Row, field: str) -> str | None:
    value = row.get(field)
    return value if isinstance(value, str) and value.strip() else None


# 2024-8-27, 2024/08/27, 2024.8.27, 2024年8月27日, 20240827; what follows, a time of day, is left out.
_DATE = re.compile(r"\s*(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?!\d)")


def _iso(text: str) -> str:
    if found := _DATE.match(text):
        numbers = [int(part) for part in found.groups() if part]
        with suppress(ValueError):
            return date(*numbers).isoformat()
    raise ValueError(f"expected a date such as 2024-08-27 in the field date, found {text[:40]!r}")


def _article(path: str, number: int, row: Row, body: str) -> Article:
    headline, printed = row.get("headline"), row.get("date")
    return Article(
        page=path,
        order=number,
        kind="article",
        headline=headline if isinstance(headline, str) and headline.strip() else None,
        body=body,  # as it is: spans of checks are offsets into it
        lines=((number, number),),
        date=printed if isinstance(printed, str) else None,
    )


def _found(row: Row, field: str) -> str:
    if field not in row:
        return "none"
    value = row[field]
    return "only blanks" if isinstance(value, str) else f"a {type(value).__name__}"
