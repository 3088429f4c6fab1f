"""The same story told again: agencies' reports stand in a library as often as papers print them.

Two passages are one telling when most of the shorter one's stretches of SHINGLE characters stand in the
other (containment of shingles, Broder 1997), whatever else stands around.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.text import fold

__all__ = ["tellings"]

# Characters: shorter stretches are phrases that every report on a thing has.
SHINGLE = 6
# Share of the shorter passage: an agency's report with a new opening or shortened at its end. Chosen on the
# development questions, where 0.7 and 0.4 bring as many right articles up within a point (training/LOG.md).
SAME = 0.5


def tellings(texts: Sequence[str], wanted: int) -> list[list[int]]:
    """Numbers of the texts, those that say the same together, best first; at most `wanted` groups.

    A group is led by its first text, and every other one is like that one. Texts after the last wanted
    group's first still join the groups there are.
    """
    groups: list[list[int]] = []
    leads: list[frozenset[str]] = []
    for number, text in enumerate(texts):
        said = _shingles(text)
        like = next((at for at, lead in enumerate(leads) if _contained(said, lead) >= SAME), None)
        if like is not None:
            groups[like].append(number)
        elif len(groups) < wanted:
            groups.append([number])
            leads.append(said)
    return groups


def _shingles(text: str) -> frozenset[str]:
    plain = fold(text)
    return frozenset(plain[i : i + SHINGLE] for i in range(max(1, len(plain) - SHINGLE + 1)))


def _contained(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that the other one has."""
    return len(one & other) / min(len(one), len(other))
