"""Batch jobs as a table: state in words and as a bar, pages, articles, speed, time left, set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from summarizer.web.jobs import Aside, Job
from summarizer.web.markup import Markup, joined, tag
from summarizer.web.strings import Strings
from summarizer.web.views.common import bar

__all__ = ["asides", "jobs"]

_SIGNS = {"waiting": "…", "running": "▶", "done": "✓", "stopped": "■", "interrupted": "⚠", "failed": "✗"}


def jobs(found: Sequence[Job], chosen: str, say: Strings) -> Markup:
    """One row a job, newest first; each picks its id."""
    if not found:
        return tag("p", say("batch.empty"), class_="empty")
    return joined(_job(job, job.id == chosen, say) for job in found)


def _job(job: Job, chosen: bool, say: Strings) -> Markup:
    made = job.progress
    seen, articles = (made.seen, made.articles) if made else (0, 0)
    facts = [
        say("batch.pages", seen=seen, all=job.pages),
        say("batch.articles", count=articles),
        *_speed(job, say),
        *([say("batch.aside", count=made.set_aside)] if made and made.set_aside else []),
    ]
    state = say(f"state.{job.state}", ahead=job.ahead)
    if job.state == "running" and made:
        state = f"{state} · {say(f'batch.{made.stage}')}"
    when = datetime.fromtimestamp(job.created).strftime("%m-%d %H:%M")
    return tag(
        "button",
        tag("span", tag("span", _SIGNS[job.state], class_="sign"), state, class_="state"),
        tag("span", job.title, class_="headline"),
        bar(seen / job.pages if job.pages else 0.0, class_="gauge wide"),
        tag("span", " · ".join(facts), class_="facts-line"),
        tag("span", f"{when} · {say(f'style.{job.style}')} · {job.model}", class_="where"),
        tag("span", job.reason, class_="note") if job.reason else "",
        type="button", class_=f"job {job.state} chosen" if chosen else f"job {job.state}", data_pick=job.id,
    )  # fmt: skip


def _speed(job: Job, say: Strings) -> list[str]:
    made = job.progress
    if made is None or job.state != "running":
        return []
    told = [say("batch.rate", rate=f"{made.rate:.1f}")] if made.rate else []
    if made.left is not None:
        told.append(say("batch.left", left=_clock(made.left)))
    return told


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def asides(found: Sequence[Aside], refused: Mapping[str, str], say: Strings) -> Markup:
    """What gave nothing and why: pages of a job, and files that were not taken at all."""
    rows = [*((one.name, one.reason) for one in found), *refused.items()]
    if not rows:
        return Markup("")
    body = [tag("tr", tag("th", name, scope="row"), tag("td", reason)) for name, reason in rows]
    return joined(
        [tag("h4", say("batch.asides", count=len(rows))), tag("table", tag("tbody", *body), class_="facts")]
    )
