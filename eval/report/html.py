"""The report as one HTML file: style, script and plots inside it, nothing fetched, no JavaScript to read it.

Outputs are a model's words about a stranger's page. Jinja escapes every one of them, hidden characters are
shown as codes, and the file's own policy forbids every request and every script but the one shipped here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.records import Run
from eval.report import plots
from eval.report.facts import facts
from eval.report.groups import Group, failed_words, groups, partial_words, run_labels, warnings
from eval.report.items import ItemView, item_views
from eval.report.labels import division_title, heading, shown, task_title
from eval.report.tables import FEW, Cell, Row, SliceTable, score_rows, slice_tables

__all__ = ["Section", "html_report"]

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Section:
    """All that the report shows of one task."""

    group: Group
    rows: tuple[Row, ...]
    slices: tuple[SliceTable, ...]
    plots: tuple[plots.PlotSet, ...]
    items: tuple[ItemView, ...]

    def leads(self, labels: Sequence[str]) -> list[Cell | None]:
        """The lead metric of each run, None for a run that did not do the task."""
        at = self.group.metrics.index(self.group.lead)
        cells = {run: row.cells[at] for row in self.rows for run in row.entry.runs}
        return [cells.get(label) for label in labels]

    @property
    def failures(self) -> int:
        return sum(entry.task.failures for entry in self.group.entries)

    @property
    def controls(self) -> tuple[int, int]:
        """The harness's own controls: (those that hold, all)."""
        every = [control for entry in self.group.entries for control in entry.task.controls]
        return sum(control.held for control in every), len(every)

    @property
    def divisions(self) -> dict[str, list[str]]:
        """Division -> its parts, of those that tell items apart."""
        found: dict[str, set[str]] = {}
        for item in self.items:
            for name, part in item.slices.items():
                found.setdefault(name, set()).add(part)
        return {name: sorted(several) for name, several in found.items() if len(several) > 1}


def html_report(runs: Sequence[Run]) -> str:
    """The whole file. Raises ModelError without matplotlib."""
    found = groups(runs)
    sections = [_section(runs, group) for group in found]
    script = (_FOLDER / "report.js").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            labels=run_labels(runs),
            data=list(dict.fromkeys(shown(run.provenance.data)[:12] for run in runs)),
            facts=facts(runs),
            warnings=warnings(runs, found),
            sections=sections,
            few=FEW,
            style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _section(runs: Sequence[Run], group: Group) -> Section:
    drawn = [plots.bars(group), plots.lengths(group), plots.paces(runs, group)]
    return Section(
        group,
        tuple(score_rows(group)),
        tuple(slice_tables(group)),
        tuple(one for one in drawn if one is not None),
        tuple(item_views(group)),
    )


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "shown": shown,
        "task_title": task_title,
        "division_title": division_title,
        "heading": heading,
        "failed_words": failed_words,
        "partial_words": partial_words,
        "ours": Markup,  # only for SVG that drawing.py made, whose texts are escaped
    }
    return made
