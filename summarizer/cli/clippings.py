"""Hits and answers as a person reads them in a terminal: what was found is marked where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text

from summarizer.answers.citing import mark
from summarizer.answers.times import day_of, periods, told
from summarizer.cli.render import Screen
from summarizer.errors import SettingsError
from summarizer.records import Answer, Citation, Document, Hit, Span

__all__ = ["Clippings"]

# Columns before a text; the rank or number of a citation stands in them.
_INDENT = 5
_MARKED = "bold yellow"

_Look = Callable[[str], Document | None]


class Clippings(Screen):
    """A `Screen` for a library; `look` is a function that opens an article by its id, where there is one."""

    def hits(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            passage = hit.passage
            where = _where(passage.date, passage.number, passage.paper)
            self._entry(hit.rank, passage.headline or "（无题）", where, passage.text, hit.matches)
            start, end = passage.span
            self._note(f"{passage.article}  {start}–{end}  {hit.score:.2f}")
            if hit.reprints:
                self._note(f"另有{len(hit.reprints)}篇同文：{'、'.join(hit.reprints)}")
            self._console.print()
        if not hits:
            self._console.print("没有找到。")

    def piece(self, text: str) -> None:
        """A piece of an answer that is being written."""
        self._console.print(Text(_harmless(text)), end="", soft_wrap=True)

    def answer(self, typed: str, answer: Answer, look: _Look, *, spoken: bool = False) -> None:
        """The answer with its citations. `spoken`: its text was shown already, piece by piece."""
        if spoken:
            self._console.print()
        if answer.question != typed:
            self._console.print(Text(_harmless(f"理解为：{answer.question}"), "dim"))
        documents = {citation.article: look(citation.article) for citation in answer.citations}
        if not spoken or answer.refused:
            self._said(answer)
        self._console.print(Text(self._about(answer, documents), "dim"))
        for span in answer.unsupported:
            self._console.print(Text(_harmless(f"⚠ 原文未见：{answer.text[slice(*span)]}"), "red"))
        for check in answer.checks:
            if not check.supported:
                self._console.print(Text(_harmless(f"⚠ 原文未见：{check.text}（{check.reason}）"), "red"))
        self._console.print()
        if answer.citations:
            self._console.print("最接近的段落" if answer.refused else "依据")
        said = "" if answer.refused else answer.text
        for number, citation in enumerate(answer.citations, 1):
            self._citation(number, citation, documents[citation.article], said)
        self._console.print()

    def _said(self, answer: Answer) -> None:
        for line in _harmless(answer.text).split("\n"):
            self._console.print(Text(line, "" if answer.refused else "bold"))

    def _about(self, answer: Answer, documents: dict[str, Document | None]) -> str:
        """How sure, by whom, and which days the answer's 昨天 means."""
        first = documents[answer.citations[0].article] if answer.citations else None
        days = "" if answer.refused or first is None else _days(answer.text, first.date)
        return f"把握 {answer.confidence:.0%}  {answer.model}{'  ' if days else ''}{days}"

    def _citation(self, number: int, citation: Citation, document: Document | None, answer: str) -> None:
        found = mark(citation, answer)
        marks = () if found is None else (found,)
        headline = (document.headline if document else None) or citation.article
        where = _where(document.date, document.number, document.paper) if document else ""
        self._entry(number, headline, where, citation.quote, marks)
        self._note(f"{citation.article}  {citation.start}–{citation.end}")

    def _entry(self, number: int, title: str, where: str, text: str, marks: Sequence[Span]) -> None:
        head = Text.assemble((f"{number:3}  ", "dim"), (_harmless(title).replace("\n", " "), "bold"))
        self._console.print(head.append(f"  {where}" if where else "", "dim"))
        body = Text(_harmless(text))
        for start, end in marks:
            body.stylize(_MARKED, start, end)
        self._indented(_bracketed(body, marks) if not self._console.is_terminal else body)

    def _note(self, text: str) -> None:
        self._indented(Text(_harmless(text), "dim"))

    def _indented(self, text: Text) -> None:
        for line in text.wrap(self._console, self._console.width - _INDENT, overflow="fold"):
            line.rstrip()
            self._console.print(Text(" " * _INDENT).append_text(line))


def _bracketed(text: Text, marks: Sequence[Span]) -> Text:
    """Where there are no colours, a mark is a pair of brackets."""
    result, at = Text(), 0
    for start, end in sorted(marks):
        if start >= at:
            result.append_text(text[at:start]).append("〖").append_text(text[start:end]).append("〗")
            at = end
    return result.append_text(text[at:])


def _where(date: str | None, number: str | None, paper: str | None) -> str:
    return "  ".join(part for part in (date, number and f"第{number}版", paper) if part)


def _days(text: str, date: str | None) -> str:
    try:
        return told(periods(text, day_of(date))) if date else ""
    except SettingsError:
        return ""  # the date of somebody's row


def _harmless(text: str) -> str:
    """A document must not steer the terminal; the length stays."""
    return "".join(char if char >= " " or char == "\n" else "�" for char in text)
