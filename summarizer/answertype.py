"""The expected answer type of a question, told from its words: a number, a day, a person, and its name.

    AnswerType.of("联合演练检验了什么能力？")    # kind "which", head "能力"
    AnswerType.of("门诊累计接诊多少人次？")      # kind "number", unit "人次"

One table for whoever wants to know: search, reader and gate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.records import Span
from summarizer.text import HAN

__all__ = ["KINDS", "AnswerType"]

_NUMERAL = "\\d一二三四五六七八九十百千万两半零几数"
_TABLE: tuple[tuple[str, str, str], ...] = (
    # kind, words that ask for it, what a stretch of text looks like that may be its answer
    ("why", "为什么|为何|因何|何以|什么原因|何种原因|原因是什么", "因|由于|为了|导致|使|缺|不"),
    (
        "date",
        "何时|什么时[候间刻]|什么日期|哪一?[天年月日]|哪个(?:月|时间|年|季)|几[月号点]|时间是什么",
        rf"[{_NUMERAL}].{{0,3}}[年月日号时点天周季]|[今明去前昨当次同][年日天晚月]|[上下]半|近日|[早午晚晨夜底初]",
    ),
    ("number", "多少|几(?![乎何内])|多[长大高远久宽深重快]|比例|占比", rf"[{_NUMERAL}]"),
    ("who", "谁|哪[一几两]?位|何人|什么人|哪[个些]人|哪名", r"^[^\d]{2,40}$"),
    (
        "where",
        "哪里|哪儿|何[地处]|什么地[方区点]|哪[个些座几]?(?:国|省|市|县|区|城|镇|村|地|州|街|港|岛|洲|海)",
        r"[省市县区镇乡村国州岛港湾海江河湖山路街园馆院场洲京沪]|[东南西北]部|^[^\d，。]{2,8}$",
    ),
    ("several", "哪些|哪[几两三四五]|什么和什么", "、|和|以及|及|与|等"),
    ("yes", "[吗么][？?]?$|是否|能否|可否|有没有|会不会|是不是", "."),
    ("how", "如何|怎么|怎样|什么样", "."),
    ("which", "什么|哪|何", "."),
)
KINDS = tuple(kind for kind, _, _ in _TABLE)
"""Kinds of questions, in the order in which they are tried; a question may be of none."""
_ASKS = tuple(re.compile(asks) for _, asks, _ in _TABLE)
_FITS = tuple(re.compile(fits) for _, _, fits in _TABLE)
# The words that stand where the answer would, longest first.
_WORDS = re.compile(
    "为什么|什么样的?|什么时[候间]|多少|什么|哪一?[个些家位种天年月日座项支部本次条款级类所名场届份处艘颗只里儿]|哪[几两三]\\w?"
    "|哪|谁|何[时地处人种]|为何|因何|如何|怎么样?的?|怎样的?|是否|几(?![乎何内])|多(?=[长大高远久])|何"
)
_NAMED = re.compile(rf"(?:样的?|的|几|一)?(?P<head>[{HAN}]{{1,2}})")


@dataclass(frozen=True, slots=True)
class AnswerType:
    """What one question asks for (expected answer type: Li and Roth 2002, by rules)."""

    kind: str
    """One of KINDS; "" for none of them."""
    words: Span
    """The question words in the question; (n, n), its end, when it has none."""
    unit: str
    """The one or two characters behind 多少 or 几, else ""."""
    head: str
    """The one or two characters behind 什么, 哪些 and the like: what the answer is called; else ""."""
    looks: re.Pattern[str] | None
    """Found in what may be an answer; None where anything may."""

    @classmethod
    def of(cls, question: str) -> AnswerType:
        """Of a question as typed; one without question words has kind "" and empty fields."""
        at = next((i for i, asks in enumerate(_ASKS) if asks.search(question)), None)
        found = _WORDS.search(question)
        words = found.span() if found else (len(question), len(question))
        named = _NAMED.match(question, words[1])
        name = named["head"] if named else ""
        counts = found is not None and found[0] in ("多少", "几")
        return cls(
            kind="" if at is None else KINDS[at],
            words=words,
            unit=name if counts else "",
            head="" if counts else name,
            looks=None if at is None or _FITS[at].pattern == "." else _FITS[at],
        )

    @property
    def number(self) -> int:
        """Of the kind in KINDS, for tables of numbers; their count for none."""
        return KINDS.index(self.kind) if self.kind else len(KINDS)

    def fits(self, answer: str) -> bool:
        """May `answer` be of the kind asked for, by its looks?"""
        return self.looks is None or bool(self.looks.search(answer))
