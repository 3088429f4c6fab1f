"""The running head of a page: which paper, which day, which page (版).

Only what stands there is told: in short lines at the top or foot that hold nothing but the
fields of a running head, or else in the name of the file. Text is never searched for dates.

    云溪日报   2024年8月27日  星期二   第3版   责编/陈岚 美编/许可
    A03 民生 ｜ 二〇二四年八月二十七日
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from summarizer.dateline import signature
from summarizer.text import HAN

__all__ = ["Masthead", "masthead"]

# Non-blank lines at either end of a page in which a running head is looked for: a masthead with
# its weather, price and address lines takes up to eight.
_ZONE = 8
# Characters. The longest running head met, with date, lunar date, editors and telephone, has 78.
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Masthead:
    date: str | None = None
    number: str | None = None
    paper: str | None = None
    lines: tuple[int, ...] = ()
    """Where it stands: lines counted from 1, ascending."""


# "二〇二四年八月二十七日" is rewritten to "2024年8月27日" before anything else is looked for.
_HAN_DIGITS = "零一二三四五六七八九"
_HAN_NUMBER = "[零一二三四五六七八九十]{1,3}"
_HAN_DATE = re.compile(f"([一二][{_HAN_DIGITS}]{{3}})年({_HAN_NUMBER})月({_HAN_NUMBER})日")
_BLANKS = re.compile(r"(?<=\d)[ \u3000]+(?=[年月日版])|(?<=[年月第])[ \u3000]+(?=\d)")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([-./_])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))(?!\d)"
)
_PAPER = re.compile(
    f"[{HAN}]{{2,6}}(?:(?:[日晚早晨時时商快新周导導]|都市|青年|工人|农民|農民|农村|法治|法制|教育|科技|生活|健康)[报報]"
    "|周刊|每日电讯)"
)
# Any other name of a paper, where a day stands beside it.
_OTHER_PAPER = re.compile(
    f"(?<![{HAN}])(?!综合|要闻|国[际内]|社会|文[体化]|体育|经济|财经|民生|时政|本[地市县版]|县域|头版|专题)[{HAN}]{{2,8}}(?:报|周刊|新闻)"
    f"(?![{HAN}])"
)
_NUMBER = re.compile(
    rf"第?([A-Za-z]?\d{{1,3}}|{_HAN_NUMBER})版"
    r"|(?<!\w)版[次面]?:?([A-Za-z]?\d{1,3})(?!\w)"
    r"|(?<![A-Za-z\d])([A-D]\d{1,2})(?![A-Za-z\d.%])"
)
_ROLE = (
    "(?:责任?|值班|本版|执行|視覺|视觉|文字|图片)?"
    "(?:编辑|編輯|总编|主编|编|校对|校|美编|组版|版式|审读|制图|检校|编审|编委|主任|设计)"
)
# What else a running head holds: weekdays, lunar dates, editors, counts of pages, registration, contact.
_OTHER = re.compile(
    "(?:星期|周|礼拜)[一二三四五六日天]"
    f"|(?:农历|農曆)?(?:[甲乙丙丁戊己庚辛壬癸][{HAN}]年)?[闰閏]?[正一二三四五六七八九十冬腊]{{1,2}}月[初十廿三][{HAN}]"
    "|(?:今日|本期|共|总)+[\\d一二三四五六七八九十]+版|总?第\\d+期"
    f"|{_ROLE}[ /:]+[{HAN}]{{2,4}}(?:[、 ]+(?!第)[{HAN}]{{2,4}}(?![{HAN} ]*[/:]))*"
    "|国内统一(?:连续出版物|刊)号|CN\\d{2}-\\d{4}|邮发代号[: ]*\\d+-\\d+"
    "|(?:电话|热线|邮箱|投稿|网址|E-?mail)[: ]*[\\w.@:/-]+|[\\w.-]+@[\\w.-]+|(?:https?://|www\\.)[\\w./-]+"
    "|要闻|民生|综合|时政|经济|社会|文体|体育|文化|教育|国际|国内|专[版题]|广告|副刊|县域|法治|健康|时事|新闻|生活|视点"
    "|深度|评论|理论|公告|农业|城事"
)
# 3综合新闻: the number of the page and its section.
_GROWN = re.compile(r"(?<![\w.\0])(\d{1,2})(?=\0)")
_SEPARATORS = " \u3000\t|·•/,:;-—_()<>[]【】《》□■◆●*="
_SENTENCE = re.compile("[。!?…“”、]")
# Characters of a section name nobody listed ("水城走笔"), standing apart from the other fields.
_UNKNOWN = 6


def masthead(lines: Sequence[str], path: str) -> Masthead:
    """What the running head of `lines` and, where it is silent, the name of the file tells.

    Nothing told is None. The date is ISO; the number is as printed in Latin digits, "3" for 第03版
    and 三版, "A03" for A03. Of two running heads the upper one counts.
    """
    told = Masthead()
    filled = [at for at, line in enumerate(lines, 1) if line.strip()]
    for at in (*filled[:_ZONE], *filled[_ZONE:][-_ZONE:]):
        if at > 1 and signature(lines[at - 2].strip(), lines[at - 1].strip()):
            continue  # the day of the last notice
        found = _of_line(lines[at - 1])
        if found != Masthead():
            told = _joined(told, replace(found, lines=(at,)))
    return _joined(told, _of_path(path))


def _joined(first: Masthead, second: Masthead) -> Masthead:
    return Masthead(
        first.date or second.date, first.number or second.number, first.paper or second.paper,
        first.lines + second.lines,
    )  # fmt: skip


def _of_line(line: str) -> Masthead:
    """What a running head tells; nothing when the line is not one."""
    text = _normal(line)
    if len(text) > _LONGEST or _SENTENCE.search(text.replace("、", " ", 6)):
        return Masthead()
    date, rest = _date(text)
    paper = _PAPER.search(rest) or (_OTHER_PAPER.search(rest) if date else None)
    rest = _PAPER.sub("\0", rest)
    rest = rest.replace(paper[0], "\0") if paper else rest
    rest = _GROWN.sub(r"\1 ", _OTHER.sub("\0", rest))
    number = _NUMBER.search(rest)
    rest = _NUMBER.sub("\0", rest)
    fields = [field for field in re.split(f"[{re.escape(_SEPARATORS)}]+", rest) if field.strip("\0")]
    bare = next((field for field in fields if re.fullmatch(r"\d{1,2}", field)), None)
    if bare and (date or paper):
        fields.remove(bare)
    # A field with a word grown to it ("2024年8月27日起施行") is a sentence or a headline.
    if any("\0" in field for field in fields) or sum(map(len, fields)) > _UNKNOWN:
        return Masthead()
    if not (date or number or (paper and not fields)):
        return Masthead()
    return Masthead(
        date,
        _number(number) or (bare.lstrip("0") if bare and (date or paper) else None),
        paper.group() if paper else None,
    )


def _of_path(path: str) -> Masthead:
    """What a file name tells; the folder is asked for the date, as issues are kept a day a folder."""
    folder, name = os.path.split(path)
    stem = _normal(re.sub(r"\.[A-Za-z]\w*$", "", name))
    day, rest = _date(stem)
    number = _NUMBER.search(rest)
    bare = re.search(r"(?<![\w.])0?(\d{1,2})(?![\w.])", rest.replace("_", "-"))
    day = day or _date(_normal(os.path.basename(folder)))[0]
    paper = _PAPER.search(rest)
    return Masthead(
        day, _number(number) or (bare.group(1) if bare and day else None), paper.group() if paper else None
    )


def _normal(line: str) -> str:
    text = unicodedata.normalize("NFKC", line).replace("〇", "零").replace("○", "零").strip()
    text = _HAN_DATE.sub(lambda m: f"{_digits(m[1])}年{_digits(m[2])}月{_digits(m[3])}日", text)
    return _BLANKS.sub("", text)


def _digits(text: str) -> str:
    """ "二零二四" is "2024", "二十七" is "27", "十" is "10"."""
    if "十" not in text:
        return "".join(str(_HAN_DIGITS.index(char)) for char in text)
    tens, _, ones = text.partition("十")
    return str(int(_digits(tens) or 1) * 10 + int(_digits(ones) or 0))


def _date(text: str) -> tuple[str | None, str]:
    """The first date that exists, and the text with "\\0" in its place."""
    for match in _DATE.finditer(text):
        year, month, day = (int(group) for group in match.groups() if group and group.isdigit())
        try:
            return date(year, month, day).isoformat(), f"{text[: match.start()]}\0{text[match.end() :]}"
        except ValueError:
            continue
    return None, text


def _number(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    found = next(group for group in match.groups() if group)
    if found[0] in _HAN_DIGITS + "十":
        found = _digits(found)
    return found.upper().lstrip("0") or None
