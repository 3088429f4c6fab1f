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

__all__ = ["MAX_BESIDE", "Run", "RunReader", "Unit", "dashed", "other_measure", "unit_of"]

# Costs are rough negative log odds: 1 is a preference, 3 a strong one, 5 and more all but forbids.
# They were set by hand from what each cue means. What is said of half and double is the layout that each
# guards, not a measurement; those, and each cue's worth, are in eval/README.md.
OPENS_INSIDE = 8.0
"""A story goes on over a block that begins with a lead-in. More than NO_HEADLINE, so that a story
without a headline is read rather than two lead-ins in one; at half it is not."""
ENDED = 5.0
"""A story goes on behind a jump note, or behind its writers' names in brackets. Under OPENS_INSIDE: a
jump note may stand inside a page's text; at half a missing headline (6) outweighs it."""
ENDS_OPEN = 5.0
"""A story ends inside a sentence. As ENDED: at half, columns broken in a sentence become two stories; at
double, one lost full stop joins two."""
NO_OPENING = 1.5
"""A story begins, right after another one, without a lead-in. A preference: pages without any lead-in
exist, and at double they are read as few long stories."""
UNLED = 2.5
"""A headline's story begins without a lead-in on a page where all others have one. At half, headings
inside stories begin some; at double, features on news pages lose their headlines."""
OTHER_MEASURE = 2.5
"""A story goes on in another column width. Print seldom does it, but around pictures it does: at double
such stories are cut, at half narrow and wide neighbours run together."""
SAME_MEASURE = 1.0
"""A new story begins in the same column width, without lead-in or headline: a preference, no more, as
many papers set all stories alike."""
GOES_ON = 0.3
"""A story goes on over a blank line. Small, as long stories have a dozen: at ten times they fall apart,
at 0 nothing parts two texts that share as much as a story does."""
NO_HEADLINE = 6.0
"""A story is printed without one. As NO_BODY, so that a headline and a text left over find each other;
at half, stories are cut wherever it is cheap."""
CONTENT = 6.0
"""Headline and body have nothing in common; in proportion when they have little. Above it, wit such as
算账先生 loses to a neighbour of the same trade; below it, the page order decides alone."""
COHESION = 3.0
"""A story goes on with a paragraph that shares nothing with the one before, or ends between two that
share much; in proportion between. Under ENDED, as neighbours on one subject share words, too."""
SHARED = 0.035
"""Of a paragraph's weight, where both are as likely: neighbours of one story share 0.087 in the middle and
0.027 at the tenth percentile, of two stories 0.011 and, at the ninetieth, 0.037."""
BOND_PAIRS = 80
"""Pairs of characters, about four lines, from which that share can be told; in proportion down to a
quarter of it. At half, one-line paragraphs are cut off; at double, short briefs run together."""
TWICE_SIGNED = 4.0
"""Writers on a line beside the headline and again in the lead-in: it happens with agencies, so less than
ENDED; at half a line of names goes to the story on its wrong side."""
UNSIGNED = 0.7
"""Neither, on a page where most stories are signed: it breaks ties; doubled, it beats the page order."""
FURTHER_HEAD = 1.5
"""Each headline block beside the first, set off by a blank line: kickers and subtitles are the rarer
case. At half, two headlines become one; at double, kickers are cast off."""
MAX_BESIDE = 4
"""Headline blocks that can belong to one story: kicker, headline in two lines, subtitle. At 2 subtitles
are cast off; the time of a group grows with its fourth power."""


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


def tied(above: Unit, below: Unit) -> bool:
    """Do two headings surely belong to one story: lines that touch, a kicker or a subtitle with its dash?"""
    return below.block.glued or dashed(above, below)


def dashed(above: Unit, below: Unit) -> bool:
    """Does a kicker's dash end the one, or a subtitle's begin the other?"""
    return above.block.text.endswith("——") or below.block.text.startswith("——")


class RunReader:
    """Reads the runs of one page; it knows how often stories of this page begin with a lead-in."""

    def __init__(self, runs: Sequence[Sequence[Unit]], groups: int, cues: Cues) -> None:
        """`groups`: how many groups of headlines the page has."""
        self.cues = cues
        self.rarity = Rarity(_texts_apart(runs))
        begins = sum(unit.begins for run in runs for unit in run)
        self._bonds: dict[tuple[int, int], float] = {}
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
                cost, at = (
                    min(
                        (paths[j][0] + (cuts[j - 1] if j else 0.0) + tail[j], j)
                        for j in range(1 if n else 0, len(units))
                    )
                    if len(units) > (1 if n else 0)
                    else (float("inf"), 0)
                )
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
        further = FURTHER_HEAD * sum(not tied(a, b) for a, b in pairwise(heads))
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
        if b.block.signs:
            return ENDED * a.block.signs
        cost = GOES_ON + OPENS_INSIDE * b.begins + ENDED * a.block.ends
        cost += COHESION * max(0.0, -self._bond(a, b))
        return cost + other_measure(a.block, b.block, self.cues)

    def _bond(self, a: Unit, b: Unit) -> float:
        """Do two neighbours speak of one thing? From -1, surely not, to 1; 0 when too short to tell."""
        size = min(len(a.pairs), len(b.pairs))
        if not self.cues.cohesion or size < BOND_PAIRS / 4:
            return 0.0
        key = id(a), id(b)
        if key not in self._bonds:
            apart = (self.rarity.shared(a.pairs, b.pairs) - SHARED) / SHARED
            self._bonds[key] = max(-1.0, min(1.0, apart)) * min(1.0, size / BOND_PAIRS)
        return self._bonds[key]

    def _cut(self, a: Unit, b: Unit) -> float:
        if b.block.signs:
            return OPENS_INSIDE
        cost = 0.0 if b.begins or a.block.ends else COHESION * max(0.0, self._bond(a, b))
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
