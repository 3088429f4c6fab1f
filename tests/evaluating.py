"""Gold data and systems for tests of the harness: two stories, four questions, a system that replays."""

from __future__ import annotations

import json
from pathlib import Path

from eval.data import load_gold
from eval.records import Control, Item, Metric, Outcome, Provenance, Run, Score, TaskRun
from eval.systems import Written

PAGE = {
    "paper": "云溪日报",
    "date": "2025-03-18",
    "number": "2",
    "items": [
        {
            "kind": "article",
            "subject": "health",
            "headline": "夜间门诊方便群众",
            "kicker": None,
            "byline": None,
            "body": "云溪县人民医院夜间门诊累计接诊6800人次。\n院长高一帆介绍，门诊每晚开到九点。",
            "references": ["云溪县医院夜间门诊接诊6800人次", "县医院夜间门诊每晚开到九点"],
            "brief": "云溪县人民医院夜间门诊累计接诊6800人次，院长高一帆介绍门诊每晚开到九点。",
        },
        {
            "kind": "notice",
            "subject": "transport",
            "headline": "柳河桥封闭施工公告",
            "kicker": None,
            "byline": None,
            "body": "柳河桥自3月20日起封闭施工，工期45天，过往车辆请绕行青石大道。",
            "references": ["柳河桥3月20日起封闭45天", "柳河桥施工 车辆绕行青石大道"],
            "brief": "柳河桥自3月20日起封闭施工，工期45天，过往车辆请绕行青石大道，请互相转告。",
        },
    ],
    "questions": [
        {
            "id": "q1",
            "question": "夜间门诊看了多少人次？",
            "kind": "number",
            "answer": "6800人次",
            "accepted": ["6800"],
            "evidence": [{"item": 0, "quote": "夜间门诊累计接诊6800人次"}],
        },
        {
            "id": "q2",
            "question": "柳河桥要封多久？",
            "kind": "number",
            "answer": "45天",
            "accepted": [],
            "evidence": [{"item": 1, "quote": "工期45天"}],
        },
        {
            "id": "q3",
            "question": "夜间门诊去年看了多少人次？",
            "kind": "number",
            "answer": "",
            "accepted": [],
            "evidence": [],
            "near": "只有累计数，没有去年的数。",
        },
        {
            "id": "q4",
            "question": "那车子怎么走？",
            "kind": "followup",
            "history": [{"question": "柳河桥要封多久？", "answer": "45天"}],
            "answer": "绕行青石大道",
            "accepted": [],
            "evidence": [{"item": 1, "quote": "过往车辆请绕行青石大道"}],
        },
    ],
}


def written_page(folder: Path, name: str = "yunxi") -> Path:
    """The page as a file of its own; the path."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(PAGE, ensure_ascii=False), encoding="utf-8")
    return path


def gold_of(folder: Path):
    return load_gold(written_page(folder))


class Replaying:
    """A `System` that says what it is told to, by story; an exception is raised instead."""

    name, fingerprint, styles = "replaying", "1", frozenset({"headline", "brief"})

    def __init__(self, said):
        self.said, self.calls = said, []

    def write(self, stories, *, style, limit):
        self.calls.append([story.id for story in stories])
        texts = [self.said[story.id] for story in stories]
        for text in texts:
            if isinstance(text, BaseException):
                raise text
        return [Written(text, "replayed") for text in texts]


F1 = Metric("f1", "F1", "of a test", guarded=True)
RIGHT = Metric("right", "right", "of a test", yesno=True, guarded=True)
SPEED = Metric("alone", "seconds", "of a test", "s", "lower")


class Counting:
    """A `Task` of numbered items whose scores a function gives; it may raise."""

    name, version, chunk, system, fingerprint, metrics = "counting", 1, 4, "counting", "1", (F1, RIGHT, SPEED)

    def __init__(self, count, score, held=True):
        self.count, self.score, self.held, self.asked = count, score, held, []

    def items(self):
        return [Item(str(i), f"item {i}", ("reference",), {"half": str(i % 2)}) for i in range(self.count)]

    def outcomes(self, items):
        self.asked.append([item.id for item in items])
        made = []
        for item in items:
            value = self.score(int(item.id))
            scores = {"f1": Score(value), "right": Score(100.0 * (value > 50))}
            made.append(Outcome(item.id, item.slices, item.asked, f"{value}", item.references, scores))
        return made

    def controls(self):
        return [Control("a known case", 1.0, 1.0, self.held)]


def run_of(values, *, name="one", data="d", version=1, limit=None, metric=F1, weights=None) -> Run:
    """A run of one task whose items have these scores; None is a failure."""
    weights = [1.0] * len(values) if weights is None else weights
    outcomes = tuple(
        Outcome(
            str(i), {"half": str(i % 2)}, f"item {i}", f"said {v}", ("r",),
            {metric.name: Score(0.0 if v is None else v, w)}, failure="gone" if v is None else None,
        )
        for i, (v, w) in enumerate(zip(values, weights, strict=True))
    )  # fmt: skip
    task = TaskRun("counting", version, name, "1", (metric,), outcomes, len(values), limit)
    return Run(name, (task,), provenance(data))


def provenance(data="d") -> Provenance:
    return Provenance(
        "c", 0, data, {"headline": 1}, "m", {"python": "3"}, {"words": False}, "2026-01-01T00:00:00Z"
    )
