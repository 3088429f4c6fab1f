"""Which blocks make one story: one cheapest reading of the whole page.

The page is a chain: run of text, group of headlines, run of text, … For every group the reading
says how many of its headlines belong to the text before, how many to the text after, or that it is
a heading inside a story. For every run it says where one story ends and the next begins.
Dynamic programming finds the reading of least cost, first the runs, then the chain, in time
linear in the number of blocks. Reading order first, then cut, headline to body one to one:
Gao, Tang et al., ICPR 2012.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from summarizer.articles.blocks import Block, Role
from summarizer.articles.content import pairs_of
from summarizer.articles.cues import Cues
from summarizer.articles.runs import MAX_BESIDE, Run, RunReader, Unit, dashed, other_measure, unit_of

__all__ = ["Story", "stories_of"]

# Costs on the scale of `runs`: 1 is a preference, 3 a strong one, 5 and more all but forbids.
NO_BODY = 6.0
"""A headline finds no text. As NO_HEADLINE in `runs`: what is left over is paired."""
TITLES_PICTURE = 1.0
"""A headline without text that stands right above a photo caption and shares words with it. Under
FURTHER_HEAD, or it would become a kicker; at double titled pictures lose their titles."""
SUBHEAD = 1.5
"""A short heading set off by blank lines is text of the story around it. Under half of NO_HEADLINE, so
that no story is torn for it; at half, headlines of briefs are swallowed."""
LONG_SUBHEAD = 4.0
"""The same for one longer than `SHORT` characters or of several lines, which seldom is one; at half,
headlines of two stories on one subject are swallowed."""
SHORT = 12
"""Characters. Headings inside stories mostly have 4 to 12; at 6 they cut stories, at 24 headlines pass."""
OTHER_SIDE = 2.0
"""A headline on the other side than most of this page's, when the page has a side. Well under CONTENT, so
that words can overrule it; at half, mixed-up neighbours on pages in strict order."""
NO_SIDE = 0.7
"""Every story of a page read as having no side: a third of OTHER_SIDE, so a page has a side when two in
three headlines keep to it."""
TORN = 4.0
"""A kicker's or subtitle's dash points to another story's headline. Under NO_BODY: better torn than lost."""
GLUED = 1.0
"""Heading lines that touch are headlines of two stories: a preference, which their words overrule."""
NOTICE_LAST = 3.0
"""The headline of a notice behind its text: above OTHER_SIDE, as notices keep their form on any page."""

MAX_SUBHEADS = 8
"""Headings looked through inside one story; keeps the chain linear."""


@dataclass(slots=True)
class Story:
    """The blocks of one story, before its text is put together."""

    heads: list[Block] = field(default_factory=list)
    texts: list[Block] = field(default_factory=list)
    bylines: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Split:
    """What a group of headlines does: the first `before` end a story, the last `after` begin one."""

    before: int
    after: int


def stories_of(blocks: Sequence[Block], cues: Cues) -> list[Story]:
    """The stories of a page, ordered by their first line; captions and running heads are left out."""
    runs, groups = _chain_of(blocks, cues)
    reader = _Reader(runs, groups, cues)
    stories = reader.read()
    return sorted(stories, key=lambda story: min(b.lines[0].number for b in (*story.heads, *story.texts)))


def _chain_of(blocks: Sequence[Block], cues: Cues) -> tuple[list[list[Unit]], list[list[Unit]]]:
    """Runs of text and the groups of headlines between them: one run more than groups."""
    kept = [b for b in blocks if b.role in (Role.BODY, Role.HEAD, Role.BYLINE)]
    runs: list[list[Unit]] = [[]]
    groups: list[list[Unit]] = []
    waiting: list[Block] = []
    last: Unit | None = None
    titles = _picture_titles(blocks)
    for at, block in enumerate(kept):
        if block.role is Role.BYLINE:
            follows = kept[at + 1].role if at + 1 < len(kept) else None
            if last is not None and (last.block.role is Role.HEAD or follows is not Role.BODY):
                last.bylines.append(block)
                last.signed = True
            else:
                waiting.append(block)
            continue
        last = unit_of(block, waiting, cues)
        last.pictured = id(block) in titles
        waiting = []
        if block.role is Role.BODY:
            runs[-1].append(last)
        elif not runs[-1] and groups:
            groups[-1].append(last)
        else:
            groups.append([last])
            runs.append([])
    if last is None:
        runs[0] += [unit_of(block, [], cues) for block in waiting]  # nothing but names: kept as text
    else:
        last.bylines.extend(waiting)
    return runs, groups


def _picture_titles(blocks: Sequence[Block]) -> set[int]:
    """Headlines right above a caption with which they share words, by identity; no farther from it than
    from what is above them."""
    found: set[int] = set()
    last = 0
    for a, b in pairwise(blocks):
        if a.role is Role.HEAD and b.role is Role.CAPTION and pairs_of(a.text) & pairs_of(b.text):
            if b.lines[0].number - a.lines[-1].number <= a.lines[0].number - last or not last:
                found.add(id(a))
        last = a.lines[-1].number
    return found


class _Reader:
    """Finds the cheapest reading of one page."""

    def __init__(self, runs: list[list[Unit]], groups: list[list[Unit]], cues: Cues) -> None:
        self.runs, self.groups, self.cues = runs, groups, cues
        self.reader = RunReader(runs, len(groups), cues)
        self._solved: dict[tuple[int, int], Run] = {}

    def read(self) -> list[Story]:
        sides = ("before", "after", "") if self.cues.page_order else ("",)
        best = min((self._chain(side) for side in sides), key=lambda found: found[0])
        return self._stories(best[1])

    # --- the chain of groups ---------------------------------------------------------------

    def _chain(self, side: str) -> tuple[float, list[tuple[int, _Split]]]:
        """The cheapest splits of all groups that are no subheads, as (group, split) in page order."""
        end = len(self.groups)
        start = (-1, _Split(0, 0))
        best: dict[int, dict[_Split, tuple[float, tuple[int, _Split]]]] = {-1: {start[1]: (0.0, start)}}
        for at in range(end + 1):
            splits = [_Split(0, 0)] if at == end else _splits(len(self.groups[at]))
            best[at] = {}
            for split in splits:
                own = 0.0 if at == end else self._split_cost(at, split, side)
                best[at][split] = min(
                    (
                        (cost + own + self._between(since, left, at, split), (since, left))
                        for since in self._starts(at)
                        for left, (cost, _) in best[since].items()
                    ),
                    key=lambda found: found[0],
                )
        chain: list[tuple[int, _Split]] = []
        step = (end, _Split(0, 0))
        total = best[end][step[1]][0]
        while step[0] >= 0:
            chain.append(step)
            step = best[step[0]][step[1]][1]
        return total, chain[::-1]

    def _starts(self, at: int) -> list[int]:
        """The groups that can be the last headline before group `at`, those between being subheads."""
        starts = [at - 1]
        while self.cues.subhead and len(starts) <= MAX_SUBHEADS and starts[-1] >= 0:
            if not self._may_be_inside(starts[-1]):
                break
            starts.append(starts[-1] - 1)
        return starts

    def _may_be_inside(self, at: int) -> bool:
        group, before, after = self.groups[at], self.runs[at], self.runs[at + 1]
        if len(group) > 2 or not before or not after or after[0].begins or before[-1].block.ends:
            return False
        return not any(unit.bylines or unit.notice for unit in group)

    def _split_cost(self, at: int, split: _Split, side: str) -> float:
        group = self.groups[at]
        cost = 0.0
        for unit in group[split.before : len(group) - split.after]:
            cost += TITLES_PICTURE if unit.pictured else NO_BODY if self.cues.balance else 1.0
        for at_cut in {split.before, len(group) - split.after} - {0, len(group)}:
            above, below = group[at_cut - 1], group[at_cut]
            cost += TORN if dashed(above, below) else GLUED * below.block.glued
        for count, name in ((split.before, "after"), (split.after, "before")):
            if count and group[0 if name == "after" else -1].notice:
                cost += NOTICE_LAST * (name == "after")
            elif count and self.cues.page_order:
                cost += NO_SIDE if not side else OTHER_SIDE * (side != name)
        return cost

    def _between(self, since: int, left: _Split, at: int, right: _Split) -> float:
        """Cost of the text between two groups, the groups between them being subheads."""
        cost = self._run(since, at).cost.get((left.after, right.before))
        if cost is None:
            return NO_BODY * 100
        for group in range(since + 1, at):
            cost += self._inside_cost(group)
        return cost

    def _inside_cost(self, at: int) -> float:
        group = self.groups[at]
        before, after = self.runs[at][-1].block, self.runs[at + 1][0].block
        cost = 0.0
        for unit in group:
            short = len(unit.block.text) <= SHORT and len(unit.block.lines) == 1
            cost += SUBHEAD if short else LONG_SUBHEAD
        return cost + other_measure(before, after, self.cues)

    # --- one run of text -------------------------------------------------------------------

    def _run(self, since: int, at: int) -> Run:
        if (since, at) not in self._solved:
            units = list(self.runs[since + 1])
            for group in range(since + 1, at):
                units += self.groups[group] + self.runs[group + 1]
            left = self.groups[since] if since >= 0 else []
            right = self.groups[at] if at < len(self.groups) else []
            self._solved[since, at] = self.reader.read(units, left, right)
        return self._solved[since, at]

    # --- the reading as stories ------------------------------------------------------------

    def _stories(self, chain: list[tuple[int, _Split]]) -> list[Story]:
        stories: list[Story] = []
        since, left = -1, _Split(0, 0)
        for at, split in chain:
            run = self._run(since, at)
            cuts = run.cuts[left.after, split.before]
            bounds = [0, *sorted(set(cuts) - {0}), len(run.units)]
            texts = [run.units[a:b] for a, b in pairwise(bounds) if a < b]
            heads: list[list[Unit]] = [[] for _ in texts]
            if left.after:
                heads[0] = self.groups[since][len(self.groups[since]) - left.after :]
            if split.before:
                heads[-1] = self.groups[at][: split.before]
            stories += [_story(h, t) for h, t in zip(heads, texts, strict=True)]
            if at < len(self.groups):
                group = self.groups[at]
                spare = group[split.before : len(group) - split.after]
                stories += [_story([unit], []) for unit in spare]
            since, left = at, split
        return stories


def _splits(size: int) -> list[_Split]:
    top = min(size, MAX_BESIDE)
    return [_Split(a, b) for a in range(top + 1) for b in range(min(size - a, MAX_BESIDE) + 1)]


def _story(heads: list[Unit], texts: list[Unit]) -> Story:
    """The blocks of a story; a heading that interrupts a sentence is its headline and no text."""
    inside: list[Block] = []
    kept: list[Block] = []
    for unit in texts:
        interrupts = unit.block.role is Role.HEAD and bool(kept) and kept[-1].open_end
        (inside if interrupts and kept[-1].role is Role.BODY else kept).append(unit.block)
    story = Story([u.block for u in heads] or inside, kept if not heads else [u.block for u in texts])
    story.bylines = [b for u in (*heads, *texts) for b in u.bylines]
    return story
