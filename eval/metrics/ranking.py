"""How high the right articles stand in a ranked list of ids; relevance is yes or no."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2

__all__ = ["first_rank", "mrr", "ndcg", "recall"]


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share, 0 to 100, of the relevant ids among the first `k`; 0.0 for an empty list.

    An id that stands twice takes one place, its first, here and below. ValueError when nothing is relevant
    or k < 1: there is nothing to be found.
    """
    wanted = _wanted(relevant, k)
    return 100 * len(wanted.intersection(_places(ranked)[:k])) / len(wanted)


def first_rank(ranked: Sequence[str], relevant: Collection[str]) -> int | None:
    """Rank of the first relevant id, from 1; None when none is there."""
    wanted = set(relevant)
    return next((rank for rank, name in enumerate(_places(ranked), 1) if name in wanted), None)


def mrr(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """100 / rank of the first relevant id, 0.0 when none is there: its mean is the MRR (Voorhees 1999).

    ValueError when nothing is relevant.
    """
    _wanted(relevant, 1)
    rank = first_rank(ranked, relevant)
    return 100 / rank if rank else 0.0


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """nDCG at `k`, 0 to 100 (Järvelin and Kekäläinen 2002): gain 1, discount log2(rank + 1).

    100 when the first places are all relevant, as many as there are or `k`. 0.0 for an empty list.
    ValueError when nothing is relevant or k < 1.
    """
    wanted = _wanted(relevant, k)
    gained = sum(1 / log2(rank + 1) for rank, name in enumerate(_places(ranked)[:k], 1) if name in wanted)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))
    return 100 * gained / ideal


def _places(ranked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ranked))


def _wanted(relevant: Collection[str], k: int) -> set[str]:
    if not relevant or k < 1:
        raise ValueError(f"expected relevant ids and k from 1, found {len(relevant)} and k = {k}")
    return set(relevant)
