"""A digit automaton for decoding: a run of digits may only be written as the source writes one.

Works on token ids of a vocabulary whose digits stand alone (training/vocabulary.py). It knows
nothing of units and decimals: whether the right number stands in the right place is for grounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor

__all__ = ["DigitRuns"]


class DigitRuns:
    """The digit runs of several sources as one automaton: a trie a source, all in one table of nodes.

    A hypothesis is at a node: at its source's root unless it ends with digits. Tensors are indexed by node.
    """

    def __init__(self, sources: Sequence[Sequence[int]], digits: Sequence[int]) -> None:
        """`sources`: token ids, without padding; `digits`: ids of 0 to 9, in this order."""
        self._order = {token: value for value, token in enumerate(digits)}
        nexts: list[list[int]] = []
        whole: list[bool] = []
        roots = []
        for ids in sources:
            root = len(nexts)
            roots.append(root)
            nexts.append([-1] * 10)
            whole.append(True)
            for is_digit, run in groupby(ids, self._order.__contains__):
                if is_digit:
                    self._grow(nexts, whole, root, [self._order[token] for token in run])
        self.digits = torch.tensor(list(digits))
        self.roots = torch.tensor(roots)
        """(sources,): the node of a hypothesis that does not end with a digit."""
        self.nexts = torch.tensor(nexts).view(-1, 10)
        """(nodes, 10): the node after each digit, -1 where it may not be written."""
        self.half = ~torch.tensor(whole)
        """(nodes,): nothing may follow but a next digit."""

    @staticmethod
    def _grow(nexts: list[list[int]], whole: list[bool], node: int, run: Sequence[int]) -> None:
        for digit in run:
            if nexts[node][digit] < 0:
                nexts[node][digit] = len(nexts)
                nexts.append([-1] * 10)
                whole.append(False)
            node = nexts[node][digit]
        whole[node] = True

    def forbid(self, scores: Tensor, nodes: Tensor, never: float) -> None:
        """Put `never` in the place of what may not follow; `scores` (hypotheses, vocabulary), in place."""
        allowed = self.nexts[nodes] >= 0
        digits = scores[:, self.digits].masked_fill(~allowed, never)
        half = self.half[nodes].nonzero().squeeze(1)
        if len(half):
            scores[half] = never
        scores[:, self.digits] = digits

    def after(self, nodes: Tensor, tokens: Tensor, roots: Tensor) -> Tensor:
        """The nodes once `tokens` are written; `roots` are those of each hypothesis's source."""
        is_digit = tokens[:, None] == self.digits
        moved = self.nexts[nodes].gather(1, is_digit.int().argmax(1, keepdim=True)).squeeze(1)
        return torch.where(is_digit.any(1) & (moved >= 0), moved, roots)
