"""What the reader sees of a question and a passage: pieces, which of the two, and what they share.

    question pieces </s> passage pieces </s>

Beside each piece of the passage stands how much of the question it repeats: the exact-match
feature of DrQA (Chen et al. 2017, section 3.2) on characters, graded by the length of the match.
It spares a small model from learning by heart which of 12,000 pieces are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from summarizer.models.bundled.pieces import END
from summarizer.records import Span
from summarizer.terms import STOP

__all__ = ["MATCHES", "QUESTION_TOKENS", "TOKENS", "Inputs", "inputs_of", "matched", "side_by_side"]

TOKENS = 320
"""Pieces a reader sees at once, question included: some 400 characters of a passage."""
QUESTION_TOKENS = 64
# Longest match told apart: 1 character, 2, 3, 4 and more; 0 is none.
MATCHES = 5

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Inputs:
    """One question with one window of a passage; all arrays have one entry a piece."""

    ids: Ints
    match: Ints
    """0 to MATCHES - 1 for passage pieces, 0 for the question's."""
    spans: tuple[Span, ...]
    """Of the passage's pieces, in characters of the passage."""
    question: int
    """Pieces of the question with its </s>; the passage begins there, and "no answer" is the piece before."""


def inputs_of(tokenizer: Tokenizer, questions: Sequence[str], passages: Sequence[str]) -> list[Inputs]:
    """One input a pair, at most TOKENS long: what does not fit of the passage is cut, see `windows`.

    A question is read up to QUESTION_TOKENS pieces. [] for no pairs.
    """
    asked = tokenizer.encode_batch(list(questions), add_special_tokens=False)
    read = tokenizer.encode_batch(list(passages), add_special_tokens=False)
    found = []
    for question, heads, text, pieces in zip(questions, asked, passages, read, strict=True):
        head = [*heads.ids[:QUESTION_TOKENS], END]
        room = TOKENS - len(head) - 1
        spans = pieces.offsets[:room]
        shared = matched(question, text)
        match = [min(MATCHES - 1, int(shared[a:b].max(initial=0))) for a, b in spans]
        found.append(
            Inputs(
                ids=np.array([*head, *pieces.ids[:room], END], dtype=np.int64),
                match=np.array([*([0] * len(head)), *match, 0], dtype=np.int64),
                spans=tuple(spans),
                question=len(head),
            )
        )
    return found


def side_by_side(inputs: Sequence[Inputs]) -> tuple[Tensor, Tensor, Tensor]:
    """`ids` and `match` (inputs, pieces), padded with 0, and `question` (inputs,), as a reader wants them."""
    length = max(len(one.ids) for one in inputs)
    ids, match = (np.zeros((len(inputs), length), dtype=np.int64) for _ in range(2))
    for row, one in enumerate(inputs):
        ids[row, : len(one.ids)], match[row, : len(one.match)] = one.ids, one.match
    question = torch.tensor([one.question for one in inputs])
    return torch.from_numpy(ids), torch.from_numpy(match), question


def matched(question: str, text: str) -> Ints:
    """For each character of `text` the length of the longest stretch of `question` it stands in.

    Shape (len(text),). Question words match nothing; a lone character counts 1 only when it is rare
    enough to be in the question once.
    """
    wanted = "".join("\0" if c in STOP else c for c in question)
    lengths = np.zeros(len(text), dtype=np.int64)
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and text[start : end + 1] in wanted:
            end += 1
        if end > start:
            lengths[start:end] = np.maximum(lengths[start:end], end - start)
        start += 1
    return lengths
