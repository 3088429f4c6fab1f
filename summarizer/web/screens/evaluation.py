"""评测: runs with intervals, two side by side, the worst items; beginning a run; references of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from summarizer.errors import SummarizerError
from summarizer.web.evaluation import EvaluationDesk, RunLine, first_of
from summarizer.web.house import House, Screen
from summarizer.web.markup import tag
from summarizer.web.refusals import refusal
from summarizer.web.screens.reference import ReferenceDesk
from summarizer.web.screens.scope import small
from summarizer.web.strings import Strings
from summarizer.web.views import evaluation as views

__all__ = ["EvaluationScreen"]

_SOON, _LATER = 2.0, 30.0
"""Seconds between two looks while a run goes on, and while none does."""


class EvaluationScreen(Screen):
    """The components of the screen and what happens on it."""

    def __init__(self, house: House, say: Strings) -> None:
        super().__init__(house, say)
        self.references = ReferenceDesk(house, say)

    def draw(self) -> None:
        say = self.say
        self.chosen = gr.State([])
        self.timer = gr.Timer(_LATER)
        with gr.Tabs(elem_id="eval-tabs") as self.tabs:
            with (
                gr.Tab(say("eval.results"), id="results"),
                gr.Row(equal_height=False, elem_id="eval-panes"),
            ):
                with gr.Column(scale=4, min_width=300):
                    self._draw_runs()
                with gr.Column(scale=7, min_width=340, elem_id="eval-shown"):
                    self._draw_results()
            with gr.Tab(say("eval.own"), id="own", elem_id="tab-own") as self.own:
                self.references.draw()

    def _draw_runs(self) -> None:
        say = self.say
        self.data = gr.Radio(
            [(say("eval.on_pages"), "pages"), (say("eval.on_own"), "own")], value="pages",
            label=say("eval.data"), info=say("eval.data_hint"), elem_id="eval-data",
        )  # fmt: skip
        with gr.Row():
            self.begin = small(say, "eval.begin", variant="primary", min_width=90)
            self.stop = small(say, "eval.stop", interactive=False, min_width=70)
        self.standing = self.html("", elem_id="eval-standing")
        self.listed = self.html("", picks=True, elem_id="eval-runs")
        with gr.Row():
            self.bring = gr.UploadButton(
                say("eval.bring"), file_types=[".json"], size="sm", elem_id="eval-bring", min_width=90
            )
            self.remove = small(say, "eval.remove", variant="stop", interactive=False, min_width=70)

    def _draw_results(self) -> None:
        say = self.say
        self.shown = self.html("", elem_id="eval-tables", picks=True)
        self.task = gr.Dropdown([], label=say("eval.worst"), visible=False, elem_id="eval-task")
        self.items = self.html("", picks=True, elem_id="eval-items")

    def wire(self) -> None:
        self.references.wire()
        self.references.visited(self.own)
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        self.lists = [self.standing, self.stop, self.listed, self.timer]
        self.results = [self.chosen, self.remove, self.shown, self.task, self.items]
        every = [*self.results, *self.lists]
        self.listed.pick(self.pick, [self.chosen], every, **still)
        self.bring.upload(self.take, [self.bring, self.chosen], every, **still)
        self.remove.click(self.take_away, [self.chosen], every, **still)
        self.begin.click(self.start, [self.data], self.lists, **still)
        self.stop.click(self.halt, None, self.lists, **still)
        self.timer.tick(self.look, [self.chosen], self.lists, **still)
        self.task.input(self.worst, [self.chosen, self.task], [self.items], **still)
        opened = [self.tabs, *self.references.opened]
        for listed in (self.items, self.shown):
            listed.pick(self.open_item, None, opened, **still)

    def visited(self, tab: gr.Tab) -> None:
        every = [*self.results, *self.lists]
        tab.select(self.come, [self.chosen], every, show_progress="hidden", **self.quiet)

    # --- what happens

    def come(self, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            return self._every(self.house.evaluation(), chosen)

    def pick(self, chosen: list[str], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A run more, or one less; of three the oldest choice goes."""
        self.owner(request)
        file = self.picked(event)
        chosen = [one for one in chosen if one != file] if file in chosen else [*chosen, file][-2:]
        with self.polite():
            return self._every(self.house.evaluation(), chosen)

    def take(self, path: str, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            return self._every(desk, [*chosen, desk.add_run(Path(path))][-2:])

    def take_away(self, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            for file in chosen:
                desk.remove_run(file)
            return self._every(desk, [])

    def start(self, data: str, request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            desk.begin(self.house.newsroom.newspaper.settings.model, own=data == "own")
            return self._lists(desk, [])

    def halt(self, request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            desk.stop()
            return self._lists(desk, [])

    def look(self, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        """What a timer asks: quiet where the package is missing, which coming here has told."""
        self.owner(request)
        try:
            return self._lists(self.house.evaluation(), chosen)
        except SummarizerError as error:
            return self.told("⚠", refusal(error, self.say)), gr.skip(), gr.skip(), gr.skip()

    def worst(self, chosen: list[str], task: str, request: gr.Request) -> str:
        self.owner(request)
        with self.polite():
            return views.items(self.house.evaluation().worst(chosen[0], task), self.say) if chosen else ""

    def open_item(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """The article of an item, to write references for."""
        name, _, _ = self.picked(event).partition("?")
        return gr.update(selected="own"), *self.references.open(name, request)

    # --- what it shows

    def _every(self, desk: EvaluationDesk, chosen: list[str]) -> tuple[Any, ...]:
        runs = desk.runs()
        chosen = [file for file in chosen if first_of(runs, file) is not None]
        return *self._results(desk, runs, chosen), *self._lists(desk, chosen, runs)

    def _lists(
        self, desk: EvaluationDesk, chosen: list[str], runs: list[RunLine] | None = None
    ) -> tuple[Any, ...]:
        now = desk.standing()
        live = now is not None and now.state == "running"
        listed = views.runs(desk.runs() if runs is None else runs, chosen, self.say)
        stop = gr.update(interactive=live)
        return views.standing(now, self.say), stop, listed, gr.Timer(_SOON if live else _LATER)

    def _results(self, desk: EvaluationDesk, runs: list[RunLine], chosen: list[str]) -> tuple[Any, ...]:
        found = [run for file in chosen if (run := first_of(runs, file)) is not None]
        can = gr.update(interactive=bool(found))
        hidden = gr.update(visible=False, choices=[], value=None)
        if not found:
            return chosen, can, tag("p", self.say("eval.choose"), class_="empty"), hidden, ""
        if len(found) == 2:
            names = (found[0].name, found[1].name)
            return chosen, can, views.pairs(desk.compare(*chosen), names, self.say), hidden, ""
        tasks = [
            (task.title if self.say.language == "zh" else task.task, task.task) for task in found[0].tasks
        ]
        first = tasks[0][1] if tasks else None
        items = views.items(desk.worst(chosen[0], first), self.say) if first else ""
        return (
            chosen,
            can,
            views.run(found[0], self.say),
            gr.update(visible=True, choices=tasks, value=first),
            items,
        )
