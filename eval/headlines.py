"""Headlines against printed titles: lead sentence, clause ranker, model alone, what is printed.

    python -m eval.headlines DATA [--model NAME] [--limit N] [--out RESULTS.json] [--show N]

DATA holds `titles.dev.*.jsonl.gz` (rows with id, title, body). Every output keeps 30 characters
but the lead sentence, which is quoted whole as the baseline it is in the literature.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np
from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.metrics import DECLARED, rouge
from eval.statistics import interval
from summarizer.config import Settings
from summarizer.grounding import unsupported
from summarizer.models import Generator, Judge, Proposal, load
from summarizer.records import Article, Style, Summary
from summarizer.summaries import summarize_many
from summarizer.text import sentences
from summarizer.training.data import Pair, read_pairs

__all__ = ["SYSTEMS", "run_set"]

SYSTEMS = ("lead sentence", "clause ranker", "edit alone", "beam alone", "printed", "best candidate")
FAULTS = {
    "bad_numbers": "unsupported number, %", "bad_names": "unsupported name or quote, %",
    "too_long": "over its limit, %", "empty": "empty, %",
}  # fmt: skip
LIMIT = 30
CHUNK = 64

Row = dict[str, Any]
"""One article: id, title, origin of the choice, outputs and scores by system, faults."""


class Recorder:
    """A generator and judge that keeps the model's last proposals, so that they are made once."""

    def __init__(self, model: Generator) -> None:
        self.model = model
        self.name, self.fingerprint, self.styles = model.name, model.fingerprint, model.styles
        self.last: list[list[Proposal]] = []
        if hasattr(model, "judge"):
            judge = cast(Judge, model)
            self.judge, self.fault = judge.judge, judge.fault

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        self.last = self.model.propose(texts, style=style, limit=limit)
        return self.last


def run_set(pairs: Sequence[Pair], model: Generator, floor: Generator) -> list[Row]:
    """One row a pair: its outputs by system, their scores, its unsupported numbers and names."""
    rows: list[Row] = []
    recorder = Recorder(model)
    for start in track(range(0, len(pairs), CHUNK), description="headlines", console=Console(stderr=True)):
        part = pairs[start : start + CHUNK]
        articles = [Article("", i, "article", None, p.body, ()) for i, p in enumerate(part)]
        summaries = summarize_many(articles, recorder, style="headline", limit=LIMIT)
        floors = floor.propose([p.body for p in part], style="headline", limit=LIMIT)
        own = recorder.last or [[] for _ in part]
        rows += [_row(*four) for four in zip(part, summaries, own, floors, strict=True)]
    return rows


def _row(pair: Pair, summary: Summary, own: Sequence[Proposal], floor: Sequence[Proposal]) -> Row:
    spans = sentences(pair.body)
    first = {o: next((p.text for p in own if p.origin == o), "") for o in ("edit", "beam")}
    accepted = [c.text for c in summary.candidates if c.accepted]
    outputs = {
        "lead sentence": pair.body[slice(*spans[0])] if spans else "",
        "clause ranker": floor[0].text if floor else "",
        "edit alone": first["edit"],
        "beam alone": first["beam"],
        "printed": summary.text,
        "best candidate": max(accepted, key=lambda t: rouge(t, pair.title).long, default=""),
    }
    faults = unsupported(summary.text, pair.body)
    return {
        "id": pair.id, "title": pair.title, "origin": summary.candidates[0].origin, "outputs": outputs,
        "scores": {name: asdict(rouge(text, pair.title)) for name, text in outputs.items()},
        "bad_numbers": sum(c.kind in ("number", "date") for c in faults),
        "bad_names": sum(c.kind not in ("number", "date") for c in faults),
        "too_long": len(summary.text) > LIMIT, "empty": not summary.text,
    }  # fmt: skip


def table(results: dict[str, list[Row]]) -> Table:
    """ROUGE-1/2/L a system and set, and what the printed line gains over the others."""
    shown = Table(box=MARKDOWN)  # what is printed goes into README as it is
    shown.add_column("ROUGE-1 / 2 / L")
    for name, rows in results.items():
        shown.add_column(f"{name} ({len(rows)})", justify="right")
    for system in SYSTEMS:
        cells = [_means(rows, system) for rows in results.values()]
        shown.add_row(system, *cells, style="bold" if system == "printed" else None)
    for other in ("lead sentence", "clause ranker"):
        shown.add_row(f"printed − {other}, R-L [95 %]", *(_gain(rows, other) for rows in results.values()))
    for key, label in FAULTS.items():
        shares = [100 * np.mean([bool(r[key]) for r in rows]) for rows in results.values()]
        shown.add_row(label, *(f"{s:.2f}" for s in shares))
    for origin in ("edit", "beam", "clause", "lead"):
        shares = [100 * np.mean([r["origin"] == origin for r in rows]) for rows in results.values()]
        shown.add_row(f"chosen: {origin}, %", *(f"{s:.0f}" for s in shares))
    return shown


def _means(rows: Sequence[Row], system: str) -> str:
    scores = [r["scores"][system] for r in rows]
    return " / ".join(f"{np.mean([s[k] for s in scores]):.1f}" for k in ("one", "two", "long"))


def _gain(rows: Sequence[Row], other: str) -> str:
    gains = [r["scores"]["printed"]["long"] - r["scores"][other]["long"] for r in rows]
    low, high = interval(gains)
    return f"{np.mean(gains):+.1f} [{low:+.1f}, {high:+.1f}]"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.headlines", description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--limit", type=int, help="only the first N rows of each set: not a result")
    parser.add_argument("--out", type=Path, help="write every output and score here")
    parser.add_argument("--show", type=int, default=0, help="print N outputs of each set")
    options = parser.parse_args(arguments)
    model, floor = load(options.model, Settings()), load("extractive", Settings())
    results = {}
    for file in sorted(options.data.glob("titles.dev.*.jsonl.gz")):
        pairs = list(read_pairs(file))[: options.limit]
        results[file.name.split(".")[2]] = run_set(pairs, model, floor)
    console = Console(width=140)
    for name, rows in results.items():
        for row in rows[: options.show]:
            console.print(
                f"{name} [{row['origin']}] {row['outputs']['printed']}  ←  {row['title']}", markup=False
            )
    console.print(DECLARED, table(results), sep="\n")
    if options.limit:
        console.print(f"first {options.limit} rows only: not a result")
    if options.out:
        record = {
            "model": options.model,
            "fingerprint": model.fingerprint,
            "declared": DECLARED,
            "rows": results,
        }
        options.out.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(main())
