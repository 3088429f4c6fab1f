"""The bundled reader: its weights in this folder, its answers as spans of the passages it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer
from transformers.utils import logging

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import bundled, loading
from summarizer.models.bigrams import Bigrams
from summarizer.models.bundled.reading.inputs import Inputs, inputs_of
from summarizer.models.bundled.reading.model import ReaderModel, reader_config
from summarizer.models.bundled.reading.prior import Prior
from summarizer.models.reading import Extraction
from summarizer.models.windows import windows
from summarizer.records import Span
from summarizer.text import sentences

__all__ = ["WEIGHTS", "BundledReader"]

Floats = npt.NDArray[np.float32]

WEIGHTS, BIGRAMS = "reader.safetensors", "bigrams.safetensors"
# Pieces of a passage in one window: what TOKENS leaves beside the longest question and two </s>.
WINDOW = 250
# Pieces. Of the training answers 99 % are shorter; longer spans are two answers run together.
LONGEST = 40
# Windows in one pass: more keeps the cores no busier and costs memory.
BATCH = 16
# Spans of each sentence that the prior weighs: they hold four fifths of what is to be had.
WEIGHED = 12
_EDGE = " \n，。！？；：、,.;:!?”"


class BundledReader:
    """A `Reader` of 6 M weights, trained from scratch by summarizer/training/reading."""

    name = "bundled"

    def __init__(self, folder: Path, fingerprint: str, settings: Settings) -> None:
        """`folder` holds `reader.safetensors` and its tokenizer. Raises ModelError when they do not fit."""
        loading.set_threads(settings)
        logging.disable_progress_bar()  # the terminal belongs to the program's own progress
        self.fingerprint = fingerprint
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        state = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
        self.model = ReaderModel(reader_config(len(self.tokenizer)))
        try:
            # one table under two names; the file holds it once
            state.setdefault("encoder.encoder.embed_tokens.weight", state["encoder.shared.weight"])
            self.model.load_state_dict(state)
        except (KeyError, RuntimeError) as error:
            raise ModelError(
                f"{folder / WEIGHTS}: expected the weights of this reader and its vocabulary: {error}"
            ) from error
        self.model.eval()
        self._bigrams = Bigrams.load(bundled.FOLDER / BIGRAMS)

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        """One extraction a passage, in order; see `Reader.read`."""
        pieces = [(row, at, part) for row, text in enumerate(passages) for at, part in self._windows(text)]
        inputs = inputs_of(self.tokenizer, [question] * len(pieces), [part for _, _, part in pieces])
        prior = Prior.of(question, self._bigrams)
        found: list[Extraction | None] = [None] * len(pieces)
        # Like lengths together: a window's answer may not depend on its neighbours by more than rounding.
        order = sorted(range(len(pieces)), key=lambda i: len(inputs[i].ids))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            for i, (begin, end) in zip(chosen, self._scores([inputs[i] for i in chosen]), strict=True):
                found[i] = _best(inputs[i], begin, end, pieces[i][2], prior)
        best = [Extraction((0, 0), -np.inf)] * len(passages)
        for row, group in groupby(range(len(pieces)), key=lambda i: pieces[i][0]):
            shifted = [_shifted(found[i], pieces[i][1]) for i in group]
            best[row] = max(shifted, key=lambda e: e.score)
        return best

    def _windows(self, text: str) -> Iterator[tuple[int, str]]:
        """(offset, window) of a passage: whole when it fits, else neighbours that lose nothing."""
        at = 0
        for part in windows(text, WINDOW, self._count):
            at = text.index(part, at)
            yield at, part
            at += len(part)

    def _count(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False).input_ids)

    def _scores(self, inputs: Sequence[Inputs]) -> list[tuple[Floats, Floats]]:
        """For each input the log-probabilities of every piece as start, and as end given each start."""
        length = max(len(i.ids) for i in inputs)
        ids, match = (np.zeros((len(inputs), length), dtype=np.int64) for _ in range(2))
        for row, one in enumerate(inputs):
            ids[row, : len(one.ids)], match[row, : len(one.match)] = one.ids, one.match
        question = torch.tensor([i.question for i in inputs])
        with torch.inference_mode(), loading.running(self.name):
            start, end = self.model(torch.from_numpy(ids), torch.from_numpy(match), question)
        begin, stop = (torch.log_softmax(scores, -1).numpy() for scores in (start, end))
        return list(zip(begin, stop, strict=True))


def _best(inputs: Inputs, begin: Floats, end: Floats, text: str, prior: Prior) -> Extraction:
    """The span with most of reader and prior, inside one sentence, cutting no number and no Latin word."""
    first, count = inputs.question, len(inputs.spans)
    best = Extraction((0, 0), -np.inf)
    if not count:
        return best
    nowhere = float(begin[first - 1] + end[first - 1, first - 1])
    scores = begin[first : first + count, None] + end[first : first + count, first : first + count] - nowhere
    found = sentences(text)
    number = np.searchsorted([b for _, b in found], [a for a, _ in inputs.spans], side="right")
    rows, columns = np.arange(count)[:, None], np.arange(count)[None, :]
    allowed = (columns >= rows) & (columns < rows + LONGEST) & (number[:, None] == number[None, :])
    allowed &= ~np.array([_inside(text, a) for a, _ in inputs.spans])[:, None]
    allowed &= ~np.array([_inside(text, b) for _, b in inputs.spans])[None, :]
    for at, (start, stop) in enumerate(found):
        place = prior.place(text[start:stop], text)
        values = np.where(allowed & (number[:, None] == at), scores, -np.inf)
        for flat in np.argsort(-values, axis=None, kind="stable")[:WEIGHED]:
            i, j = divmod(int(flat), count)
            span = _trimmed(text, (inputs.spans[i][0], inputs.spans[j][1]))
            if np.isfinite(values[i, j]) and span[1] > span[0]:
                form = prior.form(text[slice(*span)], text[span[1] : span[1] + 1])
                total = float(values[i, j]) + place + form
                best = max(best, Extraction(span, total), key=lambda e: e.score)
    return best


def _inside(text: str, at: int) -> bool:
    """Would a cut before character `at` go through a number or a Latin word?"""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    if one in ".," and at > 1 and text[at - 2].isdigit() and other.isdigit():
        return True
    if one.isdigit() and other in ".," and at + 1 < len(text) and text[at + 1].isdigit():
        return True
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()


def _trimmed(text: str, span: Span) -> Span:
    """Without marks at either end: a piece may hold one, an answer does not."""
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _shifted(found: Extraction | None, by: int) -> Extraction:
    assert found is not None  # every window has been read
    start, end = found.span
    if start == end:
        return found
    return Extraction((start + by, end + by), found.score)
