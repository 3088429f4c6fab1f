"""Where the app keeps what lasts, and how a file there is replaced whole."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

from summarizer.errors import StoreError

__all__ = ["data_folder", "private", "written"]


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Unless --data names another: $XDG_DATA_HOME/summarizer, else ~/.local/share/summarizer."""
    given = (os.environ if environ is None else environ).get("XDG_DATA_HOME", "")
    # the specification tells programs to ignore a relative path there
    base = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"
    return base / "summarizer"


def private(folder: Path) -> Path:
    """Make `folder` where it is missing, for its owner's eyes only (mode 0700). Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"{folder}: expected a folder of our own to keep things in, found: {error.strerror or error}. "
            "Make it writable, or name another with --data."
        ) from error
    return folder


def written(path: Path, value: object) -> None:
    """`value` as JSON in the place of `path`, whole or not at all, readable by its owner alone (mode 0600).

    Two writers at once do not mix: the later one stays. Raises OSError.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
