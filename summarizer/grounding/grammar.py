"""How numbers, dates, clocks and Latin words are written: the scanner's regular expression.

Every repetition is possessive or bounded, so time is linear in the text.
"""

from __future__ import annotations

import re
from fractions import Fraction

from summarizer.grounding.numerals import CHINESE, MAGNITUDES, either
from summarizer.grounding.units import UNITS
from summarizer.grounding.words import IDIOMS, TERMS

__all__ = ["PREFIX", "SCAN", "SEP", "SUFFIX", "every_number"]

ARABIC = r"(?:\d{1,3}(?:,\d{3})++(?![\d,])(?:\.\d++)?+|\d++(?:\.\d++)?+)"
HANZI = f"[{CHINESE}万亿]++"
SEP = r"(?:[-—–~]{1,2}|至|到)"
_UNIT = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
_MAGNITUDE = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
# 千 before these belongs to the unit: 5千米 is 5公里 either way, 120万千瓦 must keep its 千瓦.
_NO_KILO = "(?![米克瓦])"
PREFIX = {
    "over": "超过|超|逾|多于|高于|大于|上(?=[百千万亿])",
    "from": "突破|不少于|不低于|至少",
    "near": "将近|接近|逼近|近",
    "below": "不足|不到|不超过|低于|少于|至多|最多|小于",
    "about": "大约|约|大概|左右",
}
SUFFIX = {"over": "多|余|开外", "from": "以上", "below": "以下|以内", "about": "左右|上下|来"}
_QUANTITY = rf"""
(?P<prefix>{"|".join(PREFIX.values())})?+
(?P<minus>零下|-(?=[\d.]++(?:℃|°C|摄氏度|度|%)))?+
(?:(?P<first>首)(?=[届次批个家条座例部款艘台架场])|(?P<ordinal>第)?+
(?:(?P<share>[百千万])分之)?+
(?P<number>{ARABIC}|{HANZI}(?:点[零一二三四五六七八九]{{1,3}}+(?![分十百点钟人个名]))?+))
(?P<more1>[余多来](?=(?:{_MAGNITUDE})))?+
(?P<magnitude>(?:{_MAGNITUDE}){_NO_KILO})?+
(?P<rest>(?:(?<=[千万亿])\d++(?:\.\d++)?+(?:千万|百万|万|千|百){_NO_KILO})*+)
(?P<more2>[余多来])?+
(?P<half>个半(?=小时|月|钟头))?+
(?P<unit>(?!成[功立为员绩果交都长熟型本品效群就])(?:{_UNIT})|(?<=个半)(?:小时|月|钟头))?+
(?P<more3>多(?![余种样元方边次年地少个家人伤])|以上|以下|以内|左右|上下|开外)?+
"""
_YEAR = r"(?:(?:1\d|20|21)\d\d|[一二三四五六七八九][一二三四五六七八九〇零]{3})年(?![代级])"
_THIS_YEAR = "今年(?!轻)|本年(?!级)|去年|上年(?!级)|前年(?![度底终])|明年|后年"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?+|[一二三四五六七八九])月"
_DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?+|二?+十[一二三四五六七八九]?+"
    "|廿[一二三四五六七八九]?+|[二三四五六七八九])"
)
_DAY_MARK = "(?:日|号(?![线楼院馆门机台文店路井车桥]))"
_DATE = rf"""
(?:{_YEAR}|{_THIS_YEAR})(?:{_MONTH}(?!{SEP}\d{{1,2}}月(?!\d{{1,2}}[日号]))(?:份|(?:{_DAY}|一)(?:{SEP}{_DAY})?+{_DAY_MARK})?+)?+
|(?:本月|{_MONTH})(?!{SEP}\d{{1,2}}月(?!\d{{1,2}}[日号]))(?:份|(?:{_DAY}|一)(?:{SEP}{_DAY})?+{_DAY_MARK})?+
|(?:{_DAY}{SEP})?+{_DAY}{_DAY_MARK}
|(?:19|20)\d\d[-./](?:1[0-2]|0?[1-9])[-./](?:3[01]|[12]\d|0?[1-9])(?![\d.])
|今[天日晚晨早夜]|昨[天日晚晨夜]|前天|明[天日晚早晨]|后天|上个?月|下个?月
|(?:19|20)\d\d{SEP}(?=(?:19|20)\d\d年)
"""
_MONTHS = rf"""
(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月?(?:{SEP})(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?![\d一二三四五六七八九十]{{1,3}}[日号])
|前(?:\d{{1,2}}|[一二两三四五六七八九十]{{1,2}})个?月
|(?:前|第)?[一二两三四1-4]个?季度|[上下]半年
"""
_PART = "凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|晚|夜间|深夜"
_HOUR = r"(?:2[0-4]|[01]?\d|二?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九零])"
_CLOCK = rf"""
(?:{_PART}){_HOUR}[时点](?:半|整|{_MINUTE}分)?
|{_HOUR}[时点](?:半|整|{_MINUTE}分)
|(?:2[0-4]|[01]?\d)时(?![代段期候间事空局政装])
|{_HOUR}点(?=前|后|许|钟|开|左右)
"""
_LATIN_UNITS = "|".join(sorted((u for u in UNITS if u.isascii()), key=len, reverse=True))
_LATIN = rf"""
(?:[A-Za-z]++(?:(?!\d++(?:\.\d++)?+[亿万%元])[A-Za-z0-9]++)?+|\d++(?:\.\d++)?+(?!(?:{_LATIN_UNITS})(?![A-Za-z0-9]))(?=[A-Za-z])[A-Za-z0-9]++)
(?:[-.&+/'’][A-Za-z0-9]++)*+\+?+
"""
_PAIR = (
    r"(?<!\d)\d{1,3}(?:[:]|比)\d{1,3}(?:[:]\d{2})?(?!\d)"
    "|[一二三四五六七八九]比[零一二三四五六七八九](?![例重较])"
)
_FRACTION = (
    rf"(?:{ARABIC}|{HANZI})分之(?:{ARABIC}|{HANZI})|\d{{1,2}}/\d{{1,2}}(?![\d/])"
    "|(?:超过|超|过|近|逾)?(?:一半|半数)|过半|[一二三四五六七八九]成[一二三四五六七八九]"
)
_HALF = "半个?(?:年|小时|天|月|世纪|钟头)"

_PATTERNS = {
    "idiom": IDIOMS,
    "term": TERMS,
    "months": _MONTHS,
    "date": _DATE,
    "clock": _CLOCK,
    "pair": _PAIR,
    "lap": r"(?:\d{1,2}分)?\d{1,2}秒\d{2}(?!\d)",
    "fraction": rf"(?![百千万]分之)(?:{_FRACTION})",
    "halved": _HALF,
    "latin": _LATIN,
    "quantity": _QUANTITY,
}
# All characters a token may start with. Most of a text is none of them, and is passed over fast.
_FIRST = (
    f"0-9A-Za-z{CHINESE}万亿" + "".join(sorted({word[0] for word in IDIOMS.split("|")}))
    + "".join(sorted({word[0] for words in PREFIX.values() for word in words.split("|")}))
    + "".join(sorted({word[0] for word in _PART.split("|")}))
    + "本上下每周星礼初高大好数几前第今去明后昨过半首-"
)  # fmt: skip
SCAN = re.compile(
    f"(?=[{_FIRST}])(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()) + ")",
    re.VERBOSE | re.ASCII,
)
"""Each match is one token; its `lastgroup` names the pattern that found it."""

_NUMERAL = re.compile(f"{ARABIC}|{HANZI}")


def every_number(text: str) -> list[Fraction]:
    """Every numeral of a short text, in order."""
    found = (either(n) for n in _NUMERAL.findall(text))
    return [n for n in found if n is not None]
