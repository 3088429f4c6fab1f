"""Questions in other words: people do not repeat the text they ask about, clozes and crowds mostly do.

Words are swapped for others that mean the same, question words for others that ask the same, an attribute
before 的 or some other word goes, two clauses change places. The answer stays the same; that the sentence
still reads well is not needed of a question that only has to look less like its text.
"""

from __future__ import annotations

import random
import re
from itertools import pairwise

from summarizer.models.bundled import FOLDER
from summarizer.models.fluency import BONDS, Bonds
from summarizer.records import Span
from summarizer.terms import asking
from summarizer.text import HAN, is_han

__all__ = ["reworded"]

_SAME = {
    "表示": "称", "举行": "举办", "获得": "拿到", "达到": "有", "位于": "在",
    "进行": "开展", "发布": "公布", "增长": "上升", "下降": "减少", "启动": "开始", "预计": "估计",
    "宣布": "公布", "召开": "举行", "死亡": "遇难", "导致": "造成", "成立": "建立", "帮助": "协助",
    "开展": "搞", "指出": "提到", "加强": "强化", "推动": "促进", "超过": "多于", "提供": "给出",
    "使用": "用", "创建": "建立", "担任": "当", "首次": "第一次", "出生": "生", "去世": "死", "包括": "有",
    "需要": "要", "认为": "觉得", "目前": "现在", "主要": "最重要的", "公司": "企业", "企业": "公司",
    "学校": "校方", "人员": "人", "地区": "地方", "国家": "国", "同比": "比上年", "累计": "一共",
    "共有": "总共有", "建设": "修建", "实施": "执行", "采取": "用", "参加": "参与", "出现": "发生",
    "发现": "找到", "负责": "管", "属于": "归于", "称为": "叫", "名称": "名字", "城市": "地方",
    "时间": "时候", "原因": "理由", "措施": "办法", "问题": "难题", "影响": "作用", "计划": "打算",
    "建成": "修好", "受伤": "负伤", "投资": "投入", "收入": "营收", "销售": "卖出", "购买": "买",
    "居民": "住户", "儿童": "孩子", "学生": "同学", "老人": "老年人", "医院": "院方", "警方": "警察",
    "车辆": "车", "费用": "花费", "价格": "价", "比赛": "赛事", "冠军": "第一名", "项目": "工程",
}  # fmt: skip
_ASKED = (
    ("多少", "几"), ("什么时候", "哪天"), ("何时", "什么时候"), ("哪一年", "何年"), ("哪年", "什么时候"),
    ("在哪里", "在什么地方"), ("哪里", "何处"), ("谁", "哪位"), ("哪位", "谁"), ("为什么", "为何"),
    ("为何", "什么原因"), ("如何", "怎样"), ("怎么", "如何"), ("什么", "何种"), ("哪些", "什么"),
    ("哪个", "什么"),
)  # fmt: skip
_ATTRIBUTE = re.compile(rf"[{HAN}]{{2,8}}的(?=[{HAN}]{{2}})")
# Words swapped for others; nats that hold two characters of a word together; characters of a question.
_SWAPPED, _WORD, _SHORTEST = 2, 2.0, 6


def reworded(question: str, chance: random.Random) -> str | None:
    """The question said otherwise; None when nothing of it can be changed or too little is left."""
    text, changed = _swapped(question, chance)
    attribute = _ATTRIBUTE.search(text)
    if attribute and not asking(attribute[0]) and chance.random() < 0.6:
        text = text[: attribute.start()] + text[attribute.end() :]
        changed += 1
    if not changed or chance.random() < 0.35:
        text = _without_a_word(text, chance)
    clauses = re.split("[，,]", text.rstrip("？?"))
    if len(clauses) == 2 and chance.random() < 0.5:
        text = f"{clauses[1]}，{clauses[0]}？"
    return text if text != question and len(text) >= _SHORTEST else None


def _swapped(text: str, chance: random.Random) -> tuple[str, int]:
    """(with other words, how many)."""
    changed = 0
    for word in chance.sample(list(_SAME), len(_SAME)):
        if word in text and changed < _SWAPPED:
            text = text.replace(word, _SAME[word], 1)
            changed += 1
    if chance.random() < 0.7:
        for one, other in _ASKED:
            if one in text:
                return text.replace(one, other, 1), changed + 1
    return text, changed


def _without_a_word(text: str, chance: random.Random) -> str:
    """Without one of its words, if there are three; question words stay."""
    found = [(a, b) for a, b in _words(text) if not asking(text[a:b])]
    if len(found) < 3:
        return text
    start, end = chance.choice(found)
    return re.sub("^[，,]|[，,](?=[？?]?$)", "", text[:start] + text[end:])


def _words(text: str) -> list[Span]:
    """Stretches of two characters and more that hold together, in order."""
    bonds = Bonds.load(FOLDER / BONDS)
    borders = [0]
    for at in range(1, len(text)):
        one, other = text[at - 1], text[at]
        tied = is_han(one) and is_han(other) and bonds.strength(one, other) > _WORD
        if not tied and not (one.isascii() and other.isascii() and one.isalnum() and other.isalnum()):
            borders.append(at)
    borders.append(len(text))
    return [(a, b) for a, b in pairwise(borders) if b - a >= 2]
