"""HTML of our own making around text of anybody's: a string is always escaped, only Markup passes.

    tag("mark", "1 < 2", class_="cited")    ->  <mark class="cited">1 &lt; 2</mark>

Nothing else in this package writes a "<". What stands in `gr.HTML` comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from summarizer.records import Span

__all__ = ["Markup", "joined", "marked", "tag"]

_VOID = frozenset({"br", "hr"})


def tag(name: str, *children: str | Markup, **attributes: str | int | bool | None) -> Markup:
    """One element. `class_` and `for_` are class and for, `data_pick` is data-pick; None and False are left
    out, True stands without a value. Names come from our code, never from a document."""
    said = Markup("").join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}") + said + Markup(">")
    return Markup(f"<{name}") + said + Markup(">") + joined(children) + Markup(f"</{name}>")


def joined(children: Iterable[str | Markup]) -> Markup:
    """One after another."""
    return Markup("").join(children)


def marked(text: str, spans: Sequence[Span], *, class_: str = "cited", first: str | None = None) -> Markup:
    """The text with `spans` of it in <mark>: by offsets, overlapping ones run together.

    The first mark gets the id `first`, so that a page can scroll to it. Spans outside the text are cut.
    """
    parts: list[str | Markup] = []
    at = 0
    for start, end in merged(spans, len(text)):
        parts += [text[at:start], tag("mark", text[start:end], class_=class_, id=first)]
        first, at = None, end
    return joined([*parts, text[at:]])


def merged(spans: Sequence[Span], length: int) -> list[Span]:
    """In order, without overlap and without empty ones, inside [0, length)."""
    found: list[Span] = []
    for start, end in sorted((max(0, a), min(b, length)) for a, b in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _attribute(key: str, value: str | int | bool | None) -> Markup:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return Markup("")
    if value is True:
        return Markup(f" {name}")
    return Markup(f' {name}="') + escape(str(value)) + Markup('"')
