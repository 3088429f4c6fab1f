"""What torch raises while a model works becomes an error that a user can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.errors import ModelError

__all__ = ["running"]


@contextmanager
def running(name: str) -> Iterator[None]:
    """Turn a failure of torch in `generate` (no memory left, an index out of range) into a ModelError."""
    try:
        yield
    except (RuntimeError, IndexError) as error:
        raise ModelError(f"{name}: the model failed while writing: {error}") from error
