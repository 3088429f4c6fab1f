"""Step 5: the gate's weights, from questions whose answer is in the library and others where it is not.

Every question is asked of a whole library, as `ask` asks it: once as it is, and once with every passage
left out that says the answer. Questions that their own text does not answer count as the latter. The
reader has seen none of these texts. The threshold is no weight: it is chosen on the development set by
`python -m eval.answers`.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from summarizer.answers.evidence import EACH
from summarizer.answers.extractive import choose
from summarizer.answers.gate import EVIDENCE, FILE, evidence, load_gate
from summarizer.config import Settings
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import Extraction, load_reader
from summarizer.records import Hit
from summarizer.search import Searcher
from summarizer.text import fold, sentences
from summarizer.training.reading.kept import Kept, news, peoples

__all__ = ["train_gate"]

log = logging.getLogger(__name__)

# Of people and of the news: twelve numbers are learnt, and each question costs twenty passages.
QUESTIONS = (400, 500)
# Passages read for one question, as `ask` has it; and those searched for it.
PASSAGES, SEARCHED = Settings().passages, 60
# Evidence that must not speak against an answer, and evidence that must not speak for one.
_FOR = {"score", "odds", "ahead", "sentence", "passage", "near", "words", "fits"}
_AGAINST = {"better_elsewhere", "lost"}


def train_gate(data: Path, work: Path, out: Path = FILE, *, seed: int = 3) -> None:
    """Write the weights into `out`, the threshold left as it is; `work`/library is that of the ranking."""
    reader = load_reader("bundled")
    seen, right = [], []
    for number, (one, hits, answerable) in enumerate(_asked(data, work, seed)):
        extractions = reader.read(one.question, [hit.passage.text for hit in hits])
        facts = evidence(one.question, hits, extractions)
        if facts is not None:
            seen.append(facts)
            right.append(answerable and says(one.answer, hits, extractions))
        if number % 200 == 0:
            log.info("%d searches", number)
    log.info("%d questions, %.2f answered right", len(right), np.mean(right))
    weights, bias = fitted(np.array(seen), np.array(right))
    threshold = load_gate(out).threshold if out.exists() else 0.5
    said = {"weights": weights, "bias": bias, "threshold": threshold}
    out.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def says(answer: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> bool:
    """Does the sentence that would be cited say the answer?"""
    best = choose(hits, extractions)[0]
    text, (start, _) = hits[best].passage.text, extractions[best].span
    return any(fold(answer) in fold(text[a:b]) for a, b in sentences(text) if a <= start < b)


def fitted(seen: np.ndarray, right: np.ndarray) -> tuple[dict[str, float], float]:
    """(weights by name, bias) of the regression; evidence that would speak the wrong way is left at 0.

    Several numbers tell nearly the same, and among these a plain fit gives some the wrong sign.
    """
    used = list(range(len(EVIDENCE)))
    while True:
        model = LogisticRegression(C=1.0, max_iter=5000).fit(seen[:, used], right)
        found = {EVIDENCE[i]: float(w) for i, w in zip(used, model.coef_[0], strict=True)}
        wrong = {n: w for n, w in found.items() if (n in _FOR and w < 0) or (n in _AGAINST and w > 0)}
        if not wrong:
            weights = {name: round(found.get(name, 0.0), 4) for name in EVIDENCE}
            return weights, round(float(model.intercept_[0]), 4)
        used.remove(EVIDENCE.index(max(wrong, key=lambda name: abs(wrong[name]))))


def _asked(data: Path, work: Path, seed: int) -> Iterator[tuple[Kept, list[Hit], bool]]:
    """(question, what is found, whether it may hold the answer)."""
    encoder = load_encoder("bundled")
    searcher = Searcher(Library.open(str(work / "library"), encoder), encoder)
    people = list(peoples(data))
    chosen = random.Random(seed).sample(people, min(len(people), QUESTIONS[0]))
    for one in (*chosen, *news(data, QUESTIONS[1], seed)):
        hits = searcher.search(one.question, limit=SEARCHED, each=EACH)
        if one.answer:
            yield one, hits[:PASSAGES], True
        silent = [h for h in hits if not one.answer or fold(one.answer) not in fold(h.passage.text)]
        yield one, silent[:PASSAGES], False
