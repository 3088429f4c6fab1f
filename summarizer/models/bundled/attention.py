"""A layer of a T5's encoder in floats, and the attention that it shares with the one in whole numbers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.weights import Weights

__all__ = ["Layer", "attended"]


class Layer:
    """Self-attention and a feed-forward layer, each of normed states and added to them."""

    def __init__(self, weights: Weights, at: int) -> None:
        """`at` is the place among the layers."""
        own, dense = (f"encoder.block.{at}.layer.{part}" for part in (0, 1))
        self.shape = weights.shape
        self.norms = [weights[f"{part}.layer_norm.weight"] for part in (own, dense)]
        self.together = torch.cat([weights[f"{own}.SelfAttention.{name}.weight"] for name in "qkv"])
        """Query, key and value."""
        self.out = weights[f"{own}.SelfAttention.o.weight"]
        self.wide = weights[f"{dense}.DenseReluDense.wi.weight"]
        self.narrow = weights[f"{dense}.DenseReluDense.wo.weight"]

    def __call__(self, states: Tensor, lean: Tensor) -> Tensor:
        """`states` (rows, tokens, width), `lean` as in `attended`; returns states."""
        states = states + functional.linear(self.gathered(states, lean), self.out)
        return states + functional.linear(self.hidden(states), self.narrow)

    def gathered(self, states: Tensor, lean: Tensor) -> Tensor:
        """What each token takes from the others, (rows, tokens, heads * d_kv)."""
        made = functional.linear(self._normed(states, self.norms[0]), self.together)
        return attended(made, lean, self.shape.heads)

    def hidden(self, states: Tensor) -> Tensor:
        """Inside the feed-forward layer, (rows, tokens, d_ff)."""
        return functional.linear(self._normed(states, self.norms[1]), self.wide).relu_()

    def _normed(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self.shape.epsilon)


def attended(made: Tensor, lean: Tensor, heads: int) -> Tensor:
    """Attention over `made` (rows, tokens, 3 * heads * d_kv): query, key and value beside each other.

    `lean` (rows, heads, tokens, tokens) is added before the softmax; T5 does not scale. Returns
    (rows, tokens, heads * d_kv).
    """
    rows, tokens, _ = made.shape
    query, key, value = made.view(rows, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
    read = functional.scaled_dot_product_attention(query, key, value, attn_mask=lean, scale=1.0)
    return read.transpose(1, 2).flatten(2)
