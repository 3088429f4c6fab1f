"""Texts as pieces of the bundled vocabulary, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from summarizer.errors import ModelError
from summarizer.records import Span

__all__ = ["END", "Batch", "Pieces", "vocabulary"]

_PADDING = 0
END = 1
"""Id of </s>."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts side by side, padded at their ends."""

    ids: Tensor
    """(texts, pieces), int64."""
    mask: Tensor
    """(texts, pieces): 1 for a piece, 0 for padding."""
    rows: list[list[int]]
    """The same without padding."""
    spans: list[list[Span]]
    """Of each piece in its text; (0, 0) for the end."""


def vocabulary(folder: Path) -> Tokenizer:
    """Of `folder`/tokenizer.json. Raises ModelError."""
    path = folder / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing more special
        raise ModelError(
            f"{path}: expected a vocabulary: {error}. Install the package, or export the model, again."
        ) from error


class Pieces:
    """The vocabulary of a folder. Every text ends with the end token."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError."""
        self._tokenizer = vocabulary(folder)
        self.digits = self._tokenizer.encode("0123456789", add_special_tokens=False).ids
        """Ids of 0 to 9."""

    @cached_property
    def known(self) -> dict[str, int]:
        """Ids by text. A blank is ▁."""
        return dict(self._tokenizer.get_vocab())

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size())

    def batch(self, texts: Sequence[str], most: int | None = None) -> Batch:
        """At least one text; of each at most `most` pieces, the end token among them."""
        rows, spans = [], []
        for made in self._tokenizer.encode_batch(list(texts)):
            keep = len(made.ids) - 1 if most is None else min(len(made.ids), most) - 1
            rows.append([*made.ids[:keep], END])
            spans.append([*made.offsets[:keep], (0, 0)])
        width = max(map(len, rows))
        ids = torch.tensor([[*row, *[_PADDING] * (width - len(row))] for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        return Batch(ids, mask, rows, spans)

    def texts(self, rows: Sequence[Sequence[int]]) -> list[str]:
        """What the pieces say, special ones left out."""
        made: list[str] = self._tokenizer.decode_batch([list(row) for row in rows], skip_special_tokens=True)
        return made
