"""What a newsroom writes for its own articles: reference headlines and answers, in the form `--data` takes.

The file holds rows: `{"id": ARTICLE, "body", "references", "date"}` for headlines and
`{"id": "ARTICLE?1", "question", "context", "answers"}` for a question, no answers where the article does not
answer it. Before it takes the place of the old one a file is read as `python -m eval run --data` reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from eval.data import GoldDataError, load_gold
from summarizer.errors import StoreError, SummarizerError
from summarizer.records import Document
from summarizer.text import fold
from summarizer.web.evaluation import Asked, Reference

__all__ = ["AnnotationError", "Annotations"]

HEADLINE = (4, 60)
"""Characters of a reference headline."""
QUESTION = (2, 300)
ANSWER = 200
# Seconds to wait for another writer, who takes milliseconds.
_PATIENCE = 20.0
_FIGURE = re.compile(r"\d[\d.,]*\d|\d")

Row = dict[str, Any]


class AnnotationError(SummarizerError):
    """A reference that would be a bad ruler, or one that somebody else changed in the meantime."""


class Annotations:
    """The file `path`; it need not be there. Several windows and servers may write it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=_PATIENCE, mode=0o600)

    def every(self) -> list[Reference]:
        """By article. Raises StoreError when the file cannot be read, or is damaged."""
        groups: dict[str, list[Row]] = {}
        for row in self._rows():
            groups.setdefault(_article(row), []).append(row)
        return [_reference(article, rows) for article, rows in sorted(groups.items())]

    def of(self, document: Document) -> Reference:
        """What was written for an article; with nothing in it when nothing was."""
        rows = [row for row in self._rows() if _article(row) == document.id]
        if rows:
            return _reference(document.id, rows)
        return Reference(document.id, document.text, document.date, (), (), _version([]))

    def keep(self, reference: Reference) -> Reference:
        """In place of what was there. Raises AnnotationError, StoreError; nothing is changed then."""
        _check(reference)
        rows = _rows_of(reference)
        try:
            with self._lock:
                every = self._rows()
                mine = [row for row in every if _article(row) == reference.article]
                if _version(mine) != reference.version:
                    raise AnnotationError(
                        f"{reference.article}: expected it as it was opened, found it changed meanwhile. "
                        "Open it again.",
                        reason="reference.changed",
                    )
                others = [row for row in every if _article(row) != reference.article]
                self._write(sorted([*others, *rows], key=lambda row: _article(row)))
        except Timeout as error:
            raise StoreError(
                f"{self.path}: expected to write there, found another writer for {_PATIENCE:.0f} seconds. "
                "Try again.",
                reason="reference.busy",
            ) from error
        return _reference(reference.article, rows) if rows else _emptied(reference)

    def _rows(self) -> list[Row]:
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise _unreadable(self.path, error) from error
        try:
            rows = [json.loads(line) for line in lines if line.strip()]
            for row in rows:
                _article(row)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _unreadable(self.path, error) from error
        return rows

    def _write(self, rows: Sequence[Row]) -> None:
        part = self.path.with_name(f".{uuid.uuid4().hex}.jsonl")
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if not rows:
                self.path.unlink(missing_ok=True)
                return
            load_gold(part)
            os.replace(part, self.path)
        except GoldDataError as error:
            told = str(error).replace(str(part), str(self.path))
            raise StoreError(told, reason="reference.damaged", found=told) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error
        finally:
            part.unlink(missing_ok=True)


def _unreadable(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{path}: expected references that can be read and written, found: {error}. "
        "Mend the file, or move it away.",
        reason="reference.damaged",
        found=str(error),
    )


def _article(row: Row) -> str:
    """Whose row it is."""
    name = str(row["id"])
    return name.rpartition("?")[0] if "question" in row else name


def _reference(article: str, rows: Sequence[Row]) -> Reference:
    story = next((row for row in rows if "question" not in row), {})
    asked = [row for row in rows if "question" in row]
    body = story.get("body") or (asked[0]["context"] if asked else "")
    questions = tuple(Asked(row["question"], tuple(row["answers"])) for row in asked)
    dates = [row["date"] for row in rows if row.get("date")]
    headlines = tuple(story.get("references", ()))
    return Reference(article, body, dates[0] if dates else None, headlines, questions, _version(rows))


def _emptied(reference: Reference) -> Reference:
    return Reference(reference.article, reference.body, reference.date, (), (), _version([]))


def _rows_of(reference: Reference) -> list[Row]:
    date = {"date": reference.date} if reference.date else {}
    rows: list[Row] = []
    if reference.headlines:
        story = {"id": reference.article, "body": reference.body, "references": list(reference.headlines)}
        rows.append(story | date)
    for number, asked in enumerate(reference.questions, 1):
        row = {
            "id": f"{reference.article}?{number}", "question": asked.question, "context": reference.body,
            "answers": list(asked.answers),
        }  # fmt: skip
        rows.append(row | date)
    return rows


def _version(rows: Sequence[Row]) -> str:
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True).encode()).hexdigest()[:16]


def _check(reference: Reference) -> None:
    """Raises AnnotationError for the first thing that makes a bad ruler."""
    for message, reason, values in _mistakes(reference):
        raise AnnotationError(message, reason=reason, **values)


def _mistakes(reference: Reference) -> Iterator[tuple[str, str, Row]]:
    body = fold(reference.body)
    for line in reference.headlines:
        least, most = HEADLINE
        if not least <= len(line) <= most or "\n" in line:
            told = f"expected a headline of {least} to {most} characters, found {len(line)}: {line[:most]}"
            values = {"least": least, "most": most, "found": len(line), "text": line[:most]}
            yield told, "reference.headline_length", values
        for figure in _FIGURE.findall(line):
            if figure not in reference.body:
                told = f"expected numbers that the article says, found {figure}: {line}"
                yield told, "reference.headline_number", {"figure": figure, "text": line}
    yield from _doubled(reference.headlines, "reference.headline_twice")
    for asked in reference.questions:
        least, most = QUESTION
        if not least <= len(asked.question) <= most:
            told = f"expected a question of {least} to {most} characters, found {len(asked.question)}"
            yield told, "reference.question_length", {"least": least, "most": most}
        if any(not answer.strip() or len(answer) > ANSWER for answer in asked.answers):
            told = f"expected answers of 1 to {ANSWER} characters: {asked.question}"
            yield told, "reference.answer_length", {"most": ANSWER}
        elif asked.answers and fold(asked.answers[0]) not in body:
            told = f"expected the first answer word for word in the article, found {asked.answers[0]}"
            yield told, "reference.answer_not_there", {"answer": asked.answers[0]}
        yield from _doubled(asked.answers, "reference.answer_twice")
    yield from _doubled([asked.question for asked in reference.questions], "reference.question_twice")


def _doubled(texts: Sequence[str], reason: str) -> Iterator[tuple[str, str, Row]]:
    seen: set[str] = set()
    for text in texts:
        if fold(text) in seen:
            yield f"expected it once, found it twice: {text}", reason, {"text": text}
        seen.add(fold(text))
