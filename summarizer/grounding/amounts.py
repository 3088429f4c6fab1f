"""Quantities against quantities: equal value, agreeing unit, role and bound."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from summarizer.grounding.numerals import MAGNITUDES
from summarizer.grounding.roles import conflict
from summarizer.grounding.tokens import Quantity, Token
from summarizer.grounding.units import ABSTRACT, readings

__all__ = ["Amounts", "agree", "alike", "same_value"]

# From here on a value is rare enough that a headline may drop its unit (投资超131.4亿).
_RARE = 1000
# Groups where a bare number names the thing: 14号 is 第14号.
_NAMED = frozenset({"#号", "#年级", "#版", "#世纪", "#年代", "#批"})
_SERIAL = frozenset({"#届", "#批", "#轮", "#人", "#回"})
# Strict bounds: said of an exact number they are false.
_ABOVE, _UNDER = frozenset({"over", "from"}), frozenset({"near", "below"})


class Amounts:
    """The quantities of a source, found by value."""

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        self._all = quantities
        self._by_key: dict[Fraction | str, list[Quantity]] = {}
        for quantity in quantities:
            for key in _keys(quantity):
                self._by_key.setdefault(key, []).append(quantity)

    def agreeing(self, claim: Quantity) -> list[Quantity]:
        """Those that support the claim, in order of position."""
        if claim.bound or claim.form == "term":  # may be supported by another value
            return [said for said in self._all if agree(claim, said)]
        near = {id(said): said for key in _keys(claim) for said in self._by_key.get(key, ())}
        return sorted((said for said in near.values() if agree(claim, said)), key=lambda said: said.start)


def _keys(quantity: Quantity) -> set[Fraction | str]:
    """What two agreeing quantities without a bound have in common: a value in some base unit."""
    if quantity.form == "term":
        return {_term(quantity.text)}
    if quantity.form in ("clock", "pair", "months"):
        return {quantity.values[0] % 12, *quantity.values}
    factors = {factor for _, factor in readings(quantity.unit)} | {Fraction(1)}
    return {value * factor for value in quantity.values[-1:] for factor in factors}


def agree(claim: Quantity, said: Quantity) -> bool:
    """Does the source's `said` support the output's `claim`?

    Units convert (1.5吨 is 1500公斤). A round number with 余/超/近/约 is supported by an exact one
    that rounds to it at its last written digit; a mark may be dropped, except 不足 and its like,
    but none may be added to the very number it excludes.
    """
    if claim.form == said.form == "pair" and claim.values == said.values[::-1] != said.values:
        return _turned(claim, said)
    if conflict(claim.roles, said.may_be) or _only_changed(claim, said):
        return False
    if claim.form == "term":
        return _term(claim.text) == _term(said.text) if said.form == "term" else _some(claim.text, said)
    if claim.form != said.form or len(claim.values) != 1:
        return _agree_forms(claim, said)
    if claim.form == "ordinal":
        return claim.values == said.values and _same_counter(claim.unit, said.unit)
    return any(_within(claim, said, a, b) for a, b in _comparable(claim, said))


def alike(one: Quantity, other: Token) -> bool:
    """Is the other a number too that counts the same kind of thing, whatever its value?"""
    if not isinstance(other, Quantity) or one.form != "count" or other.form != "count":
        return False
    return any(_units_meet(d, e) for (d, _), (e, _) in product(readings(one.unit), readings(other.unit)))


def same_value(claim: Quantity, said: Quantity) -> bool:
    """Equal numbers, whatever their units and roles: the nearest miss."""
    return bool(claim.values) and claim.values == said.values


def _term(text: str) -> str:
    return text.replace("几", "数").replace("•", "·").rstrip("余多").lower()


def _only_changed(claim: Quantity, said: Quantity) -> bool:
    """死亡4人 is not what 死亡人数减少4人 says: a change is no level. Shares are told loosely (增速5%)."""
    if "change:by" not in said.roles or {"part:new", "change:by", "change:to"} & claim.may_be:
        return False
    return not {d for d, _ in readings(said.unit)} & {"share", "point", "#倍", "#番"}


def _some(text: str, said: Quantity) -> bool:
    """数千 is said of 2000 to 9999."""
    magnitude = MAGNITUDES.get(_term(text)[1:]) if _term(text)[0] == "数" else None
    return bool(magnitude) and said.form == "count" and 2 <= said.values[0] / (magnitude or 1) < 10


def _agree_forms(claim: Quantity, said: Quantity) -> bool:
    forms = {claim.form, said.form}
    if forms == {"pair"}:
        return claim.values == said.values
    if forms == {"range"}:
        return all(_comparable(_end(claim, i), _end(said, i)) and _near_equal(claim, said, i) for i in (0, 1))
    if forms == {"clock"} or forms == {"months"}:
        return claim.values == said.values
    if forms == {"clock", "pair"}:
        return _same_time(claim.values, said.values)
    if forms == {"pair", "range"}:
        return claim.values == said.values and not claim.unit + said.unit
    if forms == {"clock", "count"}:
        hours = [(*q.values, Fraction(0))[:2] for q in (claim, said)]
        return {claim.unit, said.unit} <= {"", "点"} and _same_time(*hours)
    if forms == {"ordinal", "count"}:
        return claim.values == said.values and _serial(claim, said)
    return False


def _turned(claim: Quantity, said: Quantity) -> bool:
    """2:3 lost is 3:2 won."""
    return {"end:win", "end:lose"} <= claim.roles | said.roles


def _same_time(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> bool:
    """Equal on a clock of twelve hours: a headline may say 3点 for 15时."""
    return one[0] % 12 == other[0] % 12 and one[1:] == other[1:]


def _serial(claim: Quantity, said: Quantity) -> bool:
    """第二十届 is 二十届; 第三届 is not 三届."""
    groups = {d for d, _ in readings(claim.unit)} & {d for d, _ in readings(said.unit)}
    return bool(groups & _NAMED) or bool(groups & _SERIAL and claim.values[0] > 10)


def _same_counter(one: str, other: str) -> bool:
    if not one or not other:
        return True
    return any(_units_meet(a, b) for (a, _), (b, _) in product(readings(one), readings(other)))


def _units_meet(one: str, other: str) -> bool:
    if one == other:
        return True
    generic = "#" in (one, other) and one[0] == other[0] == "#"
    return generic and not {one, other} & ABSTRACT


def _end(quantity: Quantity, index: int) -> Quantity:
    return Quantity(0, 0, "", "count", (quantity.values[index],), quantity.unit)


def _near_equal(claim: Quantity, said: Quantity, index: int) -> bool:
    return any(a == b for a, b in _comparable(_end(claim, index), _end(said, index)))


def _comparable(claim: Quantity, said: Quantity) -> list[tuple[Fraction, Fraction]]:
    """Scales (claim, said) under which both count the same thing."""
    ours, theirs = readings(claim.unit), readings(said.unit)
    value, other = claim.values[0], said.values[0]
    if not ours and not theirs:
        return [(value, other)]
    if not ours or not theirs:
        return [(value, other)] if _may_drop(value, ours | theirs) else []
    return [(value * f, other * g) for (d, f), (e, g) in product(ours, theirs) if _units_meet(d, e)]


def _may_drop(value: Fraction, unit: frozenset[tuple[str, Fraction]]) -> bool:
    dimensions = {dimension for dimension, _ in unit}
    if dimensions & {"share", "point"}:
        return False
    counted = any(d.startswith("#") and d not in ABSTRACT for d in dimensions)
    return counted or abs(value) >= _RARE or ("months" in dimensions and value > 1900)


def _within(claim: Quantity, said: Quantity, value: Fraction, other: Fraction) -> bool:
    if value == other:
        return _bounds_agree(claim.bound, said.bound)
    if claim.bound in ("", "most") or not claim.values[0] or not _may_round(claim.bound, said.bound):
        return False
    place = claim.place * value / claim.values[0]
    gap = other - value
    if claim.bound in ("over", "from"):
        return 0 < gap < place
    if claim.bound == "about":
        return abs(gap) * 2 <= abs(place)
    return 0 < -gap <= place / 2


def _may_round(claim: str, said: str) -> bool:
    return said in ("", claim, "about") or {claim, said} <= _ABOVE


def _bounds_agree(claim: str, said: str) -> bool:
    if claim == said or claim == "about":
        return True
    if said == "about":
        return not claim
    if not said:
        return claim in ("from", "most")
    if not claim:
        return said != "below"
    if claim == "most":
        return said in ("below", "near")
    return not ((claim in _ABOVE and said in _UNDER) or (claim in _UNDER and said in _ABOVE))
