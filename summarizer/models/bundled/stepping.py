"""The decoder of a HeadlineT5, one token a hypothesis a step, with what a step need not make again.

The same numbers as `HeadlineT5.forward`, less work: the keys and values of a source are made once and
shared by its hypotheses, the cache is written in place, one product makes query, key and value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.encoder import Encoder, sample
from summarizer.models.bundled.memory import Memory
from summarizer.models.bundled.products import ROOM, Product
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.weights import Weights, bias

__all__ = ["Stepper"]

_NEVER = -1e9
_AT_ONCE = 768
"""Tokens of sources in one product, as in encoder.py."""
_SAMPLE = 20
"""Pieces of a title by which steps are fixed; as in encoder.py."""
_LEAST = 1e-30
"""In the place of a probability that is too small for a float."""


@dataclass(slots=True)
class _Layer:
    """Weights of one decoder layer, in the order in which they are used."""

    self_in: Product
    self_out: Product
    query: Product
    cross_out: Product
    wide: Product
    narrow: Product

    def fixed(self) -> _Layer:
        """In whole numbers, as its watched products met."""
        return _Layer(
            self.self_in.fixed(), self.self_out.fixed(room=ROOM), self.query.fixed(),
            self.cross_out.fixed(room=ROOM), self.wide.fixed(), self.narrow.fixed(zero=0, room=ROOM),
        )  # fmt: skip


class Stepper:
    """Steps of one model. `exact` multiplies floats instead of whole numbers."""

    @torch.inference_mode()
    def __init__(self, weights: Weights, *, exact: bool = True) -> None:
        self.weights, self.shape = weights, weights.shape
        product = partial(Product, watched=not exact)
        self.layers = [_layer(weights, at, product) for at in range(self.shape.decoder_layers)]
        # T5 scales states down before a tied embedding
        narrow = self.shape.width**-0.5
        self._sources = product(_of_sources(weights, narrow))
        self._table = weights["decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        self._last = weights["decoder.final_layer_norm.weight"]
        self._vocabulary = product(weights["shared.weight"] * narrow)
        if not exact:
            self._fix()

    def _fix(self) -> None:
        """In whole numbers, with steps for what is met when titles of a few pieces are written."""
        encoder, source = Encoder(self.weights), sample(self.shape.vocabulary)
        mask = torch.ones_like(source)
        hidden = encoder(source, mask)
        memory = self.memory(source, mask, hidden, encoder.odds(hidden), 0, 0)
        for row, own in enumerate(source):
            self.likelihood(own.view(-1, _SAMPLE), memory.row(row))
        self.layers = [layer.fixed() for layer in self.layers]
        self._sources, self._vocabulary = self._sources.fixed(), self._vocabulary.fixed()

    @torch.inference_mode()
    def memory(
        self, source: Tensor, mask: Tensor, hidden: Tensor, odds: Tensor, beams: int, steps: int,
        shortlist: Shortlist | None = None,
    ) -> Memory:  # fmt: skip
        """Of sources (rows, tokens) with their mask, encoder states and tag head's odds; nothing is written
        yet. With a `shortlist` nothing else is, and all steps count its places instead of ids."""
        keys, values, pointers = self._of_sources(hidden)
        padding = torch.where(mask.bool(), 0.0, _NEVER)
        leaning = padding[:, None]
        if self.shape.copy_head:
            leaning = leaning + (self.weights["copy_bias"] * odds)[:, None]
        rows = len(source)
        past = torch.empty(len(self.layers), 2, rows, self.shape.heads, steps, beams, self.shape.size)
        lines = torch.arange(beams)[None, :, None].repeat(rows, 1, steps)
        ids, vocabulary, others = None, self._vocabulary, None
        if shortlist is not None:
            ids, others = shortlist.ids, shortlist.others[:, None]
            source, vocabulary = shortlist.places(source), vocabulary.only(ids)
        return Memory(
            source, padding[:, None, None], keys, values, pointers, leaning, list(past), lines,
            ids, vocabulary, others,
        )  # fmt: skip

    def _of_sources(self, hidden: Tensor) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """Keys, values and pointers as `Memory` has them, of encoder states."""
        rows, tokens, _ = hidden.shape
        layers, heads, size = len(self.layers), self.shape.heads, self.shape.size
        keys = hidden.new_empty(layers, rows, heads, size, tokens)
        values = hidden.new_empty(layers, rows, heads, tokens, size)
        pointers = hidden.new_empty(rows, self.shape.width if self.shape.copy_head else 0, tokens)
        few = max(1, _AT_ONCE // tokens)
        for some in (slice(start, start + few) for start in range(0, rows, few)):
            made = self._sources(hidden[some].flatten(0, 1)).view(-1, tokens, self._sources.outputs)
            read, asked = made.tensor_split([2 * layers * heads * size], 2)
            read = read.view(-1, tokens, layers, 2, heads, size).permute(3, 2, 0, 4, 1, 5)
            keys[:, some], values[:, some] = read[0].transpose(-1, -2), read[1]
            pointers[some] = asked.transpose(1, 2)
        return list(keys), list(values), pointers

    def step(self, tokens: Tensor, memory: Memory) -> Tensor:
        """Probabilities of the next token, (hypotheses, pieces), after `tokens` (hypotheses,)."""
        rows = len(memory.source)
        lean = self._lean(memory)
        states = self.weights["shared.weight"][tokens if memory.ids is None else memory.ids[tokens]]
        for number, layer in enumerate(self.layers):
            states = self._written(states, layer, memory.past[number], memory.length, lean)
            states = self._read(states, layer, memory.keys[number], memory.values[number], memory.mask)
            states = layer.wide.feed(states, layer.narrow, states)
        memory.length += 1
        return self._mixture(self._norm(states, self._last), memory, rows)

    @torch.inference_mode()
    def likelihood(self, titles: Tensor, memory: Memory) -> Tensor:
        """Mean log-probability a token of `titles` (titles, tokens), padded with 0, over the one source of
        `memory`; each has at least one token. Shape (titles,)."""
        count, length = titles.shape
        later = torch.full((length, length), _NEVER).triu(1)
        places = torch.arange(length)
        lean = bias(self._table, places, places, self.shape, both_ways=False) + later
        shifted = torch.cat([torch.zeros_like(titles[:, :1]), titles[:, :-1]], 1)  # 0 begins a title
        states = self.weights["shared.weight"][shifted].flatten(0, 1)
        for number, layer in enumerate(self.layers):
            states = self._all_written(states, layer, count, lean)
            states = self._read(states, layer, memory.keys[number], memory.values[number], memory.mask)
            states = layer.wide.feed(states, layer.narrow, states)
        real = (titles != 0).flatten()
        wanted = titles.flatten()[real, None]
        made = self._chances(self._norm(states, self._last)[real], memory, wanted)
        means = torch.zeros(count * length).masked_scatter(real, made.clamp_min(_LEAST).log())
        return means.view(count, length).sum(1) / (titles != 0).sum(1)

    def _all_written(self, states: Tensor, layer: _Layer, count: int, lean: Tensor) -> Tensor:
        """Self-attention of whole titles, each token over those before it."""
        made = layer.self_in(states)
        query, key, value = made.view(count, -1, 3, self.shape.heads, self.shape.size).permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-1, -2) + lean).softmax(-1)
        return layer.self_out((weights @ value).transpose(1, 2).reshape(len(states), -1), states)

    def _chances(self, states: Tensor, memory: Memory, tokens: Tensor) -> Tensor:
        """Probabilities of `tokens` (states, 1) alone, over one source: as in `_mixture`. Shape (states,)."""
        logits = self._vocabulary(states)
        written = (logits.gather(1, tokens).squeeze(1) - logits.logsumexp(1)).exp()
        if not self.shape.copy_head:
            return written
        pointing = (states @ memory.pointers[0] + memory.leaning[0]).softmax(-1)
        copied = pointing.masked_fill(memory.source != tokens, 0.0).sum(1)
        gate = self._gate(states).squeeze(1)
        return written * (1 - gate) + copied * gate

    def _lean(self, memory: Memory) -> Tensor:
        """Bias of the places written so far, for the newest; very low for what others of a row wrote. Shape
        (rows, heads, beams, places * beams)."""
        places = memory.length + 1
        newest = torch.tensor([memory.length])
        lean = bias(self._table, newest, torch.arange(places), self.shape, both_ways=False)[..., None]
        beams = memory.lines.shape[1]
        own = memory.lines[:, None, :, :places, None] == torch.arange(beams)
        return torch.where(own, lean, _NEVER).flatten(3)

    def _written(self, states: Tensor, layer: _Layer, past: Tensor, length: int, lean: Tensor) -> Tensor:
        """Self-attention over what each hypothesis has written: all of a row over all that the row has
        written, so that nothing is copied when hypotheses change places."""
        rows, heads, _, beams, size = past.shape[1:]
        made = layer.self_in(states).view(rows, beams, 3, heads, size).permute(2, 0, 3, 1, 4)
        past[:, :, :, length] = made[1:]
        keys, values = past[:, :, :, : length + 1].flatten(3, 4).unbind(0)
        weights = (made[0] @ keys.transpose(-1, -2) + lean).softmax(-1)
        return layer.self_out((weights @ values).transpose(1, 2).reshape(len(states), -1), states)

    def _read(self, states: Tensor, layer: _Layer, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Attention over the source, all hypotheses of a row at once."""
        query = layer.query(states).view(len(keys), -1, self.shape.heads, self.shape.size)
        weights = (query.transpose(1, 2) @ keys + mask).softmax(-1)
        read = (weights @ values).transpose(1, 2).reshape(len(states), -1)
        return layer.cross_out(read, states)

    def _mixture(self, states: Tensor, memory: Memory, rows: int) -> Tensor:
        """Writing from the vocabulary and copying from the source, each with its share."""
        logits = memory.vocabulary(states)
        if memory.others is not None:
            logits.view(rows, -1, logits.shape[-1]).add_(memory.others)
        written = logits.softmax(-1)
        if not self.shape.copy_head:
            return written
        by_row = states.view(rows, -1, states.shape[-1])
        pointing = (by_row @ memory.pointers + memory.leaning).softmax(-1)
        gate = self._gate(states)
        copied = pointing.view(len(states), -1) * gate
        places = memory.source[:, None].expand(rows, by_row.shape[1], -1).reshape(len(states), -1)
        return written.mul_(1 - gate).scatter_add_(-1, places, copied)

    def _gate(self, states: Tensor) -> Tensor:
        """The share of copying, (states, 1)."""
        weight, offset = self.weights["copy_gate.weight"], self.weights["copy_gate.bias"]
        return torch.sigmoid(functional.linear(states, weight, offset))

    def _norm(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self.shape.epsilon)


def _of_sources(weights: Weights, narrow: float) -> Tensor:
    """Keys and values of each layer, what a copy head's queries are held against: below each other."""
    own = [f"decoder.block.{at}.layer.1.EncDecAttention" for at in range(weights.shape.decoder_layers)]
    parts = [weights[f"{layer}.{name}.weight"] for layer in own for name in "kv"]
    if weights.shape.copy_head:
        parts.append(weights["copy_query.weight"].t() * narrow)
    return torch.cat(parts)


def _layer(weights: Weights, at: int, product: Callable[..., Product]) -> _Layer:
    own, cross, dense = (f"decoder.block.{at}.layer.{part}" for part in range(3))
    norms = [weights[f"{part}.layer_norm.weight"] for part in (own, cross, dense)]
    epsilon = weights.shape.epsilon
    together = torch.cat([weights[f"{own}.SelfAttention.{name}.weight"] for name in "qkv"])
    return _Layer(
        product(together, norms[0], epsilon), product(weights[f"{own}.SelfAttention.o.weight"]),
        product(weights[f"{cross}.EncDecAttention.q.weight"], norms[1], epsilon),
        product(weights[f"{cross}.EncDecAttention.o.weight"]),
        product(weights[f"{dense}.DenseReluDense.wi.weight"], norms[2], epsilon),
        product(weights[f"{dense}.DenseReluDense.wo.weight"]),
    )  # fmt: skip
