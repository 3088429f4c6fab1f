"""Small things that more than one screen shows."""

from __future__ import annotations

from typing import Protocol

from summarizer.web.markup import Markup, tag

__all__ = ["bar", "meter", "where"]


class _Placed(Protocol):
    @property
    def date(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def paper(self) -> str | None: ...


def where(document: _Placed) -> str:
    """Paper, date and 版, what is known of them."""
    number = document.number and f"第{document.number}版"
    return " · ".join(part for part in (document.paper, document.date, number) if part)


def meter(share: float, label: str) -> Markup:
    """A share in [0, 1] as a bar with its words."""
    return tag("span", bar(share), label, class_="meter")


def bar(share: float, *, class_: str = "gauge") -> Markup:
    """A bar filled to `share` of its width."""
    full = round(100 * min(max(share, 0.0), 1.0))
    return tag("span", tag("span", style=f"width:{full}%"), class_=class_, aria_hidden="true")
