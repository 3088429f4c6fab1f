"""Threads of torch, in one place."""

from __future__ import annotations

import os

import torch

from summarizer.config import Settings

__all__ = ["set_threads"]


def set_threads(settings: Settings) -> None:
    """Threads of torch in this process: the setting, else OMP_NUM_THREADS (torch obeys it by
    itself), else the cores this process may run on, which can be fewer than torch sees."""
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    elif "OMP_NUM_THREADS" not in os.environ and hasattr(os, "sched_getaffinity"):
        torch.set_num_threads(min(torch.get_num_threads(), len(os.sched_getaffinity(0))))
