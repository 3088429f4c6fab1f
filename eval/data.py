"""Gold data as objects: our hand-written pages, or a user's own file.

    load_gold(None)                    the pages of eval/gold/pages
    load_gold(Path("our_pages"))       a folder of page files in the same form, or one of them
    load_gold(Path("titles.jsonl.gz")) rows: `body` with `title` or `references` (headlines), or
                                       `question`, `context` and `answers` (reading)
    load_gold(Path("titles.csv"))      two columns, text and reference, with or without a line of names

A row that is wrong stops the load, with every wrong row named: a score over half of somebody's data is none.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import references
from summarizer.errors import SummarizerError
from summarizer.records import Answer, Document, Kind, Span

__all__ = ["Evidence", "Gold", "GoldDataError", "GoldPage", "Question", "Story", "load_gold"]

# Wrong rows that are told one by one; the rest is counted.
_TOLD = 20
# Characters of a CSV cell; Python's own limit is 128 KiB, and a page pasted whole is longer.
_CELL = 10_000_000


class GoldDataError(SummarizerError):
    """Gold data cannot be read or contradict themselves; the message holds the faults, one a line."""


@dataclass(frozen=True, slots=True)
class Story:
    """One item with what a person would print above it."""

    id: str
    """Unique in its data: PAGE#ORDER on a page, as a library has it, or the row's own."""
    body: str
    headlines: tuple[str, ...]
    """Reference headlines; () where there are none."""
    brief: str | None = None
    kind: Kind = "article"
    subject: str = "unknown"
    page: str | None = None
    printed: str | None = None
    """The headline of the page."""
    date: str | None = None
    paper: str | None = None
    number: str | None = None
    injected: bool = False
    """Carries an instruction to a model."""

    @property
    def document(self) -> Document:
        """As a library takes it."""
        return Document(
            self.id, self.body, self.printed, self.date, self.page, self.number, self.paper, kind=self.kind
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an answer stands."""

    story: str
    span: Span
    """In the story's body."""
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer, or with none."""

    id: str
    text: str
    kind: str
    accepted: tuple[str, ...]
    """Right wordings, the best first; () when the data do not answer it."""
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Answer, ...] = ()
    """What was said before, oldest first, when it is a follow-up."""
    near: str = ""
    """Of an unanswerable one: what the page says instead."""
    page: str | None = None
    context: str | None = None
    """The text that a row brings along; None where stories are the context."""

    @property
    def answerable(self) -> bool:
        return bool(self.accepted)


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page: its file, and what is on it."""

    name: str
    path: Path | None
    """The page as text; None where it has not been laid out."""
    layout: str
    stories: tuple[Story, ...]
    raw: Mapping[str, Any]
    """The page's own JSON, for what only page separation looks at (kicker, byline)."""


@dataclass(frozen=True, slots=True)
class Gold:
    """All of one file or folder."""

    name: str
    fingerprint: str
    """sha256 over its files."""
    pages: tuple[GoldPage, ...]
    stories: tuple[Story, ...]
    questions: tuple[Question, ...]


def load_gold(path: Path | None = None) -> Gold:
    """What is at `path`; our own pages when None. Raises GoldDataError, naming every fault."""
    path = references.FOLDER if path is None else path
    try:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        contents = [file.read_bytes() for file in files]
    except OSError as error:
        raise GoldDataError(
            f"{path}: expected gold data, found {error}. eval/README.md has the forms."
        ) from error
    if not files:
        raise GoldDataError(f"{path}: expected page files (*.json) in this folder, found none")
    digest = hashlib.sha256(b"".join(contents)).hexdigest()
    if path.suffix == ".json" or path.is_dir():
        pages = [_page(file, content) for file, content in zip(files, contents, strict=True)]
        stories = tuple(story for page, _ in pages for story in page.stories)
        questions = tuple(question for _, asked in pages for question in asked)
        return Gold(path.name, digest, tuple(page for page, _ in pages), stories, questions)
    readers: dict[str, Callable[[str], Iterator[dict[str, Any]]]] = {".jsonl": _json_rows, ".csv": _csv_rows}
    kind = Path(path.name.removesuffix(".gz")).suffix
    if kind not in readers:
        raise GoldDataError(f"{path}: expected a .json page, a folder of them, .jsonl, .jsonl.gz or .csv")
    return _gold_of_rows(path, digest, readers[kind](_text(path, contents[0])))


def _text(path: Path, content: bytes) -> str:
    try:
        return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise GoldDataError(f"{path}: expected UTF-8 text: {error}. Save the file as UTF-8.") from error


def _page(path: Path, content: bytes) -> tuple[GoldPage, list[Question]]:
    try:
        data = {"name": path.stem, **json.loads(content)}
        faults = list(references.mistakes(data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldDataError(
            f"{path}: expected a page in the form of eval/references.py, "
            f"found {type(error).__name__}: {error}"
        ) from error
    if faults:
        raise GoldDataError("\n".join(f"{path}: {fault}" for fault in _first(faults)))
    stories = tuple(_story(data, number, item) for number, item in enumerate(data["items"], 1))
    layout = data.get("layout", {}).get("name", "unknown")
    text = references.page_path(data, path)
    page = GoldPage(path.stem, text, layout, stories, data)
    return page, [_question(page, row) for row in data["questions"]]


def _story(page: Mapping[str, Any], number: int, item: Mapping[str, Any]) -> Story:
    return Story(
        id=f"{page['name']}#{number}",
        body=item["body"],
        headlines=tuple(item["references"]),
        brief=item["brief"],
        kind=item["kind"],
        subject=item["subject"],
        page=page["name"],
        printed=item["headline"],
        date=page["date"],
        paper=page["paper"],
        number=page["number"],
        injected=bool(item.get("injected")),
    )


def _question(page: GoldPage, row: Mapping[str, Any]) -> Question:
    evidence = []
    for place in row["evidence"]:
        story = page.stories[place["item"]]
        start = story.body.index(place["quote"])
        evidence.append(Evidence(story.id, (start, start + len(place["quote"])), place["quote"]))
    said = tuple(
        Answer(turn["question"], turn["answer"], False, (), 1.0, "gold") for turn in row.get("history", ())
    )
    accepted = tuple(dict.fromkeys((row["answer"], *row["accepted"]))) if row["answer"] else ()
    near = row.get("near", "")
    return Question(row["id"], row["question"], row["kind"], accepted, tuple(evidence), said, near, page.name)


def _json_rows(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                row = {"fault": f"expected JSON, found {error}"}
            yield {"id": str(number), **row} if isinstance(row, dict) else {"fault": "expected an object"}


def _csv_rows(text: str) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_CELL)
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
        if number == 1 and [cell.strip().lower() for cell in cells] == ["text", "reference"]:
            continue
        if len(cells) == 2:
            yield {"id": str(number), "body": cells[0], "references": [cells[1]]}
        elif cells:
            yield {"fault": f"expected two columns, text and reference, found {len(cells)}"}


def _gold_of_rows(path: Path, digest: str, rows: Iterator[dict[str, Any]]) -> Gold:
    stories: dict[str, Story] = {}
    questions: dict[str, Question] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, 1):
        made = row.get("fault") or _story_of_row(row) or _question_of_row(row)
        if isinstance(made, Story) and made.id not in stories:
            stories[made.id] = made
        elif isinstance(made, Question) and made.id not in questions:
            questions[made.id] = made
        else:
            faults.append(f"row {number}: {made if isinstance(made, str) else _wanted(row)}")
    if not faults and not stories and not questions:
        faults.append("expected at least one row, found none")
    if faults:
        raise GoldDataError("\n".join(f"{path}: {fault}" for fault in _first(faults)))
    return Gold(path.name, digest, (), tuple(stories.values()), tuple(questions.values()))


def _story_of_row(row: Mapping[str, Any]) -> Story | None:
    body = row.get("body", row.get("text"))
    named = [row[name] for name in ("reference", "title", "headline") if row.get(name)]
    wanted = row.get("references") or named
    if not isinstance(body, str) or not _texts([body]) or not _texts(wanted):
        return None
    subject = str(row.get("subject", "unknown"))
    return Story(str(row["id"]), body, tuple(wanted), row.get("brief"), subject=subject, date=row.get("date"))


def _question_of_row(row: Mapping[str, Any]) -> Question | None:
    answers = row.get("answers")
    if not _texts([row.get("question"), row.get("context")]) or not isinstance(answers, list):
        return None
    if answers and not _texts(answers):
        return None
    kind = str(row.get("kind", "unknown"))
    return Question(str(row["id"]), row["question"], kind, tuple(answers), context=row["context"])


def _texts(values: object) -> bool:
    """Is it a list of texts that say something?"""
    return isinstance(values, list) and bool(values) and all(isinstance(v, str) and v.strip() for v in values)


def _wanted(row: Mapping[str, Any]) -> str:
    return (
        "expected an id of its own and either body with title or references, or question, context and "
        f"answers; found {', '.join(sorted(map(str, row)))}"
    )


def _first(faults: Sequence[str]) -> list[str]:
    more = len(faults) - _TOLD
    return [*faults[:_TOLD], f"and {more} more"] if more > 0 else list(faults)
