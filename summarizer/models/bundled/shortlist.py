"""The pieces that sources may be written with: the common ones, and those that each is made of.

Of the pieces of a vocabulary a headline takes few that its article does not show; to weigh all of them
at each step is half of a step's work (a vocabulary for each source: L'Hostis et al. 2016). Inside a search
pieces are counted by their place in the list, which is that of all sources of a batch.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["COMMON", "Shortlist"]

COMMON = 2000
"""Pieces with smaller ids are always there: the vocabulary has its pieces by falling frequency, after the
special ones, bytes, digits and marks. So these keep their ids."""
_WHOLE = 64
"""A list has a multiple of so many, which are multiplied a third faster than one more or less."""
_NEVER = -1e9


class Shortlist:
    """Of sources (rows, tokens), padded with 0."""

    def __init__(self, sources: Tensor, size: int, common: int = COMMON) -> None:
        """`size` of the vocabulary."""
        own = torch.zeros(len(sources), size, dtype=torch.bool)
        own[:, :common] = True
        own.scatter_(1, sources, True)
        wanted = own.any(0)
        # some that no source may be written with fill it up
        wanted[(~wanted).nonzero().squeeze(1)[: -int(wanted.sum()) % _WHOLE]] = True
        self.ids = wanted.nonzero().squeeze(1)
        """Of the pieces in the list, ascending."""
        self.others = torch.where(own[:, self.ids], 0.0, _NEVER)
        """(rows, pieces): very low where a source may not be written with a piece. Without it a headline
        would depend on who is beside its article."""
        self._places = wanted.cumsum(0) - 1

    def places(self, ids: Tensor) -> Tensor:
        """Of pieces that are in the list."""
        found: Tensor = self._places[ids]
        return found
