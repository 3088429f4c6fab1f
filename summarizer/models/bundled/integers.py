"""Products of matrices in whole numbers: eight bits a number, sums without rounding.

Weights are scaled by output, states by row as they come, both to -127…127 (dynamic quantization, as in Jacob
et al. 2018, section 2, with symmetric ranges). A processor with VNNI multiplies these five times as fast
as floats; the sums are exact, so that every machine finds the same. What is left is reading and writing
memory, so each step is done once: a norm before a product (RMSNorm, Zhang & Sennrich 2019) is a scale of the
row, of the columns of the weight, and no pass of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["Product", "Whole"]

_MOST = 127.0
_CELLS = 1 << 19
"""Sums at once: these and the floats made of them stay in the cache of a core or two."""


class Product:
    """x -> x @ weight.T in floats, `weight` (outputs, inputs); with a `norm` (inputs,), of x with a root
    mean square of 1, times the norm."""

    def __init__(self, weight: Tensor, norm: Tensor | None = None, epsilon: float = 0.0) -> None:
        self.weight, self._norm, self._epsilon = weight, norm, epsilon

    def __call__(self, states: Tensor) -> Tensor:
        """`states` (rows, inputs), returns (rows, outputs)."""
        if self._norm is not None:
            states = functional.rms_norm(states, self._norm.shape, self._norm, self._epsilon)
        return functional.linear(states, self.weight)

    def feed(self, states: Tensor, narrow: Self) -> Tensor:
        """Of what is above zero of this, `narrow`: a feed-forward layer. Returns (rows, its outputs)."""
        return narrow(self(states).relu_())

    def only(self, outputs: Tensor) -> Product:
        """The same for these outputs alone."""
        return Product(self.weight[outputs], self._norm, self._epsilon)


class Whole(Product):
    """The same in whole numbers; of numbers spread like a bell the error is about a hundredth."""

    def __init__(self, weight: Tensor, norm: Tensor | None = None, epsilon: float = 0.0) -> None:
        self._norm, self._epsilon = norm, epsilon
        weight = weight if norm is None else weight * norm
        self._scale = weight.abs().amax(1).clamp_min(1e-12) / _MOST
        self._numbers = (weight / self._scale[:, None]).round().to(torch.int8).t()

    def only(self, outputs: Tensor) -> Whole:
        part = copy(self)
        part._scale, part._numbers = self._scale[outputs], self._numbers.t()[outputs].t()
        return part

    def __call__(self, states: Tensor) -> Tensor:
        made = states.new_empty(len(states), len(self._scale))
        for block in self._blocks(len(states)):
            numbers, scale = self._read(states[block])
            made[block].copy_(_sums(numbers, self)).mul_(self._scale).mul_(scale)
        return made

    def feed(self, states: Tensor, narrow: Self) -> Tensor:
        made = states.new_empty(len(states), len(narrow._scale))
        for block in self._blocks(len(states)):
            numbers, scale = self._read(states[block])
            # the scale of a row changes none of its numbers, so it waits
            hidden = _sums(numbers, self).clamp_min_(0).float().mul_(self._scale)
            numbers, other = _rounded(hidden, hidden.amax(1, keepdim=True))
            made[block].copy_(_sums(numbers, narrow)).mul_(narrow._scale).mul_(scale.mul_(other))
        return made

    def _blocks(self, rows: int) -> Iterator[slice]:
        size = max(1, _CELLS // len(self._scale))
        return (slice(start, start + size) for start in range(0, rows, size))

    def _read(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Whole numbers of `states`, and by what each row of a product is to be multiplied, (rows, 1)."""
        numbers, scale = _rounded(states, states.abs().amax(1, keepdim=True))
        if self._norm is not None:
            size = torch.linalg.vector_norm(states, dim=1, keepdim=True)
            scale.mul_(size.square_().div_(states.shape[1]).add_(self._epsilon).rsqrt_())
        return numbers, scale


def _rounded(states: Tensor, largest: Tensor) -> tuple[Tensor, Tensor]:
    """-127…127 for `states` whose largest are these by row, and the size of 1."""
    largest = largest.clamp_min_(1e-12)
    return (states * (_MOST / largest)).round_().to(torch.int8), largest.div_(_MOST)


def _sums(numbers: Tensor, product: Whole) -> Tensor:
    return torch._int_mm(numbers, product._numbers)  # public only as torchao's; this release is pinned
