"""An automaton for decoding: what is written can be had from the source's sentences by deleting words.

Where none of the free beams passes the deletion check (models/deletion.py), the model is asked again for what
would. Each part of a headline keeps characters of one sentence, in order; the state is how far each sentence
is used up, the earliest place being the best (a subsequence is matched greedily). Works on any pieces whose
text stands in the source, so that a word may be shortened wherever the vocabulary has its characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from summarizer.models.bundled.pieces import END
from summarizer.models.deletion import BOUND_BEFORE, SHORTEST
from summarizer.text import sentences

__all__ = ["Derivations"]

_LONGEST = 6
"""Characters of a piece, as in training/vocabulary.py."""
_NOWHERE = 1 << 20
_APART = ("▁", "，", "：", "；", "！", "？")
"""Pieces that end a part."""
_MARKS = re.compile("[，。！？；：,;:!?]")
_NAME = 2
"""Characters of a name beside one of its characters."""


class Derivations:
    """Of several sources, in order. States are (hypotheses, sentences + 1), int64: where the rest of each
    sentence begins, _NOWHERE if it does not say the part; last, the characters of the part."""

    def __init__(self, sources: Sequence[str], vocabulary: Mapping[str, int]) -> None:
        self._apart = torch.tensor([vocabulary[piece] for piece in _APART if piece in vocabulary])
        tables = [_entries(text, vocabulary) for text in sources]
        spans = [sentences(text) for text in sources]
        most, count = max(map(len, tables)), max(map(len, spans))
        shape = (len(sources), most)
        self._ids, self._sentences = (torch.zeros(shape, dtype=torch.int64) for _ in range(2))
        self._starts, self._stops = (torch.full(shape, -1) for _ in range(2))
        self._sizes = torch.zeros(shape, dtype=torch.int64)
        self._bound = torch.zeros(shape, dtype=torch.bool)
        self._begun = torch.full((len(sources), count + 1), _NOWHERE)
        self._begun[:, -1] = 0
        for row, (table, parts) in enumerate(zip(tables, spans, strict=True)):
            self._begun[row, : len(parts)] = torch.tensor([start for start, _ in parts])
            if table:
                columns = (self._ids, self._starts, self._stops, self._sizes, self._sentences, self._bound)
                for column, values in zip(columns, zip(*table, strict=True), strict=True):
                    column[row, : len(table)] = torch.tensor(values)

    def begun(self, rows: Tensor) -> Tensor:
        """Nothing is written; `rows` (hypotheses,) are the sources of each."""
        return self._begun[rows]

    def forbid(self, chances: Tensor, states: Tensor, rows: Tensor) -> None:
        """0 in the place of what may not follow; `chances` (hypotheses, vocabulary), in place."""
        allowed = torch.zeros_like(chances)
        allowed.scatter_reduce_(1, self._ids[rows], self._open(states, rows).float(), "amax")
        long = (states[:, -1] >= SHORTEST).float()
        allowed[:, self._apart] = long[:, None]
        allowed[:, END] = long
        chances.mul_(allowed)

    def after(self, states: Tensor, tokens: Tensor, rows: Tensor) -> Tensor:
        """The states once `tokens` are written."""
        taken = self._open(states, rows) & (self._ids[rows] == tokens[:, None])
        stops = torch.where(taken, self._stops[rows], _NOWHERE)
        moved = torch.full_like(states, _NOWHERE)
        moved.scatter_reduce_(1, self._sentences[rows], stops, "amin")
        sizes = torch.where(taken, self._sizes[rows], 0).amax(1)
        moved[:, -1] = states[:, -1] + sizes
        apart = (tokens[:, None] == self._apart).any(1)
        return torch.where(apart[:, None], self._begun[rows], moved)

    def _open(self, states: Tensor, rows: Tensor) -> Tensor:
        """Which entries of each hypothesis's source may be written next, (hypotheses, entries)."""
        places = states.gather(1, self._sentences[rows])
        head = states[:, -1:] == 0
        return (self._starts[rows] >= places) & ~(self._bound[rows] & head)


def _entries(text: str, vocabulary: Mapping[str, int]) -> list[tuple[int, int, int, int, int, bool]]:
    """Of every piece inside a clause: id, start, stop, its letters, sentence, is it bound before?"""
    found = []
    # A character without a piece cannot be written; nor can what may be a name with it.
    rare = [at for at, char in enumerate(text) if char.isalnum() and char not in vocabulary]
    torn = {at + beside for at in rare for beside in range(-_NAME, _NAME + 1)}
    for number, (begin, end) in enumerate(sentences(text)):
        for start in range(begin, end):
            bound = start > begin and text[start - 1] in BOUND_BEFORE
            for stop in range(start + 1, min(start + _LONGEST, end) + 1):
                spelt = text[start:stop]
                if spelt in vocabulary and not _MARKS.search(spelt) and torn.isdisjoint(range(start, stop)):
                    letters = sum(map(str.isalnum, spelt))
                    found.append((vocabulary[spelt], start, stop, letters, number, bound))
    return found
