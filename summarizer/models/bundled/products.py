"""Products of a model's states with its weights: in floats, or in whole numbers of eight bits.

How large states get hardly changes from one text to the next, as each product but the last of a layer is of
states whose root mean square is 1. So it is watched once, with any text, and the steps of whole numbers are
fixed by that (static quantization, Jacob et al. 2018, section 2): nothing is to be looked up while reading.
"""

from __future__ import annotations

import math
from copy import copy
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.integers import FULL, MOST, ZERO, FixedProduct, rounded, unit

__all__ = ["ROOM", "Product", "Whole"]

ROOM = 1.5
"""By so much more than pieces drawn at random a text may take for what attention gathers and for what is
above zero: of news texts the hundredth token does."""

_GRID = 8
"""Sizes are rounded up to eighths of a power of two, so that all machines find the same."""


class Product:
    """x -> x @ weight.T in floats, `weight` (outputs, inputs); with a `norm` (inputs,), of x with a root
    mean square of 1, times the norm (RMSNorm, Zhang & Sennrich 2019)."""

    def __init__(
        self, weight: Tensor, norm: Tensor | None = None, epsilon: float = 0.0, *, watched: bool = False
    ) -> None:
        """If `watched` it remembers how large the largest number was that it was given."""
        self._weight = weight if norm is None else weight * norm
        self._epsilon = None if norm is None else epsilon
        self.outputs = len(weight)
        self._watched, self._largest = watched, 1e-6

    def __call__(self, states: Tensor, plus: Tensor | None = None) -> Tensor:
        """`states` (rows, inputs), returns (rows, outputs), with `plus` added."""
        made = functional.linear(self._read(states), self._weight)
        return made if plus is None else made.add_(plus)

    def feed(self, states: Tensor, narrow: Self, plus: Tensor) -> Tensor:
        """Of what is above zero of this, `narrow`: a feed-forward layer. Returns (rows, its outputs), with
        `plus` added."""
        return narrow(self(states).relu_(), plus)

    def only(self, outputs: Tensor) -> Self:
        """The same for these outputs alone."""
        part = copy(self)
        part._weight, part.outputs = self._weight[outputs], len(outputs)
        return part

    def fixed(self, zero: int = ZERO, room: float = 1.0) -> Product:
        """In whole numbers, with steps for what was met while watched, times `room`; `zero` stands for 0."""
        size = float(2.0 ** (math.ceil(math.log2(self._largest * room) * _GRID) / _GRID))
        return Whole(self._weight, size / (MOST if zero else FULL), zero, self._epsilon)

    def _read(self, states: Tensor) -> Tensor:
        if self._epsilon is not None:
            states = functional.rms_norm(states, states.shape[-1:], None, self._epsilon)
        if self._watched:
            self._largest = max(self._largest, float(states.abs().amax()))
        return states


class Whole(Product):
    """The same in whole numbers; states of more than 127 steps are cut to that."""

    def __init__(self, weight: Tensor, step: float, zero: int = ZERO, epsilon: float | None = None) -> None:
        """As `FixedProduct`; with an `epsilon`, of states made to have a root mean square of 1."""
        self.outputs, self._epsilon = len(weight), epsilon
        self._product = FixedProduct(weight, step, zero)
        self._step, self._scale = step, torch.tensor(1 / step)

    def __call__(self, states: Tensor, plus: Tensor | None = None) -> Tensor:
        return self._product(self._read(states), plus)

    def feed(self, states: Tensor, narrow: Self, plus: Tensor) -> Tensor:
        hidden = self._product.above_zero(self._read(states), narrow._step)
        return narrow._product(hidden, plus)

    def fixed(self, zero: int = ZERO, room: float = 1.0) -> Product:
        return self

    def only(self, outputs: Tensor) -> Self:
        part = copy(self)
        part._product, part.outputs = self._product.only(outputs), len(outputs)
        return part

    def _read(self, states: Tensor) -> Tensor:
        """The numbers for them."""
        if self._epsilon is None:
            return rounded(states, self._scale)
        return rounded(states, unit(states, self._epsilon, self._step))
