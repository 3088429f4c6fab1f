"""Where an output differs from a reference, character by character, and where something is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import Indel

from eval.records import Mark

__all__ = ["Segment", "closest", "segments"]

Kind = Literal["same", "added", "missing", "plain"]
Edit = tuple[Kind, str]
# Characters. A single one that agrees between two changes is chance more often than sense, and unreadable.
_ISLAND = 2
# Below this share of agreeing characters the two are different sentences, and marks would be confetti.
_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is all of one kind."""

    text: str
    kind: Kind
    """"added": the reference lacks it; "missing": only the reference has it; "plain": not compared."""
    reasons: tuple[str, ...] = ()
    """What is wrong with it, by the outcome's marks."""


def closest(output: str, references: Sequence[str]) -> int | None:
    """Index of the reference that shares most with the output, the first of equals; None when none does
    enough to be compared."""
    alike = [Indel.normalized_similarity(reference, output) for reference in references]
    best = max(range(len(alike)), key=alike.__getitem__, default=None)
    return best if best is not None and alike[best] >= _ALIKE else None


def segments(output: str, reference: str | None, marks: Sequence[Mark] = ()) -> list[Segment]:
    """The output in order, with what only the reference has put in where it is missing.

    Without a reference every segment is "plain". The texts of all segments but the missing ones make up the
    output. Spans of marks that reach beyond it are cut.
    """
    edits: list[Edit] = [("plain", output)] if reference is None else _edits(reference, output)
    made, at = [], 0
    for kind, text in edits:
        if kind == "missing":
            made.append(Segment(text, kind))
            continue
        made += _flagged(kind, text, at, marks)
        at += len(text)
    return made


def _flagged(kind: Kind, text: str, at: int, marks: Sequence[Mark]) -> Iterator[Segment]:
    """`text`, which begins at `at` of the output, cut where a mark begins or ends."""
    inside = {at, at + len(text)}
    inside |= {place for mark in marks for place in mark.span if at < place < at + len(text)}
    cuts = sorted(inside)
    for start, end in pairwise(cuts):
        reasons = tuple(mark.reason for mark in marks if mark.span[0] <= start and end <= mark.span[1])
        yield Segment(text[start - at : end - at], kind, reasons)


def _edits(reference: str, output: str) -> list[Edit]:
    """What stays, goes and comes; of neighbouring changes first all that goes."""
    codes = [
        (op.tag, reference[op.src_start : op.src_end], output[op.dest_start : op.dest_end])
        for op in Indel.opcodes(reference, output)
    ]
    made: list[Edit] = []
    gone, come = "", ""
    for i, (tag, before, after) in enumerate(codes):
        island = tag == "equal" and len(after) < _ISLAND and 0 < i < len(codes) - 1
        if tag != "equal" or island:
            gone, come = gone + before, come + after
        else:
            made += _change(gone, come)
            gone = come = ""
            made.append(("same", after))
    return [*made, *_change(gone, come)]


def _change(gone: str, come: str) -> list[Edit]:
    edits: list[Edit] = [("missing", gone), ("added", come)]
    return [edit for edit in edits if edit[1]]
