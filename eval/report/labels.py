"""Words of a report: Chinese titles of what the records name in English, numbers as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from eval.records import Metric

__all__ = ["division_title", "heading", "shown", "task_title", "unique"]

_TASKS = {
    "articles": "版面拆分",
    "headlines": "标题",
    "briefs": "百字摘要",
    "retrieval": "检索",
    "reading": "阅读（给定文章）",
    "answers": "问答（全流程）",
    "refusal": "拒答",
    "grounding": "事实核对",
    "speed": "速度",
}
_DIVISIONS = {
    "subject": "题材",
    "length": "篇幅（字）",
    "layout": "版式",
    "kind": "类型",
    "page": "版面",
    "split": "数据部分",
    "injected": "含注入指令",
}
_ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}

# Letters that print nothing, though Unicode counts them as letters or symbols: Hangul fillers, blank Braille.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def task_title(name: str) -> str:
    """Chinese name and the name in commands; the latter alone for a task that is not known here."""
    return f"{_TASKS[name]} {name}" if name in _TASKS else name


def division_title(name: str) -> str:
    """Of a division of the items, such as "subject"."""
    return _DIVISIONS.get(name, name)


def heading(metric: Metric) -> str:
    """A metric's title with its unit and where better is."""
    unit = "" if metric.unit == "%" else f"（{metric.unit}）"
    return f"{shown(metric.title)}{unit}{_ARROWS[metric.better]}"


def shown(text: str) -> str:
    """With every character that a reader cannot see, or that turns the line around, as its code: ⟨U+202E⟩.

    Line feeds and tabs stay. Control, format, unassigned and private characters, lone surrogates and other
    separators of lines are told; so the text can always be encoded.
    """
    return re.sub(r"[^\n\t -~\u3000-\u3163\u4e00-\u9fff]", lambda found: _visible(found[0]), text)


def _visible(char: str) -> str:
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") or char in _BLANK
    return f"⟨U+{ord(char):04X}⟩" if hidden else char


def unique(names: Sequence[str]) -> list[str]:
    """The names in order, a repeated one numbered: "bundled", "bundled (2)"."""
    made: list[str] = []
    for name in names:
        label, count = name, 1
        while label in made:
            count += 1
            label = f"{name} ({count})"
        made.append(label)
    return made
