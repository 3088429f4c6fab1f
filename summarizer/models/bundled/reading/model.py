"""A T5 encoder with two pointers: where the answer begins and where it ends, or that there is none.

The encoder starts from a headline model's. Two small embeddings are added to the pieces': question or
passage, and the length of the match with the question (inputs.py). "No answer" is pointing at the </s>
between question and passage with both pointers (Devlin et al. 2019, section 4.3). This is the reader as it is
trained; `pointing.QuickReader` is the same in use.
"""

from __future__ import annotations

from torch import Tensor
from transformers import T5Config, T5EncoderModel

from summarizer.models.bundled.reading.pointing import Pointers, reader_shape

__all__ = ["TABLE", "ReaderModel", "reader_config"]

TABLE = "encoder.encoder.embed_tokens.weight"
"""The other name of encoder.shared.weight in a `state_dict`; the file of the package holds it once."""


def reader_config(vocabulary: int) -> T5Config:
    """Of the encoder, as `reader_shape` has it."""
    shape = reader_shape(vocabulary)
    return T5Config(
        vocab_size=vocabulary, d_model=shape.width, d_kv=shape.size, num_heads=shape.heads, d_ff=1024,
        num_layers=shape.encoder_layers, dropout_rate=0.0, feed_forward_proj="relu", pad_token_id=0,
        eos_token_id=1, relative_attention_num_buckets=shape.buckets,
        relative_attention_max_distance=shape.distance, layer_norm_epsilon=shape.epsilon,
    )  # fmt: skip


class ReaderModel(Pointers):
    """Pieces of a question and a passage -> scores of every piece as start and as end."""

    def __init__(self, config: T5Config) -> None:
        super().__init__(config.d_model)
        self.encoder = T5EncoderModel(config)

    def forward(
        self, ids: Tensor, match: Tensor, question: Tensor, start: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """`ids` and `match` are (rows, pieces), padded with 0; see `pointed`."""
        marked = self.marked(self.encoder.shared(ids), match, question)
        mask = (ids != 0).long()
        states = self.encoder(inputs_embeds=marked, attention_mask=mask).last_hidden_state
        return self.pointed(states, ids, question, start)
