"""One article, parsed once, against any number of outputs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from summarizer.errors import SettingsError
from summarizer.grounding import dates
from summarizer.grounding.amounts import Amounts, agree, same_value
from summarizer.grounding.names import Names, quotes
from summarizer.grounding.periods import Period, Periods
from summarizer.grounding.plain import Plain
from summarizer.grounding.scanner import scan
from summarizer.grounding.scopes import Scopes
from summarizer.grounding.tokens import Latin, Quantity, Token, When
from summarizer.grounding.words import ALIASES
from summarizer.records import Check, CheckKind, Span

__all__ = ["Source"]


class _Text:
    """A text read for its claims: the same for sources and outputs."""

    def __init__(self, text: str, *, blanks_part: bool) -> None:
        self.plain = Plain(text)
        self.tokens = scan(self.plain.text)
        self.scopes = Scopes(self.plain.text, self.tokens, self.plain.cuts if blanks_part else ())
        self.periods = Periods(self.plain.text, self.tokens)


class Source:
    """What a text says, ready to be asked. Immutable.

    `date` is the page's day of publication, ISO ("2024-08-27"), or its month ("2024-08"): with it
    今年 and 昨日 in either text mean a year and a day. Raises SettingsError when it is neither.
    """

    def __init__(self, text: str, date: str | None = None) -> None:
        # In a column blanks and line breaks part nothing; in a headline a blank is a comma.
        self._text = _Text(text, blanks_part=False)
        self._plain = self._text.plain
        self._page = _issue(date)
        tokens = self._text.tokens
        self._quantities = [t for t in tokens if isinstance(t, Quantity)]
        self._amounts = Amounts(self._quantities)
        self._dates = dates.read((t for t in tokens if isinstance(t, When)), self._page)
        self._latin = {t.text.lower(): t for t in reversed(tokens) if isinstance(t, Latin)}
        self._names = Names(self._plain.text)

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, text: str, date: str | None = None) -> Source:
        """The same, remembered for the last articles asked about."""
        return cls(text, date)

    def check(self, output: str) -> tuple[Check, ...]:
        """Every claim of `output`, in order of position; () when it makes none."""
        read = _Text(output, blanks_part=True)
        plain = read.plain
        found: list[Check] = []
        for token in read.tokens:
            if isinstance(token, Quantity):
                if token.claim:
                    found.append(self._number(read, token))
            elif isinstance(token, When):
                found.append(self._date(read, token))
            elif isinstance(token, Latin):
                found.append(self._word(plain, token))
        for start, end in quotes(plain.text):
            found.append(self._quote(plain, start, end))
        for start, end in self._names.claims(plain.text):
            if plain.unbroken(start, end):
                found.append(self._name(plain, start, end))
        return tuple(sorted(found, key=lambda c: (c.span, c.kind)))

    def _number(self, read: _Text, claim: Quantity) -> Check:
        plain = read.plain
        kind: CheckKind = "date" if claim.form in ("months", "clock") else "number"
        agreeing = self._amounts.agreeing(claim)
        if agreeing:
            if reason := self._lent(read, claim, agreeing):
                return self._flag(plain, kind, claim.start, claim.end, reason)
            said = next((q for q in agreeing if q.text == claim.text), agreeing[0])
            return self._found(plain, kind, _span(claim), _span(said))
        if len(claim.values) == 1 and not claim.unit:
            for dated in self._dates:
                if claim.values[0] in dated.years and dated.when.year:
                    return self._found(plain, "number", _span(claim), _span(dated.when))
        return self._flag(plain, kind, claim.start, claim.end, self._nearest(claim))

    def _lent(self, read: _Text, claim: Quantity, agreeing: Sequence[Quantity]) -> str:
        """Why a number of the text, `claim`, is given to something else in the output; "" if it is not."""
        scopes = self._text.scopes
        if claim.form == "pair":
            sides = read.scopes.sides(claim)
            lent = all(q.form == "pair" and scopes.lent(claim, *sides, q) for q in agreeing)
            return "the text tells this of the other side" if lent else ""
        if other := scopes.rival(claim, read.scopes.of(claim), agreeing):
            return f"the text says this of {other.text}"
        period = read.periods.of(claim)
        if period is None or period.text == claim.text:
            return ""
        same = partial(self._same_period, period)
        if other := self._text.periods.rival(period, claim, agreeing, same):
            return f"the text has {other.text} for {period.text}"
        return ""

    def _same_period(self, period: Period, said: Period) -> bool:
        """May the output's period be the source's?"""
        if isinstance(period, When) and isinstance(said, When):
            return any(d.when is said and dates.supports(period, d, self._page) for d in self._dates)
        return isinstance(period, Quantity) and isinstance(said, Quantity) and agree(period, said)

    def _date(self, read: _Text, claim: When) -> Check:
        plain = read.plain
        agreeing = [d.when for d in self._dates if dates.supports(claim, d, self._page)]
        if agreeing:
            if other := self._text.scopes.rival(claim, read.scopes.of(claim), agreeing):
                reason = f"the text says this of {other.text}"
                return self._flag(plain, "date", claim.start, claim.end, reason)
            said = next((w for w in agreeing if w.text == claim.text), agreeing[0])
            return self._found(plain, "date", _span(claim), _span(said))
        for said_number in self._quantities:
            bare = said_number.form == "count" and not said_number.unit
            if bare and claim.year in said_number.values and not claim.month:
                return self._found(plain, "date", _span(claim), _span(said_number))
        return self._flag(plain, "date", claim.start, claim.end, "not in the text")

    def _word(self, plain: Plain, claim: Latin) -> Check:
        said = self._latin.get(claim.text.lower())
        if said is None:
            for name in ALIASES.get(claim.text.upper(), ()):
                if where := self._names.find(name):
                    return self._found(plain, "latin", _span(claim), where)
            return self._flag(plain, "latin", claim.start, claim.end, "not in the text")
        return self._found(plain, "latin", _span(claim), _span(said))

    def _quote(self, plain: Plain, start: int, end: int) -> Check:
        where = self._names.find(plain.text[start:end])
        if where is None:
            return self._flag(plain, "quote", start, end, "not in the text word for word")
        return self._found(plain, "quote", (start, end), where)

    def _name(self, plain: Plain, start: int, end: int) -> Check:
        where = self._names.support(plain.text[start:end])
        if where is None:
            return self._flag(plain, "name", start, end, "not in the text")
        return self._found(plain, "name", (start, end), where)

    def _found(self, plain: Plain, kind: CheckKind, claim: Span, said: Span) -> Check:
        """Supported: `claim` in the output by `said` in the source, both spans of folded text."""
        span, source = plain.span(*claim), self._plain.span(*said)
        ours, theirs = plain.text[slice(*claim)], self._plain.text[slice(*said)]
        reason = "exact" if ours == theirs else f"{ours} = {theirs}"
        return Check(plain.original[slice(*span)], kind, span, True, source, reason)

    def _flag(self, plain: Plain, kind: CheckKind, start: int, end: int, reason: str) -> Check:
        span = plain.span(start, end)
        return Check(plain.original[slice(*span)], kind, span, False, None, reason)

    def _nearest(self, claim: Quantity) -> str:
        """What the text has instead, for the reader."""
        for said in self._quantities:
            if same_value(claim, said):
                return f"the text has {said.text}"
        digits = "".join(c for c in claim.text if c.isdigit())
        for said in self._quantities:
            if len(digits) > 1 and digits in said.text.replace(".", ""):
                return f"changed: the text has {said.text}"
        return "not in the text"


def _span(token: Token) -> Span:
    return token.start, token.end


def _issue(date: str | None) -> dates.Issue | None:
    if date is None:
        return None
    try:
        return dates.Issue.parse(date)
    except ValueError:
        raise SettingsError(
            f'expected an ISO date such as "2024-08-27" or "2024-08", found {date!r}. '
            "Pass none when it is not known."
        ) from None
