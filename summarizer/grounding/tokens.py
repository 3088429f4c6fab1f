"""What a text claims, as the scanner finds it: quantities, dates, Latin words, idioms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["Bound", "Form", "Idiom", "Latin", "Quantity", "Token", "When"]

Form = Literal["count", "ordinal", "pair", "range", "clock", "months", "term"]
Bound = Literal["", "over", "from", "near", "below", "most", "about"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with all that decides whether two of them say the same."""

    start: int
    end: int
    text: str
    form: Form
    values: tuple[Fraction, ...] = ()
    """One for count and ordinal; two for pair (3:2), range (3至5), clock (hour, minute) and
    months (first, last); none for a term, which compares by its text."""
    unit: str = ""
    bound: Bound = ""
    place: Fraction = Fraction(1)
    """What its last written digit counts: 100 for 1400."""
    roles: frozenset[str] = frozenset()
    """What the number is said to do: "harm:dead", "trend:up"; see roles.py."""
    may_be: frozenset[str] = frozenset()
    """All roles that its surroundings allow."""
    claim: bool = True
    """False for what is read as a number only when a source says it: 一名男子."""


@dataclass(frozen=True, slots=True)
class When:
    """A date, as far as it is told; a relative one is resolved later."""

    start: int
    end: int
    text: str
    year: int | str | None = None
    month: int | str | None = None
    days: tuple[int | str, ...] = ()
    """Both ends of a range of days. A str is a relative word: 今年, 本月, 昨日."""


@dataclass(frozen=True, slots=True)
class Latin:
    """A word of Latin letters, digits included: NBA, C919, 5G."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Idiom:
    """A numeral that counts nothing: 统一, 三农."""

    start: int
    end: int
    text: str


Token = Quantity | When | Latin | Idiom
