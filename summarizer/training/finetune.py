"""A newsroom's own archive teaches the model in the package its headlines: one command, a few minutes.

One pair in ten is kept apart, by a hash of its id. Training stops when the loss on these has not fallen
three times in a row, and the best weights are kept; Ctrl-C stops it, too. Then headlines of the pairs kept
apart are printed by both models, as `summarizer summarize` would, and set against those of the paper.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from torch import Tensor

from summarizer.config import Settings
from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.generator import BundledGenerator
from summarizer.models.bundled.model import HeadlineT5
from summarizer.models.loading import device
from summarizer.records import Article
from summarizer.summaries import summarize_many
from summarizer.text import fold, lcs_f1
from summarizer.training.data import Pair, cleaned, usable
from summarizer.training.export import SHIPPED, write_checksums
from summarizer.training.loop import adamw, rate_factor, update
from summarizer.training.prepare import tokenized
from summarizer.training.train import Batch, Recipe, batches, fixed, losses, title_loss

__all__ = ["finetune"]

log = logging.getLogger(__name__)

LEAST = 200
"""Pairs without which nothing is learnt but those very headlines."""
APART, MEASURED = 10, 300
"""One in so many is kept apart; of these so many are printed for the table at most."""
EPOCHS, LOOKS, PATIENCE = 3, 4, 3
"""Epochs at most, looks at the pairs kept apart in each, looks without a gain that end it."""
RATE = 2e-3
LIMIT = 30
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Gain:
    """Of the pairs kept apart: headlines of the package's model and of the new one, ROUGE-L F1 in [0, 1]."""

    before: np.ndarray
    after: np.ndarray


def finetune(rows: Path, out: Path, *, steps: int | None = None, seed: int = 0) -> Gain:
    """Write a model folder to `out`, which must be missing or empty. Raises SummarizerError."""
    if out.exists() and any(out.iterdir()):
        raise SummarizerError(f"{out}: expected no folder or an empty one, found files. Name another.")
    pairs, read = _archive(rows)
    apart = [pair for pair in pairs if _hash(pair) % APART == 0]
    ours = [pair for pair in pairs if _hash(pair) % APART]
    log.info("%d rows read, %d usable: %d to learn from, %d apart", read, len(pairs), len(ours), len(apart))
    if len(pairs) < LEAST or not apart:
        raise SummarizerError(
            f"{rows}: expected {LEAST} usable pairs or more, found {len(pairs)} among {read} rows. A pair "
            "needs a title of 6 to 36 characters; its numbers and half of its characters stand in the body."
        )
    recipe = Recipe(
        steps=steps or max(LOOKS, EPOCHS * len(ours) // _BATCH), rate=RATE, warmup=20, seed=seed,
        batch=min(_BATCH, len(ours)), compile=False,
    )  # fmt: skip
    model = _trained(ours, apart, recipe)
    _write(model, out)
    gain = Gain(*(_scores(folder, apart[:MEASURED]) for folder in (FOLDER, out)))
    _tell(gain, out)
    return gain


def _archive(path: Path) -> tuple[list[Pair], int]:
    """The usable pairs, no title twice, and how many rows there are. Raises SummarizerError."""
    pairs: dict[str, Pair] = {}
    read = 0
    for read, line in enumerate(_lines(path), 1):
        try:
            pair = cleaned(json.loads(line), "own")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SummarizerError(
                f"{path}: expected rows with id, title and body, found {error!r} in row {read}."
            ) from error
        if usable(pair):
            pairs.setdefault(fold(pair.title), pair)
    return list(pairs.values()), read


def _lines(path: Path) -> Iterator[str]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as file
        ):
            yield from (line for line in file if line.strip())
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SummarizerError(f"{path}: expected JSON Lines in UTF-8, gzipped or not: {error}.") from error


def _hash(pair: Pair) -> int:
    return int.from_bytes(hashlib.sha256(pair.id.encode()).digest()[:4], "big")


def _trained(ours: Sequence[Pair], apart: Sequence[Pair], recipe: Recipe) -> HeadlineT5:
    """The weights with the least loss on the pairs kept apart."""
    torch.manual_seed(recipe.seed)
    tokens = tokenized(ours, FOLDER)
    held = fixed(tokenized(apart, FOLDER), _BATCH)
    model: HeadlineT5 = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32)
    model = model.to(device())
    optimizer = adamw(model, recipe.rate)
    every = max(1, min(len(ours) // recipe.batch // LOOKS, recipe.steps))
    best, state, waited = title_loss(model, held), _copy(model), 0

    def measured(batch: Batch) -> dict[str, Tensor]:
        return dict(zip(_WEIGHTS, losses(model, batch), strict=True))

    with _progress() as bar:
        task = bar.add_task("training", total=recipe.steps, told=f"{best:.3f}")
        model.train()
        try:
            for step, batch in enumerate(islice(batches(tokens, recipe, 0), recipe.steps), 1):
                update(model, optimizer, batch, measured, _WEIGHTS, rate_factor(step, recipe))
                bar.update(task, completed=step)
                if step % every and step < recipe.steps:
                    continue
                now = title_loss(model, held)
                waited = 0 if now < best else waited + 1
                if now < best:
                    best, state = now, _copy(model)
                bar.update(task, told=f"{now:.3f}, best {best:.3f}")
                if waited == PATIENCE:
                    break
        except KeyboardInterrupt:
            log.warning("stopped: the best weights so far are kept")
    model.load_state_dict(state)
    return model


_WEIGHTS = {"tag": 1.0, "title": 1.0}


def _copy(model: HeadlineT5) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("loss on pairs kept apart {task.fields[told]}"), console=Console(stderr=True),
    )  # fmt: skip


def _write(model: HeadlineT5, out: Path) -> None:
    """The package's folder with other weights."""
    out.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        if (FOLDER / name).exists():
            shutil.copyfile(FOLDER / name, out / name)
    model.cpu().to(torch.bfloat16).save_pretrained(out)
    write_checksums(out)


def _scores(folder: Path, pairs: Sequence[Pair]) -> np.ndarray:
    """ROUGE-L F1 on characters of what would be printed."""
    model = BundledGenerator(folder, Settings())
    articles = [Article("", at, "article", None, pair.body, ()) for at, pair in enumerate(pairs)]
    made = summarize_many(articles, model, style="headline", limit=LIMIT)
    return np.array([lcs_f1(fold(one.text), fold(pair.title)) for one, pair in zip(made, pairs, strict=True)])


def _tell(gain: Gain, out: Path) -> None:
    """The table, and what to do with the model."""
    change = gain.after - gain.before
    draws = np.random.default_rng(0).choice(change, (2000, len(change))).mean(1)
    low, high = (100 * value for value in np.percentile(draws, [2.5, 97.5]))
    table = Table("headlines as printed, ROUGE-L F1 x100", "before", "after", "change [95 %]")
    table.add_row(
        f"{len(change)} pairs kept apart", *(f"{100 * one.mean():.1f}" for one in (gain.before, gain.after)),
        f"{100 * change.mean():+.1f} [{low:+.1f}, {high:+.1f}]",
    )  # fmt: skip
    console = Console()
    console.print(table)
    if low > 0:
        console.print(f"Use it: summarizer summarize PAGE --model bundled:{out}", markup=False)
    else:
        console.print(
            f"No gain is shown: keep --model bundled. The folder {out} may be deleted.", markup=False
        )
