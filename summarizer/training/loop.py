"""What the training runs share: rates, steps, a log, checkpoints that a stopped run goes on from.

Learning rate: warm-up, constant, then linear to zero (WSD), so that the number of steps may be
changed while it runs.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from summarizer.errors import SummarizerError

__all__ = ["Schedule", "rate_factor", "resume", "run", "save", "scaled_groups", "update"]

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


class Movable(Protocol):
    """A batch."""

    def to(self, device: torch.device) -> Any: ...  # noqa: ANN401 - the same kind of batch


_Batch = TypeVar("_Batch", bound=Movable)


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
) -> None:
    """Train until `recipe.steps`, from the last checkpoint of `work`; whatever ends it, it saves first.

    `batches` gives those from a step on; `measured` gives a batch's losses by name. Their sum by
    `weights` is made smaller, their means are logged.
    """
    step, seconds = resume(work, model, optimizer)
    (work / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1), encoding="utf-8")
    started = saved = time.monotonic()
    recent: list[dict[str, float]] = []
    model.train()
    try:
        for batch in islice(batches(step), max(0, recipe.steps - step)):
            recent.append(update(model, optimizer, batch, measured, weights, rate_factor(step, recipe)))
            step += 1
            spent = seconds + time.monotonic() - started
            if len(recent) == LOGGED or step == recipe.steps:
                means = "  ".join(f"{name} {np.mean([r[name] for r in recent]):.4f}" for name in weights)
                log.info("step %d of %d  %s  %.0f s", step, recipe.steps, means, spent)
                recent.clear()
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
) -> dict[str, float]:
    """One optimizer step at `factor` of the peak rates; the losses by name."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
    device = next(model.parameters()).device
    with torch.autocast(device.type, dtype=torch.bfloat16):
        losses = measured(batch.to(device))
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(torch.stack([weights[name] * losses[name] for name in weights]).sum())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return {name: losses[name].item() for name in weights}


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
    state = load_file(path)
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
