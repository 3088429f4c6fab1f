"""A generator that is no model: it offers the opening of a text, as slowly as it is told to.

python -m tests.scripted DELAY ARGUMENT...    the program `summarizer` with it for a model
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from summarizer import models
from summarizer.cli import main
from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import Proposal
from summarizer.newspaper import Newspaper
from summarizer.records import Style
from summarizer.text import clauses


class ScriptedGenerator:
    """Proposes the first clause; remembers every text; refuses those that hold a word of `refused`."""

    name = "scripted"
    styles: frozenset[Style] = frozenset({"headline", "brief", "points", "digest"})

    def __init__(self, *refused: str, delay: float = 0.0, fingerprint: str = "scripted-1") -> None:
        self.refused, self.delay, self.fingerprint = refused, delay, fingerprint
        self.asked: list[str] = []

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        time.sleep(self.delay)
        self.asked += texts
        for text in texts:
            if any(word in text for word in self.refused):
                raise ModelError("the scripted generator was told to refuse this text")
        return [[Proposal(text[slice(*span)], 0.0, "beam") for span in clauses(text)[:1]] for text in texts]


def newspaper(*refused, delay=0.0, fingerprint="scripted-1", **settings) -> Newspaper:
    """One that writes with a `ScriptedGenerator`."""
    generator = ScriptedGenerator(*refused, delay=delay, fingerprint=fingerprint)
    return Newspaper(Settings(**settings), generator=generator)


if __name__ == "__main__":
    seconds = float(sys.argv.pop(1))
    models.load = lambda name, settings: ScriptedGenerator(delay=seconds)
    main()
