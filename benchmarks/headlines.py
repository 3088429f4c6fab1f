"""How quickly headlines are written: our search, the plain loop a user would write, CTranslate2 with int8.

    python benchmarks/headlines.py DATA [--articles 500]

DATA holds titles.dev.*.jsonl.gz; articles are drawn evenly from all of them. Everything is timed in turn on
the same articles, chunk by chunk, so that a noisy machine slows all alike: ratios are what to quote.

- "ours": what the product runs: encoder and beam search in batches (models/bundled/beams.py), products in
  whole numbers of eight bits (integers.py), beams of a shortlist of pieces (shortlist.py); "ours, floats" the
  same without either.
- "plain loop": transformers' `generate()`, one article at a time, same weights, beams and constraints.
- "CTranslate2" (needs pip install ctranslate2): int8, a T5 of the same layers and width without copy head and
  tag head, random weights; beside it "ours, same T5": our search with those weights. Neither knows how to end
  a headline, so both write as many tokens as there is room for; ours with its shortlist.

Also the floor: multiplications that nobody can do without, over what this machine multiplies in a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import T5ForConditionalGeneration

from eval.metrics import rouge
from summarizer.config import Settings
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.beams import Beam, search
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.generator import BATCH, NO_REPEAT, BundledGenerator, opening
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.pieces import Pieces
from summarizer.models.bundled.reference import generated
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights
from summarizer.training.data import Pair, read_pairs

_RIVAL = "CTranslate2, same T5, int8"


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


def translator(pieces: Pieces, folder: Path, beams: int) -> tuple[Weights, Callable[[Sequence[str]], None]]:
    """The same plain T5 for us, and for CTranslate2 as a function of sources."""
    import ctranslate2
    from transformers import AutoTokenizer

    torch.manual_seed(0)
    model = HeadlineT5(bundled_config(len(pieces), copy_head=False)).eval()
    stock = T5ForConditionalGeneration(model.config).eval()
    stock.load_state_dict({k: v for k, v in model.state_dict().items() if "tag_head" not in k}, strict=False)
    stock.config.architectures, stock.config.model_type = ["T5ForConditionalGeneration"], "t5"
    stock.save_pretrained(folder / "t5")
    tokenizer = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
    tokenizer.save_pretrained(folder / "t5")
    converter = ctranslate2.converters.TransformersConverter(str(folder / "t5"))
    converter.convert(str(folder / "ct2"), quantization="int8", force=True)
    quick = ctranslate2.Translator(
        str(folder / "ct2"), device="cpu", compute_type="int8", intra_threads=torch.get_num_threads()
    )

    def translate(sources: Sequence[str]) -> None:
        rows = pieces.batch(sources, SOURCE_TOKENS).rows
        quick.translate_batch(
            [tokenizer.convert_ids_to_tokens(row) for row in rows], beam_size=beams, num_hypotheses=beams,
            max_decoding_length=TITLE_TOKENS, min_decoding_length=TITLE_TOKENS, max_batch_size=BATCH,
            no_repeat_ngram_size=NO_REPEAT,
        )  # fmt: skip

    return Weights.of(model), translate


def timed(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:  # noqa: ANN401
    start = time.perf_counter()
    made = work(*given)
    return time.perf_counter() - start, made


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--chunk", type=int, default=125)
    given = parser.parse_args()
    pairs = articles(given.data, given.articles)
    sources = [opening(pair.body) for pair in pairs]
    floats, whole = (BundledGenerator(FOLDER, Settings(), exact=exact) for exact in (True, False))
    pieces, beams = whole.pieces, whole.beams
    model = HeadlineT5.from_pretrained(FOLDER, local_files_only=True, dtype=torch.float32).eval()
    works: dict[str, Callable[[Sequence[str]], Any]] = {
        "ours": lambda chunk: ours(pieces, chunk, whole.encoder, whole.stepper, beams),
        "ours, floats": lambda chunk: ours(pieces, chunk, floats.encoder, floats.stepper, beams, short=False),
        "plain loop": lambda chunk: [plain(model, pieces, source, beams) for source in chunk],
    }
    with tempfile.TemporaryDirectory() as folder:
        try:
            weights, works[_RIVAL] = translator(pieces, Path(folder), beams)
            encoder, stepper = Encoder(weights, exact=False), Stepper(weights, exact=False)
            works["ours, same T5"] = lambda chunk: ours(pieces, chunk, encoder, stepper, beams)
        except ImportError:
            print("CTranslate2 is not installed: left out", file=sys.stderr)
        spent, made = measured(works, sources, given.chunk)
    report(whole, spent, made, pairs, sources)


def measured(
    works: dict[str, Callable[[Sequence[str]], Any]], sources: Sequence[str], size: int
) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """Seconds and results of each, over all sources; in turn on every chunk."""
    for work in works.values():
        work(sources[:32])  # warm
    spent, made = dict.fromkeys(works, 0.0), {name: [] for name in works}
    for start in range(0, len(sources), size):
        chunk = sources[start : start + size]
        for name, work in works.items():
            seconds, results = timed(work, chunk)
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
    against = {"ours": "plain loop", "ours, floats": "plain loop", "ours, same T5": _RIVAL}
    for name, seconds in spent.items():
        other = against.get(name, "")
        ratio = f"{spent[other] / seconds:.2f} times {other}" if other in spent else ""
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
