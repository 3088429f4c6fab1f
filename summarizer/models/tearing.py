"""What a sentence loses when words are deleted: what is kept by half and says another thing then.

Of every rule here a printed headline was read that broke it; the examples stand beside them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.models.clauses import OPENING
from summarizer.models.statement import says
from summarizer.records import Span
from summarizer.text import clauses

__all__ = ["SKIPPED", "another_time", "clauses_over", "said_by", "torn"]

SKIPPED = re.compile(r"[\s，。！？；：、,;:!?“”‘’《》（）()·—-]")
"""Characters whose loss changes nothing."""

# Who says it is no part of what is said: kept by half, 据法国媒体报道，世卫组织宣布 becomes 法国宣布.
_SAYING = re.compile(
    "据[^，。；]{1,24}?(?:报道|消息|介绍|透露|通报|统计|了解|预报|预测|披露|称)"
    "|从[^，。；]{1,24}?(?:获悉|了解到|得知|看到)"
)
# A speaker is kept with the verb of saying: of 红新月会表示，两国袭击民用设施 no 红新月会|袭击民用设施.
_SPEAKING = re.compile(
    "[^，。；：]{2,30}?(表示|指出|认为|透露|强调|介绍|通报|宣布|公布|发布|回应|提醒|报告|说|称)(?=[，：])"
)
# But where it is said is where it happens: of 云溪县农业局获悉 云溪县|小麦返青.
_PLACE = "省市县区州镇乡村"
# What is said keeps who does it: of 白宫称，一架俄战机击中无人机 no 白宫称|击中无人机. A count may go, and
# a word for the speaker.
_LIGHT = re.compile(
    r"(?:他们?|她|其|我们?|双方|(?:[一二两三四五六七八九十百千万数\d]+[余多]?[个名位家架艘条起场份只辆支]))?"
)
# Words before a name that belongs to them: without it, 李强同|举行会谈.
_GOVERNING = re.compile(
    "(?<![共不相合协等随会陪])同|(?<!参)与|(?<![方导走动流志意偏倾])向|(?<![反绝面相针校应核])对"
    "|(?<![存现所实正内外旨])在|(?<![火拖大])把"
)
# And without them the name does what is done to it: 对伊朗发动的打击 becomes 伊朗打击.
_DONE_TO = re.compile(
    "(?<![反绝面相针校应核])对(?![口象外话方手比付应抗照接立策阵决于])|(?<![方导走动流志意偏倾])向(?![来着前上下好导往阳])"
    "|(?<![火拖大])把(?![握关控手脉])|被(?![告动子])"
)
# A reason goes to the end of its clause: of 因主管道改造，定于周四暂停供水 no 因主管道|暂停供水.
_REASON = re.compile("(?<![原成基动起病诱])因(?![此而为素子果])|由于")
# What happens on a day stays there: of 4月19日通过验收，20日零时起恢复通行 no 4月19日|恢复通行.
_DAY = re.compile(r"(?:\d{1,2}月)?\d{1,2}日(?:零时|\d{1,2}[时点](?:\d{1,2}分)?)?|\d{1,2}月(?!\d)")
# How many there are is kept with what they are: of 半小时内进冷库 no 小时内进冷库.
_AMOUNT = re.compile(
    r"(?:\d|[半几两])([万亿余多个名位家架艘条起场份只辆支头亩吨元人次户件项届岁年天月日时级层号期笔座栋所间斤克米度%％℃]"
    "|小时|分钟|公[里斤顷]|千[克米瓦])"
)


def torn(source: str, sentence: Span, held: set[int]) -> str:
    """What is kept by half where the places `held` of a sentence are kept; "" when nothing is."""
    return (
        _speaker(source, sentence, held)
        or _said(source, sentence, held)
        or _governed(source, sentence, held)
        or _reason(source, sentence, held)
        or _subject(source, sentence, held)
        or _amount(source, sentence, held)
        or another_time(source, sentence, held)
    )


def another_time(source: str, sentence: Span, held: set[int]) -> str:
    """Which day is dropped of what stands beside another day; "" when none is."""
    days = [match.span() for match in _DAY.finditer(source, *sentence)]
    kept = [start for start, end in days if held & set(range(start, end))]
    for start, end in days:
        clause_end = next(b for _, b in clauses_over(source, sentence, start, end))
        beside = kept and kept[0] < start and held & set(range(end, clause_end))
        if beside and start not in kept:
            return f"drops the day of what is kept: {source[start:end]}"
    return ""


@lru_cache(maxsize=256)
def said_by(source: str, sentence: Span) -> tuple[tuple[Span, Span], ...]:
    """Where the sentence names who says it, and what of that is kept if any of it is."""
    sources = [(m.span(), m.span()) for m in _SAYING.finditer(source, *sentence)]
    speakers = [(m.span(), m.span(1)) for m in _SPEAKING.finditer(source, *sentence)]
    return (*sources, *speakers)


def clauses_over(source: str, sentence: Span, first: int, last: int) -> list[Span]:
    """The clauses of a sentence that the places from `first` to `last` lie in."""
    start = sentence[0]
    spans = [(start + a, start + b) for a, b in clauses(source[start : sentence[1]])]
    return [(a, b) for a, b in spans if b > first and a <= last]


def _speaker(source: str, sentence: Span, held: set[int]) -> str:
    last = max(held)
    for (start, end), wanted in said_by(source, sentence):
        inside = held & set(range(start, end))
        beyond = bool(inside) and last >= end
        if beyond and not held.issuperset(range(*wanted)) and source[max(inside)] not in _PLACE:
            return f"cuts who says it: {source[start:end]}"
    return ""


def _said(source: str, sentence: Span, held: set[int]) -> str:
    for match in _SPEAKING.finditer(source, *sentence):
        goes_on = min((place for place in held if place >= match.end()), default=-1)
        if goes_on < 0 or not held.issuperset(range(*match.span(1))):
            continue
        clause = next(a for a, b in clauses_over(source, sentence, goes_on, goes_on))
        start = max(clause, match.end() + 1)
        opening = OPENING.match(source, start, goes_on)
        gap = SKIPPED.sub("", source[opening.end() if opening else start : goes_on])
        if not _LIGHT.fullmatch(gap) and not gap.endswith("的"):
            return f"drops who does it: {gap}"
    return ""


def _governed(source: str, sentence: Span, held: set[int]) -> str:
    for match in _GOVERNING.finditer(source, *sentence):
        at = match.start()
        goes_on = min((place for place in held if place > at), default=at + 1)
        # What it governs may lose what describes it: 同来华访问的|总统.
        gap = source[at + 1 : goes_on]
        described = gap.endswith("的") and not _GOVERNING.search(gap)
        if at in held and not described and SKIPPED.sub("", gap):
            return f"drops what follows {match.group()}"
    for match in _DONE_TO.finditer(source, *sentence):
        if match.start() not in held and match.end() in held:
            return f"drops {match.group()} of {source[match.start() : match.end() + 4]}"
    return ""


def _reason(source: str, sentence: Span, held: set[int]) -> str:
    for match in _REASON.finditer(source, *sentence):
        end = next(b for a, b in clauses_over(source, sentence, *match.span()) if b > match.start())
        letters = [i for i in range(match.end(), end) if not SKIPPED.match(source[i])]
        if match.start() in held and letters and letters[-1] not in held:
            return f"cuts a reason: {match.group()}"
    return ""


def _subject(source: str, sentence: Span, held: set[int]) -> str:
    """Whom a clause ends with is not who does what the next one says: of 甲队击败乙队，首次夺冠 no
    乙队|首次夺冠."""
    first, last = min(held), max(held)
    start, end = next((a, b) for a, b in clauses_over(source, sentence, first, last) if b > first)
    letters = [place for place in range(start, end) if not SKIPPED.match(source[place])]
    if last < end or letters[-1] not in held:
        return ""
    opening = OPENING.match(source, start, first)
    before = source[opening.end() if opening else start : first]
    return f"drops who does it: {before}" if says(before) else ""


def _amount(source: str, sentence: Span, held: set[int]) -> str:
    for match in _AMOUNT.finditer(source, *sentence):
        if match.start() not in held and held.issuperset(range(*match.span(1))):
            return f"drops how many: {match.group()}"
    return ""
