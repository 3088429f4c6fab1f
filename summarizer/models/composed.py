"""What a composed headline may not do: break a word, or say what no sentence of its article says."""

from __future__ import annotations

import re

from summarizer.models.deletion import fault
from summarizer.models.fluency import Bonds
from summarizer.text import tidy

__all__ = ["calm", "composed_fault"]

# But where somebody is quoted who shouts.
_SHOUT = re.compile("[！!](?![”’』」])")


def composed_fault(text: str, source: str, bonds: Bonds, *, whole_end: bool = False) -> str:
    """Why `text`, written or cut word by word, may not be printed of `source`; "" when it may.

    `whole_end`: see `deletion.fault`.
    """
    if not bonds.joins(text, source).sound:
        return "breaks a word"
    return fault(text, source, whole_end=whole_end)


def calm(text: str) -> str:
    """Tidied, without exclamation marks: the model has read what sells, the desk prints what is. Between two
    parts a blank stands for one."""
    return tidy(_SHOUT.sub(" ", tidy(text)))
