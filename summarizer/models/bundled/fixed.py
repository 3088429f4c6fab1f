"""A layer of the encoder in whole numbers of eight bits, whose steps are fixed before anything is read.

After a norm without its weights the numbers of every token have a root mean square of 1, so what is met in a
layer hardly changes from one text to the next: how large it gets is seen once, and a step is that, through
127 (static quantization, as in Jacob et al. 2018, section 2). Then nothing is to be looked up while reading,
and torch's product of this kind (oneDNN's, fused) does in one pass what makes its sums floats, or the next
product's numbers. Of the numbers 0…255, 128 stands for 0, but behind a feed-forward layer's relu 0 does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.attention import Layer, attended

__all__ = ["FixedLayer", "FixedProduct", "fixed", "is_fused"]

_ZERO = 128
_MOST, _FULL = 127.0, 255.0
_GRID = 8
"""Sizes are rounded up to eighths of a power of two, so that all machines find the same."""


def is_fused() -> bool:
    """Is there a product in one pass? Without VNNI oneDNN adds two products in 16 bits, which these do not fit."""
    return hasattr(torch.ops.onednn, "qlinear_pointwise") and bool(
        torch.cpu.get_capabilities().get("avx512_vnni")
    )


class FixedProduct:
    """Numbers (rows, inputs), uint8, -> states @ weight.T, `weight` (outputs, inputs).

    A number n stands for the state (n - zero) * step. What is made is divided by `into`, (outputs,).
    """

    def __init__(
        self, weight: Tensor, step: float, zero: int = _ZERO, into: Tensor | None = None,
        *, fused: bool | None = None,
    ) -> None:  # fmt: skip
        scale = weight.abs().amax(1).clamp_min(1e-12) / _MOST
        numbers = (weight / scale[:, None]).round().to(torch.int8).contiguous()
        self._scale = scale * step if into is None else scale * step / into
        self._zero = zero
        self._fused = is_fused() if fused is None else fused
        if self._fused:
            self._weight = torch.ops.onednn.qlinear_prepack(numbers, None)
            self._zeros = torch.zeros(len(numbers), dtype=torch.int64)
        else:
            self._weight = numbers.t()
            self._shift = numbers.sum(1) * (_ZERO - zero)

    def __call__(self, numbers: Tensor) -> Tensor:
        """Floats (rows, outputs)."""
        return self._fusedly(numbers, 1.0, torch.float32, "none") if self._fused else self._made(numbers)

    def above_zero(self, numbers: Tensor, step: float) -> Tensor:
        """relu of that in uint8 (rows, outputs): 0 for 0, 1 for `step`."""
        if self._fused:
            return self._fusedly(numbers, step, torch.uint8, "relu")
        return self._made(numbers).div_(step).round_().clamp_(0, _FULL).to(torch.uint8)

    def _fusedly(self, numbers: Tensor, step: float, dtype: torch.dtype, after: str) -> Tensor:
        # not public, but what torch compiles such products to; this release is pinned
        made: Tensor = torch.ops.onednn.qlinear_pointwise(
            numbers, 1.0, self._zero, self._weight, self._scale, self._zeros, None,
            step, 0, dtype, after, [], "",
        )  # fmt: skip
        return made

    def _made(self, numbers: Tensor) -> Tensor:
        """The same where there is no such product: numbers less 128, and what that takes from the sums."""
        signed = numbers.bitwise_xor(_ZERO).view(torch.int8)
        return torch._int_mm(signed, self._weight).add_(self._shift).float().mul_(self._scale)


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
        made = self._together(_rounded(self._normed(flat, self._steps.before)))
        gathered = attended(made.view(*states.shape[:2], -1), lean, self._shape.heads)
        flat = self._out(_rounded(gathered.flatten(0, 1))).add_(flat)
        numbers = _rounded(self._normed(flat, self._steps.behind))
        hidden = self._wide.above_zero(numbers, self._steps.hidden)
        return self._narrow(hidden).add_(flat).view_as(states)

    def _normed(self, states: Tensor, step: float) -> Tensor:
        return _unit(states, self._shape.epsilon, step)


def fixed(layers: Sequence[Layer], states: Tensor, lean: Tensor) -> list[FixedLayer]:
    """`layers`, each with the steps that it takes for these `states`, (rows, tokens, width)."""
    made = []
    for layer in layers:
        gathered = layer.gathered(states, lean)
        between = states + functional.linear(gathered, layer.out)
        hidden = layer.hidden(between)
        before, behind = (_unit(some.flatten(0, 1), layer.shape.epsilon, 1.0) for some in (states, between))
        sizes = [_size(some) / _MOST for some in (before, gathered, behind)]
        made.append(FixedLayer(layer, _Steps(sizes[0], sizes[1], sizes[2], _size(hidden) / _FULL)))
        states = between + functional.linear(hidden, layer.narrow)
    return made


def _unit(states: Tensor, epsilon: float, step: float) -> Tensor:
    """`states` (rows, width), each row with a root mean square of 1 / step."""
    size: Tensor = torch.linalg.vector_norm(states, dim=1, keepdim=True)
    return states * size.square_().div_(states.shape[1]).add_(epsilon).rsqrt_().div_(step)


def _rounded(states: Tensor) -> Tensor:
    """0…255 for `states` counted in steps, which are used up; the next product takes no others."""
    # a float loses what is behind the point, so half a step more rounds it
    return states.add_(_ZERO + 0.5).clamp_(0, _FULL).to(torch.uint8)


def _size(states: Tensor) -> float:
    largest = max(float(states.abs().amax()), 1e-6)
    return float(2.0 ** (math.ceil(math.log2(largest) * _GRID) / _GRID))
