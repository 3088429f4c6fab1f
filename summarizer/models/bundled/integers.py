"""Products of matrices in whole numbers: eight bits a number, sums without rounding.

Weights are scaled by output to -127…127, states to 0…255. A processor with VNNI multiplies these five times
as fast as floats. What is left is reading and writing memory, so as little as can be is a pass of its own:
torch's product of this kind (oneDNN's) makes floats, or the next product's numbers, of its sums as it goes.
"""

from __future__ import annotations

from copy import copy

import torch
from torch import Tensor

__all__ = ["FULL", "MOST", "ZERO", "FixedProduct", "is_fused", "rounded", "unit"]

ZERO = 128
"""The number that stands for 0 among 0…255, unless all states are above it."""
MOST, FULL = 127.0, 255.0
_HALF = torch.tensor(ZERO + 0.5)


class FixedProduct:
    """Numbers (rows, inputs), uint8, -> states @ weight.T, `weight` (outputs, inputs).

    A number n stands for the state (n - zero) * step.
    """

    def __init__(self, weight: Tensor, step: float, zero: int = ZERO, *, fused: bool | None = None) -> None:
        scale = weight.abs().amax(1).clamp_min(1e-12) / MOST
        self._zero = zero
        self._fused = is_fused() if fused is None else fused
        self._pack((weight / scale[:, None]).round().to(torch.int8), scale * step)

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

    def __call__(self, numbers: Tensor, plus: Tensor | None = None) -> Tensor:
        """Floats (rows, outputs), with `plus` added."""
        if not self._fused:
            made = self._made(numbers)
            return made if plus is None else made.add_(plus)
        if plus is None:
            return self._fusedly(numbers, 1.0, torch.float32, "none")
        added: Tensor = torch.ops.onednn.qlinear_pointwise.binary(
            numbers, 1.0, self._zero, self._packed, self._scale, self._zeros, plus, None,
            1.0, 0, torch.float32, 1.0, 0, "add", 1.0, "none", [], "",
        )  # fmt: skip
        return added

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


def unit(states: Tensor, epsilon: float, step: float) -> Tensor:
    """By what each row of `states` (rows, width) has a root mean square of 1 / step, (rows, 1)."""
    size: Tensor = torch.linalg.vector_norm(states, dim=1, keepdim=True)
    return size.square_().div_(states.shape[1]).add_(epsilon).rsqrt_().div_(step)


def rounded(states: Tensor, scale: Tensor) -> Tensor:
    """Numbers for `states` times `scale` (rows, 1) or (): 0 or 255 for what is out of reach."""
    # a float loses what is behind the point, so half a step more rounds it
    return torch.addcmul(_HALF, states, scale).clamp_(0, FULL).to(torch.uint8)
