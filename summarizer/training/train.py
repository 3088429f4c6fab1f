"""Step 4: train the bundled model; stops and resumes anywhere, on CPU or GPU.

A run begins with what `pretrain` left, with random weights, or goes on from the model in the package with
the headlines that can be had from what it reads: what it cannot have read it can only make up, and most of
that is never printed. Every step draws the same rows whatever was stopped before: row order depends on the
seed and the step alone. The run itself is `summarizer.training.loop`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor
from torch.nn import functional

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.loading import device
from summarizer.training.loop import Schedule, adamw, load_weights, mixed, rate_factor, run
from summarizer.training.pretrain import PRETRAINED
from summarizer.training.rows import moved, padded, shuffled

__all__ = ["ONWARD", "Batch", "Recipe", "batches", "fixed", "losses", "rate_factor", "title_loss", "train"]


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Everything that makes a run."""

    steps: int = 3834
    rate: float = 5e-3
    warmup: int = 300
    cooldown: float = 0.3
    batch: int = 256
    pretrained: bool = True
    """From what `pretrain` left in WORK."""
    dropout: float = 0.1
    """Of the rows' many epochs."""
    small: bool = False
    copy_head: bool = True
    tag_weight: float = 1.0
    """Tag loss against title loss; both are means over tokens."""
    min_coverage: float = 0.5
    """Rows whose labels cover less of the title teach the decoder only."""
    left_out: float = 0.0
    """Rows whose labels cover less of the title teach nothing."""
    onward: bool = False
    """From the model in the package; its vocabulary must be that of the rows."""
    compile: bool = True
    """torch.compile: 1.4 times as fast (6 layers, 0.84 s against 1.20 s a step), once compiled."""


ONWARD = Recipe(steps=4000, batch=64, cooldown=0.5, dropout=0.0, seed=1, left_out=0.55, onward=True)
"""A second run."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: tokens (rows, SOURCE_TOKENS) and titles (rows, TITLE_TOKENS), both int64."""

    source: Tensor
    mask: Tensor
    keep: Tensor
    tagged: Tensor
    """1.0 for rows whose labels may teach the tag head, shape (rows, 1)."""
    title: Tensor


def batches(tokens: Mapping[str, np.ndarray], recipe: Recipe, first_step: int) -> Iterator[Batch]:
    """Endless batches from `first_step` on, of what `prepare` wrote."""
    source, keep = (padded(tokens[name], tokens["source_end"], SOURCE_TOKENS) for name in ("source", "keep"))
    title = padded(tokens["title"], tokens["title_end"], TITLE_TOKENS)
    rows = np.repeat(np.arange(len(source)), tokens["repeat"])
    rows = rows[tokens["coverage"][rows] >= recipe.left_out]
    for chosen in shuffled(rows, recipe.batch, recipe.seed, first_step):
        tagged = (tokens["coverage"][chosen] >= recipe.min_coverage)[:, None]
        ids = source[chosen].astype(np.int64)
        floats = (array.astype(np.float32) for array in (keep[chosen], tagged))
        words = title[chosen].astype(np.int64)
        yield Batch(*(torch.from_numpy(a) for a in (ids, (ids != 0) * 1, *floats, words)))


def losses(model: HeadlineT5, batch: Batch) -> tuple[Tensor, Tensor]:
    """(tag loss, title loss): mean binary and mean categorical cross-entropy a token, in nats."""
    hidden = model.encode(batch.source, batch.mask)
    tags = functional.binary_cross_entropy_with_logits(
        model.keep_logits(hidden).float(), batch.keep, reduction="none"
    )
    weight = batch.mask * batch.tagged
    tag_loss = (tags * weight).sum() / weight.sum().clamp(min=1)
    likelihood = model.title_log_likelihood(batch.source, batch.mask, hidden, batch.title)
    real = batch.title != 0
    title_loss = -(likelihood * real).sum() / real.sum()
    return tag_loss, title_loss


def fixed(tokens: Mapping[str, np.ndarray], size: int) -> list[Batch]:
    """Rows kept apart in batches of `size` that never change, what is over left out."""
    count = len(tokens["source_end"])
    size = min(size, count)
    single = {**tokens, "repeat": np.ones(count, dtype=np.uint8)}
    return list(islice(batches(single, Recipe(batch=size), 0), count // size))


@torch.inference_mode()
def title_loss(model: HeadlineT5, apart: Sequence[Batch]) -> float:
    """Mean title loss a token over `apart`, in nats; the model goes on training after it."""
    model.eval()
    where = next(model.parameters()).device
    with mixed(where):
        found = [losses(model, moved(batch, where))[1] for batch in apart]
    model.train()
    return torch.stack(found).mean().item()


def _begun(work: Path, pieces: int, recipe: Recipe) -> HeadlineT5:
    if recipe.onward:
        model: HeadlineT5 = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32)
        if model.config.vocab_size != pieces:
            raise SummarizerError(
                f"expected rows in the {model.config.vocab_size} pieces of the model in the package, "
                f"found {pieces}; make them with 'prepare --onward'"
            )
        return model
    config = bundled_config(pieces, copy_head=recipe.copy_head, small=recipe.small)
    config.dropout_rate = recipe.dropout
    model = HeadlineT5(config)
    if recipe.pretrained:
        load_weights(model, work / PRETRAINED / "checkpoint.safetensors")
    return model


def train(work: Path, recipe: Recipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    tokens = load_file(work / "tokens.safetensors")
    model = _begun(work, int(tokens["pieces"][0]), recipe).to(device())
    apart = fixed(load_file(work / "held.safetensors"), recipe.batch)
    optimizer = adamw(model, recipe.rate)
    step_losses = torch.compile(losses) if recipe.compile else losses

    def measured(batch: Batch) -> dict[str, Tensor]:
        tag, title = step_losses(model, batch)
        return {"tag": tag, "title": title}

    run(
        work, model, optimizer, recipe, lambda step: batches(tokens, recipe, step), measured,
        weights={"tag": recipe.tag_weight, "title": 1.0}, apart=lambda: title_loss(model, apart),
    )  # fmt: skip
