"""Runs with their intervals, two of them side by side, and the items that scored lowest."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.web.evaluation import Change, Item, Moved, Pair, RunLine, Standing, TaskLine, Value
from summarizer.web.markup import Markup, joined, marked, tag
from summarizer.web.strings import Strings
from summarizer.web.views.common import bar

__all__ = ["items", "pairs", "run", "runs", "standing"]

_SIGNS = {"running": "▶", "done": "✓", "stopped": "■", "failed": "✗"}
_VERDICTS = {"better": "▲", "worse": "▼", "differs": "≠", "same": "＝"}


def runs(found: Sequence[RunLine], chosen: Sequence[str], say: Strings) -> Markup:
    """One card a run, newest first; each picks its file. Chosen ones say which of the two they are."""
    if not found:
        return tag("p", say("eval.empty"), class_="empty")
    return tag("div", *(_run(one, chosen, say) for one in found), class_="listing")


def _run(one: RunLine, chosen: Sequence[str], say: Strings) -> Markup:
    place = "AB"[chosen.index(one.file)] if one.file in chosen else ""
    told = " · ".join(_title(task, say) for task in one.tasks)
    partial = any(task.items < task.planned for task in one.tasks)
    failures = sum(task.failures for task in one.tasks)
    notes = [
        *([tag("span", "⚠ ", say("eval.no_run", found=one.fault), class_="note")] if one.fault else []),
        *([tag("span", "⚠ ", say("eval.partial"), class_="note")] if partial else []),
        *([tag("span", "⚠ ", say("eval.failures", count=failures), class_="note")] if failures else []),
    ]
    return tag(
        "button",
        tag("span", place or "○", class_="number"),
        tag("span", one.name, class_="headline"),
        tag("span", told, class_="facts-line"),
        tag("span", _when(one, say), class_="where"),
        *notes,
        type="button", class_="card run chosen" if place else "card run", data_pick=one.file,
        data_goto="eval-shown", aria_pressed="true" if place else "false",
    )  # fmt: skip


def _when(one: RunLine, say: Strings) -> str:
    if not one.started:
        return one.file
    facts = {"when": one.started[:16].replace("T", " "), "commit": one.commit, "data": one.data}
    return say("eval.made", **facts)


def _title(task: TaskLine | Pair, say: Strings) -> str:
    return task.title if say.language == "zh" else task.task


def run(one: RunLine, say: Strings) -> Markup:
    """A table a task: value, interval, how many items."""
    return joined(_task(task, say) for task in one.tasks)


def _task(task: TaskLine, say: Strings) -> Markup:
    counted = say("eval.items", count=task.items)
    if task.items < task.planned:
        counted = say("eval.items_of", count=task.items, all=task.planned)
    head = tag("tr", *(tag("th", say(f"eval.{key}"), scope="col") for key in ("metric", "mean", "interval")))
    body = tag("tbody", *(_value(value, say) for value in task.values))
    return tag(
        "section",
        tag("h4", _title(task, say), " · ", task.system, " · ", counted),
        tag("table", tag("thead", head), body, class_="scores-table"),
        class_="pane-x",
    )


def _value(value: Value, say: Strings) -> Markup:
    name = value.title if say.language == "zh" else value.name
    return tag(
        "tr",
        tag("th", name, scope="row", title=value.meaning),
        tag("td", tag("b", value.value), _band(value), class_="mean"),
        tag("td", f"{value.spread}  n = {value.n}", class_="spread"),
    )


def _band(value: Value) -> Markup:
    """The value as a bar, its interval as a line over it; nothing for what is no percentage."""
    if value.share is None:
        return Markup("")
    low, high = (min(max(end, 0.0), 1.0) for end in value.ends)
    place = f"left:{100 * low:.1f}%;width:{max(100 * (high - low), 1):.1f}%"
    return tag("span", bar(value.share), tag("span", style=place, class_="whisker"), class_="band")


def pairs(found: Sequence[Pair], names: tuple[str, str], say: Strings) -> Markup:
    """A table a task: both values, the change with its interval, and what it says; then what moved most."""
    legend = say("eval.legend", first=names[0], second=names[1])
    return joined([tag("p", legend, class_="empty"), *(_pair(one, say) for one in found)])


def _pair(one: Pair, say: Strings) -> Markup:
    columns = ("metric", "first", "second", "change", "interval", "p", "verdict")
    head = tag("tr", *(tag("th", say(f"eval.{key}"), scope="col") for key in columns))
    body = tag("tbody", *(_change(change, say) for change in one.changes))
    counted = say("eval.items", count=one.n)
    alone = f" · {say('eval.alone', count=one.alone)}" if one.alone else ""
    moved = [tag("h4", say("eval.moved")), *(_moved(move, say) for move in one.moved)] if one.moved else []
    return tag(
        "section",
        tag("h4", _title(one, say), f" · {one.systems[0]} → {one.systems[1]} · {counted}{alone}"),
        tag("table", tag("thead", head), body, class_="scores-table"),
        *moved,
        class_="pane-x",
    )


def _change(one: Change, say: Strings) -> Markup:
    name = one.title if say.language == "zh" else one.name
    guarded = tag("span", say("eval.guarded"), class_="kind") if one.guarded else ""
    told = f"{_VERDICTS[one.verdict]} {say(f'eval.is_{one.verdict}')}"
    return tag(
        "tr",
        tag("th", name, " ", guarded, scope="row"),
        *(tag("td", text) for text in (one.first, one.second, one.change, one.spread, one.p)),
        tag("td", told, class_=f"verdict {one.verdict}"),
    )


def _moved(one: Moved, say: Strings) -> Markup:
    return tag(
        "button",
        tag("span", one.change, class_="number"),
        tag("span", one.id, class_="where"),
        tag("span", tag("b", "A "), one.first or say("eval.nothing"), class_="quote"),
        tag("span", tag("b", "B "), one.second or say("eval.nothing"), class_="quote"),
        *(tag("span", tag("b", say("eval.reference")), text, class_="quote soft") for text in one.references),
        type="button", class_="card item", data_pick=one.id,
    )  # fmt: skip


def items(found: Sequence[Item], say: Strings) -> Markup:
    """The lowest first; each picks its id."""
    return joined(_item(one, say) for one in found)


def _item(one: Item, say: Strings) -> Markup:
    output = marked(one.output, one.marks, class_="unsupported") if one.output else say("eval.nothing")
    return tag(
        "button",
        tag("span", one.score, class_="number"),
        tag("span", one.id, class_="where"),
        tag("span", output, class_="headline wide"),
        *(tag("span", tag("b", say("eval.reference")), text, class_="quote") for text in one.references),
        tag("span", one.asked, class_="quote soft clipped"),
        tag("span", "✗ ", one.failure, class_="note") if one.failure else "",
        type="button", class_="card item", data_pick=one.id,
    )  # fmt: skip


def standing(one: Standing | None, say: Strings) -> Markup:
    """The run that goes on, or how the last one ended."""
    if one is None:
        return Markup("")
    place = say("eval.at", task=say(f"task.{one.task}"), done=one.done, all=one.items) if one.task else ""
    share = one.done / one.items if one.items else 0.0
    return tag(
        "div",
        tag("span", _SIGNS[one.state], class_="sign"),
        say(f"eval.{one.state}", model=one.model), " ",
        place if one.state in ("running", "stopped") else "",
        bar(share, class_="gauge wide") if one.state == "running" else "",
        tag("span", one.told, class_="note") if one.told else "",
        class_="status", role="status",
    )  # fmt: skip
