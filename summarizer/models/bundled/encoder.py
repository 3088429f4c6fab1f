"""The encoder of a HeadlineT5 with its tag head: the numbers of transformers' T5, as a test holds."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.integers import Product, Whole
from summarizer.models.bundled.weights import Weights, bias

__all__ = ["Encoder"]

_NEVER = -1e9
_AT_ONCE = 768
"""Tokens in one pass: what a layer makes of so many stays in a core's cache; of ten times as many each
product takes twice as long a token."""


@dataclass(slots=True)
class _Layer:
    """Weights of one layer, in the order in which they are used."""

    self_norm: Tensor
    together: Product
    """Query, key and value."""
    out: Product
    norm: Tensor
    wide: Product
    narrow: Product


class Encoder:
    """Reads tokens. `exact` multiplies floats instead of whole numbers."""

    @torch.inference_mode()
    def __init__(self, weights: Weights, *, exact: bool = True) -> None:
        self.weights, self.shape = weights, weights.shape
        product = Product if exact else Whole
        self.layers = []
        for at in range(self.shape.encoder_layers):
            own, dense = (f"encoder.block.{at}.layer.{part}" for part in (0, 1))
            together = torch.cat([weights[f"{own}.SelfAttention.{name}.weight"] for name in "qkv"])
            layer = _Layer(
                weights[f"{own}.layer_norm.weight"], product(together),
                product(weights[f"{own}.SelfAttention.o.weight"]), weights[f"{dense}.layer_norm.weight"],
                product(weights[f"{dense}.DenseReluDense.wi.weight"]),
                product(weights[f"{dense}.DenseReluDense.wo.weight"]),
            )  # fmt: skip
            self.layers.append(layer)
        self._table = weights["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        self._last = weights["encoder.final_layer_norm.weight"]

    @torch.inference_mode()
    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (rows, tokens, width) of `ids` (rows, tokens); `mask` is 0 for padding."""
        return self.read(self.weights["shared.weight"][ids], mask)

    @torch.inference_mode()
    def read(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """The same of what stands for the tokens, (rows, tokens, width)."""
        size = max(1, _AT_ONCE // mask.shape[1])
        starts = range(0, len(mask), size)
        return torch.cat([self._read(embedded[at : at + size], mask[at : at + size]) for at in starts])

    def _read(self, embedded: Tensor, mask: Tensor) -> Tensor:
        rows, tokens = mask.shape
        places = torch.arange(tokens)
        lean = bias(self._table, places, places, self.shape, both_ways=True)
        lean = lean + torch.where(mask.bool(), 0.0, _NEVER)[:, None, None]
        states = embedded.reshape(rows * tokens, -1)
        for layer in self.layers:
            made = layer.together(self._norm(states, layer.self_norm))
            made = made.view(rows, tokens, 3, self.shape.heads, self.shape.size).permute(2, 0, 3, 1, 4)
            query, key, value = made.unbind(0)
            read = functional.scaled_dot_product_attention(query, key, value, attn_mask=lean, scale=1.0)
            states = states + layer.out(read.transpose(1, 2).reshape(rows * tokens, -1))
            states = states + layer.narrow(layer.wide(self._norm(states, layer.norm)).relu_())
        return self._norm(states, self._last).view(rows, tokens, -1)

    @torch.inference_mode()
    def odds(self, hidden: Tensor) -> Tensor:
        """Log-odds that a headline keeps each token, (rows, tokens)."""
        return functional.linear(
            hidden, self.weights["tag_head.weight"], self.weights["tag_head.bias"]
        ).squeeze(-1)

    def _norm(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self.shape.epsilon)
