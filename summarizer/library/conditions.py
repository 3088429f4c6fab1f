"""Which rows are meant, in the SQL that Lance filters by."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.records import Filters

__all__ = ["any_of", "either", "quoted", "where"]


def where(filters: Filters) -> str | None:
    """The condition that `filters` are; None when everything passes."""
    parts = []
    if filters.since is not None:
        parts.append(f"date >= {quoted(filters.since)}")
    if filters.until is not None:
        parts.append(f"date <= {quoted(filters.until)}")
    for column, value in (("number", filters.number), ("paper", filters.paper), ("page", filters.page)):
        if value is not None:
            parts.append(f"{column} = {quoted(value)}")
    return " AND ".join(parts) or None


def any_of(column: str, values: Iterable[str]) -> str | None:
    """`column` holds one of `values`; None when there are none."""
    listed = ",".join(map(quoted, values))
    return f"{column} IN ({listed})" if listed else None


def either(*conditions: str | None) -> str | None:
    """One of `conditions` holds; those that are None never do."""
    return " OR ".join(part for part in conditions if part) or None


def quoted(value: str) -> str:
    """A string of SQL: quotes inside are doubled, nothing else has a meaning there."""
    return "'" + value.replace("'", "''") + "'"
