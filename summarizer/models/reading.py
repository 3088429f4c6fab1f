"""A question and passages become an answer span: what a reader must do.

A reader is extractive: it points, it never writes. Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.records import Span

__all__ = ["Reader", "Extraction"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader makes of one passage for one question."""

    span: Span
    """The likeliest answer, in characters of the passage; empty (0, 0) when there is nothing to point at."""
    score: float
    """Log-odds that `span` answers against "the passage does not say"; comparable between passages
    of one question and, roughly, between questions."""


class Reader(Protocol):
    """Points at the answer in each passage, or says how little it believes there is one."""

    name: str
    fingerprint: str

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        """One extraction a passage, in order; a passage longer than the model reads at once is read
        in overlapping windows, whole. Results do not depend on how passages are batched. Raises ModelError."""
