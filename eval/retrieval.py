"""Does the search find the article that answers? Words, vectors, both, both in a learnt order.

    python -m eval.retrieval DATA WORK [--words] [--limit N] [--out RESULTS.json]

DATA holds corpus.*.jsonl.gz (rows with id, text) and qa.dev.*.jsonl.gz (rows with question and
support_ids: any of them found is a hit). WORK keeps the library and the word index between runs.
Each system gives one passage an article; MRR counts ranks up to SHORTLIST, a miss as 0. Where reprints are
folded, a place is a telling with all articles that print it, and any of them is a hit. "says it @5": an
accepted answer stands in one of the first five passages, whoever printed it; the news is told more than
once, and support_ids name few of the tellings. The p value is of an exact McNemar test on hit@5 against
n-gram BM25.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.stats import binomtest

from eval.words import search_words
from summarizer.library import Library
from summarizer.library.passages import passage_spans
from summarizer.models.encoding import Encoder, load_encoder
from summarizer.records import Document
from summarizer.search import SHORTLIST, Searcher, candidates_of
from summarizer.search.features import Candidate
from summarizer.search.ranking import Fusion, LearntRanking
from summarizer.text import fold
from summarizer.training.data import json_rows

if TYPE_CHECKING:
    from lancedb import DBConnection

__all__ = ["Place", "Ranks", "places", "ranks_of"]

BASELINE = "n-gram BM25"
# Passages written at once.
_ROWS = 20_000
Row = dict[str, Any]


def build(data: Path, work: Path, encoder: Encoder) -> Library:
    """The library of DATA's corpus in WORK; what is there already stays."""
    library = Library.create(str(work / "library"), encoder)
    library.add(([document] for document in documents(data)), encoder)
    return library


def documents(data: Path) -> list[Document]:
    """DATA's corpus."""
    return [
        Document(row["id"], row["text"], date=row.get("date"))
        for path in sorted(data.glob("corpus.*.jsonl.gz"))
        for row in json_rows(path)
    ]


class WordIndex:
    """BM25 on the words of jieba's dictionary, in the same store with the same parameters."""

    def __init__(self, data: Path, work: Path) -> None:
        import lancedb

        work.mkdir(parents=True, exist_ok=True)
        connection = lancedb.connect(str(work / "words"))
        known = "words" in connection.list_tables().tables
        if not known or not connection.open_table("words").list_indices():  # the index is made last
            self._write(connection, self._rows(data))
        self._table = connection.open_table("words")

    def _write(self, connection: DBConnection, rows: Iterator[Row]) -> None:
        """All rows, a good number at a time, and their index; what an earlier run left unfinished goes."""
        import pyarrow as pa
        from lancedb.index import FTS

        mode = "overwrite"
        while batch := list(islice(rows, _ROWS)):
            if mode == "overwrite":
                connection.create_table("words", pa.Table.from_pylist(batch), mode=mode)
            else:
                connection.open_table("words").add(pa.Table.from_pylist(batch))
            mode = "append"
        config = FTS(base_tokenizer="whitespace", with_position=False, stem=False, remove_stop_words=False)
        connection.open_table("words").create_index("words", config=config)

    def _rows(self, data: Path) -> Iterator[Row]:
        """The passages that a library cuts, with their words."""
        for document in track(documents(data), description="words", console=Console(stderr=True)):
            for start, end in passage_spans(document.text):
                text = document.text[start:end]
                yield {"article": document.id, "text": text, "words": " ".join(search_words(text))}

    def search(self, question: str) -> list[Place]:
        from lancedb.query import MatchQuery

        wanted = MatchQuery(" ".join(dict.fromkeys(search_words(question))), "words")
        found = self._table.search(wanted, query_type="fts").limit(SHORTLIST).to_list()
        first = {row["article"]: row["text"] for row in reversed(found)}
        return [Place((name,), first[name]) for name in dict.fromkeys(row["article"] for row in found)]


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at one rank."""

    articles: tuple[str, ...]
    """One; where reprints are folded, all that tell the same."""
    text: str
    """The passage that was found."""


def places(candidates: Sequence[Candidate], scores: np.ndarray) -> list[Place]:
    """The best passage of every article, best first; NaN is not found."""
    known = [i for i in range(len(candidates)) if not np.isnan(scores[i])]
    order = sorted(known, key=lambda i: (-scores[i], candidates[i].passage.article, candidates[i].ordinal))
    first: dict[str, str] = {}
    for i in order:
        first.setdefault(candidates[i].passage.article, candidates[i].passage.text)
    return [Place((name,), text) for name, text in first.items()]


@dataclass(frozen=True, slots=True)
class Ranks:
    """What one system did; every array has one number a question."""

    right: np.ndarray
    """Rank of the first supporting article, inf for none."""
    says: np.ndarray
    """Rank of the first passage that says an accepted answer, inf for none."""
    milliseconds: np.ndarray


def ranks_of(asked: Sequence[Row], find: Callable[[Row], list[Place]]) -> Ranks:
    """Ranks count from 1."""
    right, says = np.full(len(asked), np.inf), np.full(len(asked), np.inf)
    spent = np.zeros(len(asked))
    for i, row in enumerate(track(asked, description="questions", console=Console(stderr=True))):
        start = time.perf_counter()
        found = find(row)
        spent[i] = (time.perf_counter() - start) * 1000
        supports, accepted = set(row["support_ids"]), [fold(a) for a in row["answers"]]
        right[i] = next((n for n, p in enumerate(found, 1) if supports.intersection(p.articles)), np.inf)
        says[i] = next(
            (n for n, p in enumerate(found, 1) if any(a in fold(p.text) for a in accepted)), np.inf
        )
    return Ranks(right, says, spent)


def systems(
    library: Library, encoder: Encoder, words: WordIndex | None
) -> dict[str, Callable[[Row], list[Place]]]:
    """What is measured, by name."""
    learnt, fused = LearntRanking(), Fusion()
    searcher = Searcher(library, encoder)

    def one(kind: str) -> Callable[[Row], list[Place]]:
        def find(row: Row) -> list[Place]:
            if kind == "learnt":
                found = candidates_of(row["question"], library, encoder)
                return places(found, learnt.score(row["question"], found))
            found = candidates_of(row["question"], library, encoder, nearest=SHORTLIST)
            if kind == "fused":
                return places(found, fused.score(row["question"], found))
            best = sorted(
                (-getattr(c, kind), i) for i, c in enumerate(found) if not np.isnan(getattr(c, kind))
            )
            # the cosine is known of what only the words found, too: a search for it alone brings up fewer
            scores = np.full(len(found), np.nan)
            for value, i in best[:SHORTLIST]:
                scores[i] = -value
            return places(found, scores)

        return find

    def folded(row: Row) -> list[Place]:
        hits = searcher.search(row["question"], limit=SHORTLIST, fold=True)
        return [Place((hit.passage.article, *hit.reprints), hit.passage.text) for hit in hits]

    named = {} if words is None else {"BM25 on jieba words": lambda row: words.search(row["question"])}
    return named | {
        BASELINE: one("lexical"), "dense alone": one("dense"), "hybrid (RRF)": one("fused"),
        "hybrid + learnt ranking": one("learnt"), "the same, reprints folded": folded,
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--limit", type=int, help="only the first N questions: no result")
    parser.add_argument("--words", action="store_true", help="BM25 on jieba words, too; needs jieba")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    encoder = load_encoder("bundled")
    library = build(given.data, given.work, encoder)
    asked = [row for path in sorted(given.data.glob("qa.dev.*.jsonl.gz")) for row in json_rows(path)][
        : given.limit
    ]
    words = WordIndex(given.data, given.work) if given.words else None
    measured = {name: ranks_of(asked, find) for name, find in systems(library, encoder, words).items()}
    _print(measured, len(asked), library.count())
    if given.out:
        ranks = {name: [None if np.isinf(r) else int(r) for r in m.right] for name, m in measured.items()}
        said = {"questions": [row["id"] for row in asked], "partial": given.limit is not None, "ranks": ranks}
        given.out.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return 0


def _print(measured: dict[str, Ranks], count: int, size: tuple[int, int]) -> None:
    table = Table(
        "", "hit@1", "hit@5", "hit@10", "MRR", "p (hit@5)", "says it @5", "ms p50 / p95", box=MARKDOWN
    )
    base = measured[BASELINE].right <= 5
    for name, one in measured.items():
        ranks = one.right
        hits = [f"{(ranks <= k).mean():.3f}" for k in (1, 5, 10)]
        won, lost = int(((ranks <= 5) & ~base).sum()), int((~(ranks <= 5) & base).sum())
        p = "" if name == BASELINE else f"{binomtest(won, won + lost).pvalue if won + lost else 1.0:.2g}"
        quantiles = " / ".join(f"{np.percentile(one.milliseconds, q):.1f}" for q in (50, 95))
        says = f"{(one.says <= 5).mean():.3f}"
        table.add_row(name, *hits, f"{(1 / ranks).mean():.3f}", p, says, quantiles)
    console = Console(file=sys.stdout, width=140)
    console.print(f"{count} questions, {size[0]} documents, {size[1]} passages")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
