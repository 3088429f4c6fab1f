"""A question and passages become an answer span: what a reader must do.

A reader is extractive: it points, it never writes. Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.records import Span

__all__ = ["Extraction", "Reader", "load_reader"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader makes of one passage for one question."""

    span: Span
    """The likeliest answer, in characters of the passage; empty (0, 0) when there is nothing to point at."""
    score: float
    """How good an answer it is likely to be, in nats; comparable between passages of one question."""
    odds: float = 0.0
    """Log-odds of an answer in this passage against "the passage does not say"; 0.0 from a reader that
    does not know."""


class Reader(Protocol):
    """Points at the answer in each passage, or says how little it believes there is one."""

    name: str
    fingerprint: str

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        """One extraction a passage, in order; (0, 0) and minus infinity for a blank one.

        A passage longer than the model reads at once is read whole, in windows of whole sentences where
        these fit. Results do not depend on how passages are batched. Raises ModelError.
        """


def load_reader(name: str, settings: Settings | None = None) -> Reader:
    """The reader `name`: "bundled", or a folder of the same form. Raises ModelError.

    Its files are compared with the checksums beside them before anything is used.
    """
    from summarizer.models import bundled
    from summarizer.models.bundled.reading.reader import BundledReader

    folder = bundled.FOLDER / "reading" if name == "bundled" else Path(name)
    if not (folder / "checksums.json").is_file():
        raise ModelError(
            f"reader {name!r}: expected 'bundled' or a folder with reader.safetensors and checksums.json."
        )
    bundled.verify(folder)
    return BundledReader(folder, bundled.fingerprint(folder), Settings() if settings is None else settings)
