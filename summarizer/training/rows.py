"""Rows of tokens as the training runs draw them, and their way to the device."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

__all__ = ["moved", "padded", "shuffled"]


def padded(flat: np.ndarray, ends: np.ndarray, width: int) -> np.ndarray:
    """Rows laid end to end become (rows, width): what is longer is cut, what is shorter ends in zeros."""
    starts = np.concatenate([[0], ends[:-1]])
    places = np.arange(width)
    inside = places < (ends - starts)[:, None]
    table = np.zeros((len(ends), width), dtype=flat.dtype)
    table[inside] = flat[(starts[:, None] + places)[inside]]
    return table


def shuffled(rows: np.ndarray, size: int, seed: int, first_step: int) -> Iterator[np.ndarray]:
    """Endless draws of `size` of `rows` from `first_step` on; every epoch has its own order."""
    per_epoch = len(rows) // size
    step = first_step
    while True:
        order = np.random.default_rng(seed * 1000 + step // per_epoch).permutation(rows)
        for at in range(step % per_epoch, per_epoch):
            yield order[at * size : (at + 1) * size]
            step += 1


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """On `device`, without waiting for what it is doing."""
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)
