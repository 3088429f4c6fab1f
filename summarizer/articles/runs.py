"""One run of text between headlines: where a story ends, and which stories take the headlines.

Every cost of reading a text is here; the chain of runs over the whole page is in `order`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from summarizer.articles.blocks import Block, Role, alike
from summarizer.articles.content import Rarity, pairs_of
from summarizer.articles.cues import Cues, is_notice_head, lead_in, lead_in_writers

__all__ = ["MAX_BESIDE", "Run", "RunReader", "Unit", "other_measure", "unit_of"]

# Costs are rough negative log odds: 1 is a preference, 3 a strong one, 5 and more all but forbids.
# They were set by hand from what each cue means, then checked by the ablation in eval/README.md.
OPENS_INSIDE = 8.0
"""A story goes on over a block that begins with a lead-in."""
ENDED = 5.0
"""A story goes on behind a jump note, or behind its writers' names in brackets."""
ENDS_OPEN = 5.0
"""A story ends inside a sentence."""
NO_OPENING = 1.5
"""A story begins, right after another one, without a lead-in."""
UNLED = 2.5
"""A headline's story begins without a lead-in on a page where all others have one."""
OTHER_MEASURE = 2.5
"""A story goes on in another column width."""
SAME_MEASURE = 1.0
"""A new story begins in the same column width, without lead-in or headline."""
GOES_ON = 0.3
"""A story goes on over a blank line."""
NO_HEADLINE = 6.0
CONTENT = 6.0
"""Headline and body have nothing in common; in proportion when they have little."""
TWICE_SIGNED = 4.0
"""Writers on a line beside the headline and again in the lead-in."""
UNSIGNED = 0.7
FURTHER_HEAD = 1.5
"""Each headline block beside the first: kicker or subtitle, set off by a blank line."""
MAX_BESIDE = 3
"""Headline blocks that can belong to one story: kicker, headline, subtitle."""


@dataclass(slots=True)
class Unit:
    """A headline or text block with the lines of writers beside it."""

    block: Block
    pairs: frozenset[str]
    bylines: list[Block] = field(default_factory=list)
    signed: bool = False
    notice: bool = False
    """A headline such as 遗失声明."""
    pictured: bool = False
    """A headline right above a photo caption."""
    begins: bool = False
    """Something besides a headline says that a story begins here."""


@dataclass(slots=True)
class Run:
    """The cheapest readings of one run: cost and cuts for every (heads at left, heads at right)."""

    units: list[Unit]
    cost: dict[tuple[int, int], float]
    cuts: dict[tuple[int, int], list[int]]


def unit_of(block: Block, bylines: list[Block], cues: Cues) -> Unit:
    unit = Unit(block, pairs_of(block.text), list(bylines), begins=block.opens or bool(bylines))
    unit.notice = cues.notice and block.role is Role.HEAD and is_notice_head(block.text)
    lead = block.text[: lead_in(block.text)] if block.opens else ""
    unit.signed = bool(bylines) or (bool(lead) and lead_in_writers(lead) is not None)
    return unit


class RunReader:
    """Reads the runs of one page; it knows how often stories of this page begin with a lead-in."""

    def __init__(self, runs: Sequence[Sequence[Unit]], groups: int, cues: Cues) -> None:
        """`groups`: how many groups of headlines the page has."""
        self.cues = cues
        self.rarity = Rarity(_texts_apart(runs))
        begins = sum(unit.begins for run in runs for unit in run)
        self.led = min(1.0, begins / max(groups, 1))

    def read(self, units: list[Unit], left: list[Unit], right: list[Unit]) -> Run:
        run = Run(units, {}, {})
        if not units:
            run.cost[0, 0], run.cuts[0, 0] = 0.0, []
            return run
        joins = [self._join(a, b) for a, b in pairwise(units)]
        cuts = [self._cut(a, b) for a, b in pairwise(units)]
        ending = ENDS_OPEN * (units[-1].block.open_end and self.cues.open_sentence)
        most = min(len(right), MAX_BESIDE)
        tails = {n: self._tail_costs(right[:n], units, joins) for n in range(1, most + 1)}
        for n in range(min(len(left), MAX_BESIDE) + 1):
            first = self._head_costs(left[len(left) - n :], units, joins) if n else None
            paths = self._forward(units, joins, cuts, first)
            run.cost[n, 0] = paths[-1][0] + ending
            run.cuts[n, 0] = _cuts_of(paths, len(units))
            for m, tail in tails.items():
                cost, at = min(
                    (paths[j][0] + (cuts[j - 1] if j else 0.0) + tail[j], j)
                    for j in range(1 if n else 0, len(units))
                ) if len(units) > (1 if n else 0) else (float("inf"), 0)
                if cost < float("inf"):
                    run.cost[n, m] = cost + ending
                    run.cuts[n, m] = [*_cuts_of(paths, at), at] if at else []
        return run

    def _forward(
        self, units: list[Unit], joins: list[float], cuts: list[float], first: list[float] | None
    ) -> list[tuple[float, int]]:
        """For every t, the least cost of reading the first t units as whole stories, and where the
        last of them begins. The first story has a headline when `first` gives its costs by length;
        all others have none."""
        inf = float("inf")
        paths: list[tuple[float, int]] = [(0.0 if first is None else inf, 0)]
        going, since = inf, 0
        lonely = NO_HEADLINE if self.cues.balance else 2.0
        for t in range(1, len(units) + 1):
            fresh = paths[t - 1][0] + (cuts[t - 2] if t > 1 else 0.0) + lonely
            going += joins[t - 2] if t > 1 else 0.0
            if fresh < going:
                going, since = fresh, t - 1
            own = first[t] if first is not None else inf
            paths.append((own, 0) if own <= going else (going, since))
        return paths

    def _head_costs(self, heads: list[Unit], units: list[Unit], joins: list[float]) -> list[float]:
        """Cost of `heads` with the first t units as their story, for every t (t = 0: impossible)."""
        scores = self._scores(heads, [u.pairs for u in units])
        costs, joined = [float("inf")], self._signature(heads, units[0])
        joined += self._opening(units[0])
        for t in range(1, len(units) + 1):
            joined += joins[t - 2] if t > 1 else 0.0
            costs.append(joined + CONTENT * (1 - scores[t]))
        return costs

    def _tail_costs(self, heads: list[Unit], units: list[Unit], joins: list[float]) -> list[float]:
        """Cost of `heads` with the units from j on as their story, for every j below len(units)."""
        scores = self._scores(heads, [u.pairs for u in reversed(units)])
        costs, joined = [0.0] * len(units), 0.0
        for j in range(len(units) - 1, -1, -1):
            joined += joins[j] if j + 1 < len(units) else 0.0
            start = self._opening(units[j]) + self._signature(heads, units[j])
            costs[j] = joined + start + CONTENT * (1 - scores[len(units) - j])
        return costs

    def _scores(self, heads: list[Unit], texts: list[frozenset[str]]) -> list[float]:
        if not self.cues.content:
            return [0.5] * (len(texts) + 1)
        return self.rarity.prefix_scores(frozenset().union(*(h.pairs for h in heads)), texts)

    def _signature(self, heads: list[Unit], first: Unit) -> float:
        further = FURTHER_HEAD * (len(heads) - 1)
        if not self.cues.one_byline:
            return further
        signed = any(unit.bylines for unit in heads)
        if signed and first.signed:
            return further + TWICE_SIGNED
        return further + UNSIGNED * (self.led > 0.5 and not signed and not first.signed)

    def _opening(self, first: Unit) -> float:
        """Cost of a headline's text beginning without a lead-in on a page where most have one."""
        return 0.0 if first.begins else UNLED * self.led**2

    def _join(self, a: Unit, b: Unit) -> float:
        cost = GOES_ON + OPENS_INSIDE * b.begins + ENDED * a.block.ends
        return cost + other_measure(a.block, b.block, self.cues)

    def _cut(self, a: Unit, b: Unit) -> float:
        cost = 0.0
        if self.cues.open_sentence and a.block.open_end:
            cost += ENDS_OPEN
        if not b.begins and not a.block.ends:
            cost += NO_OPENING
            if self.cues.measure and not other_measure(a.block, b.block, self.cues):
                cost += SAME_MEASURE
        return cost


def _texts_apart(runs: Sequence[Sequence[Unit]]) -> list[set[str]]:
    """The pairs of texts that are surely not one story: cut at headlines and at lead-ins."""
    apart: list[set[str]] = []
    for run in runs:
        for at, unit in enumerate(run):
            if at == 0 or unit.begins:
                apart.append(set())
            apart[-1] |= unit.pairs
    return apart


def other_measure(a: Block, b: Block, cues: Cues) -> float:
    """The cost of one story being set in both blocks' column widths."""
    if not cues.measure or a.measure is None or b.measure is None:
        return 0.0
    return 0.0 if alike(a.measure, b.measure) else OTHER_MEASURE


def _cuts_of(paths: list[tuple[float, int]], end: int) -> list[int]:
    """Where the stories of the first `end` units begin, the first one left out."""
    cuts: list[int] = []
    while end > 0:
        end = paths[end][1]
        if end:
            cuts.append(end)
    return cuts[::-1]
