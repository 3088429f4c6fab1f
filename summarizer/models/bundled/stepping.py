"""The decoder of a HeadlineT5, one token a hypothesis a step, with what a step need not make again.

The same numbers as `HeadlineT5.forward`, less work: the keys and values of a source are made once and
shared by its hypotheses, the cache is written in place, one product makes query, key and value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.model import HeadlineT5

__all__ = ["Memory", "Stepper"]

_NEVER = -1e9


@dataclass(slots=True)
class _Layer:
    """Weights of one decoder layer, in the order in which they are used."""

    self_norm: Tensor
    self_in: Tensor
    self_out: Tensor
    cross_norm: Tensor
    query: Tensor
    cross_out: Tensor
    norm: Tensor
    wide: Tensor
    narrow: Tensor


@dataclass(slots=True)
class Memory:
    """What the decoder knows of `rows` sources and of `rows * beams` hypotheses over them."""

    source: Tensor
    """(rows, tokens): ids, what may be copied."""
    mask: Tensor
    """(rows, 1, 1, tokens): 0 for a token, very low for padding."""
    keys: list[Tensor]
    """A layer: (rows, heads, tokens, d_kv), of the source."""
    values: list[Tensor]
    pointers: Tensor
    """(rows, d_model, tokens): what the copy head's query is held against."""
    leaning: Tensor
    """(rows, 1, tokens): the tag head's bias on where to copy from, padding out."""
    past: list[Tensor]
    """A layer: (2, rows * beams, heads, steps, d_kv), keys and values of what is written."""
    length: int = 0

    def keep(self, rows: Tensor, beams: int) -> None:
        """Only these rows, in this order."""
        self.source, self.mask = self.source[rows], self.mask[rows]
        self.keys, self.values = ([one[rows] for one in some] for some in (self.keys, self.values))
        self.pointers, self.leaning = self.pointers[rows], self.leaning[rows]
        hypotheses = (rows[:, None] * beams + torch.arange(beams)).flatten()
        self.past = [past[:, hypotheses] for past in self.past]

    def reorder(self, hypotheses: Tensor) -> None:
        """Hypothesis i goes on from what `hypotheses[i]` has written."""
        for past in self.past:
            past[:, :, :, : self.length] = past[:, hypotheses, :, : self.length]


class Stepper:
    """Steps of one model. Weights are taken as they are when it is made."""

    @torch.inference_mode()
    def __init__(self, model: HeadlineT5) -> None:
        config, decoder = model.config, model.decoder
        self.model, self.heads, self.size = model, config.num_heads, config.d_kv
        self._blocks: list[Any] = [block.layer for block in decoder.block]
        self.layers = [_layer(parts) for parts in self._blocks]
        self.embedding: Tensor = model.shared.weight
        self._scaled: Tensor = model.lm_head.weight * config.d_model**-0.5
        self._last: Tensor = decoder.final_layer_norm.weight
        self._epsilon = config.layer_norm_epsilon
        self._narrow = config.d_model**-0.5

    @torch.inference_mode()
    def memory(self, source: Tensor, mask: Tensor, hidden: Tensor, beams: int, steps: int) -> Memory:
        """Of sources (rows, tokens) with their mask and encoder states, before anything is written."""
        rows, tokens = source.shape
        keys: list[Tensor] = []
        values: list[Tensor] = []
        for parts in self._blocks:
            cross = parts[1].EncDecAttention
            for made, weight in ((keys, cross.k.weight), (values, cross.v.weight)):
                heads = functional.linear(hidden, weight).view(rows, tokens, self.heads, self.size)
                made.append(heads.transpose(1, 2).contiguous())
        padding = torch.where(mask.bool(), 0.0, _NEVER)
        past = [torch.zeros(2, rows * beams, self.heads, steps, self.size) for _ in self.layers]
        leaning, pointers = padding[:, None], hidden[:, :0].transpose(1, 2)
        if self.model.config.copy_head:
            leaning = leaning + (self.model.copy_bias * self.model.keep_logits(hidden))[:, None]
            pointers = (hidden @ self.model.copy_query.weight).transpose(1, 2).contiguous() * self._narrow
        return Memory(source, padding[:, None, None], keys, values, pointers, leaning, past)

    def step(self, tokens: Tensor, memory: Memory) -> Tensor:
        """Probabilities of the next token, (hypotheses, vocabulary), after `tokens` (hypotheses,)."""
        rows = len(memory.source)
        bias = self._bias(memory.length)
        states = self.embedding[tokens]
        for number, layer in enumerate(self.layers):
            states = states + self._written(states, layer, memory.past[number], memory.length, bias)
            states = states + self._read(
                states, layer, memory.keys[number], memory.values[number], memory.mask
            )
            inner = functional.linear(self._norm(states, layer.norm), layer.wide).relu_()
            states = states + functional.linear(inner, layer.narrow)
        memory.length += 1
        return self._mixture(self._norm(states, self._last), memory, rows)

    def _bias(self, length: int) -> Tensor:
        """(1, heads, 1, length + 1): of the places written so far, for the newest."""
        bias: Tensor = self._blocks[0][0].SelfAttention.compute_bias(1, length + 1, past_seen_tokens=length)
        return bias

    def _written(self, states: Tensor, layer: _Layer, past: Tensor, length: int, bias: Tensor) -> Tensor:
        """Self-attention over what each hypothesis has written."""
        made = functional.linear(self._norm(states, layer.self_norm), layer.self_in)
        query, key, value = made.view(len(states), 3, self.heads, 1, self.size).unbind(1)
        past[0, :, :, length], past[1, :, :, length] = key[:, :, 0], value[:, :, 0]
        keys, values = past[0, :, :, : length + 1], past[1, :, :, : length + 1]
        weights = (query @ keys.transpose(-1, -2) + bias).softmax(-1)
        return functional.linear((weights @ values).reshape(len(states), -1), layer.self_out)

    def _read(self, states: Tensor, layer: _Layer, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Attention over the source, all hypotheses of a row at once."""
        query = functional.linear(self._norm(states, layer.cross_norm), layer.query)
        query = query.view(len(keys), -1, self.heads, self.size).transpose(1, 2)
        weights = (query @ keys.transpose(-1, -2) + mask).softmax(-1)
        read = (weights @ values).transpose(1, 2).reshape(len(states), -1)
        return functional.linear(read, layer.cross_out)

    def _mixture(self, states: Tensor, memory: Memory, rows: int) -> Tensor:
        """Writing from the vocabulary and copying from the source, each with its share."""
        written = functional.linear(states, self._scaled).softmax(-1)
        if not self.model.config.copy_head:
            return written
        by_row = states.view(rows, -1, states.shape[-1])
        pointing = (by_row @ memory.pointers + memory.leaning).softmax(-1)
        gate = torch.sigmoid(self.model.copy_gate(states))
        copied = pointing.view(len(states), -1) * gate
        places = memory.source[:, None].expand(rows, by_row.shape[1], -1).reshape(len(states), -1)
        return written.mul_(1 - gate).scatter_add_(-1, places, copied)

    def _norm(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self._epsilon)


def _layer(parts: Any) -> _Layer:  # noqa: ANN401 - modules that T5 keeps in a list
    own, cross, dense = parts[0].SelfAttention, parts[1].EncDecAttention, parts[2].DenseReluDense
    return _Layer(
        parts[0].layer_norm.weight, torch.cat([own.q.weight, own.k.weight, own.v.weight]), own.o.weight,
        parts[1].layer_norm.weight, cross.q.weight, cross.o.weight,
        parts[2].layer_norm.weight, dense.wi.weight, dense.wo.weight,
    )  # fmt: skip
