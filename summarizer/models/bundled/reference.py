"""The slow way, which the quick one is held against: transformers' `generate()` with the same constraints."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import LogitsProcessor, LogitsProcessorList
from transformers.modeling_outputs import BaseModelOutput

from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.model import HeadlineT5

__all__ = ["SourceDigits", "generated"]


class SourceDigits(LogitsProcessor):  # type: ignore[misc]
    """Masks digits that begin or continue no digit run of the row's source, and ends of half runs.

    Every hypothesis is read from its start each time.
    """

    def __init__(self, sources: Sequence[Sequence[int]], digits: Sequence[int], beams: int) -> None:
        """`sources`: token ids a row; `digits`: ids of 0 to 9; `beams`: rows of scores a source."""
        self._runs = DigitRuns(sources, digits)
        self._roots = self._runs.roots.repeat_interleave(beams)

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """`input_ids` (rows * beams, length), `scores` (rows * beams, vocabulary); returns new scores."""
        nodes = self._roots
        for at in range(input_ids.shape[1]):
            nodes = self._runs.after(nodes, input_ids[:, at], self._roots)
        masked = scores.clone()
        self._runs.forbid(masked, nodes, -torch.inf)
        return masked


@torch.inference_mode()
def generated(
    model: HeadlineT5, ids: Tensor, mask: Tensor, digits: Sequence[int], *, beams: int, steps: int,
    no_repeat: int = 3,
) -> list[list[tuple[list[int], float]]]:  # fmt: skip
    """(tokens, mean log-probability) of `beams` headlines of each source, as `beams.search` gives them.

    Scores are 0 where `beams` is 1, which is greedy.
    """
    rows = [row[keep.bool()].tolist() for row, keep in zip(ids, mask, strict=True)]
    out = model.generate(
        encoder_outputs=BaseModelOutput(last_hidden_state=model.encode(ids, mask)), attention_mask=mask,
        source_ids=ids if model.config.copy_head else None, num_beams=beams, num_return_sequences=beams,
        do_sample=False, length_penalty=1.0, max_new_tokens=steps, early_stopping=beams > 1,
        no_repeat_ngram_size=no_repeat, return_dict_in_generate=True, output_scores=beams > 1,
        logits_processor=LogitsProcessorList([SourceDigits(rows, digits, beams)]),
    )  # fmt: skip
    made = [_ended(row[1:]) for row in out.sequences.tolist()]
    scores = out.sequences_scores.tolist() if beams > 1 else [0.0] * len(made)
    both = list(zip(made, scores, strict=True))
    return [both[at : at + beams] for at in range(0, len(both), beams)]


def _ended(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(1) + 1] if 1 in tokens else tokens
