"""A page as printed beside its articles: every line with the number and the colour of its article."""

from __future__ import annotations

from summarizer.records import Article, Check, Page, Summary
from summarizer.web.markup import Markup, joined, tag
from summarizer.web.repairs import Desk
from summarizer.web.strings import Strings
from summarizer.web.views.common import where

__all__ = ["candidates", "checks", "empty", "listed", "opened", "strip", "tint", "waiting", "written"]

COLOURS = 8
"""Neighbours never share one; which article it is tells the number beside it."""


def tint(order: int) -> str:
    """The class that colours an article."""
    return f"tint-{(order - 1) % COLOURS + 1}"


def strip(desk: Desk, say: Strings) -> Markup:
    """The lines of the page. Each is a button that picks "LINE"; the chosen line has the id `chosen`.

    The number of an article stands at the first line of each of its stretches.
    """
    owner, chosen, line = _owners(desk), desk.chosen, desk.line
    before: int | None = None
    made: list[Markup] = []
    for at, text in enumerate(desk.page.lines, 1):
        order = owner.get(at)
        if not text.strip():
            made.append(tag("div", class_="gap"))
            before = None
            continue
        classes = ["line", tint(order) if order else "head"]
        classes += ["mine"] if order == chosen and order else []
        classes += ["picked"] if at == line else []
        number = str(order) if order and order != before else ""
        made.append(
            tag(
                "button", tag("span", number, class_="order"), tag("span", text, class_="text"),
                type="button", class_=" ".join(classes), data_pick=str(at),
                id="chosen" if at == line else None, title=say("page.line", number=at),
            )
        )  # fmt: skip
        before = order
    return tag("div", *made, class_="strip pane")


def _owners(desk: Desk) -> dict[int, int]:
    return {
        at: article.order
        for article in desk.articles
        for first, last in article.lines
        for at in range(first, last + 1)
    }


def listed(desk: Desk, say: Strings) -> Markup:
    """The articles, a button each that picks its number, with the headline that was written for it."""
    page = desk.page
    about = where(page) or say("page.unknown")
    head = tag("div", tag("b", about), say("page.count", count=len(desk.articles)), class_="about")
    warnings = [tag("div", tag("span", "⚠", class_="sign"), w, class_="note") for w in page.warnings]
    cards = [
        _row(article, desk.summary(article.order), article.order == desk.chosen, say)
        for article in desk.articles
    ]
    return joined([head, *warnings, tag("div", *cards, class_="stories")])


def _row(article: Article, summary: Summary | None, chosen: bool, say: Strings) -> Markup:
    kind = say(f"kind.{article.kind}")
    size = say("page.characters", count=len(article.body))
    written = ""
    if summary is not None:
        unsure = sum(not check.supported for check in summary.checks)
        sign = "✓" if not unsure else "✗"
        written = tag(
            "span", tag("span", sign, class_="sign"), summary.text or say("page.nothing"), class_="written"
        )
    return tag(
        "button",
        tag("span", str(article.order), class_=f"number {tint(article.order)}"),
        tag(
            "span", article.headline or say("page.untitled"),
            class_="headline" if article.headline else "headline none",
        ),
        written,
        tag("span", f"{kind} · {size}" + (f" · {article.byline}" if article.byline else ""), class_="where"),
        type="button", class_="story chosen" if chosen else "story", data_pick=str(article.order),
        data_goto="page-article",
    )  # fmt: skip


def opened(article: Article, say: Strings) -> Markup:
    """One article, whole."""
    parts = [
        tag("div", article.kicker, class_="kicker") if article.kicker else "",
        tag("h3", article.headline or say("page.untitled")),
        tag("div", article.subtitle, class_="subtitle") if article.subtitle else "",
        tag("div", " ".join(p for p in (article.dateline, article.byline) if p), class_="where"),
        tag("div", *(tag("p", p) for p in article.body.split("\n")), class_="body pane"),
        tag("div", article.jump, class_="where") if article.jump else "",
    ]
    return tag("article", *parts, class_="opened")


def written(summary: Summary, article: Article, say: Strings) -> Markup:
    """The headline that was written, its length, and what became of its claims."""
    size = say("page.length", count=len(summary.text), limit=summary.limit)
    return joined(
        [
            tag("p", summary.text or say("page.nothing"), class_="generated"),
            tag("div", f"{size} · {summary.model}", class_="where"),
            tag("h4", say("page.checks")),
            checks(summary, article, say),
        ]
    )


def waiting(say: Strings) -> Markup:
    """In the place of a headline that is not written yet."""
    return tag("p", say("page.not_written"), class_="empty")


def checks(summary: Summary, article: Article, say: Strings) -> Markup:
    """Every number, date, quote and name of what was written: a sign, the claim, where the text says it."""
    if not summary.checks:
        return tag("p", say("page.no_claims"), class_="empty")
    rows = [_check(check, article.body or article.headline or "", say) for check in summary.checks]
    return tag("div", *rows, class_="checks")


def _check(check: Check, body: str, say: Strings) -> Markup:
    sign, word = ("✓", "check.in") if check.supported else ("✗", "check.out")
    if check.supported and check.reason != "exact":
        sign, word = "≈", "check.same"
    said = _around(body, *check.source) if check.source else Markup("")
    return tag(
        "div",
        tag("span", f"{sign} {say(word)}", class_=f"verdict {'yes' if check.supported else 'no'}"),
        tag("b", check.text),
        tag("span", say(f"check.{check.kind}"), class_="kind"),
        said if check.source else tag("span", check.reason, class_="where"),
        class_="claim",
    )


def _around(body: str, start: int, end: int, beside: int = 14) -> Markup:
    left, right = max(0, start - beside), min(len(body), end + beside)
    return tag(
        "span",
        "…" if left else "", body[left:start].replace("\n", " "),
        tag("mark", body[start:end], class_="cited"),
        body[end:right].replace("\n", " "), "…" if right < len(body) else "",
        class_="source",
    )  # fmt: skip


def candidates(summary: Summary, say: Strings) -> Markup:
    """All that could have been printed, best first, with what disqualified the others."""
    rows = [
        tag(
            "li",
            tag("span", "✓" if one.accepted else "✗", class_="sign"),
            tag("span", one.text, class_="text"),
            tag("span", say(f"origin.{one.origin}"), class_="kind"),
            tag("span", "；".join(one.reasons), class_="where") if one.reasons else "",
            class_="candidate" if one.accepted else "candidate fallen",
        )
        for one in summary.candidates
    ]
    return tag("ol", *rows, class_="candidates")


def empty(page: Page | None, say: Strings) -> Markup:
    """Before there is anything to show."""
    return tag("p", say("page.empty" if page is None else "page.none_found"), class_="empty")
