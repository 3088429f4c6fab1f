"""What programs may call when the server was started with --api: search and ask, which only read.

    POST /gradio_api/call/search   {"data": ["夜间门诊接诊多少人", 10]}
    POST /gradio_api/call/ask      {"data": ["夜间门诊接诊多少人？"]}

The answers are the objects of `summarizer search --json` and `summarizer ask --json`. Same logins, same line.
"""

from __future__ import annotations

import threading
from typing import Any

import gradio as gr

from summarizer.errors import SummarizerError
from summarizer.records import Answer, Filters
from summarizer.web.asking import answering
from summarizer.web.house import House

__all__ = ["offer"]

_MOST = 100
"""Hits of one search."""


def offer(house: House) -> None:
    """Add both to the blocks that are being built."""
    from summarizer.answers.rows import answer_row, hit_row

    def search(question: str, count: int = 10) -> list[dict[str, Any]]:
        """Passages of the newspaper library that a question is about, best first."""
        with _told():
            paper = house.newsroom.ready("library")
            hits = paper.search(str(question), k=min(max(int(count), 1), _MOST))
            return [hit_row(None, hit) for hit in hits]

    async def ask(question: str) -> dict[str, Any]:
        """The answer of the newspaper library with the sentences it rests on, or a refusal."""
        answer: Answer | None = None
        with _told():
            steps = answering(
                house.newsroom, str(question), history=(), filters=Filters(), stop=threading.Event()
            )
            async for step in steps:
                answer = step.answer
        if answer is None:
            raise gr.Error("stopped before there was an answer", print_exception=False)
        return answer_row(None, str(question), answer)

    gr.api(search, api_name="search", concurrency_limit=4, concurrency_id="search")
    gr.api(ask, api_name="ask", concurrency_limit=None)


class _told:  # reads as a verb
    """What a caller can act on reaches him as a message; all else stays a bug."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SummarizerError):
            raise gr.Error(str(error), print_exception=False) from error
