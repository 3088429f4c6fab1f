"""Why a file was not taken, in the reader's language."""

from __future__ import annotations

from summarizer.errors import UploadError
from summarizer.web.strings import Strings

__all__ = ["refusal"]


def refusal(error: UploadError, say: Strings) -> str:
    """One or two sentences: what is wrong, what is taken, what to do."""
    return say(f"upload.{error.reason}", **error.values)
