"""What a search found and what a library holds: hits with their scores, a timeline, lists of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.library.found import Entry
from summarizer.records import Hit
from summarizer.web.markup import Markup, joined, marked, tag
from summarizer.web.strings import Strings
from summarizer.web.views.common import bar, where

__all__ = ["hits", "pages", "timeline"]


def hits(found: Sequence[Hit], say: Strings) -> Markup:
    """Every hit with what the words, the vector and the learnt order give it, and the words it was found by.

    Bars are relative to the best of this search; each picks its article's id.
    """
    if not found:
        return tag("p", say("search.nothing"), class_="empty")
    words = max((hit.lexical or 0.0 for hit in found), default=0.0)
    return joined(_hit(hit, words, found[0].score, found[-1].score, say) for hit in found)


def _hit(hit: Hit, words: float, best: float, least: float, say: Strings) -> Markup:
    passage = hit.passage
    spread = (hit.score - least) / (best - least) if best > least else 1.0
    scores = [
        _score(say("search.score"), f"{hit.score:.2f}", spread),
        _score(say("search.lexical"), _shown(hit.lexical), (hit.lexical or 0.0) / words if words else 0.0),
        _score(say("search.dense"), _shown(hit.dense), max(hit.dense or 0.0, 0.0)),
    ]
    said = "、".join(dict.fromkeys(passage.text[a:b] for a, b in hit.matches)) or say("search.no_words")
    return tag(
        "button",
        tag("span", str(hit.rank), class_="number"),
        tag("span", passage.headline or say("page.untitled"), class_="headline"),
        tag("span", marked(passage.text, hit.matches), class_="quote"),
        tag("span", tag("b", say("search.why")), said, class_="why"),
        tag("span", *scores, class_="scores"),
        tag("span", f"{where(passage)} · {passage.span[0]}–{passage.span[1]}", class_="where"),
        tag("span", say("search.reprints", count=len(hit.reprints)), class_="where") if hit.reprints else "",
        type="button", class_="card hit", data_pick=f"{hit.rank}", data_goto="search-article",
    )  # fmt: skip


def _score(name: str, value: str, share: float) -> Markup:
    return tag("span", tag("span", name), bar(share), tag("b", value), class_="score")


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def timeline(dates: Iterable[str | None], say: Strings) -> Markup:
    """How many of each month, oldest first; days instead of months while all are of one. Nothing when none
    has a date."""
    known = [date for date in dates if date]
    if not known:
        return Markup("")
    size = 7 if len({date[:7] for date in known}) > 1 else 10
    counts = sorted(Counter(date[:size] for date in known).items())
    most = max(count for _, count in counts)
    columns = [
        tag(
            "span", tag("b", str(count)),
            tag("span", style=f"height:{max(4, round(46 * count / most))}px", class_="pillar"),
            tag("span", month, class_="month"), class_="stint", title=f"{month} · {count}",
        )
        for month, count in counts[-24:]
    ]  # fmt: skip
    return tag("div", *columns, class_="timeline", role="img", aria_label=say("search.timeline"))


def pages(entries: Sequence[Entry], chosen: str, say: Strings) -> Markup:
    """Articles under their pages. An article picks its id, the tick box of a page the page."""
    if not entries:
        return tag("p", say("library.nothing"), class_="empty")
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.page or "", []).append(entry)
    made = []
    for page, mine in groups.items():
        title = where(mine[0]) or page or say("library.rows")
        head = tag(
            "button", tag("b", title), tag("span", say("page.count", count=len(mine))),
            tag("span", page, class_="where"),
            type="button", class_="sheet chosen" if page and page == chosen else "sheet",
            data_pick=f"page:{page}",
        )  # fmt: skip
        made.append(tag("div", head, *(_entry(entry, chosen, say) for entry in mine), class_="sheetful"))
    return joined(made)


def _entry(entry: Entry, chosen: str, say: Strings) -> Markup:
    return tag(
        "button",
        tag("span", entry.headline or say("page.untitled"), class_="headline"),
        tag("span", say(f"kind.{entry.kind}"), class_="kind"),
        type="button", class_="entry chosen" if entry.id == chosen else "entry",
        data_pick=f"article:{entry.id}", data_goto="library-article",
    )  # fmt: skip
