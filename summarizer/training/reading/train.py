"""Step 2: train the reader; stops and resumes anywhere, on CPU or GPU.

It starts from a small headline model's encoder, so that 150,000 questions need not teach it Chinese, or goes
on from the reader in the package, on other questions than that one has seen (another seed of its rows). Rows
of like length go together; which rows make a batch depends on seed and step alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_tensors
from torch import Tensor
from torch.nn import functional

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.model import HeadlineT5
from summarizer.models.bundled.reading.model import TABLE, ReaderModel, reader_config
from summarizer.models.bundled.reading.reader import WEIGHTS
from summarizer.models.loading import device
from summarizer.training.loop import Schedule, adamw, rate_factor, run

__all__ = ["ONWARD", "ReaderRecipe", "fresh", "onward", "rate_factor", "train"]

# Lengths that batches are padded to. Longer rows, one in five, are left out: a piece in a row of 256
# costs one and a half times what it costs in one of 192, and relative positions carry over.
LENGTHS = (96, 128, 160, 192)


@dataclass(frozen=True, slots=True)
class ReaderRecipe(Schedule):
    """Everything that makes a run."""

    steps: int = 3200
    rate: float = 3e-3
    warmup: int = 200
    cooldown: float = 0.3
    pieces: int = 8_192
    """Pieces of a batch, padding included."""
    encoder: str = ""
    """Folder of the headline model whose encoder it begins with."""
    onward: bool = False
    """From the reader in the package instead."""


ONWARD = ReaderRecipe(steps=1600, rate=2e-3, warmup=100, cooldown=0.5, onward=True)
"""The second run, over new questions half of which are in other words."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: `ids` and `match` (rows, pieces), the others (rows,); all int64."""

    ids: Tensor
    match: Tensor
    question: Tensor
    start: Tensor
    stop: Tensor


def fresh(folder: Path) -> ReaderModel:
    """A reader with the encoder of a headline model and new pointers. Raises SummarizerError."""
    if not (folder / "config.json").is_file():
        raise SummarizerError(f"{folder}: expected a headline model, found no config.json; name its folder")
    headline = HeadlineT5.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    config = reader_config(headline.config.vocab_size)
    model = ReaderModel(config)
    shapes = [(one.d_model, one.num_layers) for one in (config, headline.config)]
    if shapes[0] != shapes[1]:
        raise SummarizerError(
            f"{folder}: expected a headline model of width {shapes[0][0]} and {shapes[0][1]} layers, found "
            f"{shapes[1][0]} and {shapes[1][1]}; make it with 'pretrain --small', 'train --small', 'export'"
        )
    # The stack inside: its names are those of the headline model's; both share the table of pieces.
    model.encoder.encoder.load_state_dict(headline.encoder.state_dict())
    return model


def onward() -> ReaderModel:
    """The reader in the package."""
    state = {name: tensor.float() for name, tensor in load_tensors(FOLDER / "reading" / WEIGHTS).items()}
    state[TABLE] = state["encoder.shared.weight"]
    model = ReaderModel(reader_config(len(state["encoder.shared.weight"])))
    model.load_state_dict(state)
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


def train(work: Path, recipe: ReaderRecipe) -> None:
    """Train until `recipe.steps`, from the last checkpoint when there is one; Ctrl-C saves first."""
    torch.manual_seed(recipe.seed)
    rows = load_file(work / "rows.safetensors")
    model = (onward() if recipe.onward else fresh(Path(recipe.encoder))).to(device())
    optimizer = adamw(model, recipe.rate, weight_decay=0.01)

    def measured(batch: Batch) -> dict[str, Tensor]:
        return {"loss": loss(model, batch)}

    run(
        work, model, optimizer, recipe, lambda step: batches(rows, recipe, step), measured,
        weights={"loss": 1.0},
    )  # fmt: skip
