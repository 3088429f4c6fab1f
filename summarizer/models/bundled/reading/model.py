"""A T5 encoder with two pointers: where the answer begins and where it ends, or that there is none.

The encoder starts from the headline model's. Two small embeddings are added to the pieces': question or
passage, and the length of the match with the question (inputs.py). "No answer" is pointing at the </s>
between question and passage with both pointers (Devlin et al. 2019, section 4.3).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import T5Config, T5EncoderModel

from summarizer.models.bundled.reading.inputs import MATCHES

__all__ = ["NEVER", "ReaderModel", "reader_config"]

NEVER = -1e4
"""Stands for log 0 where a piece may not be pointed at."""


def reader_config(vocabulary: int) -> T5Config:
    """The headline model's encoder: 6.2 M weights at 12,000 pieces."""
    return T5Config(
        vocab_size=vocabulary, d_model=256, d_kv=64, num_heads=4, d_ff=1024, num_layers=4,
        dropout_rate=0.0, feed_forward_proj="relu", pad_token_id=0, eos_token_id=1,
    )  # fmt: skip


class ReaderModel(nn.Module):
    """Pieces of a question and a passage -> scores of every piece as start and as end."""

    def __init__(self, config: T5Config) -> None:
        super().__init__()
        self.encoder = T5EncoderModel(config)
        self.part = nn.Embedding(2, config.d_model)
        self.match = nn.Embedding(MATCHES, config.d_model)
        self.hidden = nn.Linear(config.d_model, config.d_model)
        self.pointers = nn.Linear(config.d_model, 2)
        self.link = nn.Linear(config.d_model, config.d_model, bias=False)
        nn.init.zeros_(self.link.weight)
        for table in (self.part, self.match):
            nn.init.normal_(table.weight, std=0.5)

    def forward(
        self, ids: Tensor, match: Tensor, question: Tensor, start: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """(start, end) scores; NEVER where no answer can be.

        `ids` and `match` are (rows, pieces), padded with 0; `question` (rows,) counts the pieces of the
        question with its </s>: index `question - 1` is "no answer". Start scores are (rows, pieces). End
        scores are those given a start: given `start` (rows,), (rows, pieces); without, (rows, pieces, pieces)
        with the start as second index. An end that knows its start does not close another answer.
        """
        mask = ids != 0
        places = torch.arange(ids.shape[1], device=ids.device)[None, :]
        passage = places >= question[:, None]
        embedded = self.encoder.shared(ids) + self.part(passage.long()) + self.match(match)
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask.long()).last_hidden_state
        states = torch.nn.functional.gelu(self.hidden(states))
        scores = self.pointers(states).float()
        allowed = mask & (places >= question[:, None] - 1) & (ids != 1)
        allowed |= places == question[:, None] - 1
        scores = scores.masked_fill(~allowed[..., None], NEVER)
        linked = self.link(states) * states.shape[-1] ** -0.5
        if start is None:
            return scores[..., 0], scores[..., None, :, 1] + (linked @ states.transpose(1, 2)).float()
        chosen = linked[torch.arange(len(start), device=ids.device), start]
        return scores[..., 0], scores[..., 1] + torch.einsum("rd,rpd->rp", chosen, states).float()
