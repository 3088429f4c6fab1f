"""How quickly headlines are written: our search, the plain loop a user would write, CTranslate2 with int8.

    python -m benchmarks.headlines DATA [--articles 500]

DATA holds titles.dev.*.jsonl.gz; articles are drawn evenly from all of them. Everything is timed in turn on
the same articles, chunk by chunk, so that a noisy machine slows all alike: ratios are what to quote. Each has
a process of its own, which sleeps meanwhile: torch and CTranslate2 bring threads of different makes (libgomp,
libiomp5), and in one process the second slows the first to half its speed.

- "ours": what the product runs: encoder and beam search in batches (models/bundled/beams.py), products in
  whole numbers of eight bits (integers.py), beams of a shortlist of pieces (shortlist.py); "ours, floats" the
  same without either.
- "plain loop": transformers' `generate()`, one article at a time, same weights, beams and constraints.
- "CTranslate2" (needs pip install ctranslate2): int8, a T5 of the same layers and width without copy head and
  tag head, random weights; with one translator, as one would begin, and with one a core; beside it "ours,
  same T5": our search with those weights. Neither knows how to end a headline, so all write as many tokens
  as there is room for; ours with its shortlist.

Also the floor: multiplications that nobody can do without, over what this machine multiplies in a second.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.rivals import RIVALS, Work, apart, plain_t5, timed
from eval.metrics import rouge
from summarizer.config import Settings
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.beams import Beam, search
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.generator import BATCH, NO_REPEAT, BundledGenerator, opening
from summarizer.models.bundled.model import HeadlineT5
from summarizer.models.bundled.pieces import Pieces
from summarizer.models.bundled.reference import generated
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights
from summarizer.training.data import Pair, read_pairs


def articles(data: Path, count: int) -> list[Pair]:
    """Evenly from all sets, in their order."""
    sets = [list(read_pairs(path)) for path in sorted(data.glob("titles.dev.*.jsonl.gz"))]
    every = [pair for pairs in sets for pair in pairs]
    return [every[at * len(every) // count] for at in range(count)]


def ours(
    pieces: Pieces,
    sources: Sequence[str],
    encoder: Encoder,
    stepper: Stepper,
    beams: int,
    *,
    short: bool = True,
) -> list[list[Beam]]:
    """Beams of every source, in their order; longest first through the model, as the product does it."""
    order = sorted(range(len(sources)), key=lambda at: -len(sources[at]))
    found: list[list[Beam]] = [[] for _ in sources]
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        batch = pieces.batch([sources[at] for at in rows], SOURCE_TOKENS)
        hidden = encoder(batch.ids, batch.mask)
        odds = encoder.odds(hidden)
        shortlist = Shortlist(batch.ids, len(pieces)) if short else None
        memory = stepper.memory(batch.ids, batch.mask, hidden, odds, beams, TITLE_TOKENS, shortlist)
        runs = DigitRuns(batch.rows, pieces.digits)
        made = search(
            stepper, memory, runs, beams=beams, steps=TITLE_TOKENS, no_repeat=NO_REPEAT, shortlist=shortlist
        )
        for at, row in zip(rows, made, strict=True):
            found[at] = row
    return found


def plain(model: HeadlineT5, pieces: Pieces, source: str, beams: int) -> list[int]:
    """The likeliest headline by `generate()`, one article at a time."""
    batch = pieces.batch([source], SOURCE_TOKENS)
    made = generated(
        model, batch.ids, batch.mask, pieces.digits, beams=beams, steps=TITLE_TOKENS, no_repeat=NO_REPEAT
    )
    return made[0][0][0]


def floor(made: BundledGenerator, found: Sequence[Sequence[Beam]], sources: Sequence[str]) -> float:
    """Seconds for the multiplications alone: matrices of this model, at the rate this machine multiplies."""
    shape = made.encoder.shape
    width, wide = shape.width, 4 * shape.width
    layer = 4 * width * width + 2 * width * wide
    tokens = sum(len(row) for row in made.pieces.batch(sources, SOURCE_TOKENS).rows)
    steps = sum(max(len(beam.tokens) for beam in row) * made.beams for row in found if row)
    encoder = tokens * shape.encoder_layers * layer
    memory = tokens * (2 * shape.decoder_layers + 1) * width * width
    decoder = steps * (shape.decoder_layers * (layer + 2 * width * width) + shape.vocabulary * width)
    one, other = torch.randn(256, width), torch.randn(shape.vocabulary, width)
    spent = min(timed(lambda: torch.nn.functional.linear(one, other))[0] for _ in range(50))
    rate = one.shape[0] * width * shape.vocabulary / spent
    return float((encoder + memory + decoder) / rate)


def plainly(beams: int) -> Work:
    pieces = Pieces(FOLDER)
    model = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32).eval()
    return lambda chunk: [plain(model, pieces, source, beams) for source in chunk]


def as_shipped(beams: int, *, exact: bool) -> Work:
    made = BundledGenerator(FOLDER, Settings(), exact=exact)
    return lambda chunk: ours(made.pieces, chunk, made.encoder, made.stepper, beams, short=not exact)


def same_t5(beams: int) -> Work:
    pieces = Pieces(FOLDER)
    weights = Weights.of(plain_t5(len(pieces)))
    encoder, stepper = Encoder(weights, exact=False), Stepper(weights, exact=False)
    return lambda chunk: ours(pieces, chunk, encoder, stepper, beams)


MAKERS: dict[str, Callable[[int], Work]] = {
    "ours": partial(as_shipped, exact=False),
    "ours, floats": partial(as_shipped, exact=True),
    "plain loop": plainly,
    "ours, same T5": same_t5,
    **RIVALS,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--chunk", type=int, default=125)
    given = parser.parse_args()
    pairs = articles(given.data, given.articles)
    sources = [opening(pair.body) for pair in pairs]
    made = BundledGenerator(FOLDER, Settings())
    makers = MAKERS
    if find_spec("ctranslate2") is None:
        print("CTranslate2 is not installed: left out", file=sys.stderr)
        makers = {name: maker for name, maker in MAKERS.items() if "same T5" not in name}
    spent, found = measured(makers, made.beams, sources, given.chunk)
    report(made, spent, found, pairs, sources)


def measured(
    makers: dict[str, Callable[[int], Work]], beams: int, sources: Sequence[str], size: int
) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """Seconds and results of each, over all sources; in turn on every chunk."""
    spent, made = dict.fromkeys(makers, 0.0), {name: [] for name in makers}
    with ExitStack() as stack:
        works = {name: stack.enter_context(apart(maker, beams)) for name, maker in makers.items()}
        for work in works.values():
            work(sources[:32])  # warm
        for start in range(0, len(sources), size):
            for name, work in works.items():
                seconds, results = work(sources[start : start + size])
                spent[name] += seconds
                made[name] += results or []
    return spent, made


def report(
    model: BundledGenerator, spent: dict[str, float], made: dict[str, list[Any]], pairs: Sequence[Pair],
    sources: Sequence[str],
) -> None:  # fmt: skip
    count = len(sources)
    print(f"{count} articles, {model.beams} beams, {torch.get_num_threads()} threads\n")
    print("| | articles/s | seconds | against |\n|---|---|---|---|")
    against = {"ours": ["plain loop"], "ours, floats": ["plain loop"], "ours, same T5": list(RIVALS)}
    for name, seconds in spent.items():
        others = [other for other in against.get(name, []) if other in spent]
        ratio = "; ".join(f"{spent[other] / seconds:.2f} times {other}" for other in others)
        print(f"| {name} | {count / seconds:.1f} | {seconds:.1f} | {ratio} |")
    tokens = {name: [row[0].tokens if row else [] for row in made[name]] for name in ("ours", "ours, floats")}
    tokens["plain loop"] = made["plain loop"]
    texts = {name: model.pieces.texts(rows) for name, rows in tokens.items()}
    print("\n| first headline | ROUGE-L | the same as the plain loop, % |\n|---|---|---|")
    for name, lines in texts.items():
        scores = [rouge(line, pair.title).long for line, pair in zip(lines, pairs, strict=True)]
        same = np.mean([one == other for one, other in zip(lines, texts["plain loop"], strict=True)])
        print(f"| {name} | {np.mean(scores):.2f} | {100 * same:.1f} |")
    least = floor(model, made["ours"], sources)
    print(f"\nmultiplications alone, in floats: {least:.1f} s; ours: {spent['ours'] / least:.1f} times that")


if __name__ == "__main__":
    main()
