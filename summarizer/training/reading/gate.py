"""Step 5: the gate's trees, from questions whose answer is in the library and others where it is not.

Every question is asked of a whole library, as `ask` asks it, most of them in other words. What comes back is
looked at in several ways (`looks`): as it is, without what says the answer, with only one passage that says
it, and as the few passages of a text given with the question. The reader has seen none of these texts. The
threshold is not learnt: it is chosen on the development set by `python -m eval.answers`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.answers.choosing import choose
from summarizer.answers.evidence import EACH
from summarizer.answers.features import FEATURES, SENSE, features
from summarizer.answers.gate import FOLDER, TREES
from summarizer.config import Settings
from summarizer.library import Library
from summarizer.models.encoding import load_encoder
from summarizer.models.reading import Extraction, Reader, load_reader
from summarizer.records import Hit
from summarizer.search import Searcher
from summarizer.text import fold, sentences
from summarizer.training.export import write_checksums
from summarizer.training.reading.kept import Kept, news, peoples
from summarizer.training.reading.rewording import reworded

__all__ = ["Look", "looks", "train_gate"]

log = logging.getLogger(__name__)

# Of people and of the news: a question costs about twenty-five passages, and twice as many make no better
# gate (LOG.md).
QUESTIONS = (320, 180)
# Share of them asked in other words.
REWORDED = 0.7
# Passages read for one question, as `ask` has it; and those searched for it.
PASSAGES, SEARCHED = Settings().passages, 60
# Passages of a small look.
FEW = (2, 10)
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 7, "min_data_in_leaf": 50, "lambda_l2": 10.0,
    "feature_fraction": 0.1, "bagging_fraction": 0.7, "bagging_freq": 1, "seed": 0, "deterministic": True,
    "num_threads": 1, "verbosity": -1, "monotone_constraints": [SENSE[name] for name in FEATURES],
}  # fmt: skip
ROUNDS = 150


@dataclass(frozen=True, slots=True)
class Look:
    """Passages that a question is asked of, best first."""

    hits: tuple[Hit, ...]
    answerable: bool
    """May they hold the answer?"""
    weight: float
    """Half for what no search brings up like this."""


def train_gate(data: Path, work: Path, out: Path = FOLDER, *, seed: int = 3) -> None:
    """Write `out`/gate.txt and its checksum; `work`/library is that of the ranking."""
    reader = load_reader("bundled")
    rows, right, weight = [], [], []
    for number, (one, hits) in enumerate(_asked(data, work, seed)):
        for look, seen, well in _judged(reader, one, looks(one, hits, random.Random(one.question))):
            rows.append(seen)
            right.append(well)
            weight.append(look.weight)
        if number % 200 == 0:
            log.info("%d searches", number)
    log.info("%d looks, %.2f answered right", len(right), np.mean(right))
    data_set = lightgbm.Dataset(np.array(rows), right, weight=weight, feature_name=list(FEATURES))
    trees = lightgbm.train(PARAMETERS, data_set, ROUNDS)
    trees.save_model(str(out / TREES))
    write_checksums(out, (TREES,))
    gains = sorted(zip(trees.feature_importance("gain"), FEATURES, strict=True), reverse=True)
    log.info("gain: %s", ", ".join(f"{name} {gain:.0f}" for gain, name in gains))


def looks(one: Kept, hits: Sequence[Hit], chance: random.Random) -> Iterator[Look]:
    """What `one` may be asked of, from up to SEARCHED hits, their ranks left for `_ranked` to give."""
    if not one.answer:
        yield Look(tuple(hits[:PASSAGES]), False, 1.0)
        return
    says = {id(hit) for hit in hits if fold(one.answer) in fold(hit.passage.text)}
    own = {hit.passage.article for hit in hits if hit.passage.text in one.context}
    silent = [hit for hit in hits if id(hit) not in says]
    away = [hit for hit in silent if hit.passage.article not in own]
    full = hits[:PASSAGES]
    yield Look(tuple(full), True, 1.0)
    yield Look(tuple(silent[:PASSAGES]), False, 0.5)
    yield Look(tuple(away[:PASSAGES]), False, 1.0)
    telling = [hit for hit in full if id(hit) in says]
    if telling:
        # told once: whoever has one newspaper finds nobody else's report
        once = [*away[: PASSAGES - 1], chance.choice(telling)]
        yield Look(tuple(sorted(once, key=lambda hit: hit.rank)), True, 0.5)
    count = chance.randint(*FEW)
    article = [hit for hit in full if hit.passage.article in own]
    if article:
        rest = [hit for hit in full if hit.passage.article not in own]
        few = [*article, *chance.sample(rest, min(len(rest), max(0, count - len(article))))]
        yield Look(_unscored(sorted(few, key=lambda hit: hit.rank), chance), True, 0.5)
    few = chance.sample(away[:PASSAGES], min(len(away[:PASSAGES]), count))
    yield Look(_unscored(sorted(few, key=lambda hit: hit.rank), chance), False, 0.5)


def says(answer: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> bool:
    """Does the sentence that would be cited say the answer?"""
    best = choose(hits, extractions)[0]
    text, (start, _) = hits[best].passage.text, extractions[best].span
    return any(fold(answer) in fold(text[a:b]) for a, b in sentences(text) if a <= start < b)


def _unscored(hits: Sequence[Hit], chance: random.Random) -> tuple[Hit, ...]:
    """Half of them as the passages of a text given with the question, which no search has scored."""
    if chance.random() < 0.5:
        return tuple(hits)
    return tuple(replace(hit, lexical=None, dense=None) for hit in hits)


def _judged(reader: Reader, one: Kept, looked: Iterator[Look]) -> Iterator[tuple[Look, np.ndarray, bool]]:
    """(look, its features, whether it is answered right); those where nothing is pointed at are left out."""
    every = [replace(look, hits=_ranked(look.hits)) for look in looked]
    texts = list(dict.fromkeys(hit.passage.text for look in every for hit in look.hits))
    known = dict(zip(texts, reader.read(one.question, texts), strict=True))
    for look in every:
        extractions = [known[hit.passage.text] for hit in look.hits]
        seen = features(one.question, look.hits, extractions)
        if seen is not None:
            yield look, seen, look.answerable and says(one.answer, look.hits, extractions)


def _ranked(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, 1))


def _asked(data: Path, work: Path, seed: int) -> Iterator[tuple[Kept, list[Hit]]]:
    """Every question, as it is asked, and what is found for it."""
    encoder = load_encoder("bundled")
    searcher = Searcher(Library.open(str(work / "library"), encoder), encoder)
    chance = random.Random(seed)
    people = list(peoples(data))
    chosen = chance.sample(people, min(len(people), QUESTIONS[0]))
    for one in (*chosen, *news(data, QUESTIONS[1], seed)):
        other = reworded(one.question, chance) if chance.random() < REWORDED else None
        asked = replace(one, question=other or one.question)
        yield asked, searcher.search(asked.question, limit=SEARCHED, each=EACH)
