"""Are answers right, do their citations hold them, and is refused what cannot be answered?

    python -m eval.answers DATA WORK [--limit N] [--out RESULTS.json] [--threshold T]

Three tests on qa.dev.*.jsonl.gz: from the row's own context; from the whole library in WORK (made by
`python -m eval.retrieval`); and from the library without the documents that hold the answer, where a
refusal is right. The news is told more than once: without `support_ids` alone, other documents often say the
answer still, so that the curve is drawn without any passage that says it; how it looks
without `support_ids` stands beside. F1 and EM count characters (punctuation and blanks dropped), the best
of the accepted answers. Beside the reader stands a baseline of words alone: the sentence with most
bigrams of the question.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.metrics.answers import Scored, scored
from eval.statistics import interval
from summarizer.answers import extractive
from summarizer.answers.evidence import EACH, context_hits
from summarizer.answers.gate import Gate, load_gate
from summarizer.config import Settings
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import Extraction, Reader, load_reader
from summarizer.records import Answer, Hit
from summarizer.search import Searcher
from summarizer.terms import query_terms
from summarizer.text import characters_f1, fold, sentences
from summarizer.training.data import json_rows

__all__ = ["Bench", "Remembering", "Whole", "by_words"]

# Passages read for an answer, as `ask` has it; and those searched for it.
PASSAGES, SEARCHED = Settings().passages, 60
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """What one question got from the whole library."""

    answer: Answer
    silent: Answer
    """Without the supporting documents and every passage that says an accepted answer."""
    without: Answer
    """Without the supporting documents alone."""
    still: bool
    """Do the passages read then say an accepted answer?"""
    words: str
    """The baseline's sentence."""


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

    def library(self, asked: Sequence[Row]) -> Iterator[Whole]:
        for row in asked:
            question, supports = row["question"], row["support_ids"]
            hits = self.searcher.search(question, limit=SEARCHED, each=EACH)
            others = [h for h in hits if h.passage.article not in supports]
            accepted = [fold(a) for a in row["answers"]]
            silent = [h for h in others if not any(a in fold(h.passage.text) for a in accepted)]
            known = Remembering(self.reader)
            yield Whole(
                answer=self._read(row, hits[:PASSAGES], known),
                silent=self._read(row, silent[:PASSAGES], known),
                without=self._read(row, others[:PASSAGES], known),
                still=any(a in fold(h.passage.text) for a in accepted for h in others[:PASSAGES]),
                words=by_words(question, hits[:1]),
            )

    def _read(self, row: Row, hits: Sequence[Hit], reader: Reader | None = None) -> Answer:
        ranked = [replace(hit, rank=n) for n, hit in enumerate(hits, 1)]
        return extractive.read(row["question"], ranked, reader or self.reader, self.gate)


class Remembering:
    """A reader that reads no passage twice for the one question it is used for."""

    def __init__(self, reader: Reader) -> None:
        self.name, self.fingerprint, self._reader = reader.name, reader.fingerprint, reader
        self._known: dict[str, Extraction] = {}

    def read(self, question: str, passages: Sequence[str]) -> list[Extraction]:
        new = [text for text in dict.fromkeys(passages) if text not in self._known]
        self._known.update(zip(new, self._reader.read(question, new), strict=True))
        return [self._known[text] for text in passages]


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
            {"id": row["id"], "context": one[0].text, "library": two.answer.text,
             "confidence": two.answer.confidence, "without": two.silent.text,
             "confidence_without": two.silent.confidence}
            for row, one, two in zip(asked, inside, whole, strict=True)
        ]  # fmt: skip
        given.out.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _print(
    asked: Sequence[Row], inside: Sequence[tuple[Answer, str]], whole: Sequence[Whole],
    threshold: float,
) -> None:  # fmt: skip
    console = Console(file=sys.stdout, width=140)
    table = Table("", "F1", "EM", "in a cited sentence", "in the first", "citation precision", box=MARKDOWN)
    named = (("given context", [a for a, _ in inside]), ("end to end", [w.answer for w in whole]))
    for name, answers in named:
        _add(table, name, [scored(a, row["answers"]) for a, row in zip(answers, asked, strict=True)])
    _add_words(table, "given context, words alone", asked, [said for _, said in inside])
    _add_words(table, "end to end, words alone", asked, [w.words for w in whole])
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
    score = np.mean([max(characters_f1(s, a) for a in row["answers"]) for s, row in pairs])
    held = np.mean([any(fold(a) in fold(s) for a in row["answers"]) for s, row in pairs])
    table.add_row(name, f"{100 * score:.1f}", "", *[f"{100 * held:.1f}"] * 3)


def _print_curve(console: Console, asked: Sequence[Row], whole: Sequence[Whole], threshold: float) -> None:
    """Refusals against thresholds. An answer is right when an accepted one stands in a cited sentence."""
    good = np.array([scored(w.answer, row["answers"]).cited > 0 for w, row in zip(whole, asked, strict=True)])
    there, silent, without = (
        np.array([getattr(w, name).confidence for w in whole]) for name in ("answer", "silent", "without")
    )
    table = Table(
        "threshold", "unanswerable refused", "answerable refused", "right answers refused",
        "right among answered", "refused without support_ids", box=MARKDOWN,
    )  # fmt: skip
    for at in sorted({*np.round(np.arange(0.05, 0.75, 0.05), 2), threshold}):
        answered = there >= at
        shares = [(silent < at).mean(), (~answered).mean(), (there[good] < at).mean()]
        shares += [good[answered].mean() if answered.any() else np.nan, (without < at).mean()]
        name = f"{at:.3f}" + (" (shipped)" if at == threshold else "")
        table.add_row(name, *(f"{100 * share:.1f} %" for share in shares))
    still = 100 * np.mean([w.still for w in whole])
    console.print(
        f"without support_ids, what is read still says the answer to {still:.1f} % of the questions"
    )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
