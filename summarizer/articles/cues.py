"""What print tells about a line by itself: the patterns, and a switch for every cue.

Each pattern is anchored and bounded, so matching a line takes time linear in its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.dateline import signature
from summarizer.text import HAN

__all__ = [
    "BRACKETED",
    "BYLINE",
    "CANNOT_START",
    "CLOSED",
    "CREDIT",
    "JUMP",
    "NOTICE_BODY",
    "NOTICE_HEAD",
    "RUNNING",
    "SIGNED",
    "SOURCE",
    "TAIL_BYLINE",
    "Cues",
    "is_byline",
    "is_notice_head",
    "is_signature",
    "lead_in",
    "lead_in_writers",
]


@dataclass(frozen=True, slots=True)
class Cues:
    """Which cues `separate` may use; all of them unless a study switches one off."""

    dateline: bool = True
    """A lead-in such as 本报讯 opens a story."""
    open_sentence: bool = True
    """A block that ends inside a sentence, quote or bracket is continued by the next one."""
    measure: bool = True
    """Lines of one story share their column width; a headline's lines do not."""
    content: bool = True
    """Headline and body share rare character pairs."""
    cohesion: bool = True
    """Neighbouring paragraphs of one story share rare character pairs."""
    page_order: bool = True
    """A page mostly sets its headlines on one side of the bodies."""
    one_byline: bool = True
    """A story names its writers once: in the lead-in or on a line beside the headline."""
    notice: bool = True
    """A headline such as 遗失声明 stands before its text, which ends 声明作废, 特此公告 or with who issued it
    and the day."""
    byline: bool = True
    """A line of writers' names is no headline and no text."""
    caption: bool = True
    """A short block that ends with a photo credit stands alone and needs no headline."""
    running_head: bool = True
    """Date, page number and editors' lines belong to no article."""
    subhead: bool = True
    """A heading inside a story is text of the story."""
    balance: bool = True
    """Every headline has a body and every body a headline."""


_D = r"[ \u3000]{0,2}"
_DATE = rf"(?:\d{{4}}{_D}年{_D})?(?:\d{{1,2}}{_D}月{_D})?\d{{1,2}}{_D}日"
_NAMES = r"(?:[^（）()。！？\n]{0,120})"
_ROLE = "记者|通讯员|特约|实习生|编辑|作者|撰稿"
_BRACKET = rf"[（(](?=[^（）()]{{0,40}}(?:{_ROLE})){_NAMES}[)）]"
# "本报讯", "本台消息", "本报北京8月26日电"
_OWN = rf"本[报刊台网社](?:[{HAN}]{{0,8}}{_D}{_DATE}{_D}(?:电|讯|消息)|{_D}(?:综合)?(?:讯|消息))"
# "新华社北京8月26日电", "据中新社某地7月20日电": an agency, perhaps a place, a day, 电
_AGENCY = rf"据?[{HAN}]{{1,6}}(?:社|网|报|台){_D}[{HAN}·]{{0,10}}{_D}{_DATE}{_D}(?:电|讯|消息)"
# "某某晚报讯（记者 …）": without a day only when the writers follow in brackets
_OTHER = rf"[{HAN}]{{1,8}}(?:报|网|台|新闻|在线){_D}讯(?={_D}[（(])"
# "本报讯 记者 某某 报道": writers without brackets, closed by a blank
_PLAIN = (
    rf"(?:全媒体|本报|见习)?记者{_D}[{HAN}]{{2,3}}(?:{_D}通讯员{_D}[{HAN}]{{2,3}})?{_D}"
    r"(?:报道|摄影报道)?(?=[ \u3000：:])[：:]?"
)
_LEAD = re.compile(
    rf"(?:【[^】\n]{{1,12}}】)?(?:{_OWN}|{_AGENCY}|{_OTHER})(?:{_D}(?:{_BRACKET}|{_PLAIN}))?[ \u3000：:]*"
)
_INNER = re.compile(rf"{_BRACKET}[ \u3000]*$")

_PERSON = rf"[{HAN}·]{{1,6}}"
_TITLE = (
    rf"(?:[{HAN}]{{1,6}}(?:社|报|网|台))?(?:本报|本刊|本网|全媒体|见习|首席|特约|实习|驻[^ ]{1, 6})*"
    r"(?:记者|通讯员|实习生|撰稿人?|作者|评论员|摄影|编辑|文|图|文图|图文|文/图|图/文|摄影报道)"
)
BYLINE = re.compile(
    rf"[ \u3000]*(?:[■□●◆◇▲▎★☆◎○]{{1,2}}[ \u3000]*(?:{_TITLE}[ \u3000:：/]*)?|[（(]?{_TITLE}[ \u3000:：/]+)"
    rf"{_PERSON}(?:[ \u3000、，,/]+(?:(?:{_TITLE})[ \u3000:：/]*)?(?:{_PERSON})?){{0,12}}[)）]?[ \u3000]*"
)
"""A whole line of writers' names; the role word or a mark in front is required."""
_ROLE_WORD = re.compile(_TITLE)

_NAMES_OF = rf"[{HAN}·]{{2,4}}(?:[ \u3000、,，/]{{1,2}}[{HAN}·]{{2,4}}){{0,6}}"
CREDIT = re.compile(
    r"(?:(?<=[。！？!?…”’）)\u3000 ])|(?=[（(]))("
    rf"[（(]?(?:新华社发[ \u3000（(]{{0,2}})?(?:{_TITLE}[ \u3000:：/]{{0,3}})?"
    rf"(?:{_NAMES_OF}[ \u3000/／]{{0,2}})?"
    r"(?:摄影报道|摄影|摄|供图|(?<!文)/图)[）)]{0,2}"
    r"|[（(][^（()）]{0,12}(?:资料图片?|供图|图片来源[^（()）]{1,16})[）)]|新华社发)[ \u3000]*$"
)
"""The end of a caption: who took or gave the picture; its group is what is cut from the text."""
TAIL_BYLINE = re.compile(
    r"(?:(?<=[。！？!?…”’）)\u3000 ])|(?=[（(■□●◆▲★]))("
    rf"(?:[■□●◆▲★][ \u3000]*|[（(])?{_TITLE}[ \u3000:：/]{{0,3}}[{HAN}·]{{2,4}}"
    rf"(?:[ \u3000、]+(?:{_TITLE}|[{HAN}·]{{2,4}})){{0,10}}[）)]?)[ \u3000]*$"
)
"""Writers named at the end of the last line of a text; its group is what is cut from the text."""
SIGNED = re.compile(
    rf"(?:[。！？!?…][”’」』]?|[ \u3000])[（(](?:{_TITLE})[ \u3000:：/]{{0,3}}"
    r"[^（）()。]{2,40}[）)][ \u3000]*$"
)
"""Writers in brackets behind the last sentence: the story ends there."""

_PAGE_NO = (
    r"(?:第?[ \u3000]?[A-Za-z]?\d{1,3}(?!\d)[ \u3000]?版?|第?[一二三四五六七八九十]{1,3}版"
    r"|[Pp]age \d{1,3}(?!\d))"
)
_DAY = (
    rf"(?:\d{{4}}{_D}年{_D}\d{{1,2}}{_D}月{_D}\d{{1,2}}{_D}日|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|\d{{1,2}}{_D}月{_D}\d{{1,2}}{_D}日|星期[一二三四五六日天]|农历[{HAN}]{{2,12}})"
)
_ISSUE = r"(?:总?第[ \u3000]?\d{1,6}[ \u3000]?期)"
_STAFF = (
    rf"(?:(?:责任?编辑?|本版编辑|美术?编辑?|编辑|版式|校对|组版|审读|值班(?:主任|编辑|总编)?|电话|热线|邮箱|E-?mail"
    rf"|见习编辑|设计)[ \u3000:：/／]{{0,3}}[{HAN}A-Za-z0-9@.\-]{{0,24}})"
)
_PAPER = rf"[{HAN}]{{2,8}}(?:日报|晚报|时报|早报|晨报|商报|都市报|周报|周刊|新报|导报|快报)(?![{HAN}])"
_SECTION = (
    rf"(?<![{HAN}])[{HAN}]{{0,4}}(?:新闻|要闻|综合|时政|社会|国际|国内|体育|文化|经济|民生|广告|专题|副刊|版|专版|视窗)"
    rf"(?![{HAN}])"
)
# Atomic, so that a long line of digits or names is given up at once instead of being cut up in all ways.
RUNNING = re.compile(
    rf"(?=.*(?:[0-9]|星期|编|版|报|校对|审|电话))[ \u3000|｜·■□●◆]*+"
    rf"(?>(?:{_DAY}|{_ISSUE}|{_PAPER}|{_STAFF}|{_SECTION}|{_PAGE_NO})[ \u3000|｜·，,■□●◆]*+){{1,14}}+"
)
"""A line made of nothing but paper name, date, section, page number and editors' names."""

JUMP = re.compile(
    r"[ \u3000]{0,2}[（(【]?[ \u3000]{0,2}((?:下转|上接|紧接|转|接)[ \u3000]{0,2}第?[ \u3000]?"
    r"[A-Za-z]?[0-9一二三四五六七八九十]{1,4}[ \u3000]?版[^。）)】\n]{0,12})"
    r"[ \u3000]{0,2}[）)】]?[ \u3000]{0,2}"
)
"""下转第四版, 上接A1版: the story goes on or began on another page; its group is the note."""

_NOTICE = (
    "公告|通告|启事|声明|讣告|公示|更正|致歉|告示|遗失|挂失|催告|招聘|招租|寻人|注销|减资|拍卖"
    "|通知书|告知书|招标"
)
NOTICE_HEAD = re.compile(rf".{{0,16}}(?:{_NOTICE})")
NOTICE_BODY = re.compile(
    r"特此(?:公告|通告|通知|声明|公示|启事|更正|讣告)|声明作废|登报声明|敬告亲友|谨此讣告"
)
"""How a notice ends."""

BRACKETED = re.compile(r"[（(【][^（(【）)】]{1,60}[）)】]")
"""A line that is one pair of brackets and what it holds (use fullmatch)."""
CANNOT_START = re.compile(r"[，。、；：！？）》」』】”’%,;!?)\]]")
"""Marks that stand at the end of something, never at its beginning."""

SOURCE = re.compile(
    r"[（(【]?(?:来源|稿件来源|图片来源|责任?编辑?|作者|编辑|校对|审核)[ \u3000]?[：:|丨｜/].{1,40}"
)
"""A line that says where a text comes from (use fullmatch)."""

CLOSED = re.compile(
    r"[。！？!?…][”’」』）)》】\"']*$|[.][”’\"')）]*$|[；;：:]$|[▲△■□●◆★]$"
    r"|[。！？”][ \u3000]*[（(【][^（(【）)】]{1,30}[）)】]$"
    r"|[（(【](?:完|来源|作者|记者|据|原载|责编)[^（(【）)】]{0,30}[）)】]$"
    r"|(?:^|[。！？”）\u3000 ])(?:来源|责任?编辑?|作者|编辑|校对|审核)[ \u3000]?[：:|丨｜/][^，。]{2,24}$"
)
"""The end of a text that needs nothing after it: a full stop, perhaps with a source or a name in
brackets behind it; a colon or semicolon that ends a list item; an end mark."""


def lead_in(text: str) -> int:
    """Length of the lead-in that `text` begins with ("本报讯（记者 林晨） "), else 0."""
    found = _LEAD.match(text)
    return found.end() if found else 0


def lead_in_writers(lead: str) -> str | None:
    """The writers named in a lead-in, as printed without brackets; None when it names none."""
    found = _INNER.search(lead)
    if found:
        return " ".join(found.group().strip(" \u3000（）()").split())
    plain = re.search(r"(?:全媒体|本报|见习)?记者.*?(?=报道|摄影报道|[：:]|$)", lead)
    return " ".join(plain.group().split()) or None if plain else None


def is_byline(text: str) -> bool:
    """Is the whole line a list of writers? A bare mark with a name counts only when short."""
    if len(text) > 60 or not BYLINE.fullmatch(text):
        return False
    return bool(_ROLE_WORD.search(text)) or len(text) <= 10


def is_signature(issuer: str, day: str) -> bool:
    """Are two lines who issued a notice and on which day? They close it."""
    return signature(issuer, day) and not is_notice_head(issuer)


def is_notice_head(text: str) -> bool:
    """Is it a headline that announces, that is, one that ends with such a word?"""
    return NOTICE_HEAD.fullmatch("".join(text.split())) is not None
