"""What is measured: a name, settings, the gold; what is heavy is loaded once, when a task first needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from eval.data import Gold, Question, Story
from eval.systems import System, load_system
from eval.tasks.opinions import Opinions
from summarizer.config import Settings
from summarizer.errors import UsageError
from summarizer.library import Library
from summarizer.newspaper import Newspaper
from summarizer.records import Answer, Hit

__all__ = ["LENGTHS", "Subject", "UnfitError", "slices_of"]

# Characters: where a body counts as short, middling, long.
LENGTHS = (200, 400)
# Hits that search is scored on.
DEPTH = 10


_NONE = Opinions()


class UnfitError(UsageError):
    """What was named cannot do the task at all: a baseline of headlines is asked a question."""


class Subject:
    """One model name on one set of gold data."""

    def __init__(
        self,
        name: str,
        gold: Gold,
        settings: Settings,
        work: Path,
        *,
        words: bool = False,
        opinions: Opinions = _NONE,
    ) -> None:
        """`work` is an empty folder for the library of the gold's stories; `words` scores jieba's words
        instead of characters."""
        self.name, self.gold, self.work, self.words = name, gold, work, words
        self.opinions = opinions
        self.settings = replace(settings, library=str(work / "library"))
        self._answers: dict[str, Answer] = {}

    @cached_property
    def writer(self) -> System:
        """What writes headlines and briefs. Raises ModelError."""
        return load_system(self.name, self.settings)

    @cached_property
    def newspaper(self) -> Newspaper:
        """What searches and answers, over a library that holds the gold's stories and nothing else.

        Raises UnfitError where the name is that of a baseline that cannot.
        """
        if not self.answers:
            raise UnfitError(
                f"expected a model that answers (bundled, chat:NAME, server:MODEL@URL), found {self.name!r}"
            )
        reader = "bundled" if self.name == "bundled" else self.name
        paper = Newspaper(replace(self.settings, model=self.name, reader=reader))
        library = Library.create(paper.settings.library, paper.encoder)
        library.add([[story.document] for story in self.gold.stories], paper.encoder)
        return paper

    @property
    def answers(self) -> bool:
        """Is it something that can be asked?"""
        return self.name == "bundled" or self.name.partition(":")[0] in ("chat", "server")

    def answer(self, question: Question) -> Answer:
        """What `summarizer ask` says; asked once, however many tasks look at it."""
        if question.id not in self._answers:
            if question.context is not None:
                made = self.newspaper.ask_context(question.text, question.context)
            else:
                made = self.newspaper.ask(question.text, history=question.history, today=self.today(question))
            self._answers[question.id] = made
        return self._answers[question.id]

    def hits(self, question: Question) -> list[Hit]:
        """What `summarizer search` finds, a follow-up as it is understood."""
        today = self.today(question)
        asked = self.newspaper.understand(question.text, question.history, today=today)
        return self.newspaper.search(asked.text, k=DEPTH, filters=asked.filters, today=today)

    def today(self, question: Question) -> str | None:
        """The day of the page that the question was asked over."""
        dates = {story.page: story.date for story in self.gold.stories}
        return dates.get(question.page)

    @cached_property
    def stories(self) -> Mapping[str, Story]:
        """By id."""
        return {story.id: story for story in self.gold.stories}

    @cached_property
    def layouts(self) -> Mapping[str, str]:
        """By name of the page."""
        return {page.name: page.layout for page in self.gold.pages}


def slices_of(story: Story) -> dict[str, str]:
    """Its part in the divisions that stories have."""
    size = len(story.body)
    short, middling = LENGTHS
    length = (
        f"1–{short}"
        if size <= short
        else f"{short + 1}–{middling}"
        if size <= middling
        else f"{middling + 1}–"
    )
    return {
        "subject": story.subject,
        "kind": story.kind,
        "length": length,
        "injected": "yes" if story.injected else "no",
    }
