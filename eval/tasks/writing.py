"""Headlines and briefs against what people wrote, and against the article itself.

An item is a story. Failures, empty and overlong outputs stay in the means with what they earn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from eval.controls import controls
from eval.data import Story
from eval.metrics.declared import headline_metrics, headline_scores
from eval.records import Control, Item, Metric, Outcome
from eval.tasks.subject import Subject, UnfitError, slices_of
from summarizer.config import STYLE_LIMITS
from summarizer.records import Style

__all__ = ["Briefs", "Headlines"]

# Characters of the body that the report shows; the whole is in the gold data.
_SHOWN = 400


class _Writing:
    """One style of text for every story that has a reference in it."""

    name: ClassVar[str]
    style: ClassVar[Style]
    kind: ClassVar[str]
    """What a judge is told it is."""
    several: ClassVar[bool]
    """Are there several references, so that their mean is another number than the best?"""
    version, chunk = 1, 32

    def __init__(self, subject: Subject) -> None:
        self._system = subject.writer
        if self.style not in self._system.styles:
            raise UnfitError(f"{self._system.name} writes no {self.style}: leave out the task {self.name}")
        self.system, self.fingerprint = self._system.name, self._system.fingerprint
        self._stories = {s.id: s for s in subject.gold.stories if self.references(s)}
        self._layouts, self._words, self._seed = subject.layouts, subject.words, subject.settings.seed
        self.limit = STYLE_LIMITS[self.style]
        self.metrics: tuple[Metric, ...] = headline_metrics(subject.words, several=self.several)
        self._declared = {metric.name for metric in self.metrics}
        self._opinions = subject.opinions
        self.metrics += self._opinions.metrics

    def references(self, story: Story) -> tuple[str, ...]:
        raise NotImplementedError

    def items(self) -> list[Item]:
        return [
            Item(
                story.id,
                story.body[:_SHOWN] + ("…" if len(story.body) > _SHOWN else ""),
                self.references(story),
                slices_of(story) | {"layout": self._layouts.get(story.page or "", "none")},
            )
            for story in self._stories.values()
        ]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        stories = [self._stories[item.id] for item in items]
        written = self._system.write(stories, style=self.style, limit=self.limit)
        texts, bodies = [one.text for one in written], [story.body for story in stories]
        opinions = self._opinions.scores(texts, [item.references for item in items], bodies, self.kind)
        made = []
        for item, story, text, opinion in zip(items, stories, written, opinions, strict=True):
            scores, marks = headline_scores(
                text.text, item.references, story.body, self.limit, date=story.date, words=self._words
            )
            scores = {name: score for name, score in scores.items() if name in self._declared} | opinion
            made.append(
                Outcome(
                    item.id,
                    item.slices,
                    item.asked,
                    text.text,
                    item.references,
                    scores,
                    marks,
                    note=text.origin,
                )
            )
        return made

    def controls(self) -> list[Control]:
        rows = [(self.references(story), story.body) for story in self._stories.values()]
        return list(controls(rows, seed=self._seed, words=self._words))


class Headlines(_Writing):
    name, style, kind, several = "headlines", "headline", "标题", True

    def references(self, story: Story) -> tuple[str, ...]:
        return story.headlines


class Briefs(_Writing):
    name, style, kind, several = "briefs", "brief", "导语", False

    def references(self, story: Story) -> tuple[str, ...]:
        return (story.brief,) if story.brief else ()
