"""One question on its way through the line and the models, told step by step.

Runs beside the server's loop: while the models work the loop is free, and a step is told as soon as there is
one. Stopping, or closing the browser, ends it wherever it is, in the line too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal

from summarizer.records import Answer, Filters, Hit
from summarizer.web.newsroom import Newsroom

__all__ = ["Step", "answering"]

Stage = Literal["loading", "line", "searching", "reading", "writing", "done", "stopped"]
# Seconds between two looks at the line or at what a model has come to.
_LOOK = 0.15
_END = object()


@dataclass(frozen=True, slots=True)
class Step:
    """How far a question has come."""

    stage: Stage
    ahead: int = 0
    """In the line, before us."""
    found: int = 0
    """Passages that are being read."""
    text: str = ""
    """Of a written answer, what has come so far."""
    answer: Answer | None = None
    """At `done` only."""


async def answering(
    newsroom: Newsroom, question: str, *, history: Sequence[Answer], filters: Filters, stop: Event
) -> AsyncIterator[Step]:
    """The steps of one question; the last is `done` or `stopped`. Raises SummarizerError."""
    ticket = newsroom.reading.join()
    step = Step("line")
    working: list[asyncio.Future[object]] = []
    try:
        while ahead := ticket.ahead:
            if stop.is_set():
                yield replace(step, stage="stopped")
                return
            yield Step("line", ahead=ahead)
            await asyncio.sleep(_LOOK)
        async for step in _answered(newsroom, question, history, filters, stop, working):
            yield step
    finally:
        stop.set()
        # What a model has begun it finishes; only then is the next one's turn.
        if working and not working[-1].done():
            working[-1].add_done_callback(lambda _: ticket.leave())
        else:
            ticket.leave()


async def _answered(
    newsroom: Newsroom,
    question: str,
    history: Sequence[Answer],
    filters: Filters,
    stop: Event,
    working: list[asyncio.Future[object]],
) -> AsyncIterator[Step]:
    step = Step("loading")
    yield step
    paper = await asyncio.to_thread(newsroom.ready, "library", "reader")
    step = Step("searching")
    heard: list[int] = []

    def found(hits: Sequence[Hit]) -> None:
        heard.append(len(hits))

    stream = paper.ask_stream(question, filters=filters, history=history, cancel=stop, found=found)
    yield step
    while not stop.is_set():
        waiting: asyncio.Future[object] = asyncio.ensure_future(asyncio.to_thread(next, stream, _END))
        working.append(waiting)
        while not waiting.done():
            await asyncio.wait([waiting], timeout=_LOOK)
            if heard and step.stage == "searching":
                step = Step("reading", found=heard[0])
                yield step
        item = waiting.result()
        if isinstance(item, Answer):
            if stop.is_set():
                break
            yield replace(step, stage="done", answer=item)
            return
        if item is _END:
            break
        step = Step("writing", found=step.found, text=step.text + str(item))
        yield step
    yield replace(step, stage="stopped")
