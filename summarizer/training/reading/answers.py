"""What in a news sentence can be asked for, and by which words: the answers that cloze questions hide.

Every kind is a pattern with the question words that would stand in its place. Patterns are wide on
purpose: a wrong border costs one odd training question, a missing kind costs a kind of question.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.records import Span
from summarizer.text import HAN

__all__ = ["Hidden", "hidden_answers"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """An answer in a sentence, and what to write instead of it."""

    span: Span
    kind: str
    question: str
    """The question words: "多少人", "哪家公司", …"""


_UNITS = (
    "个百分点|平方公里|平方米|立方米|千瓦时|人次|公里|千米|厘米|毫米|公斤|公顷|美元|欧元|日元|英镑|小时|分钟|秒|周岁"
    "|元|人|名|个|家|辆|吨|米|亩|度|天|日|年|岁|次|起|件|项|条|所|户|座|台|套|架|艘|场|届|级|支|位|倍|℃|摄氏度|周|"
    "张|票|分|万|亿|步|只|头|株|棵|本|份|种|批|处|枚|艘|层|间|片|轮|趟|班|批次|成"
)
_NUMBER = re.compile(
    rf"(?:近|超过?|约|逾|至少)?(?P<n>\d[\d.,]*|[一二三四五六七八九十百千两]+(?=名|个|家|人|次|项|位|天|年|所|条|种|起|件))"
    rf"(?P<scale>[余多]?[百千万亿]*[余多]?)(?P<unit>[%％‰]|{_UNITS})?(?:左右|以上)?"
)
_DATE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬|份)?(?:上午|下午|晚|凌晨)?|\d{4}年(?:底|初)?|\d{1,2}日(?:上午|下午|晚|凌晨)?"
    r"|(?:今年|去年|明年|上半年|下半年|前三季度|[一二三四]季度|第[一二三四]季度|近日|昨天|今天|明天)"
)
_CLOCK = re.compile(r"(?:上午|下午|晚上?|凌晨)?\d{1,2}[时点](?:\d{1,2}分|半)?(?:许|左右)?|\d{1,2}:\d{2}")
_TITLE = re.compile(r"《[^《》]{1,30}》")
_QUOTE = re.compile(r"“[^“”]{2,24}”")
_ROLE = (
    "记者|教授|主任|总统|总理|首相|部长|局长|主席|书记|经理|董事长|总裁|医生|医师|导演|演员|选手|教练|院长|校长|"
    "队长|发言人|女士|先生|市长|县长|省长|村民|市民|负责人|创始人|作家|院士|专家|研究员|律师|大使|议员|司令"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤习温康施洪"
)
_PERSON = re.compile(
    rf"(?<=[，。：、])(?P<b>[{_SURNAMES}][{HAN}]{{1,2}})(?=表示|介绍|指出|认为|告诉|透露|强调|说|称|坦言)"
    rf"|(?:{_ROLE})(?P<a>[{_SURNAMES}][{HAN}]{{1,2}})(?=[，。、]|在|表示|介绍|指出|认为|告诉|透露|强调|说|称|和|与|的|将|对)"
    rf"|(?P<c>[{HAN}]{{1,5}}(?:·[{HAN}]{{1,6}})+)"
)
_COUNTRIES = (
    "中国|美国|俄罗斯|乌克兰|日本|韩国|朝鲜|英国|法国|德国|意大利|西班牙|印度|巴西|加拿大|澳大利亚|南非|埃及|伊朗|伊拉克|"
    "以色列|土耳其|沙特|叙利亚|越南|泰国|缅甸|印尼|马来西亚|新加坡|菲律宾|巴基斯坦|阿富汗|波兰|瑞典|荷兰|尼日尔|尼日利亚"
)
_PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|深圳|广州|杭州|南京|武汉|成都|西安|苏州|郑州|长沙"
)
_PLACE = re.compile(
    rf"(?P<c>{_COUNTRIES})|(?:{_PROVINCES})(?:省|市)?|[{HAN}]{{2,3}}(?P<s>省|市|县|区|镇|乡|村|州|岛|港|湾|河|江|山|湖)(?![{HAN}]?长)"
)
_ORG = re.compile(
    rf"[{HAN}A-Za-z]{{2,12}}?(?P<s>公司|集团|大学|学院|医院|法院|检察院|银行|协会|委员会|研究所|研究院|委|局|部|厅|"
    r"俱乐部|学校|中学|小学|基金会|中心|队|联盟|组织|机场|车站|平台)"
)
_LIST = re.compile(
    rf"(?<![\d.])[{HAN}A-Za-z0-9“”《》]{{2,12}}(?:、[{HAN}A-Za-z0-9“”《》]{{2,14}})+(?:(?:以及|和|及|与)[{HAN}A-Za-z0-9“”《》]{{2,14}})?等?"
)
_LIST_CUE = re.compile("包括|分别是|分别为|有|是|为|对|在|向|与|将|从|涉及|围绕|邀请|以")
_OBJECT = re.compile(
    "(?:发布|启动|举办|举行|召开|推出|成立|获得|荣获|建设|实施|宣布|要求|开展|加强|提供|实现|完成|成为|打造|推动|促进|推进|"
    "采取|发现|需要|提出|支持|反对|呼吁|承诺|导致|造成|引发|收购|设立|签署|通过|制定|出台|开通|增加|减少|使用|采用|"
    "利用|参加|出席|生产|研发|建立|形成|涉嫌|违反|担任|出演|扮演|称为|命名为|位于|来自|属于|取得|保持|面临|存在"
    "|(?<![还也都就不而但只若要可总便于])是|(?<![认因作以行])为)了?"
    r"(?P<o>(?![\d的了着过])[^，。；：！？（）()]{2,22}(?<![的了着]))(?=[，。；！？]|$)"
)
_CAUSE = re.compile(
    r"(?:因为|由于|受|因)(?P<o>[^，。；]{4,24})(?:影响)?(?=[，])|原因(?:是|在于)(?P<p>[^，。；]{4,30})"
)
_PURPOSE = re.compile(r"(?:为了?|旨在|以便|目的是)(?P<o>[^，。；]{5,28})(?=[，。；]|$)")
_CHANGE = re.compile(r"(?<=同比|环比)(?:增长|下降|上升|减少|下跌|上涨)(?P<o>[\d.]+%)")

_TITLES = ("什么", "哪部作品", "什么文件", "哪个", "哪本书", "什么作品", "哪部")
_WHEN = ("什么时候", "何时", "哪天", "哪一天", "什么时间", "几月几日")
_WHO = ("谁", "哪位", "什么人", "谁")
_COUNTRY_WORDS = ("哪个国家", "哪国", "哪里")
_WHERE = ("哪里", "什么地方", "哪个地区", "哪个城市", "哪儿")
_ORGANISATION = ("哪个机构", "什么机构", "哪个组织", "哪里")
_PLACE_WORDS: dict[str, tuple[str, ...]] = {
    "省": ("哪个省", "哪里"), "市": ("哪个市", "哪座城市", "哪里"), "县": ("哪个县", "哪里"),
    "区": ("哪个区", "哪里"), "村": ("哪个村", "哪里"), "镇": ("哪个镇", "哪里"), "岛": ("哪个岛", "哪里"),
    "港": ("哪个港口", "哪里"),
}  # fmt: skip
_ORG_WORDS: dict[str, tuple[str, ...]] = {
    "公司": ("哪家公司", "什么公司"), "集团": ("哪家公司", "哪个集团"), "大学": ("哪所大学", "哪个学校"),
    "学院": ("哪所学院",), "医院": ("哪家医院",), "法院": ("哪个法院", "哪家法院"), "银行": ("哪家银行",),
    "协会": ("哪个协会", "什么组织"), "队": ("哪支队伍", "哪个队"), "平台": ("哪个平台", "什么平台"),
    "部": ("哪个部门",), "局": ("哪个部门", "哪个机构"), "厅": ("哪个部门",), "委": ("哪个部门",),
    "学校": ("哪所学校",), "机场": ("哪个机场",),
}  # fmt: skip


def hidden_answers(sentence: str, chance: random.Random) -> Iterator[Hidden]:
    """Every answer that some question could ask of `sentence`, overlapping ones included."""
    for found in _NUMBER.finditer(sentence):
        of_date = found["unit"] == "日" or (found["unit"] == "年" and len(found["n"]) == 4)
        if not of_date and (found["scale"] or found["unit"]):
            yield Hidden(found.span(), "number", _how_many(found["unit"] or "", chance))
    for pattern, kind, asks in (
        (_DATE, "date", _WHEN), (_CLOCK, "clock", ("几点", "什么时候", "什么时间")),
        (_TITLE, "title", _TITLES), (_QUOTE, "quote", ("什么", "哪个", "怎样")),
    ):  # fmt: skip
        for found in pattern.finditer(sentence):
            yield Hidden(found.span(), kind, chance.choice(asks))
    for found in _PERSON.finditer(sentence):
        group = next(name for name in "abc" if found[name])
        yield Hidden(found.span(group), "person", chance.choice(_WHO))
    for found in _PLACE.finditer(sentence):
        words = _PLACE_WORDS.get(found["s"] or "", _COUNTRY_WORDS if found["c"] else _WHERE)
        yield Hidden(found.span(), "place", chance.choice(words))
    for found in _ORG.finditer(sentence):
        words = _ORG_WORDS.get(found["s"], _ORGANISATION)
        yield Hidden(found.span(), "organisation", chance.choice(words))
    yield from _phrases(sentence, chance)


def _how_many(unit: str, chance: random.Random) -> str:
    if unit in ("%", "％", "‰", "万", "亿", "") or chance.random() < 0.4:
        return "多少"
    return chance.choice(("多少", "几" if len(unit) == 1 else "多少")) + unit


def _phrases(sentence: str, chance: random.Random) -> Iterator[Hidden]:
    """Longer answers: lists, objects of verbs, causes, purposes, changes."""
    for found in _LIST.finditer(sentence):
        start, end = found.span()
        cue = _LIST_CUE.search(sentence, start, start + 8)
        start = cue.end() if cue and cue.end() < end - 4 else start
        yield Hidden((start, end), "list", chance.choice(("哪些", "什么", "哪些方面", "哪几个", "哪些内容")))
    for found in _OBJECT.finditer(sentence):
        if found["o"].count("“") == found["o"].count("”"):
            asks = ("什么", "哪些") if "、" in found["o"] or found["o"].endswith("等") else ("什么",)
            yield Hidden(found.span("o"), "object", chance.choice(asks))
    for found in _CAUSE.finditer(sentence):
        yield Hidden(found.span("o" if found["o"] else "p"), "cause", chance.choice(("什么", "什么原因")))
    for found in _PURPOSE.finditer(sentence):
        yield Hidden(found.span("o"), "purpose", "什么")
    for found in _CHANGE.finditer(sentence):
        yield Hidden(found.span("o"), "number", "多少")
