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
from summarizer.models import loading
from summarizer.models.bundled.reading.inputs import Inputs, inputs_of
from summarizer.models.bundled.reading.model import ReaderModel, reader_config
from summarizer.models.reading import Extraction
from summarizer.models.windows import windows
from summarizer.records import Span
from summarizer.text import sentences

__all__ = ["WEIGHTS", "BundledReader"]

Floats = npt.NDArray[np.float32]

WEIGHTS = "reader.safetensors"
# Pieces of a passage in one window: what TOKENS leaves beside the longest question and two </s>.
WINDOW = 250
# Pieces. Of the training answers 99 % are shorter; longer spans are two answers run together.
LONGEST = 40
# Windows in one pass: more keeps the cores no busier and costs memory.
BATCH = 16
# Nats that a pause inside an answer costs: hardly any answer of the news has a comma.
CROSSING = 2.0
_PAUSE = "，；：,;:"
_EDGE = " \n，。！？；：、,.;:!?"


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
        # one table under two names; the file holds it once
        state.setdefault("encoder.encoder.embed_tokens.weight", state["encoder.shared.weight"])
        try:
            self.model.load_state_dict(state)
        except RuntimeError as error:
            raise ModelError(
                f"{folder / WEIGHTS}: expected the weights of this reader and its vocabulary: {error}"
            ) from error
        self.model.eval()

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        """One extraction a passage, in order; see `Reader.read`."""
        pieces = [(row, at, part) for row, text in enumerate(passages) for at, part in self._windows(text)]
        inputs = inputs_of(self.tokenizer, [question] * len(pieces), [part for _, _, part in pieces])
        found: list[Extraction | None] = [None] * len(pieces)
        # Like lengths together: a window's answer may not depend on its neighbours by more than rounding.
        order = sorted(range(len(pieces)), key=lambda i: len(inputs[i].ids))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            for i, (begin, end) in zip(chosen, self._scores([inputs[i] for i in chosen]), strict=True):
                found[i] = _best(inputs[i], begin, end, pieces[i][2])
        best = [Extraction((0, 0), -np.inf)] * len(passages)
        for row, group in groupby(range(len(pieces)), key=lambda i: pieces[i][0]):
            shifted = [_shifted(found[i], pieces[i][1]) for i in group]
            best[row] = max(shifted, key=lambda e: e.score)
        return best

    def _windows(self, text: str) -> Iterator[tuple[int, str]]:
        """(offset, window) of a passage: whole when it fits, else neighbours that lose nothing."""
        at = 0
        for part in windows(text, WINDOW, lambda t: len(self.tokenizer(t, add_special_tokens=False).input_ids)):
            at = text.index(part, at)
            yield at, part
            at += len(part)

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


def _best(inputs: Inputs, begin: Floats, end: Floats, text: str) -> Extraction:
    """The likeliest span inside one sentence that cuts no number and no Latin word, against "no answer"."""
    first, count = inputs.question, len(inputs.spans)
    if not count:
        return Extraction((0, 0), -np.inf)
    nowhere = float(begin[first - 1] + end[first - 1, first - 1])
    scores = begin[first : first + count, None] + end[first : first + count, first : first + count]
    number = np.searchsorted([b for _, b in sentences(text)], [a for a, _ in inputs.spans], side="right")
    rows, columns = np.arange(count)[:, None], np.arange(count)[None, :]
    allowed = (columns >= rows) & (columns < rows + LONGEST) & (number[:, None] == number[None, :])
    allowed &= ~np.array([_inside(text, a) for a, _ in inputs.spans])[:, None]
    allowed &= ~np.array([_inside(text, b) for _, b in inputs.spans])[None, :]
    pauses = np.cumsum([0, *(any(c in _PAUSE for c in text[a:b]) for a, b in inputs.spans)])
    crossed = pauses[columns + 1] - pauses[rows] - _edge_pauses(inputs, text)
    scores = scores - CROSSING * np.maximum(crossed, 0)
    start, stop = divmod(int(np.where(allowed, scores, -np.inf).argmax()), count)
    if not allowed[start, stop]:
        return Extraction((0, 0), -np.inf)
    span = _trimmed(text, (inputs.spans[start][0], inputs.spans[stop][1]))
    return Extraction(span, float(scores[start, stop]) - nowhere)


def _edge_pauses(inputs: Inputs, text: str) -> Floats:
    """Marks at a span's end are trimmed off and cross nothing: 1.0 where the last piece is one."""
    return np.array([[float(text[a:b].strip() in _PAUSE and b > a) for a, b in inputs.spans]])


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
    return Extraction((start + by, end + by), found.score)
