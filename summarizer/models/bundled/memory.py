"""What the decoder of a HeadlineT5 need not make again at each step."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from summarizer.models.bundled.products import Product

__all__ = ["Memory"]


@dataclass(slots=True)
class Memory:
    """What the decoder knows of `rows` sources and of `rows * beams` hypotheses over them."""

    source: Tensor
    """(rows, tokens): what may be copied, by place in the shortlist if there is one."""
    mask: Tensor
    """(rows, 1, 1, tokens): 0 for a token, very low for padding."""
    keys: list[Tensor]
    """A layer: (rows, heads, d_kv, tokens), of the source."""
    values: list[Tensor]
    """A layer: (rows, heads, tokens, d_kv)."""
    pointers: Tensor
    """(rows, d_model, tokens): what the copy head's query is held against."""
    leaning: Tensor
    """(rows, 1, tokens): the tag head's bias on where to copy from, padding out."""
    past: list[Tensor]
    """A layer: (2, rows, heads, steps, beams, d_kv), keys and values of what is written, where it was."""
    lines: Tensor
    """(rows, beams, steps): which of a step's tokens is that of each hypothesis."""
    ids: Tensor | None
    """(pieces,): of those in the shortlist, if there is one."""
    vocabulary: Product
    """Log-odds of these."""
    others: Tensor | None
    """(rows, 1, pieces): very low for what is in the shortlist for another source."""
    length: int = 0

    def row(self, number: int) -> Memory:
        """Of one source alone, nothing written."""
        one = slice(number, number + 1)
        return Memory(
            self.source[one], self.mask[one], [key[one] for key in self.keys], [v[one] for v in self.values],
            self.pointers[one], self.leaning[one], [], self.lines[one], self.ids, self.vocabulary,
            None if self.others is None else self.others[one],
        )  # fmt: skip

    def keep(self, rows: Tensor) -> None:
        """Only these rows, in this order."""
        self.source, self.mask = self.source[rows], self.mask[rows]
        self.keys, self.values = ([one[rows] for one in some] for some in (self.keys, self.values))
        self.pointers, self.leaning = self.pointers[rows], self.leaning[rows]
        self.past, self.lines = [past[:, rows] for past in self.past], self.lines[rows]
        self.others = None if self.others is None else self.others[rows]

    def reorder(self, parents: Tensor) -> None:
        """Hypothesis i of a row goes on from what its `parents[row, i]` has written; (rows, beams)."""
        done = self.lines[:, :, : self.length]
        self.lines[:, :, : self.length] = done.gather(1, parents[:, :, None].expand_as(done))
