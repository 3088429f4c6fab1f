"""Step 2: train the bundled model; stops and resumes anywhere, on CPU or GPU.

A run begins with random weights, or goes on from the model in the package with the headlines that can
be had from what it reads: what it cannot have read it can only make up, and most of that is never
printed. Every step draws the same rows whatever was stopped before: row order depends on the seed and the
step alone. The run itself is `summarizer.training.loop`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
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
from summarizer.training.loop import Schedule, rate_factor, run, scaled_groups

__all__ = ["ONWARD", "Recipe", "rate_factor", "train"]


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Everything that makes a run."""

    steps: int = 6000
    rate: float = 1e-2
    warmup: int = 200
    cooldown: float = 0.25
    batch: int = 64
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


ONWARD = Recipe(steps=4000, rate=5e-3, cooldown=0.5, seed=1, left_out=0.55, onward=True)
"""The second run."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: tokens (rows, SOURCE_TOKENS) and titles (rows, TITLE_TOKENS), both int64."""

    source: Tensor
    mask: Tensor
    keep: Tensor
    tagged: Tensor
    """1.0 for rows whose labels may teach the tag head, shape (rows, 1)."""
    title: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def batches(tokens: dict[str, np.ndarray], recipe: Recipe, first_step: int) -> Iterator[Batch]:
    """Endless batches from `first_step` on; every epoch has its own shuffle."""
    rows = np.flatnonzero(tokens["coverage"] >= recipe.left_out)
    source_start = np.concatenate([[0], tokens["source_end"][:-1]])
    title_start = np.concatenate([[0], tokens["title_end"][:-1]])
    per_epoch = len(rows) // recipe.batch
    step = first_step
    while True:
        order = np.random.default_rng(recipe.seed * 1000 + step // per_epoch).permutation(rows)
        for at in range(step % per_epoch, per_epoch):
            chosen = order[at * recipe.batch : (at + 1) * recipe.batch]
            source = np.zeros((len(chosen), SOURCE_TOKENS), dtype=np.int64)
            keep = np.zeros((len(chosen), SOURCE_TOKENS), dtype=np.float32)
            title = np.zeros((len(chosen), TITLE_TOKENS), dtype=np.int64)
            for i, row in enumerate(chosen):
                piece = slice(
                    source_start[row], min(tokens["source_end"][row], source_start[row] + SOURCE_TOKENS)
                )
                source[i, : piece.stop - piece.start] = tokens["source"][piece]
                keep[i, : piece.stop - piece.start] = tokens["keep"][piece]
                words = tokens["title"][title_start[row] : tokens["title_end"][row]]
                title[i, : min(len(words), TITLE_TOKENS)] = words[:TITLE_TOKENS]
            tagged = (tokens["coverage"][chosen] >= recipe.min_coverage).astype(np.float32)[:, None]
            yield Batch(*(torch.from_numpy(a) for a in (source, (source != 0) * 1, keep, tagged, title)))
            step += 1


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


def _begun(pieces: int, recipe: Recipe) -> HeadlineT5:
    if not recipe.onward:
        return HeadlineT5(bundled_config(pieces, copy_head=recipe.copy_head))
    model: HeadlineT5 = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32)
    if model.config.vocab_size != pieces:
        raise SummarizerError(
            f"expected rows in the {model.config.vocab_size} pieces of the model in the package, "
            f"found {pieces}; make them with 'prepare --onward'"
        )
    return model


def train(work: Path, recipe: Recipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    tokens = load_file(work / "tokens.safetensors")
    model = _begun(int(tokens["pieces"][0]), recipe).to(device())
    optimizer = torch.optim.AdamW(
        scaled_groups(model, recipe.rate), betas=(0.9, 0.98), weight_decay=0.0, fused=True
    )
    step_losses = torch.compile(losses) if recipe.compile else losses

    def measured(batch: Batch) -> dict[str, Tensor]:
        tag, title = step_losses(model, batch)
        return {"tag": tag, "title": title}

    run(
        work, model, optimizer, recipe, lambda step: batches(tokens, recipe, step), measured,
        weights={"tag": recipe.tag_weight, "title": 1.0},
    )  # fmt: skip
