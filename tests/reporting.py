"""Runs for tests of the report: made-up headlines and answers, with all that can be awkward about them."""

from __future__ import annotations

import random

from eval.records import Control, Mark, Metric, Outcome, Provenance, Run, Score, TaskRun

LEAD = Metric("rouge_l_best", "ROUGE-L（取高）", "characters, rouge-score 0.1.2", guarded=True)
LIMIT = Metric("within_limit", "不超字数", "at most 20 characters", yesno=True, guarded=True)
NUMBERS = Metric("unsupported_numbers", "数字无据", "by grounding", better="lower", yesno=True, guarded=True)
COMPRESSION = Metric("compression", "压缩比", "characters for 100 of the body", better="neither")
F1 = Metric("f1", "F1（字）", "character counts", guarded=True)
PRECISION = Metric("precision", "引用准确率", "weighs the citations", better="higher")
ALONE = Metric("alone", "单篇耗时", "one story in a call", "s", "lower")
ARTICLES = Metric("articles", "成批速度", "64 stories in a call", "/s")

PLACES = ("云溪县", "柳河镇", "青石市", "北塘区", "松岭乡")
DEEDS = ("新建步行桥", "夜间门诊开诊", "老旧小区加装电梯", "水库除险加固", "图书馆延长开放", "公交线路调整")
SUBJECTS = ("health", "transport", "culture", "courts")

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "[点我](javascript:alert(3)) | 竖线 | `码` <b>粗</b> https://example.org/x",
    "价格\u202e000,1元\u200b起\u00ad\x07",
    "\"'><svg/onload=alert(4)> &lt;b&gt; {{ 7*7 }} $x^2$",
)


def provenance(data: str = "d1", machine: str = "Linux x86_64, 8 cores", seed: int = 0) -> Provenance:
    return Provenance(
        "0123abcd", seed, data, {"headline": 3, "answer": 1}, machine, {"python": "3.11.9", "numpy": "2.4"},
        {"words": False, "beams": None}, "2026-01-01T00:00:00+00:00",
    )  # fmt: skip


def headline(draw: random.Random, place: str, deed: str) -> str:
    """One of several ways to say it, some with a number from nowhere."""
    ways = (
        f"{place}{deed}",
        f"{deed}方便{place}群众",
        f"{place}：{deed}惠及{draw.randint(2, 90)}万人",
        f"{deed}今日启动",
    )
    return draw.choice(ways)


def headlines(name: str, count: int, seed: int, *, skill: float = 0.5, version: int = 1) -> TaskRun:
    """`count` headlines of a system that now and then fails or makes up a number."""
    draw, made = random.Random(seed), []
    for i in range(count):
        place, deed = PLACES[i % len(PLACES)], DEEDS[i % len(DEEDS)]
        references = (f"{place}{deed}惠及5万人", f"{deed} {place}居民称便")
        slices = {
            "subject": SUBJECTS[i % 4],
            "length": "1–200" if i % 3 else "201–400",
            "layout": f"plain-{i % 5}",
        }
        asked = f"本报讯　{place}{deed}昨日完成，第{i}期工程惠及居民约5万人。" * 6
        if draw.random() < 0.04:
            worst = {
                "rouge_l_best": Score(0.0),
                "within_limit": Score(0.0),
                "unsupported_numbers": Score(100.0),
            }
            made.append(
                Outcome(
                    f"page-{i:03}",
                    slices,
                    asked,
                    "",
                    references,
                    worst,
                    seconds=0.2,
                    failure="TimeoutError: 30 s",
                )
            )
            continue
        output = references[0] if draw.random() < skill / 4 else headline(draw, place, deed)
        at = output.find("惠及")
        marks = (Mark((at + 2, len(output)), "no such number"),) if at > 0 and "5万" not in output else ()
        scores = {
            "rouge_l_best": Score(min(100.0, max(0.0, draw.gauss(30 + 40 * skill, 15)))),
            "within_limit": Score(100.0 * (len(output) <= 14)),
            "unsupported_numbers": Score(100.0 * bool(marks)),
            "compression": Score(100 * len(output) / len(asked)),
        }
        made.append(
            Outcome(
                f"page-{i:03}",
                slices,
                asked,
                output,
                references,
                scores,
                marks,
                0.05 + draw.random() * skill,
                note="beam",
            )
        )
    controls = (Control("identical text scores 100", 100.0, 100.0, True),)
    metrics = (COMPRESSION, LEAD, LIMIT, NUMBERS)
    return TaskRun("headlines", version, name, f"{name} 1", metrics, tuple(made), count, None, controls)


def answers(name: str, count: int, seed: int, *, skill: float = 0.5, limit: int | None = None) -> TaskRun:
    """Questions; precision is weighed by citations and missing where nothing was cited."""
    draw, made = random.Random(seed), []
    for i in range(count):
        place = PLACES[i % len(PLACES)]
        right = draw.random() < skill
        output = f"约{5 if right else draw.randint(6, 99)}万人。据报道，{place}居民出行更方便。"
        scores = {"f1": Score(draw.uniform(60, 100) if right else draw.uniform(0, 40))}
        if i % 4:
            scores["precision"] = Score(100.0 * right, float(1 + i % 3))
        slices = {"kind": ("number", "who", "followup")[i % 3], "page": f"page-{i % 12}"}
        asked = f"{place}第{i}期工程惠及多少居民？"
        marks = () if right else (Mark((0, output.index("。")), "number: no passage says so"),)
        made.append(
            Outcome(
                f"q{i:03}", slices, asked, output, ("约5万人", "5万人"), scores, marks, 0.3 + draw.random()
            )
        )
    return TaskRun(
        "answers", 1, name, f"{name} 1", (F1, PRECISION), tuple(made), count if limit is None else 240, limit
    )


def speed(name: str, pace: float) -> TaskRun:
    outcomes = [
        Outcome(f"alone {i}", {}, "正文", "标题", (), {"alone": Score(1 / pace + i / 100)}) for i in range(5)
    ]
    outcomes.append(Outcome("batch", {}, "64 stories", "1.0 s", (), {"articles": Score(pace)}))
    return TaskRun("speed", 1, name, f"{name} 1", (ALONE, ARTICLES), tuple(outcomes), 6)


def rules() -> TaskRun:
    """A task that comes to the same whatever the model is."""
    metric = Metric("article_f1", "文章 F1", "found items", guarded=True)
    outcomes = [
        Outcome(
            f"page-{i}", {"layout": f"plain-{i % 2}"}, f"page-{i}: 2 items", "标题甲\n标题乙",
            ("标题甲", "标题乙"), {"article_f1": Score(100.0 - 10 * i, 4.0)},
            note="0: not found\n1: headline differs",
        )
        for i in range(4)
    ]  # fmt: skip
    return TaskRun("articles", 1, "rules", "summarizer 1", (metric,), tuple(outcomes), 4)


def system(name: str, seed: int, skill: float, *, items: int = 24, questions: int = 30) -> Run:
    tasks = (
        rules(),
        headlines(name, items, seed, skill=skill),
        answers(name, questions, seed, skill=skill),
        speed(name, 2 + 40 * (1 - skill)),
    )
    return Run(name, tasks, provenance(seed=seed))


def hostile() -> Run:
    """Outputs, references, reasons, ids and names that try to be markup."""
    made = [
        Outcome(
            f"{i} {text}", {"subject": text, "length": str(i)}, f"问 {text}", text, (text[::-1], text + "完"),
            {"rouge_l_best": Score(10.0 * i)}, (Mark((0, 3), f"reason {text}"), Mark((2, 9999), "beyond")),
            failure=text if i == 4 else None, note=text,
        )
        for i, text in enumerate(HOSTILE)
    ]  # fmt: skip
    task = TaskRun("headlines", 1, HOSTILE[0], "1", (LEAD,), tuple(made), len(made))
    return Run(HOSTILE[1] + "\ud800", (task,), provenance())
