"""Step 2: train the bundled model; stops and resumes anywhere, on CPU or GPU.

Every step draws the same rows whatever was stopped before: row order depends on the seed and the
step alone. Learning rate: warm-up, constant, then linear to zero over the last quarter (WSD), so
that `--steps` may be changed while it runs.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_torch
from safetensors.torch import save_file as save_torch
from torch import Tensor, nn
from torch.nn import functional

from summarizer.errors import SummarizerError
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS

__all__ = ["Recipe", "train"]

log = logging.getLogger(__name__)

# Steps between two lines of the log.
LOGGED = 50


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that makes a run; stored beside its weights."""

    steps: int = 6000
    batch: int = 64
    rate: float = 1e-2
    """Learning rate of a weight of size 1; see `scaled_groups`."""
    warmup: int = 200
    cooldown: float = 0.25
    """Share of the steps over which the rate falls to zero."""
    copy_head: bool = True
    tag_weight: float = 1.0
    """Tag loss against title loss; both are means over tokens."""
    min_coverage: float = 0.5
    """Rows whose labels cover less of the title teach the decoder only."""
    seed: int = 0
    save_minutes: float = 4.0
    compile: bool = True
    """torch.compile: 1.4 times as fast (6 layers, 0.84 s against 1.20 s a step), once compiled."""


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
    rows = len(tokens["title_end"])
    source_start = np.concatenate([[0], tokens["source_end"][:-1]])
    title_start = np.concatenate([[0], tokens["title_end"][:-1]])
    per_epoch = rows // recipe.batch
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


def scaled_groups(model: nn.Module, rate: float) -> list[dict[str, object]]:
    """One group a tensor, its peak rate `rate` times the tensor's root mean square at the start.

    T5 starts its embedding at 1.0 and its projections at 0.01 to 0.06; one rate for all leaves the
    embedding still (nanoT5's AdamW with RMS scaling, NLL 1.953 against 2.040).
    """
    groups: list[dict[str, object]] = []
    for parameter in model.parameters():
        size = max(0.03, parameter.detach().pow(2).mean().sqrt().item())
        groups.append({"params": [parameter], "lr": rate * size, "peak": rate * size})
    return groups


def rate_factor(step: int, recipe: Recipe) -> float:
    """Multiplier of the learning rate at `step`, in [0, 1]."""
    falling = (recipe.steps - step) / max(1.0, recipe.cooldown * recipe.steps)
    return max(0.0, min(1.0, (step + 1) / recipe.warmup, falling))


def train(work: Path, recipe: Recipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokens = load_file(work / "tokens.safetensors")
    model = HeadlineT5(bundled_config(int(tokens["pieces"][0]), copy_head=recipe.copy_head)).to(device)
    groups = scaled_groups(model, recipe.rate)
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    step, seconds = resume(work, model, optimizer)
    (work / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1), encoding="utf-8")
    step_losses = torch.compile(losses) if recipe.compile else losses
    started = saved = time.monotonic()
    recent: list[tuple[float, float]] = []
    model.train()
    try:
        for batch in islice(batches(tokens, recipe, step), max(0, recipe.steps - step)):
            recent.append(_update(model, optimizer, step_losses, batch.to(device), recipe, step))
            step += 1
            if len(recent) == LOGGED or step == recipe.steps:
                tag, title = np.mean(recent, axis=0)
                spent = seconds + time.monotonic() - started
                log.info("step %d of %d  tag %.4f  title %.3f  %.0f s", step, recipe.steps, tag, title, spent)
                recent.clear()
            if time.monotonic() - saved > recipe.save_minutes * 60:
                save(work, model, optimizer, step, seconds + time.monotonic() - started)
                saved = time.monotonic()
    finally:
        save(work, model, optimizer, step, seconds + time.monotonic() - started)


def _update(
    model: HeadlineT5, optimizer: torch.optim.Optimizer, step_losses: Callable[..., tuple[Tensor, Tensor]],
    batch: Batch, recipe: Recipe, step: int,
) -> tuple[float, float]:  # fmt: skip
    """One optimizer step; its (tag loss, title loss)."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * rate_factor(step, recipe)
    with torch.autocast(batch.source.device.type, dtype=torch.bfloat16):
        tag_loss, title_loss = step_losses(model, batch)
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(recipe.tag_weight * tag_loss + title_loss)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return tag_loss.item(), title_loss.item()


def save(work: Path, model: nn.Module, optimizer: torch.optim.Optimizer, step: int, seconds: float) -> None:
    """Weights and optimizer state in one safetensors file, renamed into place when whole."""
    names = dict(model.named_parameters())
    state = {f"model.{n}": p.detach() for n, p in names.items()}
    for name, parameter in names.items():
        for key, value in optimizer.state[parameter].items():
            state[f"{key}.{name}"] = torch.as_tensor(value)
    fresh = work / "checkpoint.tmp"
    metadata = {"step": str(step), "seconds": f"{seconds:.0f}"}
    save_torch({k: v.contiguous().cpu() for k, v in state.items()}, fresh, metadata)
    os.replace(fresh, work / "checkpoint.safetensors")


def resume(work: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    """(step, seconds) of the checkpoint now loaded; (0, 0.0) when there is none."""
    path = work / "checkpoint.safetensors"
    if not path.exists():
        return 0, 0.0
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    state = load_torch(path)
    found = {n.removeprefix("model."): t.shape for n, t in state.items() if n.startswith("model.")}
    if found != {n: p.shape for n, p in model.named_parameters()}:
        raise SummarizerError(f"{path}: expected weights of this model, found another shape; move it away")
    device = next(model.parameters()).device
    for name, parameter in model.named_parameters():
        parameter.data.copy_(state[f"model.{name}"])
        optimizer.state[parameter] = {
            key: state[f"{key}.{name}"].to("cpu" if key == "step" else device)
            for key in ("step", "exp_avg", "exp_avg_sq")
        }
    log.info("resumed at step %s after %s s", metadata["step"], metadata["seconds"])
    return int(metadata["step"]), float(metadata["seconds"])
