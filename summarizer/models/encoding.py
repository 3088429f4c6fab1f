"""Texts become vectors: what an encoder must do, and where each kind is built.

    load_encoder("bundled")                  the static encoder inside the package
    load_encoder("BAAI/bge-small-zh-v1.5")   any sentence-transformers model, by name or folder

Nothing here imports torch; the bundled encoder needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from summarizer.config import Settings
from summarizer.errors import ModelError

__all__ = ["FOLDER", "Encoder", "Vectors", "load_encoder"]

FOLDER = Path(__file__).parent / "bundled" / "encoding"
"""The encoder inside the package, in the form of sentence-transformers."""

Vectors = npt.NDArray[np.float32]
"""Shape (texts, dimensions), every row of length 1; a text without any known word is all zeros."""


class Encoder(Protocol):
    """Questions and passages in one space: the nearer, the likelier one answers the other."""

    name: str
    """As the user typed it; stored with every library whose vectors it made."""
    fingerprint: str
    """Changes whenever a vector would; a library takes vectors of one fingerprint only."""
    dimensions: int

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One vector a passage, in order; results do not depend on how texts are batched."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question, with the prompt or prefix that the model wants for questions."""


def load_encoder(name: str, settings: Settings | None = None) -> Encoder:
    """Build the encoder `name`: "bundled", or a sentence-transformers model by folder or Hugging Face name.

    The bundled one needs no torch and no sentence-transformers, though that loads it too. Raises ModelError
    for an unknown name, an unsafe or incomplete folder, a missing package.
    """
    settings = Settings() if settings is None else settings
    if name == "bundled":
        from summarizer.models import bundled
        from summarizer.models.static import StaticEncoder

        bundled.verify(FOLDER)
        return StaticEncoder(FOLDER, name)
    try:
        from summarizer.models.embedding import SentenceEncoder
    except ImportError as error:
        raise ModelError(
            f"encoder {name!r} needs the package {error.name!r}: pip install sentence-transformers"
        ) from error
    return SentenceEncoder(name, settings)
