"""The fields that narrow a library, and the small buttons: alike on every screen that has them."""

from __future__ import annotations

from typing import Any

import gradio as gr

from summarizer.web.newsroom import Newsroom
from summarizer.web.strings import Strings

__all__ = ["choices", "day_fields", "place_fields", "small"]


def day_fields(say: Strings, **more: Any) -> tuple[gr.Textbox, gr.Textbox]:  # noqa: ANN401
    """First and last day."""
    since, until = (
        gr.Textbox(label=say(f"ask.{name}"), placeholder=say("ask.date_hint"), max_length=10, **more)
        for name in ("since", "until")
    )
    return since, until


def place_fields(say: Strings, *, widths: tuple[int, int], **more: Any) -> tuple[gr.Dropdown, gr.Dropdown]:  # noqa: ANN401
    """Paper and 版, with nothing to choose from until `choices` fills them."""
    paper, number = (
        gr.Dropdown([], label=say(f"ask.{name}"), min_width=width, **more)
        for name, width in zip(("paper", "number"), widths, strict=True)
    )
    return paper, number


def choices(newsroom: Newsroom, say: Strings) -> tuple[Any, Any, Any]:
    """Updates for the fields of paper, 版 and page: all of them, or one that the library has."""
    scope, every = newsroom.scope(), (say("ask.all"), "")
    papers, numbers, pages = (
        gr.update(choices=[every, *((one, one) for one in some)], value="")
        for some in (scope.papers, scope.numbers, scope.pages)
    )
    return papers, numbers, pages


def small(say: Strings, key: str, **more: Any) -> gr.Button:  # noqa: ANN401
    """A button with the text `key` and an id made of it: "batch.stop" is #batch-stop."""
    return gr.Button(say(key), size="sm", elem_id=key.replace(".", "-"), **more)
