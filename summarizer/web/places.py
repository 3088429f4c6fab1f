"""Where the app keeps what lasts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["data_folder", "private"]


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Unless --data names another: $XDG_DATA_HOME/summarizer, else ~/.local/share/summarizer."""
    raise NotImplementedError


def private(folder: Path) -> Path:
    """Make `folder` where it is missing, for its owner's eyes only (mode 0700). Raises StoreError."""
    raise NotImplementedError
