"""Questions made from news: a sentence or a headline with its answer replaced by question words.

Chinese asks in place (营收为2879亿元 → 营收为多少亿元), so a cloze reads nearly like a question. It
would teach copying if its words stood in the text as they are: so half of the questions come
from headlines, whose words are another's, and the others lose words, clauses and their order.
Cloze data for readers: Lewis et al. 2019, "Unsupervised question answering by cloze translation".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.models.bundled import FOLDER
from summarizer.models.fluency import BONDS, Bonds
from summarizer.records import Span
from summarizer.text import HAN, clauses, is_han, sentences
from summarizer.training.reading.answers import Hidden, hidden_answers

__all__ = ["Asked", "from_body", "from_headline", "place_of"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a text, and where the text answers it; (0, 0) where it does not."""

    question: str
    context: str
    span: Span


# Nats of pointwise mutual information: two characters bound tighter are mostly one word.
_WORD = 3.0
# Characters. The development questions have 18 on average and hardly one has more than 40.
_LONGEST, _SHORTEST = 36, 5
_OPENING = re.compile(
    r"^(?:据[^，]{0,20}(?:报道|消息|介绍|了解|悉)，?|(?:当地时间|北京时间)?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:上午|下午|晚)?，?"
    r"|(?:近日|目前|日前|今天|昨天|同时|此外|另外|其中|然而|但|而|并|截至目前|据悉|据了解)，?)+"
)
_SAME = (
    ("表示", "说"), ("举行", "举办"), ("获得", "得到"), ("达到", "达"), ("位于", "在"), ("进行", "开展"),
    ("共有", "有"), ("发布", "公布"), ("增长", "增加"), ("下降", "减少"), ("启动", "开始"), ("预计", "预期"),
    ("宣布", "公布"), ("约为", "是"), ("召开", "举行"), ("死亡", "遇难"), ("导致", "造成"), ("成立", "设立"),
    ("帮助", "助力"), ("开展", "进行"), ("指出", "认为"), ("加强", "强化"), ("推动", "推进"), ("超过", "超"),
)  # fmt: skip
# Words a question mostly leaves out, and what stands in brackets.
_LIGHT = re.compile(
    "已经|目前|正式|正在|进一步|积极|全面|同时|不断|近日|再次|首次|分别|日前|随后|当天|当日|此次|将|已|均|共(?=有|计)"
    r"|[（(][^（()）]{0,30}[）)]"
)
# Kinds that are rare in text and common among questions are drawn oftener than they occur.
_WEIGHT = {
    "number": 0.5, "date": 0.4, "clock": 1.0, "title": 2.0, "quote": 1.0, "person": 2.0, "place": 0.4,
    "organisation": 0.5, "list": 2.5, "object": 1.5, "cause": 3.0, "purpose": 2.5,
}  # fmt: skip


def from_headline(title: str, body: str, chance: random.Random) -> Iterator[Asked]:
    """At most one question from a headline whose answer stands in the body word for word."""
    title = title.replace(" ", "，")
    found = [h for h in hidden_answers(title, chance) if title[slice(*h.span)] in body]
    hidden = _drawn(_whole(found, title), title, chance)
    if hidden is None:
        return
    question = _cleaned(title[: hidden.span[0]] + hidden.question + title[hidden.span[1] :], hidden, chance)
    answer = title[slice(*hidden.span)]
    span = place_of(answer, title, body, near=40)
    if span and question and len(question) <= _LONGEST + 10:
        yield Asked(question, body, span)


def from_body(body: str, chance: random.Random, wanted: int) -> Iterator[Asked]:
    """Up to `wanted` questions, each from another sentence of the body."""
    spans = [s for s in sentences(body) if 14 <= s[1] - s[0] <= 160]
    chance.shuffle(spans)
    for start, end in spans[:wanted]:
        sentence = body[start:end]
        hidden = _drawn(_whole(list(hidden_answers(sentence, chance)), sentence), sentence, chance)
        if hidden is None:
            continue
        question = _from_sentence(sentence, hidden, chance)
        if question:
            yield Asked(question, body, (start + hidden.span[0], start + hidden.span[1]))


def _drawn(found: list[Hidden], sentence: str, chance: random.Random) -> Hidden | None:
    if not found:
        return None
    return _named(chance.choices(found, [_WEIGHT[h.kind] for h in found])[0], sentence, chance)


def _whole(found: list[Hidden], sentence: str) -> list[Hidden]:
    """Those that neither begin nor end inside a word, nor are a label before a colon."""
    whole = [h for h in found if not any(_inside(sentence, at) for at in h.span)]
    return [h for h in whole if sentence[h.span[1] : h.span[1] + 1] not in ("：", ":")]


def _named(hidden: Hidden, sentence: str, chance: random.Random) -> Hidden:
    """Asked by its last word too, as people mostly do: 智能互联能力 → 什么能力."""
    text = sentence[slice(*hidden.span)]
    head = text[-2:]
    if hidden.kind not in ("object", "list", "quote", "organisation", "purpose") or len(text) < 4:
        return hidden
    if not all(map(is_han, head)) or _bonds().strength(*head) < _WORD or chance.random() < 0.4:
        return hidden
    if _inside(text, len(text) - 2):
        return hidden
    one = ("什么", "什么", "哪个", "什么样的", "怎样的", "哪种")
    several = ("哪些", "哪些", "哪几个", "什么")
    return replace(hidden, question=chance.choice(several if "、" in text else one) + head)


def _inside(text: str, at: int) -> bool:
    """Does a cut before character `at` go through a word?"""
    if not 0 < at < len(text):
        return False
    one, other = text[at - 1], text[at]
    if is_han(one) and is_han(other):
        return _bonds().strength(one, other) > _WORD
    return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()


def _bonds() -> Bonds:
    return Bonds.load(FOLDER / BONDS)


def _cut(text: str, at: int, step: int) -> int:
    """The next place from `at` on, going by `step`, where no word is cut."""
    while 0 < at < len(text) and _inside(text, at):
        at += step
    return at


def _from_sentence(sentence: str, hidden: Hidden, chance: random.Random) -> str:
    """The clauses around the answer, with question words in its place; "" when too little is left."""
    a, b = hidden.span
    pieces = clauses(sentence)
    first = next((i for i, (_, end) in enumerate(pieces) if end > a), 0)
    last = next((i for i, (_, end) in enumerate(pieces) if end >= b), len(pieces) - 1)
    lonely = (pieces[last][1] - pieces[first][0]) - (b - a) < 8
    if first and (lonely or chance.random() < 0.35):
        first -= 1
    if last + 1 < len(pieces) and (lonely or chance.random() < 0.1):
        last += 1
    before, after = sentence[pieces[first][0] : a], sentence[b : pieces[last][1]]
    if hidden.kind == "cause" and chance.random() < 0.7:
        before, after = "", sentence[b:].lstrip("，影响")[:24]
        return _cleaned(f"{chance.choice(('为什么', '为何', '什么原因导致'))}{after}", hidden, chance)
    if hidden.kind == "object" and not after.strip("，。；！？") and chance.random() < 0.15:
        return _cleaned(f"{before}的是{hidden.question}", hidden, chance)
    return _cleaned(before + hidden.question + after, hidden, chance)


def _cleaned(text: str, hidden: Hidden, chance: random.Random) -> str:
    """Without openings and quotes, some words lost or said otherwise, not too long; "" when too short."""
    if chance.random() < 0.8:
        text = _OPENING.sub("", text)
    at = text.find(hidden.question)
    if len(text) > _LONGEST or chance.random() < 0.4:
        text = _narrowed(text, max(at, 0), len(hidden.question), chance)
    text = _thinned(text, hidden.question, chance)
    for one, other in _SAME:
        if one in text and chance.random() < 0.3:
            text = text.replace(one, other, 1)
    text = text.strip("，。；：、！？,;: ").replace("“", "").replace("”", "")
    if "为什么" in text and not hidden.question.startswith("为什么"):  # 认为 + 什么 asks for a cause
        return ""
    return f"{text}？" if len(text) - len(hidden.question) >= _SHORTEST else ""


def _narrowed(text: str, at: int, length: int, chance: random.Random) -> str:
    """A stretch of whole clauses around the question words, shorter than `_LONGEST` where that can be."""
    borders = [0, *(end for _, end in clauses(text))]
    first = max(i for i, border in enumerate(borders) if border <= at)
    last = next((i for i, border in enumerate(borders) if border >= at + length), len(borders) - 1)
    if (first and borders[last] - borders[first] < length + 8) or (first and chance.random() < 0.2):
        first -= 1
    start, end = borders[first], borders[last]
    if end - start > _LONGEST:
        room = _LONGEST - length
        left = min(at - start, chance.randint(room // 4, room))
        start = _cut(text, at - left, -1)
        end = min(end, _cut(text, at + length + room - left, 1))
    return text[start:end]


def _thinned(text: str, kept: str, chance: random.Random) -> str:
    """Without some of the words a question does not need, and without some of the attributes before 的."""
    shorter = _LIGHT.sub(lambda found: "" if chance.random() < 0.6 else found[0], text)
    attribute = re.search(f"[{HAN}]{{2,6}}的", shorter)
    if attribute and chance.random() < 0.3:
        start = _cut(shorter, attribute.start(), 1)
        shorter = shorter[:start] + shorter[max(start, attribute.end()) :]
    return shorter if kept in shorter else text


def place_of(answer: str, said: str, text: str, *, near: int) -> Span | None:
    """The occurrence of `answer` with most of the bigrams of `said` within `near` characters of it.

    Of equals the first; None when `text` does not hold the answer.
    """
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    best, where, at = -1, None, text.find(answer)
    while at >= 0:
        around = text[max(0, at - near) : at + len(answer) + near]
        score = sum(around[i : i + 2] in pairs for i in range(len(around) - 1))
        if score > best:
            best, where = score, (at, at + len(answer))
        at = text.find(answer, at + 1)
    return where
