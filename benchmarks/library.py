"""A library of many documents: how quickly they go in, how much they take, how quickly they are found.

    python benchmarks/library.py ROWS.jsonl[.gz] [--queries QUERIES.jsonl[.gz]] [--times N] [--keep DIR]

Adds the rows to an empty library in a process of its own and prints passages a second end to end, the
indexes included, the peak of its memory, and what the folder takes against the text in UTF-8. With
QUERIES (rows with `question`) it prints the time of a search by words, by vectors and by both, after
a warm-up. --times N adds every row N times, each time with other characters, to show how it grows.
The encoder is the bundled one; --hashed takes one that costs next to nothing and knows nothing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from summarizer.library import Added, Library
from summarizer.models.encoding import Encoder, load_encoder
from summarizer.records import Document, Filters
from summarizer.rows import read_documents
from summarizer.terms import query_terms

LIMIT = 64


class Hashed:
    """A vector from a text's hash: as large as a real one, and no two alike."""

    name = fingerprint = "hashed"
    dimensions = 96

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) for text in texts]
        made = np.array(
            [np.random.Generator(np.random.SFC64(seed)).standard_normal(96, np.float32) for seed in seeds]
        )
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    questions = passages


def documents(path: str, times: int) -> Iterator[list[Document]]:
    """Every row `times` times: the copies with their frequent characters exchanged for each other."""
    common = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下"
    for turn in range(times):
        other = str.maketrans(common, common[turn:] + common[:turn])
        for line in read_documents(path):
            if line.document is not None:
                one = line.document
                yield [replace(one, id=f"{one.id}~{turn}", text=one.text.translate(other)) if turn else one]


def added(path: str, folder: str, encoder: Encoder, times: int) -> None:
    start = last = time.monotonic()
    worked = time.process_time()

    def told(phase: str, done: Added) -> None:
        nonlocal last
        if phase == "indexing" or time.monotonic() - last > 10:
            last = time.monotonic()
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"  {last - start:6.1f} s  {phase}: {done.passages} passages, peak {memory:.0f} MB",
                flush=True,
            )

    done = Library.create(folder, encoder, told).add(documents(path, times), encoder, told=told)
    seconds = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worked = time.process_time() - worked
    text = sum(len(one.text.encode()) for (one,) in documents(path, times))
    disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    print(
        f"{done.documents} documents, {done.passages} passages in {seconds:.1f} s: "
        f"{done.passages / seconds:.0f} passages/s, {worked:.0f} s of processors, peak {memory:.0f} MB; "
        f"disk {disk / 1e6:.0f} MB, text {text / 1e6:.0f} MB, ratio {disk / text:.2f}"
    )


def searched(folder: str, queries: str, encoder: Encoder) -> None:
    library = Library.open(folder, encoder)
    opened = gzip.open if queries.endswith(".gz") else open
    with opened(queries, "rt", encoding="utf-8") as file:
        questions = [json.loads(line)["question"] for line in file][:400]
    terms = [query_terms(question) for question in questions]
    vectors = encoder.questions(questions)
    everything = Filters()

    def both(at: int) -> None:
        library.lexical(terms[at], everything, LIMIT)
        library.dense(vectors[at], everything, LIMIT)

    print(f"{library.count()[1]} passages, {len(questions)} questions, limit {LIMIT}")
    timed("words", len(questions), lambda at: library.lexical(terms[at], everything, LIMIT))
    timed("vectors", len(questions), lambda at: library.dense(vectors[at], everything, LIMIT))
    timed("both, one after the other", len(questions), both)


def timed(name: str, count: int, ask: Callable[[int], object]) -> None:
    taken = []
    for at in range(count):
        start = time.perf_counter()
        ask(at)
        taken.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(taken[count // 10 :], [50, 95])
    print(f"  {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)


def main() -> None:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("rows")
    parser.add_argument("--queries")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--keep", metavar="DIR")
    parser.add_argument("--hashed", action="store_true")
    parser.add_argument("--only", choices=["add", "search"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    encoder = Hashed() if chosen.hashed else load_encoder("bundled")
    if chosen.only == "add":
        added(chosen.rows, chosen.keep, encoder, chosen.times)
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = chosen.keep or f"{folder}/library"
        if chosen.only is None:
            # Alone, so that the peak of its memory is its own.
            again = [sys.executable, __file__, *sys.argv[1:], "--only", "add", "--keep", kept]
            subprocess.run(again, check=True)
        if chosen.queries:
            searched(kept, chosen.queries, encoder)


if __name__ == "__main__":
    main()
