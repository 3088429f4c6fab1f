"""The two pointers over an encoder's states, and the reader as it is used: no transformers, which take three
seconds to import. `model.py` is the same reader as it is trained; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.reading.inputs import MATCHES
from summarizer.models.bundled.weights import Shape, Weights

__all__ = ["NEVER", "Pointers", "QuickReader", "reader_shape"]

NEVER = -1e4
"""Stands for log 0 where a piece may not be pointed at."""
# Of the names in reader.safetensors, where a T5EncoderModel was inside.
_INSIDE = "encoder."


def reader_shape(vocabulary: int) -> Shape:
    """Of the encoder: 6.2 M weights at 12,000 pieces."""
    return Shape(
        width=256, heads=4, size=64, encoder_layers=4, decoder_layers=0, vocabulary=vocabulary, buckets=32,
        distance=128, epsilon=1e-6, copy_head=False,
    )  # fmt: skip


class Pointers(nn.Module):
    """What stands before and behind the encoder."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.part = nn.Embedding(2, width)
        self.match = nn.Embedding(MATCHES, width)
        self.hidden = nn.Linear(width, width)
        self.pointers = nn.Linear(width, 2)
        self.link = nn.Linear(width, width, bias=False)
        nn.init.zeros_(self.link.weight)
        for table in (self.part, self.match):
            nn.init.normal_(table.weight, std=0.5)

    def marked(self, pieces: Tensor, match: Tensor, question: Tensor) -> Tensor:
        """What the encoder reads: embeddings of `pieces` (rows, pieces, width), of which part each is and of
        how much of the question it repeats."""
        passage = _places(match) >= question[:, None]
        marked: Tensor = pieces + self.part(passage.long()) + self.match(match)
        return marked

    def pointed(
        self, states: Tensor, ids: Tensor, question: Tensor, start: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """(start, end) scores from the encoder's `states`; NEVER where no answer can be.

        `ids` (rows, pieces) is padded with 0; `question` (rows,) counts the pieces of the
        question with its </s>: index `question - 1` is "no answer". Start scores are (rows, pieces). End
        scores are those given a start: given `start` (rows,), (rows, pieces); without, (rows, pieces, pieces)
        with the start as second index. An end that knows its start does not close another answer.
        """
        states = nn.functional.gelu(self.hidden(states))
        scores = self.pointers(states).float()
        places = _places(ids)
        allowed = (ids != 0) & (places >= question[:, None] - 1) & (ids != 1)
        allowed |= places == question[:, None] - 1
        scores = scores.masked_fill(~allowed[..., None], NEVER)
        linked = self.link(states) * states.shape[-1] ** -0.5
        if start is None:
            return scores[..., 0], scores[..., None, :, 1] + (linked @ states.transpose(1, 2)).float()
        chosen = linked[torch.arange(len(start), device=ids.device), start]
        return scores[..., 0], scores[..., 1] + torch.einsum("rd,rpd->rp", chosen, states).float()


def _places(ids: Tensor) -> Tensor:
    return torch.arange(ids.shape[1], device=ids.device)[None, :]


class QuickReader(Pointers):
    """Pieces of a question and a passage -> scores of every piece as start and as end, for use only."""

    def __init__(self, state: Mapping[str, Tensor], vocabulary: int) -> None:
        """`state` by the names of `ReaderModel.state_dict`.

        Raises KeyError, RuntimeError or ValueError when it does not fit.
        """
        shape = reader_shape(vocabulary)
        super().__init__(shape.width)
        inside = {n.removeprefix(_INSIDE): t for n, t in state.items() if n.startswith(_INSIDE)}
        if inside["shared.weight"].shape != (shape.vocabulary, shape.width):
            raise ValueError(f"weights for {tuple(inside['shared.weight'].shape)} pieces and numbers")
        self._table = inside["shared.weight"]
        self._encoder = Encoder(Weights(inside, shape))
        self.load_state_dict({n: t for n, t in state.items() if not n.startswith(_INSIDE)})
        self.eval()

    @torch.inference_mode()
    def forward(
        self, ids: Tensor, match: Tensor, question: Tensor, start: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """`ids` and `match` are (rows, pieces), padded with 0; see `pointed`."""
        marked = self.marked(self._table[ids], match, question)
        return self.pointed(self._encoder.read(marked, ids != 0), ids, question, start)
