"""Beam search over many sources at once, as `generate()` does it and several times as fast.

Sources that have all their headlines leave the batch, only the likeliest tokens of a hypothesis are looked
at, and the constraints are tables: no loop over hypotheses is left. Found are the headlines of
`HeadlineT5.generate` with `num_beams`, `early_stopping=True`, `length_penalty=1.0`, `no_repeat_ngram_size`
and SourceDigits, but where two scores differ by rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from summarizer.models.bundled.derivations import Derivations
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.memory import Memory
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.stepping import Stepper

__all__ = ["Beam", "search"]

_START, _END = 0, 1
"""Ids of the token that a headline begins with (padding, as in T5), and of the one that ends it."""
_WORST = -1e9
_LEAVE = 0.75
"""Sources leave once this share of the batch is left: to copy the others costs more than a step with few."""
_WIDE = 96
"""Columns at most of the table in which the likeliest pieces are looked for."""


@dataclass(frozen=True, slots=True)
class Beam:
    """One headline of a source."""

    tokens: list[int]
    """Without the start token; with the end token where there was room for it."""
    score: float
    """Mean log-probability a token."""


@dataclass(slots=True)
class _State:
    """Of the sources that are still written for. Hypotheses of a source stand together, the best first."""

    rows: Tensor
    """(rows,): number of each in the batch."""
    written: Tensor
    """(rows, beams, steps + 1): what is written, the start token first."""
    scores: Tensor
    """(rows, beams): sums of log-probabilities."""
    nodes: Tensor
    """(rows * beams,): where each is in the digit runs; `roots` where it begins."""
    roots: Tensor
    places: Tensor
    """(rows * beams, ...): how far each has used up its source, where it may say no more than that."""
    done: Tensor
    """(rows, beams, steps + 1): finished ones, the best first."""
    done_scores: Tensor
    """(rows, beams): means; _WORST where there is none yet."""

    def sources(self) -> Tensor:
        """(rows * beams,): number of each hypothesis's source."""
        return self.rows.repeat_interleave(self.scores.shape[1])


@torch.inference_mode()
def search(
    stepper: Stepper, memory: Memory, digits: DigitRuns, *, beams: int, steps: int, no_repeat: int = 3,
    derivations: Derivations | None = None, shortlist: Shortlist | None = None,
) -> list[list[Beam]]:  # fmt: skip
    """The `beams` best headlines of each source, best first, of at most `steps` tokens.

    `memory` is fresh, made for so many beams and steps, with the `shortlist` if there is one; it is used up.
    `digits` has its sources in order, and so has `derivations`, which lets nothing be written but what the
    source says, and goes without a shortlist.
    """
    rows = len(memory.source)
    found: list[list[Beam]] = [[] for _ in range(rows)]
    state = _begun(rows, beams, steps, digits, derivations)
    for step in range(steps):
        tokens = state.written[:, :, step].flatten()
        chances = stepper.step(tokens, memory)
        digits.forbid(chances, state.nodes, 0.0)
        if derivations:
            derivations.forbid(chances, state.places, state.sources())
        _forbid_repeats(chances, state.written.flatten(0, 1)[:, : step + 1], no_repeat)
        hypotheses = _advance(state, chances, memory, last=step + 1 == steps, step=step)
        tokens = state.written[:, :, step + 1].flatten()
        state.nodes = digits.after(state.nodes[hypotheses], tokens, state.roots)
        if derivations:
            state.places = derivations.after(state.places[hypotheses], tokens, state.sources())
        open_ = (state.done_scores <= _WORST / 2).any(1)
        if step + 1 == steps or not open_.any():
            _collect(found, state, torch.ones_like(open_))
            break
        if open_.sum() <= _LEAVE * len(open_):
            _collect(found, state, ~open_)
            _leave(state, memory, open_.nonzero().squeeze(1), beams)
    return found if shortlist is None else _spelt(found, shortlist.ids.tolist())


def _begun(rows: int, beams: int, steps: int, digits: DigitRuns, derivations: Derivations | None) -> _State:
    scores = torch.full((rows, beams), _WORST)
    scores[:, 0] = 0.0  # the others are the same hypothesis as yet
    roots = digits.roots.repeat_interleave(beams)
    nothing = torch.full((rows, beams, steps + 1), _START)
    numbers = torch.arange(rows)
    sources = numbers.repeat_interleave(beams)
    places = derivations.begun(sources) if derivations else sources
    return _State(
        numbers, nothing.clone(), scores, roots.clone(), roots, places, nothing,
        torch.full((rows, beams), _WORST),
    )  # fmt: skip


def _forbid_repeats(chances: Tensor, written: Tensor, size: int) -> None:
    """No run of `size` tokens twice; in place."""
    length = written.shape[1]
    if length < size:
        return
    runs = written.unfold(1, size, 1)  # (hypotheses, places, size)
    same = (runs[:, :, :-1] == written[:, None, length - size + 1 :]).all(-1)
    hypotheses, places = same.nonzero(as_tuple=True)
    chances[hypotheses, runs[hypotheses, places, -1]] = 0.0


def _advance(state: _State, chances: Tensor, memory: Memory, *, step: int, last: bool) -> Tensor:
    """One token more for every hypothesis; what ends goes among the finished. From which each goes on."""
    rows, beams = state.scores.shape
    # twice as many as are kept, for as many again may end here
    scores, parents, tokens = _likeliest(chances.view(rows, beams, -1), state.scores, 2 * beams)
    written = state.written.gather(1, parents[:, :, None].expand(-1, -1, state.written.shape[2]))
    written[:, :, step + 1] = tokens
    ends = (tokens == _END) | last
    _finish(state, written, scores, ends, step)
    scores, order = (scores + ends * _WORST).topk(beams, dim=-1)
    state.scores = scores
    state.written = written.gather(1, order[:, :, None].expand(-1, -1, written.shape[2]))
    from_ = parents.gather(1, order)
    memory.reorder(from_)
    return (from_ + torch.arange(rows)[:, None] * beams).flatten()


def _likeliest(chances: Tensor, scores: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """The `count` best of a row, best first: their scores, hypotheses and tokens, (rows, count) each.

    `chances` (rows, beams, tokens), `scores` (rows, beams). What is among the largest stands in a column of
    a table whose largest is among the largest of all columns, so most is read once and never sorted.
    """
    rows, beams, size = chances.shape
    wide = next(columns for columns in range(_WIDE, 0, -1) if size % columns == 0)
    table = chances.view(rows, beams, -1, wide)
    largest = (table.amax(2).log() + scores[:, :, None]).flatten(1)
    columns = largest.topk(min(count, beams * wide), dim=-1).indices
    own, column = columns // wide, columns % wide
    near = table[torch.arange(rows)[:, None], own, :, column]
    totals = (near.log() + scores.gather(1, own)[:, :, None]).flatten(1)
    best, places = totals.topk(count, dim=-1)
    which, deep = places // table.shape[2], places % table.shape[2]
    return best, own.gather(1, which), deep * wide + column.gather(1, which)


def _finish(state: _State, written: Tensor, scores: Tensor, ends: Tensor, step: int) -> None:
    """Among the first `beams` of a source those that end here are finished, unless it has all already."""
    beams = state.scores.shape[1]
    full = (state.done_scores > _WORST / 2).all(1, keepdim=True)
    new = ends[:, :beams] & ~full
    means = torch.where(new, scores[:, :beams] / (step + 1), _WORST)
    merged, order = torch.cat([state.done_scores, means], 1).topk(beams, dim=-1)
    both = torch.cat([state.done, written[:, :beams]], 1)
    state.done = both.gather(1, order[:, :, None].expand(-1, -1, both.shape[2]))
    state.done_scores = merged


def _leave(state: _State, memory: Memory, rows: Tensor, beams: int) -> None:
    """Only `rows` stay in the batch."""
    hypotheses = (rows[:, None] * beams + torch.arange(beams)).flatten()
    state.rows, state.written, state.scores = state.rows[rows], state.written[rows], state.scores[rows]
    state.nodes, state.roots = state.nodes[hypotheses], state.roots[hypotheses]
    state.places = state.places[hypotheses]
    state.done, state.done_scores = state.done[rows], state.done_scores[rows]
    memory.keep(rows)


def _collect(found: list[list[Beam]], state: _State, rows: Tensor) -> None:
    """The finished headlines of these rows."""
    for at in rows.nonzero().squeeze(1).tolist():
        pairs = zip(state.done[at, :, 1:].tolist(), state.done_scores[at].tolist(), strict=True)
        found[int(state.rows[at])] = [
            Beam(_ended(tokens), score) for tokens, score in pairs if score > _WORST / 2
        ]


def _spelt(found: list[list[Beam]], ids: list[int]) -> list[list[Beam]]:
    """With ids in the place of places in a shortlist."""
    return [[Beam([ids[place] for place in beam.tokens], beam.score) for beam in row] for row in found]


def _ended(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(_END) + 1] if _END in tokens else tokens
