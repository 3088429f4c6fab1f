"""The weights of a HeadlineT5 as they lie in its folder, without the library that trained them.

To import transformers' T5 takes three seconds, longer than to read a page; what a headline needs of it is in
encoder.py and stepping.py. Both take what is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from summarizer.errors import ModelError

if TYPE_CHECKING:
    from summarizer.models.bundled.model import HeadlineT5

__all__ = ["Shape", "Weights", "bias"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What config.json says of a T5 that these weights fit."""

    width: int
    heads: int
    size: int
    """Of a head."""
    encoder_layers: int
    decoder_layers: int
    vocabulary: int
    buckets: int
    distance: int
    epsilon: float
    copy_head: bool

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Shape:
        """Raises KeyError for what is missing, ValueError for another kind of T5."""
        wanted = {"feed_forward_proj": "relu", "tie_word_embeddings": True, "scale_decoder_outputs": True}
        other = {name: config.get(name, value) for name, value in wanted.items()}
        if other != wanted:
            raise ValueError(f"expected {wanted}, found {other}")
        return cls(
            config["d_model"], config["num_heads"], config["d_kv"], config["num_layers"],
            config["num_decoder_layers"], config["vocab_size"], config["relative_attention_num_buckets"],
            config["relative_attention_max_distance"], config["layer_norm_epsilon"], config["copy_head"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """By the names of `HeadlineT5.state_dict`, in float32."""

    by_name: Mapping[str, Tensor]
    shape: Shape

    def __getitem__(self, name: str) -> Tensor:
        return self.by_name[name]

    @classmethod
    def open(cls, folder: Path) -> Weights:
        """Of config.json and model.safetensors. Raises ModelError."""
        try:
            shape = Shape.of(json.loads((folder / "config.json").read_text(encoding="utf-8")))
            found = load_file(folder / "model.safetensors")
            weights = cls({name: tensor.float() for name, tensor in found.items()}, shape)
            if weights["shared.weight"].shape != (shape.vocabulary, shape.width):
                raise ValueError(f"weights for {tuple(weights['shared.weight'].shape)} pieces and numbers")
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"{folder}: expected the weights of a bundled model and their config.json, found {error!r}. "
                "Install the package again, or export the model again."
            ) from error
        return weights

    @classmethod
    def of(cls, model: HeadlineT5) -> Weights:
        """Of a model that is loaded or being trained, as they are now."""
        state = {name: tensor.detach().float() for name, tensor in model.state_dict().items()}
        return cls(state, Shape.of(model.config.to_dict()))


def bias(table: Tensor, queries: Tensor, keys: Tensor, shape: Shape, *, both_ways: bool) -> Tensor:
    """T5's bias of relative position (Raffel et al. 2020, section 2.1), (1, heads, queries, keys).

    `table` has a number a bucket and head; `queries` and `keys` are positions. Buckets are single distances
    at first and grow with the logarithm up to `shape.distance`; half of them look ahead where both ways are
    looked.
    """
    distance = keys[None] - queries[:, None]
    count = shape.buckets // 2 if both_ways else shape.buckets
    ahead = (distance > 0) * count if both_ways else torch.zeros_like(distance)
    far = distance.abs() if both_ways else (-distance).clamp_min(0)
    single = count // 2
    grown = torch.log(far.clamp_min(1) / single) / torch.log(torch.tensor(shape.distance / single))
    late = (single + (grown * (count - single)).long()).clamp_max(count - 1)
    return table[ahead + torch.where(far < single, far, late)].permute(2, 0, 1)[None]
