"""The model inside the package: a small T5 with a tag head, trained by summarizer/training.

Everything it needs lies in this folder: weights, vocabulary, ranker, model card. `load` verifies
checksums.json before anything is used.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError

if TYPE_CHECKING:
    from summarizer.config import Settings
    from summarizer.models.bundled.generator import BundledGenerator

__all__ = ["FOLDER", "VOCABULARY", "fingerprint", "load", "verify"]

FOLDER = Path(__file__).parent
VOCABULARY = ("tokenizer.json", "tokenizer_config.json")


def verify(folder: Path = FOLDER) -> None:
    """Compare every file named in checksums.json with its SHA-256. Raises ModelError."""
    listed = folder / "checksums.json"
    try:
        wanted = json.loads(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{listed}: expected the checksums of a bundled model: {error}; install the package again"
        ) from error
    for name, digest in wanted.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(
                f"{path}: expected a file of the bundled model, found none; install the package again"
            )
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != digest:
            raise ModelError(
                f"{path}: expected sha256 {digest[:12]}…, found {found[:12]}…; install the package again"
            )


def fingerprint(folder: Path = FOLDER) -> str:
    """A SHA-256 in hexadecimal that changes when any weight, vocabulary or ranker does."""
    return hashlib.sha256((folder / "checksums.json").read_bytes()).hexdigest()


def load(argument: str, settings: Settings) -> BundledGenerator:
    """The bundled generator; `argument` is a folder of the same form, "" for the shipped one."""
    from summarizer.models.bundled.generator import BundledGenerator

    folder = Path(argument) if argument else FOLDER
    verify(folder)
    return BundledGenerator(folder, settings)
