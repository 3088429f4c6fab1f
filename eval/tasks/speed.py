"""Speed: how long one story takes alone, how many go through together, how soon an answer begins.

Numbers of one machine in one hour: they are never guarded, and compare only inside one run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from eval.data import Question, Story
from eval.records import Control, Item, Metric, Outcome, Score
from eval.tasks.subject import Subject
from summarizer.config import STYLE_LIMITS

__all__ = ["Speed"]

# Enough for a median, few enough for a coffee.
ALONE, BATCH, QUESTIONS = 20, 64, 20
_LIMIT = STYLE_LIMITS["headline"]


class Speed:
    name, version, chunk = "speed", 1, 1
    metrics = (
        Metric("alone", "单篇耗时", "one story in a call of its own", "s", "lower"),
        Metric("articles", "成批速度", f"{BATCH} stories in one call, repeated where there are fewer", "/s"),
        Metric("characters", "成批输出", "characters of output in that call", "/s"),
        Metric("tokens", "成批输出词元", "tokens of output in that call, for the bundled model", "/s"),
        Metric("first", "首个词元", "until the first piece of an answer can be shown", "ms", "lower"),
    )

    def __init__(self, subject: Subject) -> None:
        self._subject, self._system = subject, subject.writer
        self.system, self.fingerprint = self._system.name, self._system.fingerprint
        self._stories: dict[str, Story] = {story.id: story for story in subject.gold.stories[:ALONE]}
        asked = [q for q in subject.gold.questions if not q.history and q.context is None]
        self._questions: dict[str, Question] = {q.id: q for q in asked[:QUESTIONS]} if subject.answers else {}
        if subject.gold.stories:  # what is loaded late is not part of the first story's time
            self._system.write(subject.gold.stories[:1], style="headline", limit=_LIMIT)
        for question in asked[:1] if self._questions else ():
            list(subject.newspaper.ask_stream(question.text))

    def items(self) -> list[Item]:
        alone = [Item(f"alone {name}", story.body[:60]) for name, story in self._stories.items()]
        batch = [Item("batch", f"{BATCH} stories")] if self._stories else []
        return alone + batch + [Item(f"first {name}", q.text) for name, q in self._questions.items()]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        made = []
        for item in items:
            kind, _, name = item.id.partition(" ")
            if kind == "alone":
                text, scores = self._alone(self._stories[name])
            elif kind == "batch":
                text, scores = self._batch()
            else:
                text, scores = self._first(self._questions[name])
            made.append(Outcome(item.id, item.slices, item.asked, text, (), scores))
        return made

    def _alone(self, story: Story) -> tuple[str, dict[str, Score]]:
        start = time.perf_counter()
        written = self._system.write([story], style="headline", limit=_LIMIT)
        return written[0].text, {"alone": Score(time.perf_counter() - start)}

    def _batch(self) -> tuple[str, dict[str, Score]]:
        known = self._subject.gold.stories
        stories = [known[i % len(known)] for i in range(BATCH)]
        start = time.perf_counter()
        written = self._system.write(stories, style="headline", limit=_LIMIT)
        spent = time.perf_counter() - start
        scores = {
            "articles": Score(BATCH / spent),
            "characters": Score(sum(len(one.text) for one in written) / spent),
        }
        pieces = getattr(getattr(self._system, "generator", None), "pieces", None)
        if pieces is not None:
            count = sum(map(len, pieces.batch([one.text for one in written]).rows))
            scores["tokens"] = Score(count / spent)
        return f"{spent:.1f} s", scores

    def _first(self, question: Question) -> tuple[str, dict[str, Score]]:
        start = time.perf_counter()
        piece = next(iter(self._subject.newspaper.ask_stream(question.text)))
        spent = 1000 * (time.perf_counter() - start)
        return piece if isinstance(piece, str) else piece.text, {"first": Score(spent)}

    def controls(self) -> list[Control]:
        """None: no time is known beforehand."""
        return []
