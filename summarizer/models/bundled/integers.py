"""Products of matrices in whole numbers: eight bits a number, sums without rounding.

Weights are scaled by output to -127…127, states to 0…255 with a step either fixed beforehand or found row by
row (static and dynamic quantization: Jacob et al. 2018, section 2). A processor with VNNI multiplies these
five times as fast as floats. What is left is reading and writing memory, so as little as can be is a pass of
its own: torch's product of this kind (oneDNN's) makes floats, or the next product's numbers, of its sums as
it goes, and a norm before a product (RMSNorm, Zhang & Sennrich 2019) is a scale of the row and of the
columns of the weight.
"""

from __future__ import annotations

from copy import copy
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["FULL", "MOST", "ZERO", "FixedProduct", "Product", "Whole", "is_fused", "rounded", "unit"]

ZERO = 128
"""The number that stands for 0 among 0…255, unless all states are above it."""
MOST, FULL = 127.0, 255.0
_HALF = torch.tensor(ZERO + 0.5)


class Product:
    """x -> x @ weight.T in floats, `weight` (outputs, inputs); with a `norm` (inputs,), of x with a root
    mean square of 1, times the norm."""

    def __init__(self, weight: Tensor, norm: Tensor | None = None, epsilon: float = 0.0) -> None:
        self._weight, self._norm, self._epsilon = weight, norm, epsilon
        self.outputs = len(weight)

    def __call__(self, states: Tensor) -> Tensor:
        """`states` (rows, inputs), returns (rows, outputs)."""
        if self._norm is not None:
            states = functional.rms_norm(states, self._norm.shape, self._norm, self._epsilon)
        return functional.linear(states, self._weight)

    def feed(self, states: Tensor, narrow: Self) -> Tensor:
        """Of what is above zero of this, `narrow`: a feed-forward layer. Returns (rows, its outputs)."""
        return narrow(self(states).relu_())

    def only(self, outputs: Tensor) -> Product:
        """The same for these outputs alone."""
        return Product(self._weight[outputs], self._norm, self._epsilon)


class Whole(Product):
    """The same in whole numbers, the step found row by row; of numbers spread like a bell the error is about
    a hundredth."""

    def __init__(self, weight: Tensor, norm: Tensor | None = None, epsilon: float = 0.0) -> None:
        self._norm, self._epsilon, self.outputs = norm, epsilon, len(weight)
        self._product = FixedProduct(weight if norm is None else weight * norm, 1.0)

    def __call__(self, states: Tensor) -> Tensor:
        numbers, steps = self._read(states)
        return self._product(numbers).mul_(steps)

    def feed(self, states: Tensor, narrow: Self) -> Tensor:
        numbers, steps = self._read(states)
        # the step of a row changes none of the numbers behind it, so it waits
        hidden = self._product(numbers).relu_()
        numbers, further = _stepped(hidden, hidden.amax(1, keepdim=True))
        return narrow._product(numbers).mul_(steps.mul_(further))

    def only(self, outputs: Tensor) -> Whole:
        part = copy(self)
        part._product, part.outputs = self._product.only(outputs), len(outputs)
        return part

    def _read(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Numbers for `states`, and what 1 in each row of a product stands for, (rows, 1)."""
        numbers, steps = _stepped(states, states.abs().amax(1, keepdim=True))
        if self._norm is not None:
            steps.mul_(unit(states, self._epsilon))
        return numbers, steps


class FixedProduct:
    """Numbers (rows, inputs), uint8, -> states @ weight.T, `weight` (outputs, inputs).

    A number n stands for the state (n - zero) * step. What is made is divided by `into`, (outputs,).
    """

    def __init__(
        self, weight: Tensor, step: float, zero: int = ZERO, into: Tensor | None = None,
        *, fused: bool | None = None,
    ) -> None:  # fmt: skip
        scale = weight.abs().amax(1).clamp_min(1e-12) / MOST
        self._zero = zero
        self._fused = is_fused() if fused is None else fused
        numbers = (weight / scale[:, None]).round().to(torch.int8)
        self._pack(numbers, scale * step if into is None else scale * step / into)

    def _pack(self, numbers: Tensor, scale: Tensor) -> None:
        self._numbers, self._scale = numbers.contiguous(), scale
        if self._fused:
            self._packed = torch.ops.onednn.qlinear_prepack(self._numbers, None)
            self._zeros = torch.zeros(len(numbers), dtype=torch.int64)
        else:
            self._packed = self._numbers.t()
            self._shift = numbers.sum(1, dtype=torch.int32) * (ZERO - self._zero)

    def only(self, outputs: Tensor) -> FixedProduct:
        """The same for these outputs alone."""
        part = copy(self)
        part._pack(self._numbers[outputs], self._scale[outputs])
        return part

    def __call__(self, numbers: Tensor) -> Tensor:
        """Floats (rows, outputs)."""
        return self._fusedly(numbers, 1.0, torch.float32, "none") if self._fused else self._made(numbers)

    def above_zero(self, numbers: Tensor, step: float) -> Tensor:
        """relu of that in uint8 (rows, outputs): 0 for 0, 1 for `step`."""
        if self._fused:
            return self._fusedly(numbers, step, torch.uint8, "relu")
        return self._made(numbers).div_(step).round_().clamp_(0, FULL).to(torch.uint8)

    def _fusedly(self, numbers: Tensor, step: float, dtype: torch.dtype, after: str) -> Tensor:
        # not public, but what torch compiles such products to; this release is pinned
        made: Tensor = torch.ops.onednn.qlinear_pointwise(
            numbers, 1.0, self._zero, self._packed, self._scale, self._zeros, None,
            step, 0, dtype, after, [], "",
        )  # fmt: skip
        return made

    def _made(self, numbers: Tensor) -> Tensor:
        """The same where there is no such product: numbers less 128, and what that takes from the sums."""
        signed = numbers.bitwise_xor(ZERO).view(torch.int8)
        return torch._int_mm(signed, self._packed).add_(self._shift).float().mul_(self._scale)


def is_fused() -> bool:
    """Is there a product in one pass? Without VNNI it adds pairs in 16 bits, which these do not fit."""
    return hasattr(torch.ops.onednn, "qlinear_pointwise") and bool(
        torch.cpu.get_capabilities().get("avx512_vnni")
    )


def unit(states: Tensor, epsilon: float, step: float = 1.0) -> Tensor:
    """By what each row of `states` (rows, width) has a root mean square of 1 / step, (rows, 1)."""
    size: Tensor = torch.linalg.vector_norm(states, dim=1, keepdim=True)
    return size.square_().div_(states.shape[1]).add_(epsilon).rsqrt_().div_(step)


def rounded(states: Tensor, scale: Tensor | None = None) -> Tensor:
    """Numbers for `states` counted in steps, or made so by `scale` (rows, 1); 0 or 255 for what is out of
    reach. Without a scale the states are used up."""
    # a float loses what is behind the point, so half a step more rounds it
    moved = states.add_(_HALF) if scale is None else torch.addcmul(_HALF, states, scale)
    return moved.clamp_(0, FULL).to(torch.uint8)


def _stepped(states: Tensor, largest: Tensor) -> tuple[Tensor, Tensor]:
    """Numbers for `states` whose largest are these by row, (rows, 1), and the steps."""
    largest = largest.clamp_min_(1e-12)
    numbers = torch.addcmul(_HALF, states, MOST / largest).to(torch.uint8)
    return numbers, largest.div_(MOST)
