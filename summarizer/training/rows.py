"""Rows of tokens as the training runs draw them, and their way to the device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["moved", "padded", "shuffled"]

_Batch = TypeVar("_Batch", bound="DataclassInstance")


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


def moved(batch: _Batch, device: torch.device) -> _Batch:
    """A batch, a dataclass of tensors, on `device`, without waiting for what that is doing."""
    tensors: Iterator[Tensor] = (getattr(batch, field.name) for field in fields(batch))
    if device.type == "cuda":
        tensors = (tensor.pin_memory() for tensor in tensors)
    return replace(
        batch,
        **{
            field.name: tensor.to(device, non_blocking=True)
            for field, tensor in zip(fields(batch), tensors, strict=True)
        },
    )
