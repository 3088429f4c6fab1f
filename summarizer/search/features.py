"""What the learnt ranking sees of a question and the passages that the two searches brought up.

Everything is where the question's stretches stand (see `marks`), in all passages at once, with no parse of
them: eighty in about two milliseconds. Weights are rarities (idf) of character bigrams in news.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from summarizer.answertype import AnswerType
from summarizer.models.bigrams import Bigrams
from summarizer.records import Passage
from summarizer.search.marks import Texts
from summarizer.terms import STOP, query_terms

__all__ = ["FEATURES", "Candidate", "Question", "features"]

FEATURES = (
    "lexical", "lexical_gap", "lexical_rank", "dense", "dense_gap", "dense_rank", "coverage", "missing_most",
    "three", "four", "six", "near", "words", "headline", "headline_only", "siblings", "article_coverage",
    "article_lexical", "article_dense", "ordinal", "length", "question_length", "question_rarity", "asks",
    "typed_near", "typed_anywhere",
)  # fmt: skip
"""Names of the columns of `features`, in order."""

Floats = npt.NDArray[np.float32]

# Characters around a match in which the rest of the question should stand: two clauses.
NEAR = 70


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that a search found; scores are NaN where that search did not find it."""

    passage: Passage
    ordinal: int
    lexical: float
    dense: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read once for all candidates."""

    terms: tuple[str, ...]
    rarity: npt.NDArray[np.float32]
    """One a term."""
    longer: tuple[tuple[str, ...], ...]
    """Its stretches of 3, of 4 and of 6 characters without question words."""
    wanted: AnswerType

    @classmethod
    def of(cls, text: str, bigrams: Bigrams) -> Question:
        terms = query_terms(text)
        rarity = bigrams.rarity(terms)
        runs = re.split(rf"[{''.join(STOP)}\W]+", text.lower())
        longer = tuple(
            tuple(dict.fromkeys(run[i : i + n] for run in runs for i in range(len(run) - n + 1)))
            for n in (3, 4, 6)
        )
        return cls(tuple(terms), rarity, longer, AnswerType.of(text))


def features(question: Question, candidates: Sequence[Candidate]) -> npt.NDArray[np.float32]:
    """One row a candidate, one column a name of FEATURES; NaN where a thing does not apply."""
    rows = np.full((len(candidates), len(FEATURES)), np.nan, dtype=np.float32)
    if not candidates:
        return rows
    total = max(float(question.rarity.sum()), 1e-6)
    lexical = np.array([c.lexical for c in candidates], dtype=np.float32)
    dense = np.array([c.dense for c in candidates], dtype=np.float32)
    texts = Texts([c.passage.text for c in candidates])
    marks = texts.marks(question.terms)
    said = marks.said()
    lost = (1 - said) * question.rarity
    rows[:, 0], rows[:, 3] = lexical / total, dense
    rows[:, 1], rows[:, 4] = (lexical - _most(lexical)) / total, dense - _most(dense)
    rows[:, 2], rows[:, 5] = _ranks(lexical), _ranks(dense)
    rows[:, 6], rows[:, 7] = 1 - lost.sum(axis=1) / total, lost.max(axis=1, initial=0.0)
    for column, stretches in zip((8, 9, 10), question.longer, strict=True):
        if stretches:
            rows[:, column] = texts.marks(stretches).said().sum(axis=1) / len(stretches)
    near, begins = marks.densest(question.rarity, NEAR)
    rows[:, 11] = near / total
    if words := [at for at, term in enumerate(question.terms) if term.isascii()]:
        rows[:, 12] = said[:, words].sum(axis=1) / len(words)
    _headline_columns(rows, question, candidates, lost, total)
    _article_columns(rows, question, candidates, said, total)
    rows[:, 19], rows[:, 20] = [c.ordinal for c in candidates], texts.lengths
    rows[:, 21], rows[:, 22], rows[:, 23] = len(question.terms), total, question.wanted.number
    _type_columns(rows, question, texts, begins)
    return rows


def _headline_columns(
    rows: Floats, question: Question, candidates: Sequence[Candidate], lost: Floats, total: float
) -> None:
    headlines = [c.passage.headline or "" for c in candidates]
    if not any(headlines):
        return
    titled = Texts(headlines).marks(question.terms).said()
    printed = [at for at, headline in enumerate(headlines) if headline]
    rows[printed, 13] = ((titled * question.rarity).sum(axis=1) / total)[printed]
    rows[printed, 14] = ((titled * lost).sum(axis=1) / total)[printed]


def _type_columns(rows: Floats, question: Question, texts: Texts, begins: npt.NDArray[np.int64]) -> None:
    """Fill the columns on what may be an answer of the kind asked for; `begins`, where it is likeliest."""
    if typed := question.wanted.looks:
        for row, text, begin in zip(rows, texts.low, begins.tolist(), strict=True):
            near = text[max(0, begin - NEAR // 2) : begin + NEAR]
            row[24], row[25] = len(typed.findall(near)), len(typed.findall(text)) / max(1, len(text))


def _article_columns(
    rows: Floats, question: Question, candidates: Sequence[Candidate], said: Floats, total: float
) -> None:
    """Fill the columns that a passage shares with the others of its article."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        groups[candidate.passage.article].append(i)
    # Most articles have one passage here: it is their sum and their best.
    rows[:, 15], rows[:, 18] = 1, rows[:, 3]
    rows[:, 16] = (said * question.rarity).sum(axis=1) / total
    own = np.nan_to_num(rows[:, 0])
    rows[:, 17] = own
    for members in groups.values():
        if len(members) > 1:
            rows[members, 15] = len(members)
            rows[members, 16] = (said[members].max(axis=0) * question.rarity).sum() / total
            rows[members, 17] = own[members].sum()
            rows[members, 18] = _most(rows[members, 3])


def _most(values: npt.NDArray[np.float32]) -> float:
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


def _ranks(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """From 1, best first; NaN stays NaN."""
    ranks = np.full(len(values), np.nan, dtype=np.float32)
    known = np.flatnonzero(~np.isnan(values))
    ranks[known[np.argsort(-values[known], kind="stable")]] = np.arange(1, len(known) + 1)
    return ranks
