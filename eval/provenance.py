"""Where a number comes from: commit, machine, versions, prompts."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from summarizer.prompts import FOLDER, load_prompt

__all__ = ["commit", "library_versions", "machine", "prompt_versions"]

# What decides outputs and scores.
_LIBRARIES = (
    "summarizer", "torch", "transformers", "sentence-transformers", "lancedb", "lightgbm", "numpy", "scipy",
    "rouge-score", "sacrebleu", "sumy", "jieba",
)  # fmt: skip


def commit() -> str:
    """Of the checkout this code lies in, with a hash of what differs from it; "unknown" without one."""
    root = Path(__file__).resolve().parent.parent

    def git(*words: str) -> str:
        command = ["git", "-C", str(root), *words]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=True, timeout=30
        ).stdout.strip()

    try:
        head, changes = git("rev-parse", "HEAD"), git("diff", "HEAD")
        return f"{head}+{hashlib.sha256(changes.encode()).hexdigest()[:12]}" if changes else head
    except (OSError, subprocess.SubprocessError):
        return "unknown"  # an installed package, or no git: said so in the record


def machine() -> str:
    """Kind of processor and number of cores; nothing that names the machine."""
    return f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        return platform.processor() or "unknown processor"
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "unknown processor")


def library_versions() -> dict[str, str]:
    """Of Python and the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # an extra that is not installed takes no part
    return found


def prompt_versions() -> dict[str, int]:
    """Of the shipped prompts, by name."""
    return {path.stem: load_prompt(path.stem).version for path in sorted(FOLDER.glob("*.toml"))}
