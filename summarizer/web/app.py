"""The whole page: one set of tabs in Chinese at /, the same in English at /en."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import gradio as gr

from summarizer.web.api import offer
from summarizer.web.house import House, Screen
from summarizer.web.markup import joined, tag
from summarizer.web.strings import Language, Strings

__all__ = ["SCREENS", "blocks"]

SCREENS = {
    "ask": "summarizer.web.screens.ask:AskScreen",
    "page": "summarizer.web.screens.page:PageScreen",
    "batch": "summarizer.web.screens.batch:BatchScreen",
    "library": "summarizer.web.screens.library:LibraryScreen",
    "search": "summarizer.web.screens.search:SearchScreen",
    "eval": "summarizer.web.screens.evaluation:EvaluationScreen",
    "settings": "summarizer.web.screens.settings:SettingsScreen",
}
"""Tab -> import string of its Screen, in the order of the tabs."""

# Theme and language are the reader's own, and need no server.
_BAR = "element.querySelector('[data-theme]').addEventListener('click', () => summarizerTheme());"


def blocks(house: House, *, api: bool = False) -> gr.Blocks:
    """Everything, not yet served. The models need not be there. With `api` also what programs may call."""
    with gr.Blocks(
        title=Strings("zh")("app.title"), analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)
    ) as demo:
        gr.Navbar(visible=False)
        if api:
            offer(house)  # first: of two events of one name gradio renames the later one
        _fill(demo, house, "zh")
    with demo.route(Strings("en")("app.title"), "/en"):
        _fill(demo, house, "en")
    # Each event waits in its own line (web/line.py); this one only bounds what a flood of requests can hold.
    demo.queue(max_size=512, default_concurrency_limit=8, api_open=api)
    return demo


def _fill(demo: gr.Blocks, house: House, language: Language) -> None:
    say = Strings(language)
    gr.HTML(_bar(house, say), js_on_load=_BAR, apply_default_css=False, elem_id="bar")
    loading = gr.HTML("", apply_default_css=False, elem_id="loading")
    screens: list[Screen] = []
    with gr.Tabs(elem_id="tabs"):
        for name, place in SCREENS.items():
            module, _, kind = place.partition(":")
            screen = cast("type[Screen]", getattr(import_module(module), kind))(house, say)
            with gr.Tab(say(f"tab.{name}"), id=name, elem_id=f"tab-{name}") as tab:
                screen.draw()
            screen.wire()
            screen.visited(tab)
            screens.append(screen)
    for screen in screens:
        screen.load(demo)
    timer = gr.Timer(1.0)

    def tick() -> tuple[str, object]:
        stage = house.newsroom.stage
        return _loading(house, say), gr.Timer(active=stage is not None)

    timer.tick(tick, None, [loading, timer], show_progress="hidden", api_visibility="private")
    demo.load(tick, None, [loading, timer], show_progress="hidden", api_visibility="private")


def _bar(house: House, say: Strings) -> str:
    other, there = ("English", "/en") if say.language == "zh" else ("中文", "/")
    leave = tag("a", say("bar.logout"), href="/logout") if house.guarded else ""
    return tag(
        "header",
        tag("div", tag("b", say("app.title")), tag("span", say("app.subtitle")), class_="brand"),
        tag(
            "nav",
            tag("span", say("bar.local"), class_="local"),
            tag("button", say("bar.theme"), type="button", data_theme=True),
            tag("a", other, href=there, lang="en" if say.language == "zh" else "zh-CN"),
            leave,
        ),
    )


def _loading(house: House, say: Strings) -> str:
    newsroom = house.newsroom
    failed = [
        tag("div", tag("span", "⚠", class_="sign"), say(f"stage.{stage}_failed"), " ", why, class_="note")
        for stage, why in newsroom.failures.items()
        if stage != "library"  # an empty library is no failure: its screens say so themselves
    ]
    stage = newsroom.stage
    if stage is None:
        return joined(failed)
    now = tag("div", tag("span", class_="dots"), say(f"stage.{stage}"), class_="stage", role="status")
    return joined([*failed, now])
