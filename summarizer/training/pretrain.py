"""Step 3: the model learns Chinese news before it learns headlines; stops and resumes anywhere.

The decoder writes the clause that was taken out of a passage; the encoder, at the same time, names pieces
that were hidden from it (PEGASUS, Zhang et al. 2020, figure 1: gap sentences and a masked language model).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor
from torch.nn import functional

from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.loading import device
from summarizer.training.loop import Schedule, adamw, run
from summarizer.training.passages import GAP
from summarizer.training.rows import padded, shuffled

__all__ = ["PRETRAINED", "PretrainingRecipe", "pretrain"]

PRETRAINED = "pretraining"
"""Folder of WORK that takes this step's checkpoint."""


@dataclass(frozen=True, slots=True)
class PretrainingRecipe(Schedule):
    """Everything that makes a run."""

    steps: int = 2329
    rate: float = 1e-2
    warmup: int = 300
    cooldown: float = 0.2
    batch: int = 256
    hidden: int = 22
    """Pieces of a passage that are hidden, one in seven of SOURCE_TOKENS; in a short one some twice."""
    small: bool = False
    compile: bool = True


@dataclass(frozen=True, slots=True)
class Hidden:
    """Padded passages, all int64: `source` and `mask` (rows, SOURCE_TOKENS), `title` (rows, TITLE_TOKENS),
    `places` and `pieces` (rows, hidden): where a piece was hidden, and which."""

    source: Tensor
    mask: Tensor
    title: Tensor
    places: Tensor
    pieces: Tensor


def batches(rows: Mapping[str, np.ndarray], recipe: PretrainingRecipe, first_step: int) -> Iterator[Hidden]:
    """Endless batches from `first_step` on; what is hidden depends on seed and step alone."""
    source = padded(rows["source"], rows["source_end"], SOURCE_TOKENS)
    title = padded(rows["title"], rows["title_end"], TITLE_TOKENS)
    everything = np.arange(len(source))
    draws = shuffled(everything, recipe.batch, recipe.seed, first_step)
    for step, chosen in enumerate(draws, first_step):
        ids, words = source[chosen].astype(np.int64), title[chosen].astype(np.int64)
        mask = (ids != 0).astype(np.int64)
        chance = np.random.default_rng([recipe.seed, step])
        # Never the end of the passage, its last piece.
        places = chance.random((len(ids), recipe.hidden)) * (mask.sum(1, keepdims=True) - 1)
        places = places.astype(np.int64)
        pieces = np.take_along_axis(ids, places, 1)
        np.put_along_axis(ids, places, GAP, 1)
        yield Hidden(*(torch.from_numpy(array) for array in (ids, mask, words, places, pieces)))


def losses(model: HeadlineT5, batch: Hidden) -> tuple[Tensor, Tensor]:
    """(loss of the hidden pieces, loss of the clause): mean cross-entropies a token, in nats."""
    hidden = model.encode(batch.source, batch.mask)
    width = hidden.shape[-1]
    asked = hidden.gather(1, batch.places[..., None].expand(-1, -1, width))
    logits = model.vocabulary_logits(asked).float()
    pieces = functional.cross_entropy(logits.flatten(0, 1), batch.pieces.flatten(), ignore_index=GAP)
    likelihood = model.title_log_likelihood(batch.source, batch.mask, hidden, batch.title)
    real = batch.title != 0
    return pieces, -(likelihood * real).sum() / real.sum()


def pretrain(work: Path, recipe: PretrainingRecipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    rows = load_file(work / "passages.safetensors")
    count = int(load_file(work / "tokens.safetensors")["pieces"][0])
    model = HeadlineT5(bundled_config(count, small=recipe.small)).to(device())
    optimizer = adamw(model, recipe.rate)
    step_losses = torch.compile(losses) if recipe.compile else losses

    def measured(batch: Hidden) -> dict[str, Tensor]:
        pieces, clause = step_losses(model, batch)
        return {"pieces": pieces, "clause": clause}

    (work / PRETRAINED).mkdir(exist_ok=True)
    run(
        work / PRETRAINED, model, optimizer, recipe, lambda step: batches(rows, recipe, step), measured,
        weights={"pieces": 1.0, "clause": 1.0},
    )  # fmt: skip
