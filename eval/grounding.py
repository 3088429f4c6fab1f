"""How well does the grounding check flag what a source does not say?

    python -m eval.grounding [--split dev|test] [--show]

Reads eval/gold/grounding.jsonl (or --gold FILE in the same form), checks the gold itself first,
then prints precision and recall of the flags by kind. Exits 1 when the gold is wrong.
A row: {"id", "split", "source", "output", "date"?, "claims": [{"text", "kind", "span", "supported",
"reason"}], "note"?}. Every number and date that the output claims is annotated.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from summarizer.grounding import check
from summarizer.records import CheckKind, Span

__all__ = ["Claim", "GoldError", "Pair", "Score", "load", "main", "score"]

GOLD = Path(__file__).parent / "gold" / "grounding.jsonl"
NUMBERS = frozenset({"number", "date"})
"""Kinds counted together in the line "numbers": whether 1—7月 is one or the other is taste."""


class GoldError(ValueError):
    """The gold file contradicts itself; the message holds every fault, one a line."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One stretch of an output that its source must bear out."""

    text: str
    kind: CheckKind
    span: Span
    supported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A source, an output, and what a person says of the output's claims."""

    id: str
    split: str
    source: str
    output: str
    claims: tuple[Claim, ...]
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of flags; a flag is a claim held to be unsupported."""

    right: int = 0
    """Flags that overlap a gold flag."""
    raised: int = 0
    met: int = 0
    """Gold flags that a flag overlaps."""
    wanted: int = 0

    @property
    def precision(self) -> float:
        """1.0 when nothing was flagged: no flag was wrong."""
        return self.right / self.raised if self.raised else 1.0

    @property
    def recall(self) -> float:
        """1.0 when nothing was to be flagged."""
        return self.met / self.wanted if self.wanted else 1.0


def load(path: Path = GOLD) -> list[Pair]:
    """The pairs in file order. Raises GoldError naming every fault."""
    pairs: list[Pair] = []
    faults: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            pair = _pair(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"line {number}: expected a gold row, found {error!r}")
            continue
        faults += [f"line {number} ({pair.id}): {fault}" for fault in _faults(pair, seen)]
        seen.add(pair.id)
        pairs.append(pair)
    if not pairs:
        faults.append(f"{path}: expected at least one row, found none")
    if faults:
        raise GoldError("\n".join(faults))
    return pairs


def _pair(row: dict[str, Any]) -> Pair:
    claims = tuple(
        Claim(c["text"], c["kind"], (c["span"][0], c["span"][1]), c["supported"], c["reason"])
        for c in row["claims"]
    )
    return Pair(row["id"], row["split"], row["source"], row["output"], claims, row.get("date"))


def _faults(pair: Pair, seen: set[str]) -> Iterable[str]:
    if pair.id in seen:
        yield "expected a new id, found one used before"
    if pair.split not in ("dev", "test"):
        yield f'expected split "dev" or "test", found {pair.split!r}'
    last = 0
    for claim in sorted(pair.claims, key=lambda c: c.span):
        start, end = claim.span
        if not claim.text or pair.output[start:end] != claim.text:
            yield f"expected {claim.text!r} at {claim.span}, found {pair.output[start:end]!r}"
        if claim.kind not in get_args(CheckKind):
            yield f"expected a kind of {get_args(CheckKind)}, found {claim.kind!r}"
        if start < last and claim.kind in NUMBERS:
            yield f"expected claims apart, found {claim.text!r} over the one before"
        if not claim.reason:
            yield f"expected a reason for {claim.text!r}, found none"
        last = end if claim.kind in NUMBERS else last


def score(pairs: Sequence[Pair], kinds: frozenset[str]) -> tuple[Score, list[str]]:
    """Flags of these kinds against gold, and one line for each false or missed flag."""
    total, errors = Score(), []
    for pair in pairs:
        wanted = [c for c in pair.claims if c.kind in kinds and not c.supported]
        raised = [c for c in check(pair.output, pair.source, date=pair.date)
                  if c.kind in kinds and not c.supported]  # fmt: skip
        false = [c for c in raised if not any(_overlap(c.span, w.span) for w in wanted)]
        missed = [w for w in wanted if not any(_overlap(c.span, w.span) for c in raised)]
        total = Score(
            total.right + len(raised) - len(false), total.raised + len(raised),
            total.met + len(wanted) - len(missed), total.wanted + len(wanted),
        )  # fmt: skip
        errors += [f"{pair.id} false  {c.text} ({c.reason}): {pair.output}" for c in false]
        errors += [f"{pair.id} missed {w.text} ({w.reason}): {pair.output}" for w in missed]
    return total, errors


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def unannotated(pairs: Sequence[Pair]) -> list[str]:
    """Numbers and dates that the check sees and the gold does not: a fault of one of them."""
    return [
        f"{pair.id} {c.text}: {pair.output}"
        for pair in pairs
        for c in check(pair.output, pair.source, date=pair.date)
        if c.kind in NUMBERS and not any(_overlap(c.span, g.span) for g in pair.claims)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0, or 1 when the gold is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.grounding", description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--split", choices=("dev", "test"), help="one split only; both by default")
    parser.add_argument("--show", action="store_true", help="list every false and missed flag")
    options = parser.parse_args(argv)
    try:
        pairs = load(options.gold)
    except (GoldError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for split in (options.split,) if options.split else ("dev", "test"):
        lines = _table(split, [p for p in pairs if p.split == split], options.show)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _table(split: str, pairs: Sequence[Pair], show: bool) -> Iterable[str]:
    yield f"{split}: {len(pairs)} pairs, {sum(len(p.claims) for p in pairs)} claims"
    for name, kinds in [("numbers", NUMBERS), *((k, frozenset({k})) for k in get_args(CheckKind))]:
        total, errors = score(pairs, kinds)
        yield (
            f"  {name:8} precision {total.precision:.3f} ({total.right}/{total.raised})"
            f"  recall {total.recall:.3f} ({total.met}/{total.wanted})"
        )
        if show and name != "numbers":
            yield from (f"      {line}" for line in errors)
    if show:
        yield from (f"      unannotated {line}" for line in unannotated(pairs))


if __name__ == "__main__":
    sys.exit(main())
