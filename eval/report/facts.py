"""Where the numbers come from: code, data, machine, versions, settings of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.records import Provenance, Run
from eval.report.groups import run_labels
from eval.report.labels import shown

__all__ = ["Fact", "facts"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that scores depend on."""

    title: str
    values: tuple[tuple[str, str], ...]
    """(runs, what it is there); one pair with "" for the runs when it is the same everywhere."""


def facts(runs: Sequence[Run]) -> list[Fact]:
    """Where the numbers come from; what is the same in all runs is told once."""
    labels = run_labels(runs)
    rows = [_provenance(run.provenance) for run in runs]
    made = []
    for title in rows[0]:
        by_value: dict[str, list[str]] = {}
        for label, row in zip(labels, rows, strict=True):
            by_value.setdefault(row[title], []).append(label)
        everywhere = len(by_value) == 1
        made.append(
            Fact(title, tuple(("" if everywhere else "、".join(who), said) for said, who in by_value.items()))
        )
    return made


def _provenance(made: Provenance) -> dict[str, str]:
    """Chinese title -> value."""
    return {
        "代码版本 commit": shown(made.commit),
        "随机种子 seed": str(made.seed),
        "数据指纹 data": shown(made.data),
        "机器 machine": shown(made.machine),
        "开始 started": shown(made.started),
        "设置 settings": _listed(made.settings),
        "提示词版本 prompts": _listed(made.prompts),
        "软件版本 versions": _listed(made.versions),
    }


def _listed(values: Mapping[str, object]) -> str:
    told = [f"{name} {'—' if value is None else value}" for name, value in values.items()]
    return shown("，".join(told) or "—")
