"""Step 1: pairs become a vocabulary and one token file that travels without the texts."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from transformers import AutoTokenizer

from summarizer.models.bundled import FOLDER, VOCABULARY
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.training.data import Pair, held_out, training_pairs
from summarizer.training.labels import kept_characters, kept_tokens
from summarizer.training.vocabulary import PIECES, train_vocabulary

__all__ = ["joined", "prepare", "tokenized"]

log = logging.getLogger(__name__)

# Web and soft news are a tenth of the rows but the harder half of what papers print.
REPEAT = {"local_web": 2, "sina": 2}
# The vocabulary is learnt from this many pairs and characters of each body: 8 M characters
# take half a minute, 40 M had not ended after two; whether more would give better pieces is untried.
VOCABULARY_PAIRS = 30_000
VOCABULARY_CHARS = 250
# Characters of a body that are tokenized at all: no SOURCE_TOKENS pieces have more.
READ = 6 * SOURCE_TOKENS


def prepare(data: Path, work: Path, pieces: int = PIECES, *, onward: bool = False) -> None:
    """Write `work`/tokenizer, tokens.safetensors, and held.safetensors of the pairs kept apart.

    `onward` takes the tokenizer of the package. Arrays of both: `source` uint16 (all rows end to end),
    `source_end` int64 (rows,), `title` and `title_end` likewise, `keep` uint8 beside `source`, `coverage`
    float32 (rows,): the share of title characters the labels cover, `repeat` uint8 (rows,): how often an
    epoch has the row, `pieces` int64 (1,): the vocabulary's size.
    """
    work.mkdir(parents=True, exist_ok=True)
    pairs, apart = held_out(training_pairs(data))
    log.info("%d pairs, %d kept apart", len(pairs), len(apart))
    if onward:
        (work / "tokenizer").mkdir(exist_ok=True)
        for name in VOCABULARY:
            shutil.copyfile(FOLDER / name, work / "tokenizer" / name)
    if not (work / "tokenizer" / "tokenizer.json").exists():
        sample = [pairs[i] for i in np.random.default_rng(0).permutation(len(pairs))[:VOCABULARY_PAIRS]]
        texts = (t for p in sample for t in (p.title, p.body[:VOCABULARY_CHARS]))
        train_vocabulary(texts, work / "tokenizer", pieces)
    save_file(tokenized(apart, work / "tokenizer"), work / "held.safetensors")
    save_file(tokenized(pairs, work / "tokenizer"), work / "tokens.safetensors")


def tokenized(pairs: Sequence[Pair], tokenizer_folder: Path) -> dict[str, np.ndarray]:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    source, title, keep, coverage = [], [], [], []
    for chunk in (pairs[i : i + 4096] for i in range(0, len(pairs), 4096)):
        bodies = tokenizer(
            [joined(p.body)[:READ] for p in chunk],
            truncation=True, max_length=SOURCE_TOKENS, return_offsets_mapping=True,
        )  # fmt: skip
        titles = tokenizer([p.title for p in chunk], truncation=True, max_length=TITLE_TOKENS)
        for pair, ids, spans, target in zip(
            chunk, bodies["input_ids"], bodies["offset_mapping"], titles["input_ids"], strict=True
        ):
            offsets = np.array(spans, dtype=np.int64)
            compact = pair.title.replace(" ", "")
            characters = kept_characters(compact, joined(pair.body)[: int(offsets.max(initial=0))])
            source.append(np.array(ids, dtype=np.uint16))
            title.append(np.array(target, dtype=np.uint16))
            keep.append(kept_tokens(characters, offsets).astype(np.uint8))
            coverage.append(characters.sum() / len(compact))
        log.info("%d of %d rows", len(source), len(pairs))
    return {
        "source": np.concatenate(source),
        "source_end": np.cumsum([len(s) for s in source]),
        "title": np.concatenate(title),
        "title_end": np.cumsum([len(t) for t in title]),
        "keep": np.concatenate(keep),
        "coverage": np.array(coverage, dtype=np.float32),
        "repeat": np.array([REPEAT.get(p.source, 1) for p in pairs], dtype=np.uint8),
        "pieces": np.array([len(tokenizer)]),
    }


def joined(body: str) -> str:
    """The body as the model reads it: paragraphs without a break."""
    return body.replace("\n", "")
