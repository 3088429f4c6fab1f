"""A follow-up becomes a question that can stand alone, without a model: what it leaves unsaid comes
from the question before.

    云溪县客运站什么时候启用？   那占地多少亩？   ->  云溪县客运站 那占地多少亩？
    王强获得了什么奖？           那李敏呢？       ->  李敏获得了什么奖？
    谁获得了一等奖？ (高一帆)    他是哪里人？     ->  高一帆 他是哪里人？

No word of either question is changed; whole stretches are put before a question or in the place of
their like. No dictionary: a stretch is what stands between words of grammar and asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from summarizer.answers.times import periods
from summarizer.grounding.names import Names, quotes
from summarizer.records import Answer, Span
from summarizer.text import HAN

__all__ = ["leans", "standalone", "topics"]

# Words that ask, point, join or act: a name ends where one of them begins. Longer before shorter.
_MEASURES = "[个名位家座条辆件次项处所架种支款本份套起枚部场趟届]"
_ASKING = (
    "什么时候|什么地方|什么样|什么|为什么|为何|多大|多长|多高|多久|多远|哪一|哪里|哪儿|哪年|哪天|哪月|谁|几点|几月|几日|几人|几年|几时|"
    f"何时|何地|何人|何处|何种|何(?![{HAN}]{{1,2}}[获说表介担参])|(?:多少|哪些|哪几|哪|几){_MEASURES}?|"
    "如何|怎么样|怎样|怎么|是否|是不是|有没有|能否|会不会|能不能|可否|请问|告诉我|想知道|介绍一下|排名第几"
)
_POINTING = (
    "这里|那里|那么|此次|此|其中|其他|其余|其实|其|它们|他们|她们|它|她|后来|然后|另外|"
    f"(?:这些|那些|这|那|该){_MEASURES}?"
)
_JOINING = (
    "以及|还是|或者|因为|由于|根据|按照|关于|对于|通过|随着|除了|截至|截止|目前|近日|最近|当时|之后|以后|之前|以前|正在|可能|可以|"
    "的|了|着|过|吗|呢|吧|和|与|及|或|在|于|被|把|将|为|从|对|向|给|由|让|按|是|有|到|又|也|都|还|再"
)
_ACTING = (
    "获得|荣获|启用|使用|开通|占地|举行|举办|召开|发布|宣布|表示|介绍|计划|预计|需要|应该|新增|增加|增长|下降|达到|超过|采取|采用|"
    "参加|参与|担任|成立|建成|完成|开展|提供|投入|投资|发生|造成|导致|出现|位于|来自|属于|包括|涉及|认为|做出|做|取得|"
    "说过|说|指出|强调|提出|提到|推出|实施|进行|受伤|死亡|遇难|出版|写|生产|种植|收割|查处|共计|一共|总共|共"
)
_CUTS = re.compile(rf"{_ASKING}|{_POINTING}|{_JOINING}|{_ACTING}|[^{HAN}A-Za-z0-9·•.%-]+")
# One more verb at the end of a stretch: 全县建, 柳湾县去年收, 假茶案赔.
_LAST_VERB = "收建种卖叫捡拿买送打修花迎赔判罚捐涨跌"
# A cut word inside one of these is part of a longer word, and no cut.
_WHOLE = re.compile(
    "共和国|公共|共青团|共享|中共|和平|温和|缓和|有限公司|国有|所有|私有|有关|富有|对象|对手|反对|面对|绝对|派对|方向|动向|流向|"
    "自由|理由|目的|到期|报到|签到|在线|现在|潜在|存在|内在|由来|作为|行为|将军|将士|小说|学说|演说|说明书|过程|经过|再生|还款|"
    "有色|有机|于洪|都市|首都|成都|都江堰|让胡路|从业|从化|给水|供给|按摩|按揭|几何|此前|为民|那曲|应该"
)
# What such a stretch may be without naming anything: 负责人, 平均亩产, 开通时间.
_GENERIC = re.compile(
    "具体|平均|最后|最终|最高|最低|最大|最多|全部|主要|总|每|各|第[一二三四五六七八九十\\d]+[天次位名个届轮场]?|"
    "时间|日期|地点|地址|位置|价格|票价|门票|费用|金额|人数|人员|人|数量|面积|规模|原因|理由|目的|结果|情况|影响|作用|意义|特点|内容|"
    "名称|名字|姓名|年龄|职务|职业|身份|负责|领导|产量|亩产|亩|产值|收入|利润|长度|高度|速度|比例|占比|增幅|降幅|"
    "电话|办法|措施|方法|方式|标准|条件|要求|依据|背景|进展|下一步|今后|未来|天|年|月|日|次|位|名|家|个|钱|成绩|比分|冠军|亚军|"
    "开通|开放|营业|施工|工期|起点|终点|路线|全长|造价|去|来|用|多|大|长|高|远|人们|市民|村民|群众|居民|专家|记者"
)
_SURNAME_NAME = re.compile(
    "(?:欧阳|上官|司马|诸葛|[王李张刘陈杨赵黄周吴徐孙胡朱高林郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜"
    f"戴夏汪田任姜范石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤黎武贺赖龚文苑])[{HAN}]{{1,2}}"
)
_TIMES = re.compile(
    r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号]|[一二三四]季度|[上下]半年"
)
_AMOUNTS = re.compile(rf"\d+(?:\.\d+)?[万亿]?[%{HAN}]?|[A-Za-z][A-Za-z0-9.-]*|[0-9]+[A-Za-z][A-Za-z0-9]*")
_PLACE = re.compile(f"[{HAN}]{{2,3}}?(?P<end>省|市|县|区|镇|乡|村|州)")

_PRONOUN = re.compile(
    "它|她|(?<![其])他(?!信|克|汀)|这|那(?!曲|坡|不勒斯|霸)|(?<![应活])该(?!死|不该|怎么)|此(?!前|外|起)|"
    "(?<![与极尤莫])其(?!实|他|它|余)|对方|本人|上述|前者|后者|呢[？?。！]?$"
)
# 高一帆呢？ 那高一帆呢？ 那么去年的呢？
_WHAT_OF = re.compile(r"^(?:那么?|还有|至于)?[，,]?\s*(?P<other>[^，,？?]{1,16}?)的?呢[？?！。]?$")
_WHO = re.compile("谁|哪[位家个名座所支款]|什么(?:人|公司|机构|单位|学校|球队|地方|书|作品)|何人")
# Characters of an answer that can be a name; longer ones are statements.
_NAME_LONGEST = 20
# Characters, generic words aside, with which a question names its own subject: 青柳公路, but not 降雨量.
_NAMED = 4
# So many stretches are put before a question: more would outweigh its own words in the search.
_CARRIED = 3
_ANY_DAY = date(2000, 1, 1)
# What `times.told` put behind a question.
_RESOLVED = re.compile("（[^（）]*：[^（）]*）$")


def standalone(question: str, history: Sequence[Answer]) -> str:
    """`question` with what it leaves unsaid, taken from the last of `history`; itself when it leaves nothing.

    `history` is in order of time. Deterministic.
    """
    if not history or not leans(question):
        return question
    last = history[-1]
    before = _RESOLVED.sub("", last.question)
    if (asked := _WHAT_OF.match(question)) and _says(asked["other"]):
        return _replaced(before, asked["other"])
    carried = topics(before)
    if _times(question):
        carried = [topic for topic in carried if not _times(topic)]
    if _WHO.search(before) and not last.refused and 0 < len(last.text) <= _NAME_LONGEST:
        carried.insert(0, last.text)  # 谁 was answered; 他 is that one
    missing = [topic for topic in carried if topic not in question][:_CARRIED]
    return " ".join([*missing, question])


def leans(question: str) -> bool:
    """Does the question point outside itself, or name nothing that could be looked for?"""
    if _PRONOUN.search(_unquoted(question)):
        return True
    told = [topic for topic in topics(question) if not _times(topic)]
    sure = any(_SURNAME_NAME.fullmatch(topic) or re.search("[《“A-Za-z]", topic) for topic in told)
    return not sure and not list(Names("").claims(question)) and len(_GENERIC.sub("", "".join(told))) < _NAMED


def topics(question: str) -> list[str]:
    """What a question is about: titles, quotes, names, Latin words, dates, then its first noun-like stretch.

    In order of position, each once, none inside another; [] for a question made of grammar alone.
    """
    strong = sorted(_strong(question), key=lambda span: (span[0], -span[1]))
    stretches = [span for span in _stretches(question) if _names(question[slice(*span)])]
    spans = _disjoint(sorted([*strong, *stretches[:2]], key=lambda span: (span[0], -span[1])))
    return list(dict.fromkeys(question[start:end] for start, end in spans))


def _replaced(before: str, other: str) -> str:
    """The question before, asked of something else: that takes the place of what is of its kind."""
    for kind in (_TIMES, _SURNAME_NAME, _PLACE):
        new = re.match(".*", other) if kind is _TIMES and _times(other) else kind.fullmatch(other)
        if new and (old := _like(before, kind, new)):
            return f"{before[: old[0]]}{other}{before[old[1] :]}"
    return f"{other} {before}"


def _says(other: str) -> bool:
    """Is it something to ask about in the place of something else, and not 后来 or 结果?"""
    return bool(_times(other)) or (not _PRONOUN.search(other) and any(map(_names, topics(other))))


def _like(before: str, kind: re.Pattern[str], new: re.Match[str]) -> Span | None:
    """Where `before` has something of the same kind."""
    if kind is _TIMES:
        return next(iter(_times(before)), None)
    if kind is _PLACE:
        return next((m.span() for m in kind.finditer(before) if m["end"] == new["end"]), None)
    return next((span for span in _stretches(before) if kind.fullmatch(before, *span)), None)


def _times(text: str) -> list[Span]:
    """Where dates stand, and 昨天, 上周, 去年; which days these mean is of no matter here."""
    found = [match.span() for match in _TIMES.finditer(text)]
    found += [(word.start, word.start + len(word.word)) for word in periods(text, _ANY_DAY)]
    return _disjoint(sorted(found))


def _strong(question: str) -> Iterator[Span]:
    """Spans that name something whatever stands around them."""
    for start, end in quotes(question):
        yield start - 1, end + 1
    yield from Names("").claims(question)
    yield from (match.span() for match in _AMOUNTS.finditer(question) if len(match[0]) > 1)
    yield from _times(question)


def _stretches(question: str) -> list[Span]:
    """What lies between words of grammar, two characters or more, in order."""
    whole = [match.span() for match in _WHOLE.finditer(question)]
    found: list[Span] = []
    start = 0
    cuts = [match.span() for match in _CUTS.finditer(question)]
    cuts = [cut for cut in cuts if not any(a <= cut[0] and cut[1] <= b for a, b in whole)]
    for first, last in sorted([*cuts, *_times(question)]):
        if first >= start:
            found.append((start, first - (question[first - 1 : first] in tuple(_LAST_VERB))))
        start = max(start, last)
    found.append((start, len(question)))
    return [(a, b) for a, b in found if b - a > 1]


def _names(stretch: str) -> bool:
    """Is it more than 负责人 or 开通时间?"""
    if _SURNAME_NAME.fullmatch(stretch) or not re.search(f"[{HAN}]", stretch):
        return True
    return len(_GENERIC.sub("", stretch)) > 1


def _disjoint(spans: list[Span]) -> list[Span]:
    """Those that begin after the end of the one before; of two that overlap the first, made to cover both."""
    kept: list[Span] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _unquoted(question: str) -> str:
    return re.sub("《[^《》]*》|“[^“”]*”", "", question)
