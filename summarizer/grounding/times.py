"""Dates, clocks, months and times on the track: what the scanner's matches of time mean."""

from __future__ import annotations

import re
from fractions import Fraction

from summarizer.grounding.grammar import every_number
from summarizer.grounding.numerals import either
from summarizer.grounding.tokens import Quantity, Token, When

__all__ = ["clock", "date", "lap", "months"]


def months(match: re.Match[str]) -> Token:
    """1—7月, 前7个月, 三季度, 上半年: all are a first and a last month."""
    text = match[0]
    numbers = [int(n) for n in every_number(text.replace("第", ""))]
    if "半年" in text:
        first, last = (1, 6) if text[0] == "上" else (7, 12)
    elif "季度" in text:
        last = numbers[0] * 3
        first = 1 if text[0] == "前" else last - 2
    else:
        first, last = (1, numbers[0]) if text[0] == "前" else (numbers[0], numbers[-1])
    return Quantity(*match.span(), match[0], "months", (Fraction(first), Fraction(last)))


def date(match: re.Match[str]) -> Token:
    text = match[0]
    if re.fullmatch(r"\d{4}[-./]\d+[-./]\d+", text):
        iso_year, month, day = map(int, re.split("[-./]", text))
        return When(*match.span(), match[0], iso_year, month, (day,))
    parts = re.fullmatch(r"(?:(\d{4}|[^年]{4})年|([^年\d]年))?(?:(.{1,2})月份?)?(?:(.+?)[日号])?", text)
    if parts and not re.match("[今昨前明后上下]", text):
        return When(match.start(), match.end(), match[0], *_calendar(parts))
    if relative := re.match("(今年|本年|去年|上年|前年|明年|后年)(.*)", text):
        rest = re.fullmatch(r"(?:(.{1,2})月份?)?(?:(.+?)[日号])?", relative[2])
        assert rest is not None
        year = _RELATIVE.get(relative[1], relative[1])
        return When(*match.span(), match[0], year, _int(rest[1]), _days(rest[2]))
    if text[:2] in ("上月", "上个", "下月", "下个"):
        return When(*match.span(), match[0], month=text[0] + "月")
    if text[:4].isdigit():
        return When(*match.span(), match[0], int(text[:4]))
    return When(*match.span(), match[0], days=(text[0] + "日",))


_RELATIVE = {"本年": "今年", "上年": "去年"}


def _calendar(parts: re.Match[str]) -> tuple[int | str | None, int | str | None, tuple[int | str, ...]]:
    year: int | str | None = _int(parts[1])
    if parts[2]:
        year = _RELATIVE.get(parts[2], parts[2])
    month: int | str | None = "本月" if parts[3] == "本" else _int(parts[3])
    return year, month, _days(parts[4])


def _int(text: str | None) -> int | None:
    value = either(text) if text else None
    return int(value) if value is not None else None


def _days(text: str | None) -> tuple[int | str, ...]:
    return tuple(int(n) for n in every_number(text)) if text else ()


def clock(match: re.Match[str]) -> Token:
    numbers = every_number(match[0])
    hour = numbers[0]
    if re.match("下午|傍晚|晚|夜|深夜|中午", match[0]) and 0 < hour < 12 and match[0][0:2] != "中午":
        hour += 12
    half = Fraction(30) if match[0].endswith("半") else Fraction(0)
    minute = numbers[1] if len(numbers) > 1 else half
    return Quantity(*match.span(), match[0], "clock", (hour, minute))


def lap(match: re.Match[str]) -> Token:
    """1分43秒86: a time on the track, in seconds."""
    *minutes, seconds, hundredths = every_number(match[0])
    value = sum(minutes, Fraction(0)) * 60 + seconds + hundredths / 100
    return Quantity(*match.span(), match[0], "count", (value,), "秒", place=Fraction(1, 100))
