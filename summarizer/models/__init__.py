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

import difflib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.records import Style

__all__ = ["GENERATORS", "Generator", "Judge", "Proposal", "Scorer", "load"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One text a generator offers for one article."""

    text: str
    score: float
    """Higher is better among proposals of one origin: for "beam" and "chat" the mean log-probability
    a token where the generator knows it, else 0.0; for "edit" and "clause" what their models give."""
    origin: str
    """"clause" or "lead" (copied), "edit" (by deletions), "beam" or "chat" (written)."""


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


class Judge(Protocol):
    """A generator with a learnt opinion on candidates, its own and the extractive ones.

    Without it the model's own proposals come first, in its order: a user who brings a model
    trusts it before the floor.
    """

    def judge(
        self, texts: Sequence[str], pools: Sequence[Sequence[Proposal]], limit: int
    ) -> list[list[float]]:
        """A score for every candidate of every text; higher is better inside one text."""

    def fault(self, text: str, proposal: Proposal) -> str:
        """Why a proposal for `text` must not be printed, whatever it scores; "" when it may."""


GENERATORS = {
    "bundled": "summarizer.models.bundled:load",
    "extractive": "summarizer.models.extractive:load",
    "seq2seq": "summarizer.models.seq2seq:load",
    "chat": "summarizer.models.chat:load",
    "server": "summarizer.models.server:load",
}
"""Prefix the user types -> import string of a function (argument: str, settings: Settings) -> Generator."""


def load(name: str, settings: Settings | None = None, *, selftest: bool = True) -> Generator:
    """Build the generator `name`, "kind" or "kind:argument", or a bare folder or "org/model".

    Unless `selftest` is False it must first make sense of a known paragraph. Raises ModelError
    for an unknown name, a folder that is unsafe, a missing package, a failed self-test.
    """
    settings = Settings() if settings is None else settings
    kind, argument = _kind(name, settings)
    module, _, function = GENERATORS[kind].partition(":")
    try:
        build = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("summarizer"):
            raise  # our own module is missing: a bug, not a missing package
        raise ModelError(
            f"model {name!r} needs the package {error.name!r}, which is missing: pip install {error.name}"
        ) from error
    generator = cast(Generator, build(argument, settings))
    if selftest:
        from summarizer.models.selftest import check

        check(generator)
    return generator


def _kind(name: str, settings: Settings) -> tuple[str, str]:
    """(key of GENERATORS, argument) of what the user typed."""
    kind, colon, argument = name.partition(":")
    if kind in GENERATORS and (colon or not Path(name).is_dir()):
        return kind, argument
    if name and (Path(name).expanduser().is_dir() or ("/" in name and not colon)):
        from summarizer.models import safety

        folder = safety.fetch(name, offline=settings.offline)
        safety.scan(folder)
        return safety.kind(folder), name
    near = difflib.get_close_matches(kind, GENERATORS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ModelError(
        f"unknown model {name!r}.{hint} Known: {', '.join(GENERATORS)}; write kind:argument, such as "
        "seq2seq:FOLDER, chat:ORG/NAME or server:MODEL@URL, or the path of a model folder."
    )
