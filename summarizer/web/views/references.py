"""Articles with what people wrote for them, and the questions over one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarizer.library.found import Entry
from summarizer.web.evaluation import Reference
from summarizer.web.markup import Markup, joined, tag
from summarizer.web.strings import Strings
from summarizer.web.views.common import where

__all__ = ["found", "kept", "questions"]


def kept(references: Sequence[Reference], chosen: str, say: Strings) -> Markup:
    """Articles that have references; each picks its id."""
    if not references:
        return tag("p", say("reference.empty"), class_="empty")
    cards = [
        _card(
            one.article,
            one.headlines[0] if one.headlines else one.questions[0].question,
            " · ".join(part for part in (one.date, one.article) if part),
            (len(one.headlines), len(one.questions)), chosen, say,
        )
        for one in references
    ]  # fmt: skip
    return joined([tag("p", say("reference.count", count=len(references)), class_="nearest"), *cards])


def found(
    entries: Sequence[Entry], counts: Mapping[str, tuple[int, int]], chosen: str, say: Strings
) -> Markup:
    """Articles of the library, with how much was written for them: `counts` has headlines and questions."""
    if not entries:
        return tag("p", say("library.nothing"), class_="empty")
    return joined(
        _card(
            one.id, one.headline or say("page.untitled"), where(one) or one.page or one.id,
            counts.get(one.id, (0, 0)), chosen, say,
        )
        for one in entries
    )  # fmt: skip


def _card(
    article: str, headline: str, place: str, counts: tuple[int, int], chosen: str, say: Strings
) -> Markup:
    told = say("reference.counts", headlines=counts[0], questions=counts[1]) if any(counts) else ""
    return tag(
        "button",
        tag("span", "✓" if any(counts) else "○", class_="number"),
        tag("span", headline, class_="headline"),
        tag("span", place, class_="where"),
        tag("span", told, class_="where") if told else "",
        type="button", class_="card chosen" if article == chosen else "card", data_pick=article,
        data_goto="reference-form",
    )  # fmt: skip


def questions(reference: Reference | None, chosen: int, say: Strings) -> Markup:
    """The questions over an article; each picks its number, from 1."""
    if reference is None or not reference.questions:
        return Markup("")
    return joined(
        tag(
            "button",
            tag("span", str(number), class_="number"),
            tag("span", asked.question, class_="headline"),
            tag("span", " / ".join(asked.answers) or say("reference.unanswered"), class_="quote"),
            type="button", class_="card chosen" if number == chosen else "card", data_pick=str(number),
        )
        for number, asked in enumerate(reference.questions, 1)
    )  # fmt: skip
