"""Processes of our own that outlive the server: of batch jobs, of evaluations."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import summarizer

__all__ = ["spawned"]

# Bytes of a log that is not gone on with.
_LOG = 2**20


def spawned(words: Sequence[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Begin `words` in `folder`, in a session of its own, so that what ends the server, Ctrl-C too, does not
    end it. It finds the package that is running now, and writes to `log`, readable by its owner alone."""
    root = str(Path(summarizer.__file__).parent.parent)
    above = os.environ.get("PYTHONPATH")
    environ = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{above}" if above else root}
    fresh = not log.exists() or log.stat().st_size > _LOG
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND), 0o600)
    with os.fdopen(handle, "wb") as file:
        return subprocess.Popen(
            list(words), stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=folder, env=environ,
            start_new_session=True,
        )  # fmt: skip
