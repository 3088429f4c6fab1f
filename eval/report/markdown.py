"""The report as Markdown for GitHub: the same tables, and the worst items. No plots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from eval.records import Metric, Run
from eval.report.facts import facts
from eval.report.groups import Group, failed_words, groups, partial_words, run_labels, warnings
from eval.report.items import ItemView, Said, item_views
from eval.report.labels import division_title, heading, shown, task_title
from eval.report.tables import Cell, Row, score_rows, slice_tables

__all__ = ["WORST", "escaped", "markdown_report"]

WORST = 10
"""Items of each task that are shown."""


def markdown_report(runs: Sequence[Run]) -> str:
    """The whole file, ending in a line feed."""
    found = groups(runs)
    names = "、".join(f"**{escaped(label)}**" for label in run_labels(runs))
    lines = ["# 评测报告", "", f"{len(runs)} 次运行：{names}", ""]
    if told := warnings(runs, found):
        lines += ["> ⚠ **读数之前**", ">", *(f"> - {escaped(one)}" for one in told), ""]
    lines += _folded("来历：代码、数据、机器、版本、设置", _facts(runs))
    for group in found:
        lines += _section(group)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """On one line of Markdown, or in a cell of a table, these characters and no markup of any kind.

    Line feeds become <br>, blanks in front go; `text` should have its hidden characters shown (labels.shown).
    """
    text = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", text.lstrip().replace("\t", " "))
    text = re.sub(r"^(\d*)([#+\-=>.)])", r"\1\\\2", text)  # no heading, quotation or list of its own
    text = re.sub(r"(:)(?=//)|(?<=www)(\.)|(@)", r"\\\g<0>", text, flags=re.IGNORECASE)  # GitHub makes links
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _folded(title: str, lines: Iterable[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _facts(runs: Sequence[Run]) -> Iterator[str]:
    for fact in facts(runs):
        for who, said in fact.values:
            yield f"- **{fact.title}**{f'（{escaped(who)}）' if who else ''}：{escaped(said)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _section(group: Group) -> list[str]:
    rows = score_rows(group)
    lines = [f"## {escaped(task_title(shown(group.name)))}", ""]
    guarded = [i for i, metric in enumerate(group.metrics) if metric.guarded]
    others = [i for i, metric in enumerate(group.metrics) if not metric.guarded]
    for title, chosen in (("守护指标", guarded), ("其他指标", others)):
        if chosen:
            lines += [f"### {title}", "", *_scores(group.metrics, rows, chosen), ""]
    lines += [
        "均值 \\[95 % 区间\\] 条数；★ 最好值（上限与部分运行不参加），⚠ 部分运行，↑ 越大越好，↓ 越小越好。",
        "",
    ]
    lines += [
        f"- ✗ **{escaped(entry.label)}**：{escaped(said)}"
        for entry in group.entries
        for said in failed_words(entry.task)
    ]
    lines += [
        *([""] if any(entry.task.failures for entry in group.entries) else []),
        *_folded("各指标怎么算", _meanings(group)),
    ]
    if sliced := list(_slices(group)):
        lines += _folded("分片", sliced)
    items = item_views(group)
    worst = [line for item in items[:WORST] for line in _item(item, group)]
    return [*lines, f"### 最差的 {min(WORST, len(items))} 条（共 {len(items)} 条）", "", *worst]


def _meanings(group: Group) -> list[str]:
    return [
        f"- **{escaped(heading(metric))}** {escaped(metric.name)}：{escaped(shown(metric.meaning))}"
        for metric in group.metrics
    ]


def _scores(metrics: Sequence[Metric], rows: Sequence[Row], chosen: Sequence[int]) -> list[str]:
    head = ["系统", *(escaped(heading(metrics[i])) for i in chosen)]
    return _table(head, ([_who(row), *(_cell(row.cells[i]) for i in chosen)] for row in rows))


def _who(row: Row) -> str:
    task, notes = row.entry.task, []
    if len(row.entry.runs) > 1:
        notes.append(f"{len(row.entry.runs)} 次运行相同：{'、'.join(row.entry.runs)}")
    if row.entry.ceiling:
        notes.append("上限，看得见参考")
    if partial_words(task):
        notes.append(f"⚠ 部分：{len(task.outcomes)}/{task.planned} 条，不是结果")
    if task.failures:
        notes.append(f"✗ {task.failures} 条失败，按最差计")
    return "<br>".join(map(escaped, (row.entry.label, *notes)))


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "—"
    value = f"**{cell.value}** ★" if cell.best else cell.value
    value += " ⚠" if cell.partial else ""
    return f"{value} \\[{cell.interval}\\] n={cell.n}"


def _slices(group: Group) -> Iterator[str]:
    head = ["划分", "部分", *(escaped(entry.label) for entry in group.entries)]
    for table in slice_tables(group):
        yield from (f"**{escaped(heading(table.metric))}**", "")
        yield from _table(
            head,
            ([escaped(p.division), escaped(p.name), *map(_cell, p.cells)] for p in table.parts),
        )
        yield ""


def _item(item: ItemView, group: Group) -> list[str]:
    score = f"{heading(group.lead)} {item.lead.value}" if item.lead else "没有分数"
    parts = "，".join(f"{division_title(name)} {part}" for name, part in item.slices.items())
    lines = [f"#### {escaped(item.id)}", "", f"{escaped(score)}；{escaped(parts)}", ""]
    lines += [f"> {escaped(item.asked)}", ""]
    lines += [f"{n}. 参考：{escaped(reference)}" for n, reference in enumerate(item.references, 1)]
    table = _table(["系统", "输出", "分数"], map(_said, item.said))
    return [*lines, "", table[0], "| :-- | :-- | :-- |", *table[2:], ""]


def _said(said: Said) -> list[str]:
    output = "".join(segment.text for segment in said.segments if segment.kind != "missing")
    text = f"✗ 失败：{said.failure}" if said.failure else output or "（空）"
    faults = "".join(f"\n⚠ 「{stretch}」{reason}" for stretch, reason in said.faults)
    scores = "\n".join(f"{chip.title} {chip.value}" for chip in said.chips)
    return [escaped("、".join(said.labels)), escaped(text + faults), escaped(scores) or "—"]
