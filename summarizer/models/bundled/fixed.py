"""A layer of the encoder in whole numbers of eight bits, whose steps are fixed before anything is read.

After a norm without its weights the numbers of every token have a root mean square of 1, so what is met in a
layer hardly changes from one text to the next: how large it gets is seen once, and a step is that, through
127 (static quantization, Jacob et al. 2018, section 2). Then nothing is to be looked up while reading.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.attention import Layer, attended
from summarizer.models.bundled.integers import FULL, MOST, FixedProduct, rounded, unit

__all__ = ["FixedLayer", "fixed"]

_GRID = 8
"""Sizes are rounded up to eighths of a power of two, so that all machines find the same."""


@dataclass(frozen=True, slots=True)
class _Steps:
    """What 1 stands for: normed before attention, gathered by it, normed behind it, above zero."""

    before: float
    gathered: float
    behind: float
    hidden: float


class FixedLayer:
    """As a `Layer`, whose weights it has."""

    def __init__(self, layer: Layer, steps: _Steps) -> None:
        self._shape, self._steps = layer.shape, steps
        first, second = layer.norms
        # values come out counted in steps of what is gathered of them
        into = torch.ones(len(layer.together))
        into[-layer.out.shape[1] :] = steps.gathered
        self._together = FixedProduct(layer.together * first, steps.before, into=into)
        self._out = FixedProduct(layer.out, steps.gathered)
        self._wide = FixedProduct(layer.wide * second, steps.behind)
        self._narrow = FixedProduct(layer.narrow, steps.hidden, zero=0)

    def __call__(self, states: Tensor, lean: Tensor) -> Tensor:
        """`states` (rows, tokens, width), `lean` as in `attended`; returns states."""
        flat = states.flatten(0, 1)
        made = self._together(rounded(flat, unit(flat, self._shape.epsilon, self._steps.before)))
        gathered = attended(made.view(*states.shape[:2], -1), lean, self._shape.heads)
        flat = self._out(rounded(gathered.flatten(0, 1))).add_(flat)
        numbers = rounded(flat, unit(flat, self._shape.epsilon, self._steps.behind))
        hidden = self._wide.above_zero(numbers, self._steps.hidden)
        return self._narrow(hidden).add_(flat).view_as(states)


def fixed(layers: Sequence[Layer], states: Tensor, lean: Tensor) -> list[FixedLayer]:
    """`layers`, each with the steps that it takes for these `states`, (rows, tokens, width)."""
    made = []
    for layer in layers:
        gathered = layer.gathered(states, lean)
        between = states + functional.linear(gathered, layer.out)
        hidden = layer.hidden(between)
        before, behind = (
            flat * unit(flat, layer.shape.epsilon) for flat in (states.flatten(0, 1), between.flatten(0, 1))
        )
        sizes = [_size(some) / MOST for some in (before, gathered, behind)]
        made.append(FixedLayer(layer, _Steps(sizes[0], sizes[1], sizes[2], _size(hidden) / FULL)))
        states = between + functional.linear(hidden, layer.narrow)
    return made


def _size(states: Tensor) -> float:
    largest = max(float(states.abs().amax()), 1e-6)
    return float(2.0 ** (math.ceil(math.log2(largest) * _GRID) / _GRID))
