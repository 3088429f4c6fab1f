"""Any sentence-transformers model as an encoder, by folder or Hugging Face name.

Pooling, prompts and normalisation come from the model's own configuration: bge's query instruction,
Qwen3-Embedding's last-token pooling. A model that states no prompt but is known to want one
gets it here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import loading, safety
from summarizer.models.encoding import Vectors
from summarizer.models.running import running

__all__ = ["SentenceEncoder"]

# Texts in one pass: a passage of 300 characters is some 200 tokens, and 32 of them keep two cores busy.
BATCH = 32
# From their model cards: prefixes of questions that older folders do not carry in their configuration.
_PREFIXES = (
    ("bge", "zh", "为这个句子生成表示以用于检索相关文章："),
    ("e5", "", "query: "),
)
_PASSAGE_PREFIXES = (("e5", "", "passage: "),)


class SentenceEncoder:
    """An `Encoder` around one SentenceTransformer, on the CPU or a CUDA device."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Fetches nothing unless `settings.offline` is off. Raises ModelError."""
        self.name = name
        self._model, folder = loading.sentence_model(SentenceTransformer, name, settings)
        dimensions = self._model.get_embedding_dimension()
        if not dimensions:
            raise ModelError(f"{name}: this model does not say how long its vectors are; use another one.")
        self.dimensions = int(dimensions)
        self.fingerprint = _fingerprint(folder)
        stated = self._model.prompts or {}
        self._question = stated.get("query") or _known(name, _PREFIXES)
        self._passage = stated.get("document") or stated.get("passage") or _known(name, _PASSAGE_PREFIXES)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """With the model's own prompt for documents, if it has one."""
        return self._encoded(texts, self._passage, self._model.encode_document)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """With the model's own prompt for questions, if it has one."""
        return self._encoded(texts, self._question, self._model.encode_query)

    def _encoded(self, texts: Sequence[str], prompt: str, encode: Callable[..., Vectors]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        with running(self.name):
            # "" and not None, which would bring in a model's default prompt: often that of its questions.
            vectors = encode(
                list(texts), prompt=prompt, batch_size=BATCH, normalize_embeddings=True,
                show_progress_bar=False, convert_to_numpy=True,
            )  # fmt: skip
        return np.asarray(vectors, dtype=np.float32)


def _fingerprint(folder: Path) -> str:
    """Of all its modules: pooling and dense layers lie in folders of their own."""
    folders = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    return hashlib.sha256("\n".join(map(safety.fingerprint, folders)).encode()).hexdigest()


def _known(name: str, prefixes: Sequence[tuple[str, str, str]]) -> str:
    low = name.lower().rstrip("/").rsplit("/", 1)[-1]
    return next((text for family, also, text in prefixes if family in low and also in low), "")
