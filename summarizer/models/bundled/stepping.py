"""The decoder of a HeadlineT5, one token a hypothesis a step, with what a step need not make again.

The same numbers as `HeadlineT5.forward`, less work: the keys and values of a source are made once and
shared by its hypotheses, the cache is written in place, one product makes query, key and value.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.integers import Product, Whole
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.weights import Weights, bias

__all__ = ["Memory", "Stepper"]

_NEVER = -1e9
_LEAST = 1e-30
"""In the place of a probability that is too small for a float."""


@dataclass(slots=True)
class _Layer:
    """Weights of one decoder layer, in the order in which they are used."""

    self_norm: Tensor
    self_in: Product
    self_out: Product
    cross_norm: Tensor
    query: Product
    cross_out: Product
    norm: Tensor
    wide: Product
    narrow: Product
    keys: Product
    """Of the source; `values`, too."""
    values: Product


@dataclass(slots=True)
class Memory:
    """What the decoder knows of `rows` sources and of `rows * beams` hypotheses over them."""

    source: Tensor
    """(rows, tokens): what may be copied, by place in the shortlist if there is one."""
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
    table: Tensor
    """(pieces, d_model): what stands for those that may be written."""
    vocabulary: Product
    """Log-odds of these."""
    others: Tensor | None
    """(rows, 1, pieces): very low for what is in the shortlist for another source."""
    length: int = 0

    def row(self, number: int) -> Memory:
        """Of one source alone, nothing written."""
        one = slice(number, number + 1)
        return Memory(
            self.source[one], self.mask[one], [key[one] for key in self.keys], [v[one] for v in self.values],
            self.pointers[one], self.leaning[one], [], self.table, self.vocabulary,
            None if self.others is None else self.others[one],
        )  # fmt: skip

    def keep(self, rows: Tensor, beams: int) -> None:
        """Only these rows, in this order."""
        self.source, self.mask = self.source[rows], self.mask[rows]
        self.keys, self.values = ([one[rows] for one in some] for some in (self.keys, self.values))
        self.pointers, self.leaning = self.pointers[rows], self.leaning[rows]
        hypotheses = (rows[:, None] * beams + torch.arange(beams)).flatten()
        self.past = [past[:, hypotheses] for past in self.past]
        self.others = None if self.others is None else self.others[rows]

    def reorder(self, hypotheses: Tensor) -> None:
        """Hypothesis i goes on from what `hypotheses[i]` has written."""
        for past in self.past:
            past[:, :, :, : self.length] = past[:, hypotheses, :, : self.length]


class Stepper:
    """Steps of one model. `exact` multiplies floats instead of whole numbers."""

    @torch.inference_mode()
    def __init__(self, weights: Weights, *, exact: bool = True) -> None:
        self.weights, self.shape = weights, weights.shape
        product = Product if exact else Whole
        self.layers = [_layer(weights, at, product) for at in range(self.shape.decoder_layers)]
        self._table = weights["decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        self._last = weights["decoder.final_layer_norm.weight"]
        # T5 scales states down before a tied embedding
        self._narrow = self.shape.width**-0.5
        self._vocabulary = product(weights["shared.weight"] * self._narrow)

    @torch.inference_mode()
    def memory(
        self, source: Tensor, mask: Tensor, hidden: Tensor, odds: Tensor, beams: int, steps: int,
        shortlist: Shortlist | None = None,
    ) -> Memory:  # fmt: skip
        """Of sources (rows, tokens) with their mask, encoder states and tag head's odds; nothing is written
        yet. With a `shortlist` nothing else is, and all steps count its places instead of ids."""
        rows, tokens = source.shape
        keys: list[Tensor] = []
        values: list[Tensor] = []
        flat = hidden.reshape(rows * tokens, -1)
        for layer in self.layers:
            for made, product in ((keys, layer.keys), (values, layer.values)):
                heads = product(flat).view(rows, tokens, self.shape.heads, self.shape.size)
                made.append(heads.transpose(1, 2).contiguous())
        padding = torch.where(mask.bool(), 0.0, _NEVER)
        past = [torch.zeros(2, rows * beams, self.shape.heads, steps, self.shape.size) for _ in self.layers]
        leaning, pointers = padding[:, None], hidden[:, :0].transpose(1, 2)
        if self.shape.copy_head:
            leaning = leaning + (self.weights["copy_bias"] * odds)[:, None]
            asked = hidden @ self.weights["copy_query.weight"] * self._narrow
            pointers = asked.transpose(1, 2).contiguous()
        table, vocabulary = self.weights["shared.weight"], self._vocabulary
        others = None
        if shortlist is not None:
            others = shortlist.others[:, None]
            source = shortlist.places(source)
            table, vocabulary = table[shortlist.ids], vocabulary.only(shortlist.ids)
        return Memory(
            source, padding[:, None, None], keys, values, pointers, leaning, past, table, vocabulary, others
        )

    def step(self, tokens: Tensor, memory: Memory) -> Tensor:
        """Probabilities of the next token, (hypotheses, pieces), after `tokens` (hypotheses,)."""
        rows = len(memory.source)
        lean = self._lean(memory.length)
        states = memory.table[tokens]
        for number, layer in enumerate(self.layers):
            states = states + self._written(states, layer, memory.past[number], memory.length, lean)
            states = states + self._read(
                states, layer, memory.keys[number], memory.values[number], memory.mask
            )
            states = states + layer.narrow(layer.wide(self._norm(states, layer.norm)).relu_())
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
            states = states + self._all_written(states, layer, count, lean)
            states = states + self._read(
                states, layer, memory.keys[number], memory.values[number], memory.mask
            )
            states = states + layer.narrow(layer.wide(self._norm(states, layer.norm)).relu_())
        real = (titles != 0).flatten()
        wanted = titles.flatten()[real, None]
        made = self._chances(self._norm(states, self._last)[real], memory, wanted)
        means = torch.zeros(count * length).masked_scatter(real, made.clamp_min(_LEAST).log())
        return means.view(count, length).sum(1) / (titles != 0).sum(1)

    def _all_written(self, states: Tensor, layer: _Layer, count: int, lean: Tensor) -> Tensor:
        """Self-attention of whole titles, each token over those before it."""
        made = layer.self_in(self._norm(states, layer.self_norm))
        query, key, value = made.view(count, -1, 3, self.shape.heads, self.shape.size).permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-1, -2) + lean).softmax(-1)
        return layer.self_out((weights @ value).transpose(1, 2).reshape(len(states), -1))

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

    def _lean(self, length: int) -> Tensor:
        """(1, heads, 1, length + 1): bias of the places written so far, for the newest."""
        newest = torch.tensor([length])
        return bias(self._table, newest, torch.arange(length + 1), self.shape, both_ways=False)

    def _written(self, states: Tensor, layer: _Layer, past: Tensor, length: int, lean: Tensor) -> Tensor:
        """Self-attention over what each hypothesis has written."""
        made = layer.self_in(self._norm(states, layer.self_norm))
        query, key, value = made.view(len(states), 3, self.shape.heads, 1, self.shape.size).unbind(1)
        past[0, :, :, length], past[1, :, :, length] = key[:, :, 0], value[:, :, 0]
        keys, values = past[0, :, :, : length + 1], past[1, :, :, : length + 1]
        weights = (query @ keys.transpose(-1, -2) + lean).softmax(-1)
        return layer.self_out((weights @ values).reshape(len(states), -1))

    def _read(self, states: Tensor, layer: _Layer, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Attention over the source, all hypotheses of a row at once."""
        query = layer.query(self._norm(states, layer.cross_norm))
        query = query.view(len(keys), -1, self.shape.heads, self.shape.size).transpose(1, 2)
        weights = (query @ keys.transpose(-1, -2) + mask).softmax(-1)
        read = (weights @ values).transpose(1, 2).reshape(len(states), -1)
        return layer.cross_out(read)

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


def _layer(weights: Weights, at: int, product: type[Product]) -> _Layer:
    own, cross, dense = (f"decoder.block.{at}.layer.{part}" for part in range(3))
    together = torch.cat([weights[f"{own}.SelfAttention.{name}.weight"] for name in "qkv"])
    read = {name: product(weights[f"{cross}.EncDecAttention.{name}.weight"]) for name in "qkvo"}
    return _Layer(
        weights[f"{own}.layer_norm.weight"], product(together),
        product(weights[f"{own}.SelfAttention.o.weight"]),
        weights[f"{cross}.layer_norm.weight"], read["q"], read["o"], weights[f"{dense}.layer_norm.weight"],
        product(weights[f"{dense}.DenseReluDense.wi.weight"]),
        product(weights[f"{dense}.DenseReluDense.wo.weight"]), read["k"], read["v"],
    )  # fmt: skip
