"""The static encoder: a vector a piece, a text is the mean of its pieces, questions near their passages.

Static embeddings trained contrastively (sentence-transformers' StaticEmbedding) with in-batch negatives
(InfoNCE; van den Oord et al. 2018) and, where a file of hits is given, hard negatives that the word
search brought up. A few minutes on two cores.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from summarizer.text import sentences
from summarizer.training.data import corpus, training_pairs
from summarizer.training.export import write_checksums
from summarizer.training.reading.rows import window
from summarizer.training.retrieval.questions import news_questions, peoples_questions
from summarizer.training.vocabulary import train_vocabulary

__all__ = ["EncoderRecipe", "Texts", "pairs", "train_encoder", "vocabulary", "write_encoder"]

log = logging.getLogger(__name__)

# Texts and characters of each for the vocabulary: more did not end within minutes.
VOCABULARY_TEXTS = 30_000
VOCABULARY_CHARS = 260


@dataclass(frozen=True, slots=True)
class EncoderRecipe:
    """Everything that makes a run."""

    pieces: int = 32_000
    dimensions: int = 96
    """Of float16 on disk for every passage: 96 are a tenth of what a library may take."""
    steps: int = 2_500
    batch: int = 1_024
    rate: float = 2e-2
    temperature: float = 0.05
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """A question or headline, a passage that goes with it, and one that only looks as if ("" for none)."""

    asked: str
    passage: str
    decoy: str = ""


def pairs(data: Path, seed: int = 0) -> Iterator[Texts]:
    """Headlines with their bodies, questions with their contexts, sentences with their neighbourhood."""
    chance = random.Random(seed)
    for pair in training_pairs(data):
        yield Texts(pair.title, pair.body[:320])
    for _ in range(3):
        for sought in peoples_questions(data):
            yield Texts(sought.question, window(sought.text, (sought.at, sought.at + 1), chance)[0])
    for sought in news_questions(data, 1.0, seed):
        yield Texts(sought.question, window(sought.text, (sought.at, sought.at + 1), chance)[0])
    for document in corpus(data):
        spans = sentences(document.text)
        if len(spans) > 2:
            # Inverse cloze (Lee et al. 2019): which sentence was taken from here?
            a, b = chance.choice(spans)
            near = document.text[max(0, a - 160) : a] + document.text[b : b + 160]
            yield Texts(document.text[a:b][:60], near)


def vocabulary(data: Path, work: Path, pieces: int) -> Tokenizer:
    """The pieces, learnt from headlines and openings; from `work` when they are there already."""
    folder = work / "pieces"
    if not (folder / "tokenizer.json").exists():
        chance = random.Random(0)
        texts = [t for p in training_pairs(data) for t in (p.title, p.body[:VOCABULARY_CHARS])]
        texts += [d.text[:VOCABULARY_CHARS] for d in corpus(data)]
        train_vocabulary(chance.sample(texts, min(len(texts), VOCABULARY_TEXTS)), folder, pieces)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class Table(nn.Module):
    """One vector a piece; a bag of pieces becomes the mean of theirs, of length 1."""

    def __init__(self, pieces: int, dimensions: int) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(pieces, dimensions, mode="mean")
        nn.init.normal_(self.bag.weight, std=0.1)

    def forward(self, ids: Tensor, offsets: Tensor) -> Tensor:
        return functional.normalize(self.bag(ids, offsets), dim=-1)


def train_encoder(data: Path, work: Path, recipe: EncoderRecipe, decoys: Sequence[Texts] = ()) -> Table:
    """Train from scratch on `pairs` and `decoys`; the table."""
    torch.manual_seed(recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = vocabulary(data, work, recipe.pieces)
    texts = [*pairs(data, recipe.seed), *decoys]
    log.info("%d pairs, %d with a decoy", len(texts), len(decoys))
    columns = [_ids(tokenizer, [getattr(t, name) for t in texts]) for name in ("asked", "passage", "decoy")]
    model = Table(tokenizer.get_vocab_size(), recipe.dimensions)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    chance = np.random.default_rng(recipe.seed)
    recent: list[float] = []
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1.0, (step + 1) / 50) * (1 - step / recipe.steps)
        chosen = chance.integers(len(texts), size=recipe.batch)
        value = _loss(model, [[column[i] for i in chosen] for column in columns], recipe.temperature)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        optimizer.step()
        recent.append(value.item())
        if len(recent) == 200:
            log.info("step %d of %d  loss %.3f", step + 1, recipe.steps, np.mean(recent))
            recent.clear()
    return model


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    found = []
    for start in range(0, len(texts), 8192):
        encoded = tokenizer.encode_batch_fast(list(texts[start : start + 8192]), add_special_tokens=False)
        found += [np.array(e.ids, dtype=np.int32) for e in encoded]
    return found


def _loss(model: Table, columns: Sequence[Sequence[np.ndarray]], temperature: float) -> Tensor:
    """InfoNCE over the batch's passages and decoys; a row's own decoy is a negative for all."""
    asked, passage = (_vectors(model, column) for column in columns[:2])
    real = [ids for ids in columns[2] if len(ids)]
    others = torch.cat([passage, _vectors(model, real)]) if real else passage
    scores = asked @ others.T / temperature
    return functional.cross_entropy(scores, torch.arange(len(scores)))


def _vectors(model: Table, rows: Sequence[np.ndarray]) -> Tensor:
    lengths = np.array([0, *(len(r) for r in rows[:-1])])
    out: Tensor = model(torch.from_numpy(np.concatenate(rows)), torch.from_numpy(np.cumsum(lengths)))
    return out


def write_encoder(model: Table, work: Path, out: Path) -> None:
    """`out` as a sentence-transformers folder: StaticEmbedding, Normalize."""
    out.mkdir(parents=True, exist_ok=True)
    weights = model.bag.weight.detach()
    # The mean over a text is all that counts, so is half precision: 2**-11 of a weight.
    save_file({"embedding.weight": weights.half().contiguous()}, out / "model.safetensors")
    (out / "tokenizer.json").write_bytes((work / "pieces" / "tokenizer.json").read_bytes())
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (out / "modules.json").write_text(json.dumps(modules, indent=1) + "\n", encoding="utf-8")
    config = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    (out / "config_sentence_transformers.json").write_text(json.dumps(config) + "\n", encoding="utf-8")
    write_checksums(out, ("model.safetensors", "tokenizer.json"))
