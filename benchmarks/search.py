"""How long a question takes, in this process, and how that grows with the library.

    python benchmarks/search.py DATA WORK [--times 1,3] [--memory-only]

DATA holds corpus.*.jsonl.gz and qa.dev.*.jsonl.gz. A library N times the size holds every document N times,
each copy with its digits and every twentieth character altered, so that its terms and vectors differ. The
libraries stay in WORK. Each is asked with its rows in memory, as who asks often keeps them, and with
all read from disk. Questions are asked of all in turn, so that a noisy machine slows them alike: quote the
ratio to the first. What one library takes by itself, whose memory no other one has turned over, is with
--times 1 --memory-only.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from summarizer.config import CACHE
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.records import Document
from summarizer.search import Searcher
from summarizer.training.data import json_rows

# Questions asked before any is timed.
_BEFORE = 100
_OTHERS = "山河湖海春夏秋冬东南西北金木水火土天地人和"


def altered(text: str, copy: int) -> str:
    """The text with other digits and every twentieth character another one; itself for copy 0."""
    if not copy:
        return text
    chance = random.Random(copy)
    letters = list(text)
    for at in range(chance.randrange(20), len(letters), 20):
        letters[at] = chance.choice(_OTHERS)
    return "".join(str((int(c) + copy) % 10) if c in "0123456789" else c for c in letters)


def documents(data: Path, times: int) -> Iterator[list[Document]]:
    for copy in range(times):
        for path in sorted(data.glob("corpus.*.jsonl.gz")):
            for row in json_rows(path):
                yield [Document(f"{row['id']}-{copy}", altered(row["text"], copy), date=row.get("date"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--times", default="1,3")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--memory-only", action="store_true", help="ask none with its rows on disk")
    given = parser.parse_args()
    encoder = load_encoder("bundled")
    asked = [r["question"] for p in sorted(given.data.glob("qa.dev.*.jsonl.gz")) for r in json_rows(p)]
    searchers: dict[tuple[int, int], Searcher] = {}
    """By passages, and those in memory."""
    for times in map(int, given.times.split(",")):
        folder = str(given.work / f"times-{times}")
        made = Library.create(folder, encoder)
        made.add(documents(given.data, times), encoder)
        for cache in (CACHE,) if given.memory_only else (CACHE, 0):
            library = Library.open(folder, encoder, cache=cache)
            searcher = Searcher(library, encoder)
            for question in asked[-_BEFORE:]:
                searcher.search(question, limit=10)
            searchers[made.count()[1], library.settled()] = searcher
    spent: dict[tuple[int, int], list[float]] = {key: [] for key in searchers}
    for question in asked[: given.questions]:
        for key, searcher in searchers.items():
            start = time.perf_counter()
            searcher.search(question, limit=10)
            spent[key].append((time.perf_counter() - start) * 1000)
    first = float(np.median(next(iter(spent.values()))))
    print("| passages | in memory | p50 ms | p95 ms | p50 against the first |\n|---|---|---|---|---|")
    for (passages, kept), values in spent.items():
        p50, p95 = np.percentile(values, [50, 95])
        print(f"| {passages:,} | {kept:,} | {p50:.1f} | {p95:.1f} | {p50 / first:.2f} |")


if __name__ == "__main__":
    main()
