"""The part of a library that a screen's fields name."""

from __future__ import annotations

from summarizer.answers.times import day_of
from summarizer.errors import SettingsError
from summarizer.records import Filters

__all__ = ["filters_of"]


def filters_of(
    since: str | None, until: str | None, paper: str | None, number: str | None, page: str | None = None
) -> Filters:
    """Blank is all of it. Raises SettingsError for a date that is none, or a last day before the first."""
    days = [day_of(day.strip()).isoformat() if day and day.strip() else None for day in (since, until)]
    if days[0] and days[1] and days[0] > days[1]:
        raise SettingsError(f"expected the first day before the last, found {days[0]} and {days[1]}.")
    return Filters(
        since=days[0], until=days[1], paper=paper or None, number=number or None, page=page or None
    )
