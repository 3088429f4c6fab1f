"""What went wrong, in the reader's language."""

from __future__ import annotations

from summarizer.errors import SummarizerError
from summarizer.web.strings import Strings

__all__ = ["refusal"]


def refusal(error: SummarizerError, say: Strings) -> str:
    """One or two sentences: what is wrong, what was expected, what to do.

    An error without a reason of its own is told as it stands, in English.
    """
    return str(error) if error.reason is None else say(error.reason, **error.values)
