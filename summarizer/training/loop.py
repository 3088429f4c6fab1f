"""What the training runs share: rates, steps, a log, checkpoints that a stopped run goes on from.

Learning rate: warm-up, constant, then linear to zero (WSD), so that the number of steps may be
changed while it runs.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from summarizer.errors import SummarizerError
from summarizer.models.loading import precision
from summarizer.training.rows import moved

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "Schedule", "adamw", "load_weights", "mixed", "rate_factor", "resume", "run", "save", "update",
]  # fmt: skip

log = logging.getLogger(__name__)

# Steps between two lines of the log.
LOGGED = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """What every run has in its recipe, which is stored beside its weights."""

    steps: int
    rate: float
    """Learning rate of a weight of size 1; see `scaled_groups`."""
    warmup: int
    cooldown: float
    """Share of the steps over which the rate falls to zero."""
    seed: int = 0
    save_minutes: float = 4.0
    until: int | None = None
    """Stop after this step, at the rate of that step: a run of more steps, or of fewer, goes on."""
    look: int = 1000
    """Steps between two looks at rows kept apart."""


_Batch = TypeVar("_Batch", bound="DataclassInstance")


def scaled_groups(model: nn.Module, rate: float) -> list[dict[str, object]]:
    """Tensors by size: the peak rate of a group is `rate` times the root mean square of its tensors.

    Sizes are those at the start, rounded to powers of the fourth root of two: one group a tensor costs an
    optimizer step on a GPU as much time as the model does.

    T5 starts its embedding at 1.0 and its projections at 0.01 to 0.06; one rate for all leaves the
    embedding still (nanoT5's AdamW with RMS scaling, NLL 1.953 against 2.040).
    """
    groups: dict[int, list[nn.Parameter]] = defaultdict(list)
    for parameter in model.parameters():
        size = max(0.03, parameter.detach().pow(2).mean().sqrt().item())
        groups[round(4 * math.log2(size))].append(parameter)
    peaks = {power: rate * 2 ** (power / 4) for power in groups}
    return [{"params": groups[power], "lr": peak, "peak": peak} for power, peak in peaks.items()]


def adamw(model: nn.Module, rate: float, *, weight_decay: float = 0.0) -> torch.optim.AdamW:
    """The optimizer of every run, by `scaled_groups`."""
    groups = scaled_groups(model, rate)
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=weight_decay, fused=True)


def rate_factor(step: int, recipe: Schedule) -> float:
    """Multiplier of the learning rate at `step`, in [0, 1]: warm-up, constant, linear to zero (WSD)."""
    falling = (recipe.steps - step) / max(1.0, recipe.cooldown * recipe.steps)
    return max(0.0, min(1.0, (step + 1) / recipe.warmup, falling))


def run(
    work: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    recipe: Schedule,
    batches: Callable[[int], Iterator[_Batch]],
    measured: Callable[[_Batch], Mapping[str, Tensor]],
    *,
    weights: Mapping[str, float],
    apart: Callable[[], float] | None = None,
) -> None:
    """Train until `recipe.steps`, from the last checkpoint of `work`; whatever ends it, it saves first.

    `batches` gives those from a step on; `measured` gives a batch's losses by name. Their sum by
    `weights` is made smaller, their means are logged. `apart` is the loss on rows kept apart, logged too.
    """
    step, seconds = resume(work, model, optimizer)
    (work / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1), encoding="utf-8")
    started = saved = time.monotonic()
    recent: list[dict[str, Tensor]] = []
    last = recipe.steps if recipe.until is None else min(recipe.until, recipe.steps)
    model.train()
    try:
        for batch in islice(batches(step), max(0, last - step)):
            recent.append(update(model, optimizer, batch, measured, weights, rate_factor(step, recipe)))
            step += 1
            spent = seconds + time.monotonic() - started
            if len(recent) == LOGGED or step == last:
                means = {name: torch.stack([losses[name] for losses in recent]).mean() for name in weights}
                told = "  ".join(f"{name} {mean.item():.4f}" for name, mean in means.items())
                log.info("step %d of %d  %s  %.0f s", step, recipe.steps, told, spent)
                recent.clear()
            if apart and (step % recipe.look == 0 or step == last):
                log.info("step %d of %d  kept apart %.4f", step, recipe.steps, apart())
            if time.monotonic() - saved > recipe.save_minutes * 60:
                save(work, model, optimizer, step, spent)
                saved = time.monotonic()
    finally:
        save(work, model, optimizer, step, seconds + time.monotonic() - started)


def update(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: _Batch,
    measured: Callable[[_Batch], Mapping[str, Tensor]],
    weights: Mapping[str, float],
    factor: float,
) -> dict[str, Tensor]:
    """One optimizer step at `factor` of the peak rates; the losses by name.

    Nothing here waits for the device.
    """
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
    device = next(model.parameters()).device
    with mixed(device):
        losses = measured(moved(batch, device))
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(torch.stack([weights[name] * losses[name] for name in weights]).sum())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return {name: losses[name].detach() for name in weights}


def mixed(device: torch.device) -> torch.autocast:
    """bfloat16 for products, where it is quicker."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision() == torch.bfloat16)


def save(work: Path, model: nn.Module, optimizer: torch.optim.Optimizer, step: int, seconds: float) -> None:
    """Weights and optimizer state in one safetensors file, renamed into place when whole."""
    names = dict(model.named_parameters())
    state = {f"model.{n}": p.detach() for n, p in names.items()}
    for name, parameter in names.items():
        for key, value in optimizer.state[parameter].items():
            state[f"{key}.{name}"] = torch.as_tensor(value)
    fresh = work / "checkpoint.tmp"
    metadata = {"step": str(step), "seconds": f"{seconds:.0f}"}
    save_file({k: v.contiguous().cpu() for k, v in state.items()}, fresh, metadata)
    os.replace(fresh, work / "checkpoint.safetensors")


def resume(work: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    """(step, seconds) of the checkpoint now loaded; (0, 0.0) when there is none."""
    path = work / "checkpoint.safetensors"
    if not path.exists():
        return 0, 0.0
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    state = load_weights(model, path)
    device = next(model.parameters()).device
    for name, parameter in model.named_parameters():
        # A fused optimizer counts its steps where the weights are.
        optimizer.state[parameter] = {
            key: state[f"{key}.{name}"].to(device) for key in ("step", "exp_avg", "exp_avg_sq")
        }
    log.info("resumed at step %s after %s s", metadata["step"], metadata["seconds"])
    return int(metadata["step"]), float(metadata["seconds"])


def load_weights(model: nn.Module, path: Path) -> dict[str, Tensor]:
    """Put a checkpoint's weights into `model`; the whole checkpoint. Raises SummarizerError."""
    if not path.exists():
        raise SummarizerError(f"{path}: expected a checkpoint, found none; run the step that writes it first")
    state: dict[str, Tensor] = load_file(path)
    found = {n.removeprefix("model."): t.shape for n, t in state.items() if n.startswith("model.")}
    if found != {n: p.shape for n, p in model.named_parameters()}:
        raise SummarizerError(f"{path}: expected weights of this model, found another shape; move it away")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(state[f"model.{name}"])
    return state
