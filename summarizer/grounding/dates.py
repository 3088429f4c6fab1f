"""Dates against dates: what the text leaves unsaid is filled from before and from the page's date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from summarizer.grounding.tokens import When

__all__ = ["Dated", "Issue", "read", "supports"]

_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_DAYS = {"今日": 0, "昨日": -1, "前日": -2, "明日": 1, "后日": 2}
_MONTHS = {"本月": 0, "上月": -1, "下月": 1}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the source with all years, months and days it may stand for."""

    when: When
    years: frozenset[int | str]
    months: frozenset[int | str]
    days: frozenset[int | str]


@dataclass(frozen=True, slots=True)
class Issue:
    """When a page appeared; the day is None where only its month is known."""

    year: int
    month: int
    day: int | None

    @classmethod
    def parse(cls, text: str) -> Issue:
        """From "2024-08-27" or "2024-08"; raises ValueError for anything else."""
        first = date.fromisoformat(f"{text}-01" if len(text) == len("2024-08") else text)
        return cls(first.year, first.month, first.day if len(text) > len("2024-08") else None)


def resolve(when: When, page: Issue | None) -> When:
    """Relative words as calendar fields where the page's date is known."""
    if page is None:
        return when
    year, month, days = when.year, when.month, when.days
    if isinstance(year, str):
        year = page.year + _YEARS[year]
    if isinstance(month, str):
        months = page.year * 12 + page.month - 1 + _MONTHS[month]
        year, month = months // 12, months % 12 + 1
    if days and isinstance(days[0], str) and page.day:
        day = date(page.year, page.month, page.day) + timedelta(days=_DAYS[days[0]])
        year, month, days = day.year, day.month, (day.day,)
    return When(when.start, when.end, when.text, year, month, days)


def read(dates: Iterable[When], page: Issue | None) -> list[Dated]:
    """The dates of a source in order, each open field filled with what it may mean.

    A year left out is the last one named, or the page's; a month left out likewise (the page's
    month and the one before it).
    """
    found: list[Dated] = []
    last_year: int | str | None = None
    last_month: int | str | None = None
    for raw in dates:
        when = resolve(raw, page)
        years = _known(when.year) or _known(last_year, page.year if page else None)
        months = _known(when.month)
        if not months and when.days:
            months = _known(last_month, *_months_near(page))
        found.append(Dated(raw, years, months, frozenset(when.days)))
        last_year = when.year or last_year
        last_month = when.month or (None if when.year else last_month)
    return found


def supports(claim: When, said: Dated, page: Issue | None) -> bool:
    """Does `said` hold every field that `claim` (resolved by `page` too) names?"""
    when = resolve(claim, page)
    return (
        (when.year is None or when.year in said.years)
        and (when.month is None or when.month in said.months)
        and set(when.days) <= said.days
    )


def _known(*values: int | str | None) -> frozenset[int | str]:
    return frozenset(v for v in values if v is not None)


def _months_near(page: Issue | None) -> tuple[int, ...]:
    return (page.month, (page.month - 2) % 12 + 1) if page else ()
