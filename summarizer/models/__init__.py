"""Every model behind one door: what a generator must do, and where each kind is built.

To add one: write a class with the methods of `Generator`, put its import string into
`GENERATORS` with the prefix users will type, and run tests/test_models.py, which puts
every kind through the same tests. Nothing here imports torch; `load` does, late.

    load("bundled")                      the model inside the package
    load("extractive")                   the learnt clause ranker, no neural weights
    load("seq2seq:/models/randeng")      a folder or a Hugging Face name
    load("chat:Qwen/Qwen3-0.6B")         a chat model in this process
    load("server:qwen3@http://127.0.0.1:8000/v1")   an OpenAI-compatible server
    load("/models/any")                  a folder: its config.json says which kind
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.records import Style

__all__ = ["GENERATORS", "Generator", "Proposal", "Scorer"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One text a generator offers for one article."""

    text: str
    score: float
    """Mean log-probability a token where the generator knows it, else 0.0; higher is better."""
    origin: str
    """"clause", "edit", "beam" or "chat"."""


class Generator(Protocol):
    """Texts in, proposals out. Lengths are characters, never tokens."""

    name: str
    """As the user typed it; shown beside every output."""
    fingerprint: str
    """Changes whenever weights or vocabulary change; part of the key of stored results."""
    styles: frozenset[Style]
    """Styles it can write; the others are left to the extractive floor."""

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """For each text its proposals, best first; [] for a text it can make nothing of.

        `limit` is a wish: proposals may be longer and are then disqualified by the caller.
        Order and results do not depend on how texts are batched. Raises ModelError.
        """


class Scorer(Protocol):
    """A generator that can also judge texts it did not write."""

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Mean log-probability a token of each (source, headline); -inf for an empty headline."""


GENERATORS = {
    "bundled": "summarizer.models.bundled:load",
    "extractive": "summarizer.models.extractive:load",
    "seq2seq": "summarizer.models.seq2seq:load",
    "chat": "summarizer.models.chat:load",
    "server": "summarizer.models.server:load",
}
"""Prefix the user types -> import string of a function (argument: str, ...) -> Generator."""
