"""What writes headlines and briefs in an evaluation: models by name, baselines, ceilings, ablations.

    load_system("bundled", settings)         what `summarizer summarize` prints
    load_system("seq2seq:/models/randeng")   any generator of summarizer.models, checked and chosen alike
    load_system("lead")                      the first sentence, the baseline of the literature

To add one: write a class with the methods of `System` and put its import string into SYSTEMS.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from eval.data import Story
from summarizer.config import Settings
from summarizer.records import Style

__all__ = ["SYSTEMS", "System", "Written", "load_system"]


@dataclass(frozen=True, slots=True)
class Written:
    """One output."""

    text: str
    origin: str = ""
    """Which kind of candidate won: "beam", "clause", …; "" where there is no choice."""


class System(Protocol):
    """Stories in, one text each out. It may look at a story's references only when it is an oracle."""

    name: str
    fingerprint: str
    styles: frozenset[Style]

    def write(self, stories: Sequence[Story], *, style: Style, limit: int) -> list[Written]:
        """One text a story, in order, "" for a story of which nothing can be made; `limit` in characters.

        Raises whatever the model raises: the runner counts it as a failure of the stories given.
        """


SYSTEMS = {
    "lead": "eval.systems.baselines:lead",
    "lead-cut": "eval.systems.baselines:lead_cut",
    "textrank": "eval.systems.graphs:textrank",
    "lexrank": "eval.systems.graphs:lexrank",
    "oracle-sentence": "eval.systems.baselines:oracle_sentence",
    "oracle-clause": "eval.systems.baselines:oracle_clause",
    "bundled-unranked": "eval.systems.ablations:unranked",
    "bundled-unchecked": "eval.systems.ablations:unchecked",
    "bundled-greedy": "eval.systems.ablations:greedy",
}
"""Name -> import string of a function (settings: Settings) -> System; every other name is a generator's."""


def load_system(name: str, settings: Settings | None = None) -> System:
    """The system `name`. Raises ModelError for an unknown name, a missing package, a failed self-test."""
    settings = Settings() if settings is None else settings
    module, _, function = SYSTEMS.get(name, "eval.systems.generators:printed").partition(":")
    build = getattr(importlib.import_module(module), function)
    return cast(System, build(settings) if name in SYSTEMS else build(name, settings))
