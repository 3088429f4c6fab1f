"""Grounding: are the numbers, dates and names flagged that a source does not say, and only those?

An item is a pair of gold/grounding.jsonl; the check knows no model, so that the system is always "rules".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from eval.grounding import GOLD, NUMBERS, Pair, load, score
from eval.records import Control, Item, Mark, Metric, Outcome, Score
from eval.tasks.subject import Subject
from summarizer import __version__
from summarizer.grounding import check
from summarizer.records import CheckKind

__all__ = ["Grounding"]

_WORDS = frozenset(get_args(CheckKind)) - NUMBERS


class Grounding:
    name, version, chunk, system = "grounding", 1, 16, "rules"
    metrics = (
        Metric(
            "number_precision", "数字日期：精确率", "flags of numbers and dates that are right", guarded=True
        ),
        Metric(
            "number_recall",
            "数字日期：召回率",
            "unsupported numbers and dates that are flagged",
            guarded=True,
        ),
        Metric("name_precision", "名称引语：精确率", "flags of names, quotes and Latin words that are right"),
        Metric("name_recall", "名称引语：召回率", "unsupported names, quotes, Latin words that are flagged"),
    )

    def __init__(self, subject: Subject) -> None:
        self.fingerprint = f"summarizer {__version__}"
        self._pairs = {pair.id: pair for pair in load(GOLD)}

    def items(self) -> list[Item]:
        return [
            Item(
                pair.id,
                pair.source,
                tuple(f"{claim.text}：{claim.reason}" for claim in pair.claims if not claim.supported),
                {"split": pair.split},
                frozenset(_scores(pair)),
            )
            for pair in self._pairs.values()
        ]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        return [self._outcome(item, self._pairs[item.id]) for item in items]

    def _outcome(self, item: Item, pair: Pair) -> Outcome:
        flags = [c for c in check(pair.output, pair.source, date=pair.date) if not c.supported]
        return Outcome(
            item.id,
            item.slices,
            item.asked,
            pair.output,
            item.references,
            _scores(pair),
            tuple(Mark(flag.span, flag.reason) for flag in flags),
        )

    def controls(self) -> list[Control]:
        """A text is borne out by itself, and a number it does not have is not."""
        own = sum(
            not c.supported
            for pair in self._pairs.values()
            for c in check(pair.source, pair.source, date=pair.date)
        )
        wrong = replace(next(iter(self._pairs.values())), output="共有987654人。")
        flagged = sum(not c.supported for c in check(wrong.output, wrong.source))
        return [
            Control("no source is flagged against itself", own, 0, own == 0),
            Control("a number from nowhere is flagged", flagged, 1, flagged >= 1),
        ]


def _scores(pair: Pair) -> dict[str, Score]:
    """Precision weighs the flags that were raised, recall those that were wanted."""
    made: dict[str, Score] = {}
    for name, kinds in (("number", NUMBERS), ("name", _WORDS)):
        counts, _ = score([pair], frozenset(kinds))
        if counts.raised:
            made[f"{name}_precision"] = Score(100 * counts.precision, counts.raised)
        if counts.wanted:
            made[f"{name}_recall"] = Score(100 * counts.recall, counts.wanted)
    return made
