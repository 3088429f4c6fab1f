"""The bundled model with one part taken out, to see what that part is worth. They write headlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, cast

from eval.data import Story
from eval.systems import System, Written
from eval.systems.baselines import check_style
from eval.systems.generators import Printed
from summarizer import models
from summarizer.config import Settings
from summarizer.models import Generator, Judge, Proposal, bundled
from summarizer.models.selftest import looping
from summarizer.records import Style

__all__ = ["greedy", "unchecked", "unranked"]

_STYLES: frozenset[Style] = frozenset({"headline"})


class _Judging(Generator, Judge, Protocol):
    """A generator with a learnt opinion."""


def unranked(settings: Settings) -> System:
    """Without the learnt ranking: the model's own proposals in its order, then the ranker's clauses.

    All are checked as always; the first that passes is printed. Raises ModelError.
    """
    return _Headlines("bundled-unranked", _InOrder(_bundled(settings)))


def greedy(settings: Settings) -> System:
    """Without a beam: one written candidate, beside the edits and the ranker's clauses. Raises ModelError."""
    return _Headlines("bundled-greedy", _bundled(replace(settings, beams=1)))


def unchecked(settings: Settings) -> System:
    """Without proof: the best-ranked candidate that fits, whatever it says. Raises ModelError."""
    return _Unchecked(_bundled(settings), models.load("extractive", settings))


def _bundled(settings: Settings) -> _Judging:
    return cast(_Judging, models.load("bundled", settings))


class _Headlines(Printed):
    """What the product would print with this generator."""

    def __init__(self, name: str, generator: Generator) -> None:
        super().__init__(generator)
        self.name, self.fingerprint = name, f"{name} 1 {self.fingerprint}"
        self.styles = _STYLES

    def write(self, stories: Sequence[Story], *, style: Style, limit: int) -> list[Written]:
        check_style(self.name, self.styles, style)
        return super().write(stories, style=style, limit=limit)


class _InOrder:
    """The bundled model whose judge has no opinion but the order of the pool; its faults stay faults."""

    def __init__(self, model: _Judging) -> None:
        self.name, self.fingerprint, self.styles = model.name, model.fingerprint, model.styles
        self.propose, self.fault = model.propose, model.fault

    def judge(
        self, texts: Sequence[str], pools: Sequence[Sequence[Proposal]], limit: int
    ) -> list[list[float]]:
        return [[-float(place) for place in range(len(pool))] for pool in pools]


class _Unchecked:
    """The chooser's favourite. Neither the grounding check nor the judge's faults (broken words, rumours
    that the article denies, what no sentence says) are asked; length and circles still count, because what
    does not fit is no headline."""

    name, styles = "bundled-unchecked", _STYLES

    def __init__(self, model: _Judging, floor: Generator) -> None:
        self.fingerprint = f"{self.name} 1 {bundled.fingerprint()}"
        self._model, self._floor = model, floor

    def write(self, stories: Sequence[Story], *, style: Style, limit: int) -> list[Written]:
        check_style(self.name, self.styles, style)
        bodies = [story.body for story in stories]
        made = [model.propose(bodies, style=style, limit=limit) for model in (self._model, self._floor)]
        pools = [_distinct([*own, *floor]) for own, floor in zip(*made, strict=True)]
        scores = self._model.judge(bodies, pools, limit)
        return [_favourite(pool, marks, limit) for pool, marks in zip(pools, scores, strict=True)]


def _distinct(pool: Sequence[Proposal]) -> list[Proposal]:
    """Without texts that stand earlier in the pool, as the product takes them."""
    return list({p.text: p for p in reversed(pool)}.values())[::-1]


def _favourite(pool: Sequence[Proposal], scores: Sequence[float], limit: int) -> Written:
    fit = [
        (score, -place)
        for place, (proposal, score) in enumerate(zip(pool, scores, strict=True))
        if 0 < len(proposal.text) <= limit and not looping(proposal.text)
    ]
    if not fit:
        return Written("")
    best = pool[-max(fit)[1]]
    return Written(best.text, best.origin)
