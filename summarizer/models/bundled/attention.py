"""A layer of a T5's encoder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.products import ROOM, Product
from summarizer.models.bundled.weights import Weights

__all__ = ["Layer", "attended"]


@dataclass(frozen=True, slots=True)
class Layer:
    """Self-attention and a feed-forward layer, each of normed states and added to them."""

    heads: int
    together: Product
    """Query, key and value."""
    out: Product
    wide: Product
    narrow: Product

    @classmethod
    def of(cls, weights: Weights, at: int, product: Callable[..., Product]) -> Layer:
        """`at` is the place among the layers."""
        own, dense = (f"encoder.block.{at}.layer.{part}" for part in (0, 1))
        norms = [weights[f"{part}.layer_norm.weight"] for part in (own, dense)]
        epsilon = weights.shape.epsilon
        together = torch.cat([weights[f"{own}.SelfAttention.{name}.weight"] for name in "qkv"])
        return cls(
            weights.shape.heads,
            product(together, norms[0], epsilon), product(weights[f"{own}.SelfAttention.o.weight"]),
            product(weights[f"{dense}.DenseReluDense.wi.weight"], norms[1], epsilon),
            product(weights[f"{dense}.DenseReluDense.wo.weight"]),
        )  # fmt: skip

    def fixed(self) -> Layer:
        """In whole numbers, as its watched products met."""
        return Layer(
            self.heads, self.together.fixed(), self.out.fixed(room=ROOM), self.wide.fixed(),
            self.narrow.fixed(zero=0, room=ROOM),
        )  # fmt: skip

    def __call__(self, states: Tensor, lean: Tensor) -> Tensor:
        """`states` (rows, tokens, width), `lean` as in `attended`; returns states."""
        flat = states.flatten(0, 1)
        made = self.together(flat).view(*states.shape[:2], -1)
        flat = self.out(attended(made, lean, self.heads).flatten(0, 1), flat)
        return self.wide.feed(flat, self.narrow, flat).view_as(states)


def attended(made: Tensor, lean: Tensor, heads: int) -> Tensor:
    """Attention over `made` (rows, tokens, 3 * heads * d_kv): query, key and value beside each other.

    `lean` (rows, heads, tokens, tokens) is added before the softmax; T5 does not scale. Returns
    (rows, tokens, heads * d_kv).
    """
    rows, tokens, _ = made.shape
    query, key, value = made.view(rows, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
    read = functional.scaled_dot_product_attention(query, key, value, attn_mask=lean, scale=1.0)
    return read.transpose(1, 2).flatten(2)
