"""Numerals, Arabic and Chinese, to exact values."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["CHINESE", "MAGNITUDES", "arabic", "chinese", "either", "place"]

CHINESE = "零〇一二两三四五六七八九十百千廿卅"
"""Characters of Chinese numerals below 万, for use inside a regex character class."""

MAGNITUDES = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "十万亿": 10**13,
    "百万亿": 10**14,
}  # fmt: skip
"""Words that multiply the Arabic number before them: 1.2万, 3千万."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
# Longer numerals are no amounts but codes; they compare as text. int() itself refuses 4300 digits.
_LONGEST = 24


def arabic(text: str) -> Fraction | None:
    """Value of "1,234.5"; None when it is too long to be an amount."""
    digits = text.replace(",", "")
    if len(digits) > _LONGEST:
        return None
    return Fraction(digits) if "." in digits else Fraction(int(digits))


def chinese(text: str) -> Fraction | None:
    """Value of a numeral of CHINESE, 万 and 亿; None when it names none.

    "二〇二四" is read digit by digit, "一千二" as 1200, "两三" (two or three) is None.
    """
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text or len(text) > _LONGEST:
        return None
    if all(c in _DIGITS for c in text):
        return _digit_by_digit(text)
    return _by_magnitude(text)


def either(text: str) -> Fraction | None:
    """Value of a numeral of one script, without magnitude word after Arabic digits."""
    return arabic(text) if text[:1].isascii() else chinese(text)


def place(value: Fraction, text: str) -> Fraction:
    """What the last written digit of a value counts: 100 for 1400 and 1.4千, 1/10 for 2.5.

    `text` is the numeral as written, for the zeros that stand behind a point ("2.50").
    """
    decimals = len(text.partition(".")[2]) if "." in text else 0
    mantissa = arabic(text) if decimals else None
    if mantissa:
        return value / mantissa / Fraction(10) ** decimals
    whole, unit = abs(int(value)), 1
    if value.denominator == 1 and whole:
        while whole % (unit * 10) == 0:
            unit *= 10
    return Fraction(unit)


def _digit_by_digit(text: str) -> Fraction | None:
    if len(text) == 1:
        return Fraction(_DIGITS[text])
    if len(text) == 2 and "〇" not in text and "零" not in text:
        return None  # 两三, 七八: a guess, not an amount
    return Fraction(int("".join(str(_DIGITS[c]) for c in text)))


def _by_magnitude(text: str) -> Fraction | None:
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        if sign in text:
            head, _, tail = text.rpartition(sign)
            high = _by_magnitude(head) if head else Fraction(1)
            low = _tail(tail, factor)
            return None if high is None or low is None else high * factor + low
    return _below_ten_thousand(text)


def _tail(text: str, factor: int) -> Fraction | None:
    """What follows 万 or 亿; a lone digit counts the next lower unit (一万二 = 12000)."""
    if not text:
        return Fraction(0)
    if len(text) == 1 and text in _DIGITS:
        return Fraction(_DIGITS[text] * factor, 10)
    return _by_magnitude(text)


def _below_ten_thousand(text: str) -> Fraction | None:
    total, digit, unit, zero = 0, -1, 10**4, False
    for char in text:
        if char in _UNITS:
            if _UNITS[char] >= unit:
                return None
            unit = _UNITS[char]
            total += (digit if digit > 0 else 1) * unit
            digit, zero = -1, False
        elif digit > 0:
            return None  # two digits side by side: 三四十
        else:
            digit = _DIGITS[char]
            zero = zero or digit == 0
    if digit > 0:
        colloquial = unit in (100, 1000) and not zero
        total += digit * unit // 10 if colloquial else digit
    return Fraction(total)
