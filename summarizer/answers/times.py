"""今天, 上周, 去年: which days a relative word means, counted from a known day.

In a question they count from the newest page asked about, in a passage from the passage's own page.
The text is never changed: what a word means stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from summarizer.errors import SettingsError

__all__ = ["Period", "calendar", "day_of", "periods", "told", "window"]

_DAY = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_YEAR = {"前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "后": 2}
_NEAR = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1}
_WEEKDAYS = {name: at for at, name in enumerate("一二三四五六日")} | {"天": 6}

# What looks like such a word and is none: 今天津, 今日头条, 之前天气, 三年前年产, 以上月份, 后天形成, 上周年.
_WORD = re.compile(
    r"(?P<day>大前(?=天)|(?<![之以年天月目])前(?=天(?![气津空文上下候]))|[昨今明](?=[天日晚晨夜早])|后(?=天(?![形养的])))"
    r"(?:天(?!津)|日(?!头条|说法|关注)|晚|晨|夜|早)"
    r"|(?P<year>(?<![年以之此月日])前(?=年(?![均产度利]))|[今去明](?=年)|本(?=年(?!级))|(?<![以之往])上(?=年(?!纪|级|度))"
    r"|(?<![以之此往])后(?=年(?!级)))年"
    r"|(?P<week>上上|(?<![以之])上|本|这|(?<![以之])下)个?(?:周(?![年岁边围转期密折刊报])|星期|礼拜)(?P<weekday>[一二三四五六日天](?![个次年]))?"
    r"|(?P<month>上上|(?<![以之线网海])上|本|这|(?<![以之线])下)个?月(?![饼球亮光])"
)
_TITLES = re.compile("《[^《》]*》")


@dataclass(frozen=True, slots=True)
class Period:
    """A relative word and the days it means, both ends included."""

    word: str
    start: int
    """Where the word stands in its text."""
    since: date
    until: date
    unit: str
    """What it counts: "day", "week", "month" or "year"."""


def day_of(text: str) -> date:
    """The day of an ISO date "2024-08-27". Raises SettingsError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1800 <= day.year <= 9000:  # far enough from the ends of the calendar to count from
        raise SettingsError(f'expected an ISO date such as "2024-08-27", found {text!r}.')
    return day


def periods(text: str, today: date) -> list[Period]:
    """The relative words of `text` in order, as they mean on `today`. Titles in 《》 hold none."""
    blind = _TITLES.sub(lambda title: "《" * len(title[0]), text)
    return list(_periods(blind, today))


def _periods(text: str, today: date) -> Iterator[Period]:
    for match in _WORD.finditer(text):
        unit = str(match.lastgroup if match.lastgroup != "weekday" else "week")
        since, until = _days(match, unit, today)
        unit = "day" if since == until else unit
        yield Period(match[0], match.start(), since, until, unit)


def _days(match: re.Match[str], unit: str, today: date) -> tuple[date, date]:
    said = match[unit]
    if unit == "day":
        day = today + timedelta(days=_DAY[said])
        return day, day
    if unit == "week":
        monday = today + timedelta(days=7 * _NEAR[said] - today.weekday())
        if match["weekday"]:
            day = monday + timedelta(days=_WEEKDAYS[match["weekday"]])
            return day, day
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = _first(today, _NEAR[said])
        return first, _first(first, 1) - timedelta(days=1)
    year = today.year + _YEAR[said]
    return date(year, 1, 1), date(year, 12, 31)


def _first(day: date, months: int) -> date:
    """The first day of the month that comes so many months after the one of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def calendar(period: Period) -> str:
    """The days of a period as Chinese print has them: 2024年8月26日, 2024年8月, 2023年."""
    since, until = period.since, period.until
    if period.unit == "year":
        return f"{since.year}年"
    if period.unit == "month":
        return f"{since.year}年{since.month}月"
    first = f"{since.year}年{since.month}月{since.day}日"
    return first if since == until else f"{first}至{until.month}月{until.day}日"


def told(found: list[Period]) -> str:
    """What the words mean, in brackets to stand behind their text; "" for none."""
    words = dict.fromkeys(f"{period.word}：{calendar(period)}" for period in found)
    return f"（{'，'.join(words)}）" if words else ""


def window(found: list[Period], today: date) -> tuple[date, date] | None:
    """First and last day on which pages print the news of these periods; None when no day is told.

    A day is in the paper of the day itself or of the next, a week or a month up to one more of the
    same; never after `today`. What a year or the days to come bring may be printed at any time.
    """
    past = [period for period in found if period.unit != "year" and period.since <= today]
    if not past or any(period.since > today for period in found):
        return None
    last = max(period.until + (period.until - period.since) + timedelta(days=1) for period in past)
    return min(period.since for period in past), min(last, today)
