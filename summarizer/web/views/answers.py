"""Questions, answers and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.answers.citing import mark, resolve
from summarizer.records import Answer, Citation, Document, Span
from summarizer.web.markup import Markup, joined, marked, tag
from summarizer.web.strings import Strings
from summarizer.web.views.common import meter, where

__all__ = ["article", "asked", "evidence", "live", "passage", "turn", "welcome"]

Look = Callable[[str], Document | None]


def asked(question: str) -> Markup:
    """The reader's words, as typed."""
    return tag("div", question, class_="asked")


def turn(
    question: str, answer: Answer | None, text: str, *, number: int, chosen: bool, say: Strings
) -> Markup:
    """One question with its answer; `text` is what had come when it was stopped, `answer` is None then.

    The numbers of the citations are buttons that pick "NUMBER:CITATION", the question picks "NUMBER:".
    """
    if answer is None:
        said = joined([tag("p", text, class_="said") if text else "", _note("■", say("ask.stopped"))])
    elif answer.refused:
        said = _refusal(answer, number, say)
    else:
        said = _said(answer, number, say)
    understood = ""
    if answer is not None and answer.question != question:
        understood = tag("div", say("ask.understood", question=answer.question), class_="understood")
    return tag(
        "section", asked(question), understood, tag("div", said, class_="answer"),
        class_="turn chosen" if chosen else "turn", id=f"turn-{number}",
    )  # fmt: skip


def live(question: str, stage: str, text: str) -> Markup:
    """A turn that is being answered: what the server does now, and what has come so far."""
    waits = tag("div", tag("span", class_="dots"), stage, class_="stage", role="status")
    said = tag("p", text, class_="said") if text else ""
    return tag("section", asked(question), tag("div", said, waits, class_="answer"), class_="turn")


def welcome(say: Strings, *, empty: bool) -> Markup:
    """An empty conversation."""
    key = "ask.no_library" if empty else "ask.welcome"
    return tag("div", tag("h2", say("ask.title")), tag("p", say(key)), class_="welcome")


def _said(answer: Answer, number: int, say: Strings) -> Markup:
    notes = [
        _note("⚠", say("ask.unsupported", text=answer.text[slice(*span)])) for span in answer.unsupported
    ]
    notes += [
        _note("⚠", say("ask.check", text=check.text, reason=check.reason))
        for check in answer.checks
        if not check.supported
    ]
    cites = [
        tag(
            "button", str(at), type="button", class_="cite", data_pick=f"{number}:{at}",
            data_goto="ask-right", title=citation.quote, aria_label=say("ask.cite", number=at),
        )
        for at, citation in enumerate(answer.citations, 1)
    ]  # fmt: skip
    text = marked(answer.text, answer.unsupported, class_="unsupported")
    return joined([tag("p", text, joined(cites), class_="said"), *notes, _about(answer, say)])


def _refusal(answer: Answer, number: int, say: Strings) -> Markup:
    nearest = [
        tag(
            "button", tag("b", str(at)), _cut(citation.quote), type="button", class_="near",
            data_pick=f"{number}:{at}", data_goto="ask-right",
        )
        for at, citation in enumerate(answer.citations, 1)
    ]  # fmt: skip
    near = [tag("div", say("ask.nearest"), class_="nearest"), *nearest] if nearest else []
    return joined([tag("p", say("ask.refused"), class_="said refused"), *near, _about(answer, say)])


def _about(answer: Answer, say: Strings) -> Markup:
    sure = meter(answer.confidence, say("ask.confidence", share=f"{answer.confidence:.0%}"))
    return tag("div", sure, tag("span", answer.model), class_="about")


def _note(sign: str, text: str) -> Markup:
    return tag("div", tag("span", sign, class_="sign"), text, class_="note")


def _cut(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[:most] + "…"


# --- the right side


def evidence(answer: Answer | None, number: int, chosen: int, look: Look, say: Strings) -> Markup:
    """What one answer rests on, a card a citation; the card `chosen`, from 1, is the one that is open."""
    if answer is None:
        return tag("p", say("ask.evidence_empty"), class_="empty")
    title = say("ask.nearest") if answer.refused else say("ask.evidence")
    said = "" if answer.refused else answer.text
    cards = [
        _card(at, citation, look(citation.article), said, f"{number}:{at}", at == chosen)
        for at, citation in enumerate(answer.citations, 1)
    ]
    return joined([tag("h3", title), *cards])


def _card(
    at: int, citation: Citation, document: Document | None, said: str, pick: str, chosen: bool
) -> Markup:
    found = mark(citation, said)
    headline = (document.headline if document else None) or citation.article
    return tag(
        "button",
        tag("span", str(at), class_="number"),
        tag("span", headline, class_="headline"),
        tag("span", marked(citation.quote, [found] if found else []), class_="quote"),
        tag("span", where(document) if document else "", class_="where"),
        type="button", class_="card chosen" if chosen else "card", data_pick=pick, data_goto="article",
    )  # fmt: skip


def article(document: Document | None, citation: Citation | None, say: Strings) -> Markup:
    """An article of the library, opened at what was cited: by offsets and hash, never searched for."""
    if document is None:
        return tag("p", say("ask.gone"), class_="empty") if citation else Markup("")
    found = resolve(citation, document.text) if citation else None
    changed = _note("⚠", say("ask.changed")) if citation and found is None else Markup("")
    return _opened(document, [found] if found else [], changed, say)


def passage(document: Document | None, span: Span | None, say: Strings) -> Markup:
    """An article of the library with a passage of it marked."""
    if document is None:
        return tag("p", say("ask.gone"), class_="empty")
    return _opened(document, [span] if span else [], Markup(""), say)


def _opened(document: Document, spans: Sequence[Span], note: Markup, say: Strings) -> Markup:
    return tag(
        "article",
        tag("h3", document.headline or say("page.untitled")),
        tag("div", where(document), class_="where"),
        note,
        tag("div", *paragraphs(document.text, spans), class_="body pane"),
        class_="opened",
    )


def paragraphs(text: str, spans: Sequence[Span]) -> list[Markup]:
    """The text in its paragraphs with `spans` marked, the first as #cited."""
    made: list[Markup] = []
    start: int = 0
    first: str | None = "cited"
    for line in text.split("\n"):
        here = [(a - start, b - start) for a, b in spans if a < start + len(line) and b > start]
        made.append(tag("p", marked(line, here, first=first if here else None)))
        first = None if here else first
        start += len(line) + 1
    return made
