"""What the learnt ranking sees of a question and the passages that the two searches brought up.

Everything is counted with `in` and `find` on short strings: eighty passages in about four
milliseconds, with no parse of the passage. Weights are rarities (idf) of character bigrams in news.
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
from summarizer.terms import STOP, query_terms

__all__ = ["FEATURES", "Candidate", "Question", "features"]

FEATURES = (
    "lexical", "lexical_gap", "lexical_rank", "dense", "dense_gap", "dense_rank", "coverage", "missing_most",
    "three", "four", "six", "near", "words", "headline", "headline_only", "siblings", "article_coverage",
    "article_lexical", "article_dense", "ordinal", "length", "question_length", "question_rarity", "asks",
    "typed_near", "typed_anywhere",
)  # fmt: skip
"""Names of the columns of `features`, in order."""

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
    said = np.zeros((len(candidates), len(question.terms)), dtype=np.float32)
    for i, candidate in enumerate(candidates):
        said[i] = _passage_columns(rows[i], question, candidate, total)
    rows[:, 0], rows[:, 3] = lexical / total, dense
    rows[:, 1], rows[:, 4] = (lexical - _most(lexical)) / total, dense - _most(dense)
    rows[:, 2], rows[:, 5] = _ranks(lexical), _ranks(dense)
    _article_columns(rows, question, candidates, said, total)
    rows[:, 21], rows[:, 22], rows[:, 23] = len(question.terms), total, question.wanted.number
    return rows


def _passage_columns(
    row: npt.NDArray[np.float32], question: Question, candidate: Candidate, total: float
) -> npt.NDArray[np.float32]:
    """Fill the columns that one passage decides; which terms it has, as 0.0 and 1.0."""
    text = candidate.passage.text.lower()
    places = [text.find(term) for term in question.terms]
    has = np.array([at >= 0 for at in places], dtype=np.float32)
    lost = question.rarity * (1 - has)
    row[6], row[7] = 1 - lost.sum() / total, lost.max(initial=0.0)
    for column, stretches in zip((8, 9, 10), question.longer, strict=True):
        row[column] = sum(s in text for s in stretches) / len(stretches) if stretches else np.nan
    row[11], middle = _densest(text, question, places, total)
    words = [bool(has[i]) for i, term in enumerate(question.terms) if term.isascii()]
    row[12] = sum(words) / len(words) if words else np.nan
    headline = (candidate.passage.headline or "").lower()
    if headline:
        titled = np.array([term in headline for term in question.terms], dtype=np.float32)
        row[13] = (titled * question.rarity).sum() / total
        row[14] = (titled * lost).sum() / total
    row[19], row[20] = candidate.ordinal, len(text)
    if typed := question.wanted.looks:
        near = text[max(0, middle - NEAR // 2) : middle + NEAR]
        row[24], row[25] = len(typed.findall(near)), len(typed.findall(text)) / max(1, len(text))
    return has


def _densest(text: str, question: Question, places: Sequence[int], total: float) -> tuple[float, int]:
    """(share of the question's rarity inside the best NEAR characters, where these begin)."""
    marks: list[tuple[int, int]] = []
    for number, (term, at) in enumerate(zip(question.terms, places, strict=True)):
        for _ in range(4):  # the same word five times says no more than four times
            if at < 0:
                break
            marks.append((at, number))
            at = text.find(term, at + 1)
    marks.sort()
    best, where, first = 0.0, 0, 0
    inside: dict[int, int] = defaultdict(int)
    weight = 0.0
    for at, number in marks:
        inside[number] += 1
        weight += float(question.rarity[number]) if inside[number] == 1 else 0.0
        while marks[first][0] < at - NEAR:
            gone = marks[first][1]
            inside[gone] -= 1
            weight -= float(question.rarity[gone]) if not inside[gone] else 0.0
            first += 1
        if weight > best:
            best, where = weight, marks[first][0]
    return best / total, where


def _article_columns(
    rows: npt.NDArray[np.float32],
    question: Question,
    candidates: Sequence[Candidate],
    said: npt.NDArray[np.float32],
    total: float,
) -> None:
    """Fill the columns that a passage shares with the others of its article."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        groups[candidate.passage.article].append(i)
    for members in groups.values():
        rows[members, 15] = len(members)
        rows[members, 16] = (said[members].max(axis=0) * question.rarity).sum() / total
        rows[members, 17] = np.nansum(rows[members, 0])
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
