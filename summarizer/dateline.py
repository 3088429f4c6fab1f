"""The lead-in of a news text: who reports, from where, on which day; and who issued a notice, and when. Knows
one text, no page.

本报讯（记者 林晨） 8月26日，…        新华社北京8月26日电（记者 王一）…
中新网温州7月30日电(周健)…            【环球网报道】…        来源：人民网…
"""

from __future__ import annotations

import re

from summarizer.text import HAN

__all__ = ["after_lead_in", "signature"]

_WHO = r"[（(【][^（）()【】\n]{0,60}[）)】]"
_DAY = r"(?:\d{1,2}月)?\d{1,2}日"
_LEAD_INS = tuple(
    re.compile(pattern)
    for pattern in (
        # An agency or paper, place, day, then 电 or 讯: the classic dateline.
        rf"[^，。！？；：\s“”]{{0,20}}(?:社|报|网|新闻|台|广播|日报|客户端)[^，。！？；：“”\n]{{0,24}}?{_DAY}?\s?(?:专?电|讯|消息)"
        rf"\s?(?:{_WHO})?\s?[：:]?(?=\s|[^，。的了息]|$)",
        rf"(?:本报|本台|本刊|本网)(?:讯|消息)\s?(?:{_WHO})?\s?[，：:]?",
        rf"{_DAY}\s?(?:讯|电)\s?(?:{_WHO})?",
        r"【[^【】\n]{0,24}(?:报道|消息|讯|电|编译|记者[^【】\n]{0,20})】",
        r"[（(][^（）()\n]{0,12}(?:记者|通讯员|作者)[^（）()\n]{0,40}[）)]",
        r"(?:央视网消息|央视新闻|原标题|来源|文章来源|作者|文|图)\s?[（(：:/][^，。\n]{0,18}(?:[）)]：?|\s)",
    )
)
_HAN_DAY = "[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
_ISSUED = re.compile(rf"\d{{4}}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|{_HAN_DAY}")
# 县自来水公司; 市交通局 市档案馆. A paper's name above a day is its own head.
_ISSUER = re.compile(rf"(?:[{HAN}（）()·]{{4,24}}(?<![报刊])(?:[ \u3000、]{{1,4}}|$)){{1,4}}")
# A lead-in longer than this is not one; matching further would eat the story.
_LONGEST = 100


def after_lead_in(text: str) -> int:
    """Offset of the first character after the lead-in; 0 when there is none.

    At most two lead-ins in a row are skipped ("【环球网报道】新华社北京8月1日电").
    """
    at = 0
    for _ in range(2):
        start = at
        while start < len(text) and text[start] in " 　\n":
            start += 1
        match = next((m for p in _LEAD_INS if (m := p.match(text, start, start + _LONGEST))), None)
        if match is None or match.end() >= len(text):
            return start if at else 0
        at = match.end()
    while at < len(text) and text[at] in " 　\n，：:":
        at += 1
    return at


def signature(issuer: str, day: str) -> bool:
    """Do two lines, without outer blanks, say who issued a notice and on which day, and nothing else?"""
    return _ISSUED.fullmatch(day) is not None and _ISSUER.fullmatch(issuer) is not None
