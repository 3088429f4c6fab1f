"""Which characters of the opening a headline keeps: the labels of the text-editing model.

A headline is mostly deletions of its opening (LaserTagger, Malmi et al. 2019; here 80 % of title
characters on average). The alignment is a longest common subsequence that rewards runs, so that
labels read like phrases instead of scattered characters.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["kept_characters", "kept_tokens"]

# A character that continues a run is worth this much more than a lone one: 1.0 makes the
# alignment prefer "国务院|会议" to characters picked one by one over three sentences.
RUN_BONUS = 1.0
# A lone character costs: headline characters found only far and alone are not copies.
START_COST = 0.4

Bools = npt.NDArray[np.bool_]


def kept_characters(title: str, source: str) -> Bools:
    """One flag a source character, shape (len(source),): does the title keep it?

    Deterministic: of equal alignments the earliest in the source wins. Empty texts keep nothing.
    """
    kept = np.zeros(len(source), dtype=np.bool_)
    if not title or not source:
        return kept
    codes = np.frombuffer(source.encode("utf-32-le"), dtype=np.uint32)
    rows, width = len(title), len(source)
    best = np.zeros((rows + 1, width + 1), dtype=np.float32)
    run = np.full((rows + 1, width + 1), -np.inf, dtype=np.float32)
    for i, char in enumerate(title, start=1):
        match = codes == ord(char)
        gain = np.maximum(run[i - 1, :-1] + 1 + RUN_BONUS, best[i - 1, :-1] + 1 - START_COST)
        run[i, 1:] = np.where(match, gain, -np.inf)
        best[i] = np.maximum.accumulate(np.maximum(best[i - 1], run[i]))
    _trace(best, run, kept)
    return kept


def _trace(best: npt.NDArray[np.float32], run: npt.NDArray[np.float32], kept: Bools) -> None:
    i, j = best.shape[0] - 1, best.shape[1] - 1
    inside = False
    while i > 0 and j > 0:
        if inside or (
            run[i, j] >= best[i, j] and best[i, j] > best[i, j - 1] and best[i, j] > best[i - 1, j]
        ):
            kept[j - 1] = True
            inside = run[i - 1, j - 1] + RUN_BONUS > best[i - 1, j - 1] - START_COST
            i, j = i - 1, j - 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i -= 1


def kept_tokens(kept: Bools, spans: npt.NDArray[np.int64]) -> Bools:
    """Fold character flags into token flags: a token is kept when most of its characters are.

    `spans` has shape (tokens, 2), half-open character offsets; an empty span is never kept.
    """
    total = np.concatenate([[0], np.cumsum(kept)])
    inside = total[spans[:, 1]] - total[spans[:, 0]]
    kept_most: Bools = inside * 2 > spans[:, 1] - spans[:, 0]
    return kept_most
