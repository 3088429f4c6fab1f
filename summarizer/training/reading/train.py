"""Step 2: train the reader; stops and resumes anywhere, on CPU or GPU.

It starts from the headline model's encoder, so that 140,000 questions need not teach it Chinese. Rows of
like length go together; which rows make a batch depends on seed and step alone.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor
from torch.nn import functional

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.model import HeadlineT5
from summarizer.models.bundled.reading.model import ReaderModel, reader_config
from summarizer.training.train import LOGGED, resume, save, scaled_groups

__all__ = ["ReaderRecipe", "fresh", "train"]

log = logging.getLogger(__name__)

# Lengths that batches are padded to. Longer rows, two in five, are left out: a piece in a row of 256
# costs one and a half times what it costs in one of 192, and relative positions carry over.
LENGTHS = (96, 128, 160, 192)


@dataclass(frozen=True, slots=True)
class ReaderRecipe:
    """Everything that makes a run; stored beside its weights."""

    steps: int = 1550
    pieces: int = 14_336
    """Pieces of a batch, padding included."""
    rate: float = 4e-3
    """Learning rate of a weight of size 1; see `summarizer.training.train.scaled_groups`."""
    warmup: int = 100
    cooldown: float = 0.3
    """Share of the steps over which the rate falls to zero."""
    seed: int = 0
    save_minutes: float = 4.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: `ids` and `match` (rows, pieces), the others (rows,); all int64."""

    ids: Tensor
    match: Tensor
    question: Tensor
    start: Tensor
    stop: Tensor

    def to(self, device: torch.device) -> Batch:
        fields = (self.ids, self.match, self.question, self.start, self.stop)
        return Batch(*(field.to(device) for field in fields))


def fresh() -> ReaderModel:
    """A reader with the bundled headline model's encoder and new pointers."""
    headline = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32)
    model = ReaderModel(reader_config(headline.config.vocab_size))
    # The stack inside: its names are those of the headline model's; both share the table of pieces.
    model.encoder.encoder.load_state_dict(headline.encoder.state_dict())
    return model


def batches(rows: dict[str, np.ndarray], recipe: ReaderRecipe, first_step: int) -> Iterator[Batch]:
    """Endless batches from `first_step` on; every epoch has its own shuffle.

    Raises SummarizerError when no length has rows enough for one batch.
    """
    starts = np.concatenate([[0], rows["ends"][:-1]])
    sizes = rows["ends"] - starts
    bucket = np.searchsorted(LENGTHS, sizes)
    step = epoch = 0
    while True:
        chance = np.random.default_rng(recipe.seed * 1000 + epoch)
        plan = []
        for number, length in enumerate(LENGTHS):
            members = chance.permutation(np.flatnonzero(bucket == number))
            size = recipe.pieces // length
            plan += [members[i : i + size] for i in range(0, len(members) - size + 1, size)]
        if not plan:
            raise SummarizerError(
                f"expected rows enough for a batch of {recipe.pieces} pieces, found {len(sizes)} rows; "
                "give more data or make batches smaller"
            )
        for at in chance.permutation(len(plan)):
            if step >= first_step:
                yield _padded(rows, starts, plan[at])
            step += 1
        epoch += 1


def _padded(rows: dict[str, np.ndarray], starts: np.ndarray, chosen: np.ndarray) -> Batch:
    ends = rows["ends"][chosen]
    length = LENGTHS[int(np.searchsorted(LENGTHS, (ends - starts[chosen]).max()))]
    ids = np.zeros((len(chosen), length), dtype=np.int64)
    match = np.zeros((len(chosen), length), dtype=np.int64)
    for i, (a, b) in enumerate(zip(starts[chosen], ends, strict=True)):
        ids[i, : b - a], match[i, : b - a] = rows["ids"][a:b], rows["match"][a:b]
    others = (rows[name][chosen] for name in ("question", "start", "stop"))
    return Batch(*(torch.from_numpy(array) for array in (ids, match, *others)))


def loss(model: ReaderModel, batch: Batch) -> Tensor:
    """Mean negative log-probability of the true start, and of the true end given it, in nats."""
    start, end = model(batch.ids, batch.match, batch.question, batch.start)
    return (functional.cross_entropy(start, batch.start) + functional.cross_entropy(end, batch.stop)) / 2


def rate_factor(step: int, recipe: ReaderRecipe) -> float:
    """Multiplier of the learning rate at `step`: warm-up, constant, linear to zero (WSD)."""
    falling = (recipe.steps - step) / max(1.0, recipe.cooldown * recipe.steps)
    return max(0.0, min(1.0, (step + 1) / recipe.warmup, falling))


def train(work: Path, recipe: ReaderRecipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rows = load_file(work / "rows.safetensors")
    model = fresh().to(device)
    groups = scaled_groups(model, recipe.rate)
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    step, seconds = resume(work, model, optimizer)
    (work / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1), encoding="utf-8")
    started = saved = time.monotonic()
    recent: list[float] = []
    model.train()
    try:
        for batch in islice(batches(rows, recipe, step), max(0, recipe.steps - step)):
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate_factor(step, recipe)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                value = loss(model, batch.to(device))
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(value)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            recent.append(value.item())
            step += 1
            if len(recent) == LOGGED or step == recipe.steps:
                spent = seconds + time.monotonic() - started
                log.info("step %d of %d  loss %.4f  %.0f s", step, recipe.steps, np.mean(recent), spent)
                recent.clear()
            if time.monotonic() - saved > recipe.save_minutes * 60:
                save(work, model, optimizer, step, seconds + time.monotonic() - started)
                saved = time.monotonic()
    finally:
        save(work, model, optimizer, step, seconds + time.monotonic() - started)
