"""A conversation as a file: Markdown to read, JSON for programs. Nothing in it becomes markup or a link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from summarizer.answers.rows import answer_row
from summarizer.records import Answer, Citation, Document
from summarizer.web.turns import Conversation, Turn

__all__ = ["Form", "Look", "as_json", "as_markdown"]

Form = Literal["markdown", "json"]
Look = Callable[[str], Document | None]
"""Opens an article by its id; None when it was taken out since."""

# What begins a mark, a link, a table or a tag in some dialect, and a bare address that would become a link.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~!&$:@]|(?<=www)\.)", re.IGNORECASE)
# What begins a list, a heading's underline or a code block at the start of a line.
_STARTS = re.compile(r"^(\s*)(\d+)?([-+=.)])", re.MULTILINE)


def as_json(conversation: Conversation, turns: Sequence[Turn]) -> str:
    """One object; the answers have the fields of `summarizer ask --json`, a stopped one is null."""
    rows = [
        {
            "asked": _moment(turn.asked),
            "question": turn.question,
            "answer": None if turn.answer is None else answer_row(at, turn.question, turn.answer),
            "stopped_after": turn.partial,
        }
        for at, turn in enumerate(turns, 1)
    ]
    whole = {
        "title": conversation.title,
        "created": _moment(conversation.created),
        "changed": _moment(conversation.changed),
        "turns": rows,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_markdown(conversation: Conversation, turns: Sequence[Turn], look: Look) -> str:
    """A heading for each question, below it the answer and the sentences it rests on."""
    lines = [f"# {_plain(conversation.title) or '（无题）'}", ""]
    for turn in turns:
        lines += [f"## {_plain(turn.question)}", "", _moment(turn.asked), ""]
        if turn.answer is None:
            lines += [*_said(turn.partial or ""), "（已停止）", ""]
        else:
            lines += _answered(turn.question, turn.answer, look)
    return "\n".join(lines)


def _answered(question: str, answer: Answer, look: Look) -> Iterator[str]:
    if answer.question != question:
        yield f"理解为：{_plain(answer.question)}"
        yield ""
    yield from _said(answer.text)
    for start, end in answer.unsupported:
        yield f"⚠ 原文未见：{_plain(answer.text[start:end])}"
        yield ""
    for check in answer.checks:
        if not check.supported:
            yield f"⚠ 原文未见：{_plain(check.text)}（{_plain(check.reason)}）"
            yield ""
    if answer.citations:
        yield "最接近的段落：" if answer.refused else "依据："
        yield ""
        for number, citation in enumerate(answer.citations, 1):
            yield f"{number}. “{_plain(citation.quote)}” — {_source(citation, look(citation.article))}"
        yield ""


def _source(citation: Citation, document: Document | None) -> str:
    if document is None:
        return _plain(citation.article)
    number = document.number and f"第{document.number}版"
    told = (document.headline or citation.article, document.paper, document.date, number)
    return _plain("，".join(part for part in told if part))


def _said(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        if paragraph.strip():
            yield _plain(paragraph)
            yield ""


def _plain(text: str) -> str:
    """On one line, shown by Markdown as it is."""
    return _STARTS.sub(r"\1\2\\\3", _MARKS.sub(r"\\\1", " ".join(text.split())))


def _moment(seconds: float) -> str:
    """Local time, to the second."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=" ", timespec="seconds")
