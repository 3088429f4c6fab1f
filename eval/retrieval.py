"""Does the search find the article that answers? Words, vectors, both, both in a learnt order.

    python -m eval.retrieval DATA WORK [--words] [--limit N] [--out RESULTS.json]

DATA holds corpus.*.jsonl.gz (rows with id, text) and qa.dev.*.jsonl.gz (rows with question and
support_ids: any of them found is a hit). WORK keeps the library and the word index between runs.
Each system gives one passage an article; MRR counts ranks up to SHORTLIST, a miss as 0. The p value is of an
exact McNemar test on hit@5 against n-gram BM25.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import MARKDOWN
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.stats import binomtest

from summarizer.library import Library
from summarizer.models.encoding import Encoder, load_encoder
from summarizer.records import Document
from summarizer.search import SHORTLIST, candidates_of
from summarizer.search.features import Candidate
from summarizer.search.ranking import Fusion, LearntRanking
from summarizer.training.data import json_rows

__all__ = ["articles", "ranks_of"]

BASELINE = "n-gram BM25"
Row = dict[str, Any]


def build(data: Path, work: Path, encoder: Encoder) -> Library:
    """The library of DATA's corpus in WORK; what is there already stays."""
    library = Library.create(str(work / "library"), encoder)
    documents = (
        Document(row["id"], row["text"], date=row.get("date"))
        for path in sorted(data.glob("corpus.*.jsonl.gz"))
        for row in json_rows(path)
    )
    library.add(([document] for document in documents), encoder)
    return library


class WordIndex:
    """BM25 on the words of jieba's dictionary, in the same store with the same parameters."""

    def __init__(self, library: Library, work: Path) -> None:
        import jieba
        import lancedb

        jieba.setLogLevel("WARNING")
        work.mkdir(parents=True, exist_ok=True)
        jieba.dt.tmp_dir = str(work)  # its cache is a program; never the shared folder
        self._cut = jieba.lcut_for_search
        connection = lancedb.connect(str(work / "words"))
        if "words" not in connection.list_tables().tables:
            table = connection.create_table("words", self._batches(library))
            from lancedb.index import FTS

            config = FTS(
                base_tokenizer="whitespace", with_position=False, stem=False, remove_stop_words=False
            )
            table.create_index("words", config=config)
        self._table = connection.open_table("words")

    def _batches(self, library: Library) -> Iterator[Any]:
        import pyarrow as pa

        for entry in library.documents():
            passages = library.passages(entry.id)
            yield pa.RecordBatch.from_pylist(
                [{"article": p.article, "words": " ".join(self._words(p.text))} for p in passages]
            )

    def _words(self, text: str) -> list[str]:
        return [word for word in self._cut(text.lower()) if any(c.isalnum() for c in word)]

    def search(self, question: str) -> list[str]:
        from lancedb.query import MatchQuery

        wanted = MatchQuery(" ".join(dict.fromkeys(self._words(question))), "words")
        found = self._table.search(wanted, query_type="fts").limit(SHORTLIST).to_list()
        return list(dict.fromkeys(row["article"] for row in found))


def articles(candidates: Sequence[Candidate], scores: np.ndarray) -> list[str]:
    """The articles, best passage first, each once; NaN is not found."""
    known = [i for i in range(len(candidates)) if not np.isnan(scores[i])]
    order = sorted(known, key=lambda i: (-scores[i], candidates[i].passage.article, candidates[i].ordinal))
    return list(dict.fromkeys(candidates[i].passage.article for i in order))


def ranks_of(asked: Sequence[Row], find: Callable[[Row], list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """(rank of the first right article or inf, milliseconds), one a question."""
    ranks, spent = np.full(len(asked), np.inf), np.zeros(len(asked))
    for i, row in enumerate(track(asked, description="questions", console=Console(stderr=True))):
        start = time.perf_counter()
        found = find(row)
        spent[i] = (time.perf_counter() - start) * 1000
        ranks[i] = next((n for n, name in enumerate(found, 1) if name in row["support_ids"]), np.inf)
    return ranks, spent


def systems(
    library: Library, encoder: Encoder, words: WordIndex | None
) -> dict[str, Callable[[Row], list[str]]]:
    """What is measured, by name."""
    learnt, fused = LearntRanking(), Fusion()

    def one(kind: str) -> Callable[[Row], list[str]]:
        def find(row: Row) -> list[str]:
            found = candidates_of(row["question"], library, encoder)
            if kind == "learnt":
                return articles(found, learnt.score(row["question"], found))
            if kind == "fused":
                return articles(found, fused.score(row["question"], found))
            best = sorted(
                (-getattr(c, kind), i) for i, c in enumerate(found) if not np.isnan(getattr(c, kind))
            )
            # the cosine is known of what only the words found, too: a search for it alone brings up fewer
            scores = np.full(len(found), np.nan)
            for value, i in best[:SHORTLIST]:
                scores[i] = -value
            return articles(found, scores)

        return find

    named = {} if words is None else {"BM25 on jieba words": lambda row: words.search(row["question"])}
    return named | {
        BASELINE: one("lexical"), "dense alone": one("dense"), "hybrid (RRF)": one("fused"),
        "hybrid + learnt ranking": one("learnt"),
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
    words = WordIndex(library, given.work) if given.words else None
    measured = {name: ranks_of(asked, find) for name, find in systems(library, encoder, words).items()}
    _print(measured, len(asked), library.count())
    if given.out:
        ranks = {name: [None if np.isinf(r) else int(r) for r in pair[0]] for name, pair in measured.items()}
        said = {"questions": [row["id"] for row in asked], "partial": given.limit is not None, "ranks": ranks}
        given.out.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return 0


def _print(measured: dict[str, tuple[np.ndarray, np.ndarray]], count: int, size: tuple[int, int]) -> None:
    table = Table("", "hit@1", "hit@5", "hit@10", "MRR", "p (hit@5)", "ms p50 / p95", box=MARKDOWN)
    base = measured[BASELINE][0] <= 5
    for name, (ranks, spent) in measured.items():
        hits = [f"{(ranks <= k).mean():.3f}" for k in (1, 5, 10)]
        won, lost = int(((ranks <= 5) & ~base).sum()), int((~(ranks <= 5) & base).sum())
        p = "" if name == BASELINE else f"{binomtest(won, won + lost).pvalue if won + lost else 1.0:.2g}"
        quantiles = " / ".join(f"{np.percentile(spent, q):.1f}" for q in (50, 95))
        table.add_row(name, *hits, f"{(1 / ranks).mean():.3f}", p, quantiles)
    console = Console(file=sys.stdout, width=140)
    console.print(f"{count} questions, {size[0]} documents, {size[1]} passages")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
