"""Quoted strings and name-like spans: people, places, bodies, found by their surroundings.

No dictionary of names: a surname beside a title or a verb of speech, two characters before
市 or 医院, and the few dozen countries, provinces and great cities. Recall is modest by design;
what is flagged stands nowhere in the source, not even shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.records import Span
from summarizer.text import HAN

__all__ = ["Names", "quotes"]

_QUOTES = re.compile("“([^“”]{1,120})”|《([^《》]{1,120})》|「([^「」]{1,120})」|『([^『』]{1,120})』")

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"
    "曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康"
    "毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦"
    "季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳"
    "盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵苑岑冉"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯"
_TITLE = (
    "书记|市长|县长|区长|镇长|乡长|省长|州长|局长|厅长|处长|科长|部长|主任|院长|校长|所长|站长|"
    "馆长|经理|董事长|总裁|主席|总理|总统|首相|外长|大使|发言人|记者|教授|医生|医师|护士|队长|"
    "教练|工程师|会长|理事长|支书|村民|居民|老师|教师|选手|运动员|民警|法官|检察官|律师|队员|院士|"
    "农艺师|负责人|创始人|导演|演员|作家|代表|委员|小将|球员|司机|同志|果农|志愿者|被告人"
)
_VERB = (
    "表示|介绍|说|称|指出|强调|出席|主持|讲话|认为|告诉|坦言|透露|回忆|会见|致辞|当选|夺冠|夺得|"
    "获得|荣获|摘得|率队|担任|带队|调研|考察|访问|抵达|发表|签署|宣布|走访|慰问|提醒|呼吁|解释|"
    "被判|受审|获奖|去世|逝世|上任|就任|执教|扎根|团队|受贿"
)
# After a name: a verb of its own, a mark, or a word of grammar.
_END = rf"(?=(?:{_VERB})|[^{HAN}]|$|[的等在与和为将对向从同是])"
_PERSON = rf"(?:(?:{_DOUBLE})[{HAN}]{{1,2}}?|[{_SURNAMES}][{HAN}]{{1,2}}?)"
_PEOPLE = re.compile(
    rf"(?<![{HAN}])(?P<said>{_PERSON})(?=(?:{_VERB})|:|等[\d一二两三四五六七八九十]|以[\d“])"
    rf"|(?:{_TITLE})(?P<titled>{_PERSON}){_END}"
)
_FOREIGN = re.compile(f"[{HAN}]{{1,10}}(?:[·•][{HAN}]{{1,10}}){{1,4}}")
# Words that begin with a surname and are none, where a name might stand.
_NO_PERSON = re.compile(
    "方面|高[层度校中铁质]|单[位身]|金[融牌砖]|时代|白[宫天]|马上|安[全徽]|于是|文[化章]|平安|常委|任[务何]|周[边一二三四五六日末]|"
    "江[苏西]|田间|向[全好中]|成[功员立果绩]|石[油家]|关[于键税注]|和平|施工|康养|包括|左右|项目|路线|季度|游客|查获|管理|黄河|"
    "夏季|卫[生星]|温[暖度]|盛会|史上|武[汉警]|洪水|龙头|欧[盟洲]|全体|严[格重查]|应[急对]|景[区点]|单日|经[济过]|路透|今年|明年|"
    "张家|李家|王家|房地|水利|党[员委建]|毕业|危险|海[外关]|常[态见务]|许多|何[时为以]|尤其|左侧|谷歌|华[为盛]|戴[上好]|解[读密]"
)

# 区, 乡, 村 and 州 end too many common nouns (地区, 经营区, 故乡) to be looked for without a dictionary.
_PLACE = "省|市(?![场值级民面区内外容井])|县(?![域级城])|镇(?![静痛定])|街道"
_BODY = (
    "公司|集团|银行(?!业)|大学(?!生)|学院|医院|法院|检察院|学校|中学(?!生)|小学(?!生)|幼儿园|研究院|研究所|"
    "博物馆|图书馆|机场|大桥|水库|协会|委员会|局(?![地势部面限])|派出所|合作社"
)
_SUFFIXED = re.compile(rf"(?=([{HAN}]{{2}})({_BODY}|{_PLACE}))")
# A stem with one of these inside is grammar or a common noun, no name: 全市, 我县, 城市, 民营医院.
_COMMON = frozenset(
    "年月日名余在的和与为对向从由到等了将被把让至及或全我本该各每某两这那多新老大小中城乡农个家所上下"
    "前后首高市县区镇村省街股超地都景校园社山片特郊辖灾疫牧林矿库片厂港湾专开试示保产业商住馆有无是不"
    "人民国际内外第一二三四五六七八九十数几批们连"
)
# 布局, 结局, 好局, 邮局: no bodies, or common nouns.
_NO_BODY = frozenset("布结格定好僵平出赛败困时变残终危破骗饭邮当药")
_KNOWN = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    "海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|美国|英国|法国|德国|"
    "意大利|西班牙|俄罗斯|乌克兰|日本|韩国|朝鲜|印度尼西亚|印度|巴基斯坦|越南|泰国|马来西亚|新加坡|菲律宾|"
    "柬埔寨|老挝|缅甸|蒙古国|哈萨克斯坦|伊朗|伊拉克|以色列|巴勒斯坦|叙利亚|沙特|土耳其|埃及|南非|尼日利亚|"
    "肯尼亚|巴西|阿根廷|墨西哥|加拿大|澳大利亚|新西兰|欧盟|广州|深圳|杭州|南京|武汉|成都|西安|济南|青岛|"
    "郑州|长沙|沈阳|大连|哈尔滨|苏州|宁波|厦门|福州|合肥|昆明|贵阳|南昌|太原|石家庄|兰州|西宁|银川|"
    "乌鲁木齐|拉萨"
)
# Only ASCII changes case: other letters may grow when lowered, and offsets must hold.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def quotes(text: str) -> Iterator[Span]:
    """Spans of the insides of quotation marks and title marks, without the marks."""
    for match in _QUOTES.finditer(text):
        yield match.span(match.lastindex or 0)


class Names:
    """A source text that is asked for quotes and names. Spans are offsets into the argument."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = [i for i, char in enumerate(text) if char.isalnum()]
        self._folded = _fold(text)

    def find(self, quote: str) -> Span | None:
        """Where the quote stands word for word; marks, blanks and case aside. None when nowhere."""
        folded = _fold(quote)
        at = self._folded.find(folded) if folded else -1
        return None if at < 0 else (self._at[at], self._at[at + len(folded) - 1] + 1)

    def claims(self, output: str) -> list[Span]:
        """Spans of the name-like stretches of an output, ascending; they may overlap."""
        known = (match.span() for match in _KNOWN.finditer(output))
        return sorted({*_people(output), *_foreign(output), *_places(output), *known})

    def support(self, name: str) -> Span | None:
        """Where the source has the name, whole or shortened; None when nowhere."""
        if "·" in name or "•" in name:
            return self._dotted(name)
        if where := self.find(name):
            return where
        suffixed = _SUFFIXED.match(name)
        if not suffixed:
            return None
        stem, suffix = suffixed[1], suffixed[2]
        if where := self.find(stem):
            return where
        longer = re.search(f"{stem[0]}[{HAN}]{{0,4}}{stem[1]}[{HAN}]{{0,4}}{suffix[-1]}", self._text)
        return longer.span() if longer else None

    def _dotted(self, name: str) -> Span | None:
        """By the characters beside each dot: where such a name begins and ends is not known."""
        spans = [self.find(one[-2:] + other[:2]) for one, other in pairwise(re.split("[·•]", name))]
        return spans[0] if all(spans) else None


def _fold(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).translate(_LOWER)


def _people(output: str) -> Iterator[Span]:
    for match in _PEOPLE.finditer(output):
        group = "said" if match["said"] else "titled"
        if not _NO_PERSON.match(match[group]):
            yield match.span(group)


def _foreign(output: str) -> Iterator[Span]:
    return (match.span() for match in _FOREIGN.finditer(output))


def _places(output: str) -> Iterator[Span]:
    for match in _SUFFIXED.finditer(output):
        if not set(match[1]) & _COMMON and match[1][-1] not in _NO_BODY:
            yield match.start(), match.end(2)
