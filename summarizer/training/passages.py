"""Step 2: passages of news, the clause that says most of each taken out, to be written from the rest.

Gap sentences (PEGASUS, Zhang et al. 2020, section 3.1, "Ind-Orig"), by the clause: a headline is as long as
one. Of a passage, the clause is taken whose bigrams return most in the rest of it (F1).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from summarizer.errors import SummarizerError
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.text import clauses, ngrams, sentences
from summarizer.training.data import corpus, held_out, training_pairs
from summarizer.training.prepare import joined

__all__ = ["GAP", "Passage", "passages", "prepare_passages"]

log = logging.getLogger(__name__)

# Characters of a passage and of a clause.
WINDOW, LEAST = 235, 80
CLAUSE = (8, 34)
# Passages of one text.
CORPUS, BODY = 2, 3
# Stands for the clause, and for a hidden piece: the tokenizer spells what it does not know in bytes, so
# that a text never has the unknown piece.
GAP = 2
_CHUNK = 4096
# No headline ends in them.
_MARKS = "，。；：、！？… \t"


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands before the clause, the clause, what stands after it; never more than WINDOW in all."""

    before: str
    clause: str
    after: str


def passages(texts: Iterable[str], most: int) -> Iterator[Passage]:
    """Up to `most` of each text, in order; none of a text without a passage that repeats itself."""
    for text in texts:
        for window in _windows(text, most):
            found = _gap(window)
            if found:
                start, end = found
                yield Passage(window[:start], window[start:end], window[end:])


def _windows(text: str, most: int) -> Iterator[str]:
    """Whole sentences, as many as fit."""
    begin = end = 0
    spans = sentences(text[: (most + 1) * 2 * WINDOW])
    for start, stop in spans:
        if stop - begin > WINDOW:
            if end - begin >= LEAST:
                yield joined(text[begin:end])
                most -= 1
            begin = start
        if most == 0:
            return
        end = stop
    if LEAST <= end - begin <= WINDOW:
        yield joined(text[begin:end])


def _gap(window: str) -> tuple[int, int] | None:
    every = Counter(ngrams(window, 2))
    best, found = 0, None
    for start, stop in clauses(window):
        end = start + len(window[start:stop].rstrip(_MARKS))
        if not CLAUSE[0] <= end - start <= CLAUSE[1]:
            continue
        own = Counter(ngrams(window[start:end], 2))
        again = sum(min(count, every[pair] - count) for pair, count in own.items())
        # F1 is twice this over the length of clause and rest, which is that of the window for all of them.
        if again > best:
            best, found = again, (start, end)
    return found


def prepare_passages(data: Path, work: Path) -> None:
    """Write `work`/passages.safetensors, in the vocabulary that `prepare` left there.

    Arrays: `source` uint16, the clause in it as GAP, `source_end` int64 (rows,), `title`, the clause, and
    `title_end` likewise.
    """
    pairs, _ = held_out(training_pairs(data))
    found = chain(
        passages((document.text for document in corpus(data)), CORPUS),
        passages((pair.body for pair in pairs), BODY),
    )
    source, title = _tokenized(found, AutoTokenizer.from_pretrained(work / "tokenizer"))
    if not source:
        raise SummarizerError(
            f"{data}: expected texts of {LEAST} characters or more that say something twice, found none"
        )
    save_file(
        {
            "source": np.concatenate(source), "source_end": np.cumsum([len(row) for row in source]),
            "title": np.concatenate(title), "title_end": np.cumsum([len(row) for row in title]),
        },
        work / "passages.safetensors",
    )  # fmt: skip


def _tokenized(
    found: Iterator[Passage], tokenizer: PreTrainedTokenizerBase
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Rows of what the model reads and of what it writes."""
    end = tokenizer.eos_token_id
    source: list[np.ndarray] = []
    title: list[np.ndarray] = []
    while chunk := [passage for passage, _ in zip(found, range(_CHUNK), strict=False)]:
        before, clause, after = (
            tokenizer([getattr(one, part) for one in chunk], add_special_tokens=False)["input_ids"]
            for part in ("before", "clause", "after")
        )
        for first, middle, rest in zip(before, clause, after, strict=True):
            row = [*first, GAP, *rest][: SOURCE_TOKENS - 1]
            if GAP not in row:  # of a text in rare characters, many pieces each
                continue
            source.append(np.array([*row, end], dtype=np.uint16))
            title.append(np.array([*middle[: TITLE_TOKENS - 1], end], dtype=np.uint16))
        log.info("%d passages", len(source))
    return source, title
