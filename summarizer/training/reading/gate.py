"""Step 4: the gate's weights, from questions whose answer is there and questions whose answer is not.

Half of what it sees are people's questions with their own contexts, answerable and not, as `ask_context`
reads them; half are clozes of the news asked of a whole library, once as it is and once without the document
that answers. The threshold is no weight: it is chosen on the development set by `python -m eval.answers`.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from summarizer.answers.evidence import context_hits
from summarizer.answers.extractive import choose
from summarizer.answers.gate import EVIDENCE, FILE, evidence, load_gate
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import load_reader
from summarizer.records import Hit
from summarizer.search import Searcher
from summarizer.text import fold, tidy
from summarizer.training.data import json_rows
from summarizer.training.retrieval.questions import news_questions

__all__ = ["train_gate"]

log = logging.getLogger(__name__)

# Of people and of the news: eight numbers are learnt, and each question costs up to twenty passages.
QUESTIONS = (300, 60)
# Passages read for one question, as the settings have it.
PASSAGES = 10


def train_gate(data: Path, work: Path, out: Path = FILE, *, seed: int = 3) -> None:
    """Write the weights into `out`, the threshold left as it is; `work`/library is that of the ranking."""
    reader = load_reader("bundled")
    seen, right = [], []
    for question, hits, answer in (*_contexts(data, seed), *_news(data, work, seed)):
        extractions = reader.read(question, [hit.passage.text for hit in hits])
        facts = evidence(question, hits, extractions)
        if facts is not None:
            best = choose(hits, extractions)[0]
            said = hits[best].passage.text[slice(*extractions[best].span)]
            seen.append(facts)
            right.append(bool(answer) and _same(said, answer))
    log.info("%d questions, %.2f answered right", len(right), np.mean(right))
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.array(seen), np.array(right))
    weights = {n: round(float(w), 4) for n, w in zip(EVIDENCE, model.coef_[0], strict=True)}
    threshold = load_gate(out).threshold if out.exists() else 0.5
    said_all = {"weights": weights, "bias": round(float(model.intercept_[0]), 4), "threshold": threshold}
    out.write_text(json.dumps(said_all, indent=1) + "\n", encoding="utf-8")


def _same(said: str, answer: str) -> bool:
    """Do the two share most of what they say? Half of either is enough: spans differ by their borders."""
    one, other = fold(said), fold(answer)
    return bool(one) and bool(other) and (one in other or other in one)


def _contexts(data: Path, seed: int) -> Iterator[tuple[str, list[Hit], str]]:
    chance = random.Random(seed)
    asked = [row for path in sorted(data.glob("qa.train.*.jsonl.gz")) for row in json_rows(path)]
    for row in chance.sample(asked, QUESTIONS[0]):
        answer = "" if row.get("unanswerable") else tidy((row["answers"] or [""])[0])
        hits = context_hits(tidy(row["question"]), tidy(row["context"]), article="context")
        if hits:
            yield tidy(row["question"]), hits[:PASSAGES], answer


def _news(data: Path, work: Path, seed: int) -> Iterator[tuple[str, list[Hit], str]]:
    """Each question twice: with its document in the library, and without it."""
    encoder = load_encoder("bundled")
    searcher = Searcher(Library.open(str(work / "library"), encoder), encoder)
    chance = random.Random(seed)
    sought = list(news_questions(data, 0.05, seed=11))
    for one in chance.sample(sought, min(len(sought), QUESTIONS[1])):
        hits = searcher.search(one.question, limit=2 * PASSAGES, each=2)
        yield one.question, hits[:PASSAGES], one.answer
        yield one.question, [hit for hit in hits if hit.passage.article != one.document][:PASSAGES], ""
