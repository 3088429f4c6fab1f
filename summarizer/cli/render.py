"""Pages, articles and summaries as a person reads them in a terminal. Chinese counts two columns."""

from __future__ import annotations

from typing import TextIO

from rich.cells import chop_cells
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from summarizer.records import Article, Page, Summary

__all__ = ["Screen"]

_KINDS = {"article": ("报道", "cyan"), "photo": ("图片", "magenta"), "notice": ("公告", "yellow")}
# Columns. Longer lines of Chinese tire the eye; a pipe has no width of its own.
_WIDEST = 100
_INDENT = 10
# Characters of a body shown by `articles`.
_OPENING = 60


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # the command line ends quietly; rich would exit with 1


class Screen:
    """Prints to `stream`, with colours only when it is a terminal that has them."""

    def __init__(self, stream: TextIO) -> None:
        console = _Console(file=stream, highlight=False)
        console.width = min(console.width, _WIDEST) if console.is_terminal else _WIDEST
        self._console = console

    def page(self, page: Page, count: int) -> None:
        """The heading over a page's articles."""
        number = page.number and f"第{page.number}版"
        told = "  ".join(part for part in (page.paper, page.date, number, f"{count} 条") if part)
        self._console.print(Rule(Text(f"{page.id}  {told}", style="bold"), align="left", style="dim"))

    def article(self, article: Article) -> None:
        """One article as `summarizer articles` found it."""
        self._title(article, article.headline or "（无题）")
        opening = article.body.replace("\n", " ")
        cut = opening[:_OPENING] + "…" if len(opening) > _OPENING else opening
        self._below(cut)
        where = "、".join(f"{first}–{last}" if last > first else str(first) for first, last in article.lines)
        kicker = article.kicker and f"引题 {article.kicker}"
        told = (kicker, article.byline, f"{len(article.body)} 字", f"行 {where}")
        self._below(" · ".join(part for part in told if part), "dim")
        self._console.print()

    def summary(self, article: Article, summary: Summary) -> None:
        """One summary, with the headline it was printed with and what its article does not say."""
        self._title(article, summary.text)
        self._below(f"原题 {article.headline}" if article.headline else "原文无题", "dim")
        unsupported = [check.text for check in summary.checks if not check.supported]
        if unsupported:
            self._below(f"⚠ 原文未见：{'、'.join(unsupported)}", "red")
        if not summary.reading.whole:
            read = summary.reading
            self._below(f"只读了 {read.paragraphs} 段中的 {read.paragraphs_read} 段", "red")
        self._console.print()

    def _title(self, article: Article, text: str) -> None:
        kind, colour = _KINDS[article.kind]
        # Three columns for the number, four for the kind, blanks between: the text starts at _INDENT.
        head = Text.assemble((f"{article.order:3} ", "dim"), (kind, colour), "  ")
        for part in text.split("\n"):
            for line in self._lines(part):
                self._console.print(Text.assemble(head, (line, "bold")))
                head = Text(" " * _INDENT)

    def _below(self, text: str, style: str = "") -> None:
        for line in self._lines(text):
            self._console.print(Text.assemble(" " * _INDENT, (line, style)))

    def _lines(self, text: str) -> list[str]:
        """`text` cut to the room beside the indent; one empty line for an empty text."""
        return chop_cells(text, self._console.width - _INDENT) or [""]
