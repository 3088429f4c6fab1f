"""The scanner: a plain text becomes its claims of quantity, time, term and Latin word.

One regular expression (grammar.py) finds the tokens; what each means is read by a function of
its own, those of time in times.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from summarizer.grounding import times
from summarizer.grounding.grammar import PREFIX, SCAN, SEP, SUFFIX, every_number
from summarizer.grounding.numerals import MAGNITUDES, chinese, either, place
from summarizer.grounding.roles import roles
from summarizer.grounding.tokens import Bound, Form, Idiom, Latin, Quantity, Token
from summarizer.grounding.units import COUNTERS
from summarizer.text import HAN

__all__ = ["scan"]

_BOUNDS: dict[str, Bound] = {
    word.partition("(")[0]: bound  # type: ignore[misc]
    for table in (PREFIX, SUFFIX)
    for bound, words in table.items()
    for word in words.split("|")
}


def scan(text: str) -> list[Token]:
    """All tokens of a folded text (`Plain.text`), ascending, not overlapping."""
    found: list[Token] = []
    for match in SCAN.finditer(text):
        if match.end() == match.start():
            continue
        token = _READ[match.lastgroup or ""](match)
        if token is None:
            continue
        merged = _merge(text, found[-1], token) if found else None
        if merged:
            found[-1] = merged
        else:
            found.append(token)
    return found


def _here(match: re.Match[str]) -> tuple[int, int, str]:
    return match.start(), match.end(), match[0]


def _idiom(match: re.Match[str]) -> Token:
    return Idiom(*_here(match))


def _latin(match: re.Match[str]) -> Token:
    return Latin(*_here(match))


def _term(match: re.Match[str]) -> Token:
    return Quantity(*_here(match), "term")


def _pair(match: re.Match[str]) -> Token:
    values = tuple(every_number(match[0]))
    likely, may_be = roles(match.string, *match.span())
    return Quantity(*_here(match), "pair", values, roles=likely, may_be=may_be)


def _fraction(match: re.Match[str]) -> Token:
    text = match[0]
    if "半" in text:
        bound: Bound = "over" if re.match("[超过逾]", text) else "near" if text[0] == "近" else ""
        return Quantity(*_here(match), "count", (Fraction(50),), "%", bound)
    numbers = every_number(text)
    likely, may_be = roles(match.string, *match.span())
    if "成" in text:
        value = numbers[0] * 10 + numbers[1]
        return Quantity(*_here(match), "count", (value,), "%", roles=likely, may_be=may_be)
    if len(numbers) < 2:
        return Quantity(*_here(match), "term")
    low, high = reversed(numbers) if "/" in text else numbers
    if not low:
        return Quantity(*_here(match), "pair", (high, low))
    return Quantity(*_here(match), "count", (high / low * 100,), "%", roles=likely, may_be=may_be)


def _halved(match: re.Match[str]) -> Token:
    unit = match[0].removeprefix("半").removeprefix("个")
    unit = "个月" if unit == "月" else "个世纪" if unit == "世纪" else unit
    return Quantity(*_here(match), "count", (Fraction(1, 2),), unit)


def _quantity(match: re.Match[str]) -> Token | None:
    value = _value(match)
    unit, number = match["unit"] or "", match["number"] or ""
    if value is None:
        return _unread(match)
    if match["share"]:
        unit = {"百": "%", "千": "‰", "万": "‰"}[match["share"]]
        value = value / 10 if match["share"] == "万" else value
    if match["half"]:
        unit = "个月" if unit == "月" else unit
    likely, may_be = roles(match.string, *match.span())
    if unit in _SPEAKING:  # 3死5伤, 2金1银
        unit, role = _SPEAKING[unit]
        likely = may_be = frozenset({role})
    form: Form = "ordinal" if match["ordinal"] or match["first"] else "count"
    return Quantity(
        *_here(match), form, (value,), unit, _bound(match),
        place(value, number), likely, may_be, _claims(match, number, unit),
    )  # fmt: skip


def _unread(match: re.Match[str]) -> Token | None:
    """A numeral without a value: digits too many for an amount claim their text; 三五 claims nothing."""
    return Quantity(*_here(match), "term") if match["number"][:1].isdigit() else None


def _value(match: re.Match[str]) -> Fraction | None:
    number = match["number"]
    if not number:
        return Fraction(1)  # 首届 is 第一届
    whole, point, decimals = number.partition("点")
    value = either(whole)
    if value is None:
        return None
    if point:
        value += Fraction(int("".join(str(chinese(c)) for c in decimals)), 10 ** len(decimals))
    if match["magnitude"]:
        value *= MAGNITUDES[match["magnitude"]]
    for more, sign in re.findall(r"([\d.]+)(千万|百万|万|千|百)", match["rest"] or ""):
        value += Fraction(more) * MAGNITUDES[sign]
    if match["half"]:
        value += Fraction(1, 2)
    return -value if match["minus"] else value


def _bound(match: re.Match[str]) -> Bound:
    for name in ("prefix", "more3", "more2", "more1"):
        if word := match[name]:
            if name == "prefix" and word == "近" and match["unit"] in _SPANS:
                continue  # 近5年: the last five years
            return _BOUNDS.get(word, "")
    return "most" if _MOST.search(match.string[max(0, match.start() - 6) : match.start()]) else ""


_MOST = re.compile(f"最[高多长大低少][{HAN}]{{0,3}}$")
# Units that name a role themselves, and the unit they stand for.
_SPEAKING = {
    "死": ("人", "harm:dead"),
    "伤": ("人", "harm:hurt"),
    "金": ("枚", "medal:gold"),
    "银": ("枚", "medal:silver"),
    "铜": ("枚", "medal:bronze"),
}
_SPANS = frozenset("年 个月 天 日 周 个星期 届 次".split())
# Alone these are words more often than numbers: 一天, 百年, 一里.
_ARTICLES = COUNTERS | set("个 天 日 年 周 星期 块 度 角 方 里 个月 秒".split())
_PURE = frozenset("十百千万亿")


def _claims(match: re.Match[str], number: str, unit: str) -> bool:
    """Is it a number that a reader would hold the writer to?"""
    if not number or number[0].isascii() or match["share"]:
        return True
    if match["ordinal"]:
        return True
    if number == "一":
        return (bool(unit) and unit not in _ARTICLES) or bool(match["magnitude"])
    if len(number) == 1 or set(number) <= _PURE:
        return bool(unit) or bool(set(number) <= _PURE and match["prefix"])
    return True


_JOINT = re.compile(SEP)


def _merge(text: str, first: Token, second: Token) -> Quantity | None:
    """The range that two numbers with a dash or 至 between them make (3至5天); None when none."""
    if not (isinstance(first, Quantity) and isinstance(second, Quantity)):
        return None
    if first.form != "count" or second.form != "count" or first.end == second.start:
        return None
    if not _JOINT.fullmatch(text, first.end, second.start) or text.endswith(("从", "由"), 0, first.start):
        return None
    if first.unit not in ("", second.unit) or (
        first.unit and text[first.end] in "至到" and first.unit != "%"
    ):
        return None
    low, high = first.values[0], second.values[0]
    digits = every_number(second.text)
    if not first.unit and digits and low < digits[0] < high:
        low *= high / digits[0]  # 10至20万: both are counted in 万
    return Quantity(
        first.start, second.end, text[first.start : second.end], "range", (low, high), second.unit,
        first.bound or second.bound, second.place, first.roles, first.may_be | second.may_be, second.claim,
    )  # fmt: skip


_READ: dict[str, Callable[[re.Match[str]], Token | None]] = {
    "idiom": _idiom,
    "term": _term,
    "months": times.months,
    "date": times.date,
    "clock": times.clock,
    "pair": _pair,
    "fraction": _fraction,
    "lap": times.lap,
    "halved": _halved,
    "latin": _latin,
    "quantity": _quantity,
}
