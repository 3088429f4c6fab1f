"""The encoder of a HeadlineT5 with its tag head: the numbers of transformers' T5, as a test holds."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.attention import Layer
from summarizer.models.bundled.products import Product
from summarizer.models.bundled.shape import SOURCE_TOKENS
from summarizer.models.bundled.weights import Weights, bias

__all__ = ["Encoder", "sample"]

_NEVER = -1e9
_AT_ONCE = 768
"""Tokens in one pass, twice as many in whole numbers: what a layer makes of so many stays in a core's cache;
of ten times as many each product takes twice as long a token."""
_SAMPLE = 4
"""Rows of pieces drawn at random from which the steps of whole numbers are taken: with the shipped weights
they are within a third of those that news texts take, and nothing has to lie beside the weights."""


class Encoder:
    """Reads tokens. `exact` multiplies floats instead of whole numbers."""

    @torch.inference_mode()
    def __init__(self, weights: Weights, *, exact: bool = True) -> None:
        self.weights, self.shape = weights, weights.shape
        self._table = weights["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        self._last = weights["encoder.final_layer_norm.weight"]
        self._at_once = _AT_ONCE if exact else 2 * _AT_ONCE
        product = partial(Product, watched=not exact)
        self.layers = [Layer.of(weights, at, product) for at in range(self.shape.encoder_layers)]
        if not exact:
            ids = sample(self.shape.vocabulary)
            self(ids, torch.ones_like(ids))
            self.layers = [layer.fixed() for layer in self.layers]

    @torch.inference_mode()
    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (rows, tokens, width) of `ids` (rows, tokens); `mask` is 0 for padding."""
        return self.read(self.weights["shared.weight"][ids], mask)

    @torch.inference_mode()
    def read(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """The same of what stands for the tokens, (rows, tokens, width); padding is on the right, and reads
        as 0 where all of a pass is padding."""
        rows, tokens = mask.shape
        size = max(1, self._at_once // tokens)
        lean = self._lean(tokens)
        made = torch.zeros_like(embedded)
        for some in (slice(start, start + size) for start in range(0, rows, size)):
            # texts come sorted by length, so these few are shorter than the longest of all
            longest = max(1, int(mask[some].sum(1).max()))
            some_lean = lean[:, :, :longest, :longest]
            made[some, :longest] = self._read(embedded[some, :longest], mask[some, :longest], some_lean)
        return made

    def _read(self, states: Tensor, mask: Tensor, lean: Tensor) -> Tensor:
        lean = lean + torch.where(mask.bool(), 0.0, _NEVER)[:, None, None]
        for layer in self.layers:
            states = layer(states, lean)
        return functional.rms_norm(states, self._last.shape, self._last, self.shape.epsilon)

    def _lean(self, tokens: int) -> Tensor:
        """(1, heads, tokens, tokens): how far apart two tokens are."""
        places = torch.arange(tokens)
        return bias(self._table, places, places, self.shape, both_ways=True).contiguous()

    @torch.inference_mode()
    def odds(self, hidden: Tensor) -> Tensor:
        """Log-odds that a headline keeps each token, (rows, tokens)."""
        return functional.linear(
            hidden, self.weights["tag_head.weight"], self.weights["tag_head.bias"]
        ).squeeze(-1)


def sample(vocabulary: int) -> Tensor:
    """Pieces drawn at random, the same each time, (_SAMPLE, SOURCE_TOKENS)."""
    drawn = torch.Generator().manual_seed(0)
    return torch.randint(2, vocabulary, (_SAMPLE, SOURCE_TOKENS), generator=drawn)
