"""A digit automaton for decoding: a run of digits may only be written as the source writes one.

Works on token ids of a vocabulary whose digits stand alone (training/vocabulary.py). It knows
nothing of units and decimals: whether the right number stands in the right place is for grounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import torch
from torch import Tensor
from transformers import LogitsProcessor

__all__ = ["SourceDigits"]

Run = tuple[int, ...]


class SourceDigits(LogitsProcessor):  # type: ignore[misc]
    """Masks digits that begin or continue no digit run of the row's source, and ends of half runs."""

    def __init__(self, sources: Sequence[Sequence[int]], digits: Iterable[int], beams: int) -> None:
        """`sources`: token ids a row; `digits`: ids of 0-9; `beams`: rows of scores a source."""
        self.digits = frozenset(digits)
        self.beams = beams
        self.runs = [frozenset(self._runs(ids)) for ids in sources]

    def _runs(self, ids: Sequence[int]) -> list[Run]:
        return [tuple(g) for is_digit, g in groupby(ids, self.digits.__contains__) if is_digit]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """`input_ids` (rows * beams, length), `scores` (rows * beams, vocabulary); returns new scores."""
        masked = scores.clone()
        for row, written in enumerate(input_ids.tolist()):
            runs = self.runs[row // self.beams]
            run = self._open(written)
            nexts = {r[len(run)] for r in runs if len(r) > len(run) and r[: len(run)] == run}
            if run and run not in runs:
                # Half a number: nothing may follow but its next digit.
                masked[row] = -torch.inf
                masked[row, list(nexts)] = scores[row, list(nexts)]
            else:
                masked[row, list(self.digits - nexts)] = -torch.inf
        return masked

    def _open(self, written: Sequence[int]) -> Run:
        """The digits at the end of what is written, () when it ends otherwise."""
        at = len(written)
        while at > 0 and written[at - 1] in self.digits:
            at -= 1
        return tuple(written[at:])
