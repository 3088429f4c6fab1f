"""The bundled reader: its weights in this folder, its answers as spans of the passages it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams
from summarizer.models.bundled.pieces import vocabulary
from summarizer.models.bundled.reading.clues import Candidate, Query
from summarizer.models.bundled.reading.inputs import Inputs, inputs_of, side_by_side
from summarizer.models.bundled.reading.order import SpanOrder
from summarizer.models.bundled.reading.pointing import QuickReader
from summarizer.models.bundled.reading.spans import spans_of
from summarizer.models.fluency import BONDS, Bonds
from summarizer.models.reading import Extraction
from summarizer.models.running import running
from summarizer.models.threads import set_threads
from summarizer.models.windows import windows

__all__ = ["WEIGHTS", "BundledReader"]

Floats = npt.NDArray[np.float32]

WEIGHTS = "reader.safetensors"
# Pieces of a passage in one window: what TOKENS leaves beside the longest question and two </s>.
WINDOW = 250
# Windows in one pass: more keeps the cores no busier and costs memory.
BATCH = 16


class BundledReader:
    """A `Reader` of 6 M weights, trained from scratch by summarizer/training/reading."""

    name = "bundled"

    def __init__(self, folder: Path, fingerprint: str, settings: Settings) -> None:
        """`folder` holds `reader.safetensors` and its tokenizer. Raises ModelError when they do not fit."""
        set_threads(settings)
        self.fingerprint = fingerprint
        self.tokenizer = vocabulary(folder)
        state = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
        try:
            self.model = QuickReader(state, self.tokenizer.get_vocab_size())
        except (KeyError, RuntimeError, ValueError) as error:
            raise ModelError(
                f"{folder / WEIGHTS}: expected the weights of this reader and its vocabulary: {error}"
            ) from error
        self._bigrams = Bigrams.load(bundled.FOLDER / BIGRAMS)
        self._bonds = Bonds.load(bundled.FOLDER / BONDS)
        self._order = SpanOrder(folder)

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        """One extraction a passage, in order; see `Reader.read`."""
        query = self.query(question)
        found = self.candidates(question, passages)
        return [self._best(query, text, spans) for text, spans in zip(passages, found, strict=True)]

    def query(self, question: str) -> Query:
        """The question as `clues` wants it."""
        return Query.of(question, self._bigrams, self._bonds)

    def candidates(self, question: str, passages: Sequence[str]) -> list[list[Candidate]]:
        """For each passage the KEPT likeliest spans of every sentence; [] for a blank one."""
        pieces = [(row, at, part) for row, text in enumerate(passages) for at, part in self._windows(text)]
        inputs = inputs_of(self.tokenizer, [question] * len(pieces), [part for _, _, part in pieces])
        found: list[list[Candidate]] = [[] for _ in pieces]
        # Like lengths together: a window's answer may not depend on its neighbours by more than rounding.
        order = sorted(range(len(pieces)), key=lambda i: len(inputs[i].ids))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            for i, (begin, end) in zip(chosen, self._scores([inputs[i] for i in chosen]), strict=True):
                _, at, part = pieces[i]
                found[i] = spans_of(inputs[i], begin, end, part, at)
        together: list[list[Candidate]] = [[] for _ in passages]
        for (row, _, _), spans in zip(pieces, found, strict=True):
            together[row] += spans
        return together

    def _best(self, query: Query, text: str, spans: Sequence[Candidate]) -> Extraction:
        if not spans:
            return Extraction((0, 0), -np.inf)
        scores = self._order.score(query, text, spans)
        best = int(np.argmax(scores))
        odds = max(one.odds for one in spans)
        return Extraction(spans[best].span, float(scores[best]), odds)

    def _windows(self, text: str) -> Iterator[tuple[int, str]]:
        """(offset, window) of a passage: whole when it fits, else neighbours that lose nothing."""
        at = 0
        for part in windows(text, WINDOW, self._count):
            at = text.index(part, at)
            yield at, part
            at += len(part)

    def _count(self, text: str) -> int:
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _scores(self, inputs: Sequence[Inputs]) -> list[tuple[Floats, Floats]]:
        """For each input the log-probabilities of every piece as start, and as end given each start."""
        with torch.inference_mode(), running(self.name):
            start, end = self.model(*side_by_side(inputs))
        begin, stop = (torch.log_softmax(scores, -1).numpy() for scores in (start, end))
        return list(zip(begin, stop, strict=True))
