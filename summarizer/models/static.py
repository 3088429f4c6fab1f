"""The static encoder: a text is the mean of its pieces' vectors. No torch: it starts in a tenth of a second.

The folder is one that sentence-transformers loads as well (StaticEmbedding, Normalize); a test
holds the two against each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

from summarizer.errors import ModelError
from summarizer.models.encoding import Vectors

__all__ = ["StaticEncoder"]

_FILES = ("model.safetensors", "tokenizer.json")


class StaticEncoder:
    """An `Encoder` of one table."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises ModelError when a file is missing, damaged, or does not fit the other."""
        self.name = name
        digest = hashlib.sha256()
        for file in _FILES:
            if not (folder / file).is_file():
                raise ModelError(f"{folder / file}: expected a file of the encoder, found none.")
            digest.update((folder / file).read_bytes())
        self.fingerprint = digest.hexdigest()
        try:
            table = load_file(folder / _FILES[0])["embedding.weight"]
            self._tokenizer = Tokenizer.from_file(str(folder / _FILES[1]))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(
                f"{folder}: expected the table and vocabulary of a static encoder: {error}"
            ) from error
        if len(table) != self._tokenizer.get_vocab_size():
            raise ModelError(
                f"{folder}: the vocabulary has {self._tokenizer.get_vocab_size()} pieces but the table "
                f"{len(table)} rows; they are of two encoders."
            )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = table.astype(np.float32)
        self.dimensions = int(table.shape[1])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The mean of each text's pieces, made length 1; zeros for a text without pieces."""
        read = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ids = [encoding.ids for encoding in read]
        ends = np.cumsum([0, *map(len, ids)])
        flat = np.fromiter((i for row in ids for i in row), dtype=np.int32, count=int(ends[-1]))
        bags = csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(ids), len(self._table)))
        sums = bags @ self._table  # the length divides out, so the sum does as well as the mean
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Vectors = sums / np.maximum(lengths, 1e-12)
        return vectors

    def questions(self, texts: Sequence[str]) -> Vectors:
        """As `passages`: both stand in one table."""
        return self.passages(texts)
