"""What an output says that its article does not, by the grounding check: counts, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from eval.records import Mark
from summarizer.grounding import unsupported

__all__ = ["Support", "support"]


@dataclass(frozen=True, slots=True)
class Support:
    """Claims of one output that its source does not bear out."""

    numbers: int
    """Numbers and dates."""
    names: int
    """Names, quotes and Latin words."""
    marks: tuple[Mark, ...]
    """All of them, in order of position."""


def support(output: str, body: str, *, date: str | None = None) -> Support:
    """`date` is the page's, ISO. No claims, nothing unsupported: an empty output is blameless.

    How well the check itself flags is measured by `python -m eval.grounding`. Raises SettingsError for a
    date that is none.
    """
    faults = unsupported(output, body, date=date)
    numbers = sum(fault.kind in ("number", "date") for fault in faults)
    marks = tuple(Mark(fault.span, f"{fault.kind}: {fault.reason}") for fault in faults)
    return Support(numbers, len(faults) - numbers, marks)
