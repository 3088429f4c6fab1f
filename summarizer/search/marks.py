"""Where the stretches of a question stand in many short texts.

    marks = Texts(["云溪水库", "水库"]).marks(["云溪", "水库"])
    marks.said()    # [[1, 1], [0, 1]]

The texts are looked through as one long row of characters, by numpy, and what is counted of the places found
is counted of all texts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Marks", "Texts"]

# After a text; a stretch of a question is letters and digits, and never goes over it.
_END = "\n"
# Places of one stretch in one text: the same word five times says no more than four times.
_PLACES = 4

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Places of stretches, the first few in each text, by text, then place, then stretch."""

    texts: _Numbers
    """The number of the text, one a place."""
    places: _Numbers
    """Where in that text it begins."""
    stretches: _Numbers
    """The number of the stretch."""
    shape: tuple[int, int]
    """How many texts and how many stretches there are."""

    def said(self) -> npt.NDArray[np.float32]:
        """1.0 where a text has a stretch, else 0.0; shape (texts, stretches)."""
        table = np.zeros(self.shape, np.float32)
        table[self.texts, self.stretches] = 1
        return table

    def densest(
        self, weights: npt.NDArray[np.float32], within: int
    ) -> tuple[npt.NDArray[np.float64], _Numbers]:
        """Of each text: (most weight of different stretches that begin within so many characters, where the
        first such place begins); (0, 0) where nothing stands that weighs anything."""
        best, begins = np.zeros(self.shape[0]), np.zeros(self.shape[0], np.int64)
        if not len(self.places):
            return best, begins
        # One line of places for all texts, each further from the next than `within`.
        line = self.places + self.texts * (int(self.places.max()) + within + 1)
        # The last place of each stretch, as of each place on the line.
        last = np.full((len(line), self.shape[1]), -within - 1, np.int64)
        last[np.arange(len(line)), self.stretches] = line
        np.maximum.accumulate(last, axis=0, out=last)
        weight = (last >= (line - within)[:, None]) @ weights.astype(np.float64)
        # Every text's heaviest place, the first of equals.
        order = np.lexsort((np.negative(weight), self.texts))
        texts, firsts = np.unique(self.texts[order], return_index=True)
        heaviest = order[firsts]
        best[texts] = weight[heaviest]
        begins[texts] = self.places[np.searchsorted(line, line[heaviest] - within)]
        begins[best == 0] = 0
        return best, begins


class Texts:
    """Some texts, in lower case."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.low = [text.lower() for text in texts]
        self.lengths = np.array([len(text) for text in self.low], np.int64)
        self._starts = np.cumsum(self.lengths + len(_END)) - self.lengths - len(_END)
        # After every text, so that what begins a stretch at a text's end is not looked for beyond the row.
        joined = "".join(text + _END for text in self.low).encode("utf-32-le", "surrogatepass")
        self._codes = np.frombuffer(joined, np.uint32)
        self._places: dict[str, _Numbers] = {}
        """Of the stretches that were asked for, and of what these begin with."""

    def marks(self, stretches: Sequence[str]) -> Marks:
        """Where the stretches stand; of one that overlaps itself, every place."""
        found = [self._found(stretch) for stretch in stretches]
        counts = [len(places) for places in found]
        places = np.concatenate([*found, np.zeros(0, np.int64)])
        texts = np.searchsorted(self._starts, places, side="right") - 1
        numbers = np.repeat(np.arange(len(stretches)), counts)
        # They stand by stretch and place here: a place is the fifth when four before it are of its text, too.
        fifth = np.zeros(len(places), np.bool_)
        same = (texts[_PLACES:] == texts[:-_PLACES]) & (numbers[_PLACES:] == numbers[:-_PLACES])
        fifth[_PLACES:] = same
        kept = np.flatnonzero(~fifth)
        kept = kept[np.argsort(places[kept], kind="stable")]
        shape = len(self.low), len(stretches)
        return Marks(texts[kept], places[kept] - self._starts[texts[kept]], numbers[kept], shape)

    def _found(self, stretch: str) -> _Numbers:
        """Where it begins in the long row, ascending."""
        known = len(stretch)
        while known and stretch[:known] not in self._places:
            known -= 1
        for at in range(known, len(stretch)):
            if not at:
                places = np.flatnonzero(self._codes == ord(stretch[0]))
            else:
                # Most stretches go on where another one, asked for before, ends.
                places = self._places[stretch[:at]]
                places = places[self._codes[places + at] == ord(stretch[at])]
            self._places[stretch[: at + 1]] = places
        return self._places[stretch]
