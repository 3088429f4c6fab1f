"""A small T5 that reads once and summarizes twice: it marks what to keep, and it writes.

- The tag head says for each source token whether a headline keeps it (text editing: LaserTagger,
  Malmi et al. 2019). Its dense, cheap loss teaches the encoder what the sparse headline loss needs.
- The decoder writes a headline; a copy head lets it point at source tokens (pointer-generator,
  See et al. 2017, figure 3), with the tag head's odds as a bias of where to point.

Everything else is T5ForConditionalGeneration: `save_pretrained`, `from_pretrained`, `generate()`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import T5Config, T5ForConditionalGeneration
from transformers.modeling_outputs import Seq2SeqLMOutput

__all__ = ["HeadlineT5", "bundled_config", "shift_right"]

# Stands for log 0 where a sum of logs must keep finite gradients.
_NEVER = -1e4


def bundled_config(vocabulary: int, *, copy_head: bool = True, small: bool = False) -> T5Config:
    """17 M weights at 12,000 pieces: deep encoder, shallow decoder, as headlines are mostly reading.

    `small` has 8.4 M: the first model's shape, whose encoder the reader has.
    """
    width, layers = (256, 4) if small else (320, 8)
    return T5Config(
        vocab_size=vocabulary, d_model=width, d_kv=64, num_heads=width // 64, d_ff=4 * width,
        num_layers=layers, num_decoder_layers=2, dropout_rate=0.0, feed_forward_proj="relu",
        tie_word_embeddings=True, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
        copy_head=copy_head,
    )  # fmt: skip


class HeadlineT5(T5ForConditionalGeneration):  # type: ignore[misc]
    """T5 with a tag head on the encoder and, if `config.copy_head`, a copy head on the decoder."""

    def __init__(self, config: T5Config) -> None:
        super().__init__(config)
        self.tag_head = nn.Linear(config.d_model, 1)
        if config.copy_head:
            self.copy_query = nn.Linear(config.d_model, config.d_model, bias=False)
            self.copy_gate = nn.Linear(config.d_model, 1)
            self.copy_bias = nn.Parameter(torch.ones(1))
        self.post_init()

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Hidden states, shape (batch, tokens, d_model)."""
        hidden: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        return hidden

    def keep_logits(self, hidden: Tensor) -> Tensor:
        """Log-odds that a headline keeps each token, shape (batch, tokens)."""
        logits: Tensor = self.tag_head(hidden).squeeze(-1)
        return logits

    def title_log_likelihood(self, source: Tensor, mask: Tensor, hidden: Tensor, title: Tensor) -> Tensor:
        """Log-probability of each title token given those before, shape (batch, title tokens).

        Only the title's own tokens are looked up; the mixture over the vocabulary is never built.
        """
        states = self.decoder(
            input_ids=shift_right(title), encoder_hidden_states=hidden, encoder_attention_mask=mask,
            use_cache=False,
        )[0]  # fmt: skip
        logits = self.vocabulary_logits(states).float()
        written = -functional.cross_entropy(logits.flatten(0, 1), title.flatten(), reduction="none")
        written = written.view(title.shape)
        if not self.config.copy_head:
            return written
        pointing, gate = self._pointing(states, hidden, mask)
        elsewhere = source[:, None, :] != title[:, :, None]
        copied = pointing.masked_fill(elsewhere, _NEVER).logsumexp(-1)
        return torch.logaddexp(functional.logsigmoid(-gate) + written, functional.logsigmoid(gate) + copied)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: Any = None,  # noqa: ANN401 - a tuple or a ModelOutput, as T5 takes it
        past_key_values: Any = None,  # noqa: ANN401
        use_cache: bool | None = None,
        source_ids: Tensor | None = None,
        **others: Any,  # noqa: ANN401
    ) -> Seq2SeqLMOutput:
        """As T5's; with `source_ids` (batch, tokens), what may be copied, logits of the mixture.

        `generate()` hands `source_ids` through when it is given `encoder_outputs`.
        """
        if not self.config.copy_head or source_ids is None:
            return super().forward(
                input_ids=input_ids, attention_mask=attention_mask, decoder_input_ids=decoder_input_ids,
                encoder_outputs=encoder_outputs, past_key_values=past_key_values, use_cache=use_cache,
                **others,
            )  # fmt: skip
        hidden = encoder_outputs[0]
        mask = torch.ones_like(source_ids) if attention_mask is None else attention_mask
        decoded = self.decoder(
            input_ids=decoder_input_ids, encoder_hidden_states=hidden, encoder_attention_mask=mask,
            past_key_values=past_key_values, use_cache=use_cache,
        )  # fmt: skip
        states = decoded.last_hidden_state
        pointing, gate = self._pointing(states, hidden, mask)
        written = (
            functional.softmax(self.vocabulary_logits(states).float(), -1) * torch.sigmoid(-gate)[..., None]
        )
        copied = pointing.exp() * torch.sigmoid(gate)[..., None]
        places = source_ids[:, None, :].expand_as(copied)
        # Far below any real probability, so that log never meets zero.
        logits = written.scatter_add(-1, places, copied).clamp_min(1e-12).log()
        return Seq2SeqLMOutput(logits=logits, past_key_values=decoded.past_key_values)

    def vocabulary_logits(self, states: Tensor) -> Tensor:
        """Log-odds of every piece, shape (..., vocabulary)."""
        # T5 scales states down before a tied embedding.
        logits: Tensor = self.lm_head(states * self.config.d_model**-0.5)
        return logits

    def _pointing(self, states: Tensor, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(log-probability of pointing at each source token, log-odds of copying), in float32."""
        scores = self.copy_query(states) @ hidden.transpose(1, 2) * self.config.d_model**-0.5
        # Detached: the tag head answers to its own labels alone.
        scores = scores.float() + self.copy_bias * self.keep_logits(hidden).detach().float()[:, None, :]
        scores = scores.masked_fill(mask[:, None, :] == 0, _NEVER)
        return functional.log_softmax(scores, -1), self.copy_gate(states).squeeze(-1).float()

    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        own = [getattr(self, name, None) for name in ("tag_head", "copy_query", "copy_gate")]
        if not isinstance(module, nn.Linear) or all(module is not head for head in own):
            return
        tag_head, _, copy_gate = own
        nn.init.normal_(module.weight, std=0.0 if module is copy_gate else module.in_features**-0.5)
        if module.bias is not None:
            # One token in five is kept, and half of a headline is copied: start there.
            nn.init.constant_(module.bias, -1.4 if module is tag_head else 0.0)


def shift_right(title: Tensor) -> Tensor:
    """Decoder input: the start token (pad, 0) before the title, its last token dropped."""
    start = torch.zeros_like(title[:, :1])
    return torch.cat([start, title[:, :-1]], dim=1)
