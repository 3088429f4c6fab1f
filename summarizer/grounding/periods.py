"""Which year, month or quarter a number is told of: this year's harvest is not last year's.

A number belongs to the period named last before it in its sentence. 比去年 names a period that
the number is compared with, not its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeGuard

from summarizer.grounding.amounts import alike
from summarizer.grounding.tokens import Quantity, Token, When

__all__ = ["Period", "Periods"]

Period = When | Quantity
"""A Quantity of form "months" or a date."""

_SENTENCE = re.compile("[。！？!?\n]")
_COMPARED = re.compile("[比较与同对从由自]$")
_COMPARED_TO = re.compile("同期|同日|同月|底|末|以来|起")
# Tokens looked at on either side, as in scopes.py.
_NEAR = 24


class Periods:
    """The periods of the numbers of one text."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._starts = [token.start for token in tokens]

    def of(self, number: Token) -> Period | None:
        """The period named last before a number of this text, in its sentence; None when none is."""
        index = bisect_left(self._starts, number.start)
        for token in reversed(self._tokens[max(0, index - _NEAR) : index]):
            if _SENTENCE.search(self._text, token.end, number.start):
                return None
            if _is_period(token) and not self._compared(token):
                return token
        return None

    def rival(
        self, period: Period, claim: Quantity, agreeing: Sequence[Quantity], same: Callable[[Period], bool]
    ) -> Token | None:
        """The number told here of `period`, which an output gives to `claim`; None when in doubt.

        `agreeing` are those that equal `claim`; `same` says whether a period here may be `period`.
        """
        found = None
        for own in agreeing:
            theirs = self.of(own)
            if theirs is None or type(theirs) is not type(period) or same(theirs):
                return None
            found = found or next((q for q in self._kin(claim, own) if self._told_of(q, same)), None)
        return found

    def _kin(self, claim: Quantity, own: Quantity) -> Sequence[Token]:
        index = bisect_left(self._starts, own.start)
        near = self._tokens[max(0, index - _NEAR) : index + _NEAR]
        return [q for q in near if alike(claim, q) and isinstance(q, Quantity) and q.values != own.values]

    def _told_of(self, number: Token, same: Callable[[Period], bool]) -> bool:
        period = self.of(number)
        return period is not None and same(period)

    def _compared(self, period: Token) -> bool:
        before = self._text[max(0, period.start - 1) : period.start]
        return bool(_COMPARED.search(before) or _COMPARED_TO.match(self._text, period.end))


def _is_period(token: Token) -> TypeGuard[Period]:
    return isinstance(token, When) or (isinstance(token, Quantity) and token.form == "months")
