"""How well pages are separated into articles, against hand-made gold.

    python -m eval.pages PAGES_DIR... [--ablation]

A folder holds `NAME.txt` pages and `NAME.gold.json` beside them, or hand-written pages (eval/references.py).
A gold file has `items`, each with `kind`, `headline`, `kicker`, `byline` and either `body` or `body_starts`
and `body_ends`; in the second form the gold body is what the page prints from the one to the other. Fields
an item lacks are not scored.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from eval.layouts import page_path, printed
from summarizer.articles import Cues, separate
from summarizer.pages import read
from summarizer.records import Article

__all__ = ["GoldItem", "Score", "agreement", "common", "differences", "gold_of", "score_folder", "score_page"]

FOUND = 0.9
"""Share of a body's characters that must agree, in both directions."""
INSIDE = 0.8
"""Share of a text's characters that must stand in another before it counts as a piece of it."""

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One item as a person marked it; None is "not printed", a missing name is "not marked"."""

    kind: str
    body: str
    fields: dict[str, str | None] = field(default_factory=dict)
    lead_in: bool = False
    """The body was marked with its lead-in (本报讯…); the article's is put back before comparing."""


@dataclass(slots=True)
class Score:
    """Counts over any number of pages; rates are 1.0 where there was nothing to count."""

    pages: int = 0
    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0
    strict: int = 0
    splits: int = 0
    merges: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    """Found items whose field equals gold: kind, kicker, byline."""
    marked: Counter[str] = field(default_factory=Counter)
    """Found items for which gold marks the field."""

    def __iadd__(self, other: Score) -> Score:
        for name in (f.name for f in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def f1(self, hits: int) -> float:
        """Harmonic mean of hits / predicted and hits / gold."""
        return 2 * hits / (self.gold + self.predicted) if self.gold + self.predicted else 1.0

    def rate(self, name: str) -> float:
        return self.hits[name] / self.marked[name] if self.marked[name] else 1.0


def bare(text: str) -> str:
    """`text` without any blank; blanks are a typesetter's and are never compared."""
    return _BLANKS.sub("", text)


def common(a: str, b: str) -> int:
    """Length of the longest common subsequence of characters.

    Bit-parallel (Hyyrö 2004): a row of the table is one integer, so 2,000 characters against
    2,000 take about a millisecond.
    """
    if not a or not b:
        return 0
    where: dict[str, int] = {}
    for at, char in enumerate(a):
        where[char] = where.get(char, 0) | 1 << at
    full = (1 << len(a)) - 1
    row = full
    for char in b:
        hit = row & where.get(char, 0)
        row = ((row + hit) | (row - hit)) & full
    return len(a) - row.bit_count()


def agreement(gold: str, predicted: str) -> float:
    """The smaller of: share of gold's characters in the prediction, share of the prediction's in gold.

    Characters agree in order (longest common subsequence), blanks left out; two empty texts agree fully.
    """
    a, b = bare(gold), bare(predicted)
    longer = max(len(a), len(b))
    return common(a, b) / longer if longer else 1.0


def _agreed(item: GoldItem, article: Article) -> float:
    """The agreement where it can reach `FOUND`, else 0.0: lengths alone rule out most pairs."""
    text = (article.dateline or "") + article.body if item.lead_in else article.body
    a, b = len(bare(item.body)), len(bare(text))
    return agreement(item.body, text) if min(a, b) >= FOUND * max(a, b) else 0.0


def gold_of(data: dict[str, Any], text: str) -> list[GoldItem]:
    """The items of a gold file; `text` is the page, for gold that gives only how a body begins and ends.

    A body has the sub-headings that its layout prints in it: they are text of their story.
    """
    items: list[GoldItem] = []
    page = bare(text)
    for at, item in enumerate(data["items"]):
        body = printed(data, at) if "body" in item else _between(page, item["body_starts"], item["body_ends"])
        marked = {name: item[name] for name in ("headline", "kicker", "byline") if name in item}
        items.append(GoldItem(item["kind"], body, marked, lead_in="body" not in item))
    return items


def _between(page: str, starts: str, ends: str) -> str:
    first = page.find(bare(starts))
    last = page.find(bare(ends), max(first, 0))
    if first < 0 or last < 0:
        raise ValueError(f"gold body not on its page: {starts!r} … {ends!r}; correct the gold file")
    return page[first : last + len(bare(ends))]


def score_page(gold: Sequence[GoldItem], articles: Sequence[Article]) -> Score:
    """Counts of one page. Gold and prediction are matched one to one, best agreement first."""
    score = Score(pages=1, gold=len(gold), predicted=len(articles))
    table = [[_agreed(item, article) for article in articles] for item in gold]
    ranked = sorted(
        ((table[g][p], -g, -p) for g in range(len(gold)) for p in range(len(articles))), reverse=True
    )
    used_gold, used_predicted = set[int](), set[int]()
    for value, minus_g, minus_p in ranked:
        g, p = -minus_g, -minus_p
        if value < FOUND:
            break
        if g not in used_gold and p not in used_predicted:
            used_gold.add(g)
            used_predicted.add(p)
            _count(score, gold[g], articles[p])
    _count_cuts(score, gold, articles, used_gold, used_predicted)
    return score


def _count(score: Score, item: GoldItem, article: Article) -> None:
    score.found += 1
    head = item.fields.get("headline")
    score.right += bare(head or "") == bare(article.headline or "")
    score.strict += (head or "") == (article.headline or "")
    score.marked["kind"] += 1
    score.hits["kind"] += item.kind == article.kind
    for name in ("kicker", "byline"):
        if name in item.fields:
            printed = article.kicker if name == "kicker" else article.byline
            score.marked[name] += 1
            score.hits[name] += _name(item.fields[name]) == _name(printed)


def _name(text: str | None) -> str:
    """Kicker or byline for comparison: no blanks, no mark in front."""
    return bare(text or "").lstrip("■□●◆▲")


def _count_cuts(
    score: Score, gold: Sequence[GoldItem], articles: Sequence[Article], used_gold: set[int], used: set[int]
) -> None:
    """Splits: further pieces of a gold body. Merges: further gold bodies in a prediction.

    Only what was not found is looked at; a piece counts when `INSIDE` of it stands in the other.
    """
    lost = [bare(gold[g].body) for g in range(len(gold)) if g not in used_gold]
    wrong = [bare(articles[p].body) for p in range(len(articles)) if p not in used]
    for text in lost:
        pieces = sum(len(w) > 0 and common(w, text) > INSIDE * len(w) for w in wrong)
        score.splits += max(0, pieces - 1)
    for text in wrong:
        held = sum(common(g, text) > INSIDE * len(g) for g in lost)
        score.merges += max(0, held - 1)


def score_folder(folder: Path, cues: Cues | None = None, *, show: bool = False) -> Score:
    """Counts over all pages of a folder (or of one gold file)."""
    total = Score()
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else [folder]
    for path in paths:
        name = path.name.removesuffix(".json").removesuffix(".gold")
        data = {"name": name, **json.loads(path.read_text(encoding="utf-8"))}
        page = read(page_path(data, path) or path.with_name(f"{name}.txt"))
        gold = gold_of(data, "\n".join(page.lines))
        articles = separate(page, cues)
        score = score_page(gold, articles)
        if show and score.right < max(score.gold, score.predicted):
            sys.stdout.write("\n".join([f"== {path.name}", *differences(gold, articles), ""]))
        total += score
    return total


def differences(gold: Sequence[GoldItem], articles: Sequence[Article]) -> list[str]:
    """One line for everything that differs on a page, for reading."""
    rows: list[str] = []
    for item in gold:
        best = max(articles, key=lambda a: agreement(item.body, a.body), default=None)
        value = agreement(item.body, best.body) if best else 0.0
        head = item.fields.get("headline")
        if best is None or value < FOUND:
            rows.append(f"  lost  {value:.2f} {item.kind} {head} | {item.body[:24]}…{item.body[-16:]}")
        elif bare(head or "") != bare(best.headline or ""):
            rows.append(f"  head  gold {head!r}, printed {best.kicker!r} {best.headline!r}")
    for article in articles:
        if all(_agreed(item, article) < FOUND for item in gold):
            text = f"{article.body[:24]}…{article.body[-16:]}"
            rows.append(f"  extra {article.kind} {article.headline!r} {article.lines} | {text}")
    return rows


def _row(name: str, score: Score) -> str:
    cells = [
        f"{score.pages}",
        f"{score.gold}",
        f"{score.predicted}",
        f"{score.f1(score.found):.3f}",
        f"{score.f1(score.right):.3f}",
        f"{score.f1(score.strict):.3f}",
        f"{score.splits}",
        f"{score.merges}",
        *(f"{score.rate(n):.3f}" for n in ("kind", "kicker", "byline")),
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


HEADER = (
    "| pages of | pages | gold | predicted | article F1 | right F1 | strict F1 | splits | merges "
    "| kind | kicker | byline |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def _report(
    folders: Iterable[Path], cues: Cues | None = None, *, show: bool = False
) -> tuple[list[str], Score]:
    total = Score()
    rows = []
    for folder in folders:
        score = score_folder(folder, cues, show=show)
        rows.append(_row(folder.name, score))
        total += score
    return rows, total


def _ablation(folders: Sequence[Path]) -> list[str]:
    """One row per cue: the scores without it."""
    _, whole = _report(folders)
    rows = ["| without | article F1 | right F1 | earns (right F1) |", "|---|---|---|---|"]
    rows.append(f"| (nothing) | {whole.f1(whole.found):.3f} | {whole.f1(whole.right):.3f} | |")
    for name in asdict(Cues()):
        _, score = _report(folders, Cues(**{name: False}))
        earned = whole.f1(whole.right) - score.f1(score.right)
        rows.append(f"| {name} | {score.f1(score.found):.3f} | {score.f1(score.right):.3f} | {earned:+.3f} |")
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Print one row per folder and one for all; with --ablation, one row per cue switched off."""
    parser = argparse.ArgumentParser(prog="python -m eval.pages", description=__doc__)
    parser.add_argument(
        "pages", nargs="+", type=Path, metavar="PAGES_DIR", help="folder, or one .gold.json file"
    )
    parser.add_argument("--ablation", action="store_true", help="switch each cue off in turn")
    parser.add_argument("--errors", action="store_true", help="print what differs on every page")
    options = parser.parse_args(argv)
    if options.ablation:
        lines = _ablation(options.pages)
    else:
        rows, total = _report(options.pages, show=options.errors)
        lines = [HEADER, *rows, _row("all", total)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
