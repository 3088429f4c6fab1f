"""What the product prints: candidates of a generator and of the clause ranker, checked, the best chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from eval.data import Story
from eval.systems import System, Written
from summarizer import models
from summarizer.config import Settings
from summarizer.models import Generator, bundled
from summarizer.records import Article, Style
from summarizer.summaries import summarize_many

__all__ = ["Printed", "article_of", "printed"]


class Printed:
    """`summarizer summarize --model NAME`."""

    def __init__(self, generator: Generator) -> None:
        self.name = generator.name
        # The clause ranker of the bundled model stands beside every generator.
        self.fingerprint = f"{generator.fingerprint} {bundled.fingerprint()}"
        self.styles: frozenset[Style] = frozenset(get_args(Style))  # what it cannot write the floor does
        self.generator = generator

    def write(self, stories: Sequence[Story], *, style: Style, limit: int) -> list[Written]:
        articles = [article_of(story, order) for order, story in enumerate(stories, 1)]
        summaries = summarize_many(articles, self.generator, style=style, limit=limit)
        return [Written(summary.text, summary.candidates[0].origin) for summary in summaries]


def printed(name: str, settings: Settings) -> System:
    """Raises ModelError."""
    return Printed(models.load(name, settings))


def article_of(story: Story, order: int) -> Article:
    """The story as page separation would hand it on, without its printed headline."""
    return Article(story.page or "", order, story.kind, None, story.body, (), date=story.date)
