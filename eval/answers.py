"""Are answers right, do their citations hold them, and is refused what cannot be answered?

    python -m eval.answers DATA WORK [--limit N] [--out RESULTS.json] [--threshold T]

Three tests on qa.dev.*.jsonl.gz: from the row's own context; from the whole library in WORK (made by
`python -m eval.retrieval`); and from the library without the documents that hold the answer
(`support_ids`), where a refusal is right. F1 and EM count characters (punctuation and blanks dropped),
the best of the accepted answers. Beside the reader stands a baseline of words alone: the sentence with
most bigrams of the question.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.metrics import interval
from summarizer.answers import extractive
from summarizer.answers.evidence import context_hits
from summarizer.answers.gate import Gate, load_gate
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import Reader, load_reader
from summarizer.records import Answer, Hit
from summarizer.search import Searcher
from summarizer.terms import query_terms
from summarizer.text import fold, sentences
from summarizer.training.data import json_rows

__all__ = ["Scored", "f1", "scored"]

PASSAGES = 10
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer against the accepted ones, each number 0 to 1."""

    f1: float
    exact: float
    cited: float
    """Does one of the cited sentences hold an accepted answer?"""
    first: float
    """Does the first of them?"""
    precision: float
    """Share of the cited sentences that do."""
    confidence: float


def f1(output: str, reference: str) -> float:
    """F1 of the character counts of both, folded; 0.0 when they share none."""
    one, other = Counter(fold(output)), Counter(fold(reference))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def scored(answer: Answer, accepted: Sequence[str]) -> Scored:
    """An answer that was given; for one that was refused everything but the confidence is 0."""
    if answer.refused:
        return Scored(0.0, 0.0, 0.0, 0.0, 0.0, answer.confidence)
    wanted = [fold(a) for a in accepted]
    holds = [any(w in fold(c.quote) for w in wanted) for c in answer.citations]
    return Scored(
        f1=max(f1(answer.text, a) for a in accepted),
        exact=float(fold(answer.text) in wanted),
        cited=float(any(holds)),
        first=float(holds[0]),
        precision=float(np.mean(holds)),
        confidence=answer.confidence,
    )


def by_words(question: str, hits: Sequence[Hit]) -> str:
    """The sentence with most of the question's terms, the first of equals: what words alone can do."""
    wanted = query_terms(question)
    found = [hit.passage.text[a:b] for hit in hits for a, b in sentences(hit.passage.text)]
    return max(found, key=lambda s: sum(term in s.lower() for term in wanted), default="")


class Bench:
    """The reader without a gate: every question gets an answer, the threshold is laid on afterwards."""

    def __init__(self, reader: Reader, gate: Gate, searcher: Searcher) -> None:
        self.reader, self.gate, self.searcher = reader, replace(gate, threshold=-1.0), searcher

    def contexts(self, asked: Sequence[Row]) -> Iterator[tuple[Answer, str]]:
        for row in asked:
            hits = context_hits(row["question"], row["context"], article=row["id"])
            yield self._read(row, hits), by_words(row["question"], hits)

    def library(self, asked: Sequence[Row]) -> Iterator[tuple[Answer, Answer, str]]:
        """(answer, answer without the supporting documents, baseline's sentence)."""
        for row in asked:
            hits = self.searcher.search(row["question"], limit=3 * PASSAGES, each=EACH)
            without = [h for h in hits if h.passage.article not in row["support_ids"]][:PASSAGES]
            ranked = [replace(h, rank=n) for n, h in enumerate(without, 1)]
            yield (
                self._read(row, hits[:PASSAGES]),
                self._read(row, ranked),
                by_words(row["question"], hits[:1]),
            )

    def _read(self, row: Row, hits: Sequence[Hit]) -> Answer:
        return extractive.read(row["question"], hits, self.reader, self.gate)


# Passages of one article that are read for an answer.
EACH = 2


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.answers", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--limit", type=int, help="only the first N questions: no result")
    parser.add_argument("--threshold", type=float, help="instead of the shipped one")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    asked = [row for path in sorted(given.data.glob("qa.dev.*.jsonl.gz")) for row in json_rows(path)][
        : given.limit
    ]
    encoder, gate = load_encoder("bundled"), load_gate()
    searcher = Searcher(Library.open(str(given.work / "library"), encoder), encoder)
    bench = Bench(load_reader("bundled"), gate, searcher)
    console = Console(stderr=True)
    inside = list(track(bench.contexts(asked), "contexts", total=len(asked), console=console))
    whole = list(track(bench.library(asked), "library", total=len(asked), console=console))
    threshold = gate.threshold if given.threshold is None else given.threshold
    _print(asked, inside, whole, threshold)
    if given.out:
        said = [
            {"id": row["id"], "context": one[0].text, "library": two[0].text, "confidence": two[0].confidence,
             "without": two[1].text, "confidence_without": two[1].confidence}
            for row, one, two in zip(asked, inside, whole, strict=True)
        ]  # fmt: skip
        given.out.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _print(
    asked: Sequence[Row], inside: Sequence[tuple[Answer, str]], whole: Sequence[tuple[Answer, Answer, str]],
    threshold: float,
) -> None:  # fmt: skip
    console = Console(file=sys.stdout, width=140)
    table = Table("", "F1", "EM", "in a cited sentence", "in the first", "citation precision", box=MARKDOWN)
    named = (("given context", [a for a, _ in inside]), ("end to end", [a for a, _, _ in whole]))
    for name, answers in named:
        _add(table, name, [scored(a, row["answers"]) for a, row in zip(answers, asked, strict=True)])
    _add_words(table, "given context, words alone", asked, [said for _, said in inside])
    _add_words(table, "end to end, words alone", asked, [said for *_, said in whole])
    console.print(f"{len(asked)} questions; every question answered, no gate")
    console.print(table)
    _print_curve(console, asked, whole, threshold)


def _add(table: Table, name: str, found: Sequence[Scored]) -> None:
    cells = []
    for field in ("f1", "exact", "cited", "first", "precision"):
        values = [100 * getattr(s, field) for s in found]
        low, high = interval(values)
        cells.append(f"{np.mean(values):.1f} [{low:.1f}, {high:.1f}]")
    table.add_row(name, *cells)


def _add_words(table: Table, name: str, asked: Sequence[Row], said: Sequence[str]) -> None:
    """The baseline: the sentence is answer and citation in one."""
    pairs = list(zip(said, asked, strict=True))
    score = np.mean([max(f1(s, a) for a in row["answers"]) for s, row in pairs])
    held = np.mean([any(fold(a) in fold(s) for a in row["answers"]) for s, row in pairs])
    table.add_row(name, f"{100 * score:.1f}", "", *[f"{100 * held:.1f}"] * 3)


def _print_curve(
    console: Console, asked: Sequence[Row], whole: Sequence[tuple[Answer, Answer, str]], threshold: float
) -> None:
    """Refusals against thresholds. False ones are of questions whose answer was cited."""
    right = [scored(a, row["answers"]).cited > 0 for (a, _, _), row in zip(whole, asked, strict=True)]
    there = np.array([a.confidence for a, _, _ in whole])
    gone = np.array([b.confidence for _, b, _ in whole])
    good = np.array(right)
    table = Table(
        "threshold",
        "unanswerable refused",
        "false refusals",
        "of all answerable",
        "right among answered",
        box=MARKDOWN,
    )
    for at in sorted({*np.round(np.arange(0.05, 0.75, 0.05), 2), threshold}):
        answered = there >= at
        table.add_row(
            f"{at:.3f}" + (" (shipped)" if at == threshold else ""), f"{100 * (gone < at).mean():.1f} %",
            f"{100 * (there[good] < at).mean():.1f} %", f"{100 * (~answered).mean():.1f} %",
            f"{100 * good[answered].mean():.1f} %" if answered.any() else "",
        )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
