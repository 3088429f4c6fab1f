"""What a run may ask beside the counted scores: a BERT, a chat model. Both off by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.records import Metric, Score

if TYPE_CHECKING:
    from eval.metrics.optional import BertScore
    from summarizer.config import Settings
    from summarizer.models.dialogue import Talker

__all__ = ["Opinions", "load_opinions"]


@dataclass(frozen=True, slots=True)
class Opinions:
    """Those that were asked for; none by default."""

    bert: BertScore | None = None
    judge: Talker | None = None
    name: str = ""
    """The judge's."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        from eval.metrics.optional import judge_metrics

        found = () if self.bert is None else (self.bert.metric,)
        return found if self.judge is None else (*found, *judge_metrics(self.name))

    def scores(
        self, outputs: Sequence[str], references: Sequence[Sequence[str]], bodies: Sequence[str], kind: str
    ) -> list[dict[str, Score]]:
        """One dict an output, by the names of `metrics`. The judge holds it against the first reference; an
        empty output is not put before it. Raises ModelError."""
        from eval.metrics.optional import judge, judge_scores

        made: list[dict[str, Score]] = [{} for _ in outputs]
        if self.bert is not None:
            name = self.bert.metric.name
            for scores, value in zip(made, self.bert.scores(outputs, references), strict=True):
                scores[name] = Score(value)
        if self.judge is not None:
            for scores, output, wanted, body in zip(made, outputs, references, bodies, strict=True):
                if output.strip():
                    scores |= judge_scores(judge(self.judge, body, output, wanted[0], kind=kind))
        return made


def load_opinions(bert: Path | None, judge: str | None, settings: Settings) -> Opinions:
    """Raises ModelError for a missing package or a model that cannot be loaded."""
    from eval.metrics.optional import BertScore, load_judge

    return Opinions(
        None if bert is None else BertScore(bert),
        None if judge is None else load_judge(judge, settings),
        judge or "",
    )
