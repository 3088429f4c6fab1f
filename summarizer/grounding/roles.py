"""What a number is said to do: who died and who was hurt, what rose and what fell.

Two numbers that agree in all else still differ when their roles on one axis do.
"""

from __future__ import annotations

import re

__all__ = ["conflict", "roles"]

_AXES = {
    "harm:dead": "死亡|遇难|身亡|丧生|死|罹难",
    "harm:hurt": "受伤|轻伤|重伤|伤",
    "harm:lost": "失踪|失联|被困",
    "trend:up": "增长|增产|走高|增加|上升|上涨|提高|提升|(?<!新)增|涨|升|扩大|攀升|高出|偏多|延长|"
    "多(?![达至])",
    "trend:down": "下降|减产|走低|减少|降低|下跌|下滑|回落|收窄|降|跌|缩减|缩短|减|偏少|少",
    "base:year": "同比",
    "base:month": "环比",
    "medal:gold": "金牌|金",
    "medal:silver": "银牌|银",
    "medal:bronze": "铜牌|铜",
    "end:win": "战胜|击败|力克|险胜|完胜|大胜|胜|取胜",
    "end:lose": "不敌|惜败|负于|负|输给|败给|告负",
}
# Said anywhere in the clause before the number.
_MANNER = {
    "part:new": re.compile("新[增建开设辟签办添]"),
    "part:all": re.compile("总数|总量|总计|累计|共计|合计"),
    "rate:mean": re.compile("[日月年周人户]均|平均"),
    "rate:peak": re.compile("最高|高峰|峰值|最大"),
    "scale:each": re.compile("[日月年周人户]均|平均|每[^年月日天周次当逢]"),
    "scale:whole": re.compile("总(?![部理统经书裁会装是第])|合计|共计"),
    "stage:plan": re.compile("计划|预计|规划|目标|力争|有望|拟"),
    "stage:done": re.compile("已|完成"),
}
_ROLE = {re.sub(r"\(.*?\)", "", word): role for role, words in _AXES.items() for word in words.split("|")}
_WORDS = "|".join(sorted("|".join(_AXES.values()).split("|"), key=len, reverse=True))
# Between the word and its number: 增长了约5%, 同比增长超5%. A comma or another noun parts them.
_BEFORE = re.compile(
    rf"(?:(?P<base>同比|环比)?(?<![\d一二三四五六七八九十至])(?P<word>{_WORDS})|(?P<alone>同比|环比))"
    r"(?P<to>(?:了|约|至|到|为|超过?|近|达到?|逾|率|仅)*)$"
)
_AFTER = re.compile(rf"(?:不幸|当场|已|被|均|全部|确认|奖?牌?){{0,2}}({_WORDS})")
# The word before belongs to a number of its own: 5人死亡3人受伤.
_TAKEN = re.compile(r"[\d人名位个例](?:不幸|当场|被)?$")
# 涨幅扩大至1.3% says that prices rose by 1.3%: the word before tells of the rate.
_RATE = re.compile("[涨增降跌]幅|增速|增长率")
_COMMA = re.compile("[，。；：、,;:！？!? ]")
# An amount ends the words before it; a date or a span of years does not (最高峰11月11日达68.5万件).
_PASSED = re.compile(r"\d[\d.,:]*+[千百万亿]*+(?![年月日时点])")
_WINDOW = 12


def roles(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """The roles of the number at `text[start:end]`: the likely ones, and all that may be meant.

    A word right before it goes first, unless it follows another number; then one right after.
    A text cut from `text` around the same number never has a role that the whole may not mean.
    """
    begin = max(0, start - _WINDOW)
    found = _BEFORE.search(text[begin:start])
    of_a_rate = _RATE.search(text, max(0, start - 2 * _WINDOW), start)
    before = _of(found) if found and not of_a_rate else frozenset()
    after_word = _AFTER.match(text, end, end + _WINDOW)
    after = frozenset({_ROLE[after_word[1]]}) if after_word else frozenset()
    taken = found and _TAKEN.search(text[max(0, begin + found.start() - 3) : begin + found.start()])
    manner = _manner(text, begin, start)
    likely = after if after and (taken or not before) else before
    return likely | manner, before | after | manner


def _manner(text: str, begin: int, start: int) -> frozenset[str]:
    clause = _PASSED.split(_COMMA.split(text[begin:start])[-1])[-1]
    return frozenset(role for role, words in _MANNER.items() if words.search(clause))


def _of(found: re.Match[str]) -> frozenset[str]:
    named = {_ROLE[w] for w in (found["base"], found["word"], found["alone"]) if w}
    if any(role.startswith("trend:") for role in named):
        # 缩短8分钟 is a change, 缩短至8分钟 what it came to
        named.add("change:to" if re.search("[至到为]", found["to"].replace("达到", "")) else "change:by")
    return frozenset(named)


def conflict(likely: frozenset[str], possible: frozenset[str]) -> bool:
    """Do they name different roles on one axis?"""
    axes = {role.partition(":")[0] for role in likely} & {role.partition(":")[0] for role in possible}
    shared = {role.partition(":")[0] for role in likely & possible}
    return bool(axes - shared)
