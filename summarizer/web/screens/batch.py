"""批量: many pages at once, by a process of its own; this screen only looks on, and may be closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import gradio as gr

from summarizer.config import STYLE_LIMITS
from summarizer.errors import SummarizerError
from summarizer.records import Style
from summarizer.web.house import Screen
from summarizer.web.jobs import FORMS, Form
from summarizer.web.refusals import refusal
from summarizer.web.screens.scope import small
from summarizer.web.uploads import accept_all
from summarizer.web.views import batch as views

__all__ = ["BatchScreen"]

# Seconds between two looks while something goes on, and while nothing does.
_SOON, _LATER = 1.0, 5.0
_LIVE = ("waiting", "running")


class BatchScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        self.chosen = gr.State("")
        with gr.Row(equal_height=False, elem_id="batch"):
            with gr.Column(scale=4, min_width=300, elem_id="batch-in"):
                self._draw_new()
            with gr.Column(scale=7, min_width=340, elem_id="batch-jobs"):
                self._draw_jobs()
        self.timer = gr.Timer(_LATER)

    def _draw_new(self) -> None:
        say = self.say
        self.files = gr.File(
            label=say("batch.files"), file_count="multiple", file_types=[".txt", ".text"], height=170,
            elem_id="batch-files",
        )  # fmt: skip
        self.folder = gr.File(
            label=say("batch.folder"), file_count="directory", height=170, elem_id="batch-folder"
        )
        self.title = gr.Textbox(label=say("batch.title"), lines=1, max_length=80, elem_id="batch-title")
        with gr.Row():
            self.style = gr.Radio(
                [(say(f"style.{style}"), style) for style in STYLE_LIMITS], value="headline",
                label=say("batch.style"), elem_id="batch-style",
            )  # fmt: skip
        self.limit = gr.Slider(
            0, 200, value=0, step=5, label=say("batch.limit"), info=say("batch.limit_hint")
        )
        self.start = gr.Button(say("batch.start"), variant="primary", elem_id="batch-start")

    def _draw_jobs(self) -> None:
        say = self.say
        self.table = self.html("", picks=True, elem_id="batch-table")
        idle: dict[str, Any] = {"interactive": False, "min_width": 70}
        with gr.Row(elem_id="batch-tools"):
            self.stop = small(say, "batch.stop", **idle)
            self.resume = small(say, "batch.resume", **idle)
            self.delete = small(say, "batch.delete", variant="stop", **idle)
        with gr.Row(elem_id="batch-downloads"):
            self.downloads = [small(say, f"batch.{form}", interactive=False, min_width=90) for form in FORMS]
        self.fetched = gr.File(
            label=say("batch.fetched"), visible=False, interactive=False, elem_id="batch-fetched"
        )
        self.asides = self.html("", elem_id="batch-asides")

    def wire(self) -> None:
        self.buttons = [self.stop, self.resume, self.delete, *self.downloads]
        self.shown = [self.table, self.asides, self.timer, *self.buttons]
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        self.start.click(
            self.begin, [self.files, self.folder, self.title, self.style, self.limit],
            [self.chosen, self.files, self.folder, self.title, *self.shown],
            show_progress="minimal", **self.quiet,
        )  # fmt: skip
        self.timer.tick(self.look, [self.chosen], self.shown, **still)
        self.table.pick(self.pick, None, [self.chosen, self.fetched, *self.shown], **still)
        self.stop.click(self.halt, [self.chosen], self.shown, **still)
        self.resume.click(self.go_on, [self.chosen], self.shown, **still)
        self.delete.click(self.take_away, [self.chosen], [self.chosen, self.fetched, *self.shown], **still)
        for form, button in zip(FORMS, self.downloads, strict=True):
            button.click(
                self._fetch(form), [self.chosen], [self.fetched], show_progress="minimal", **self.quiet
            )

    def load(self, blocks: gr.Blocks) -> None:
        blocks.load(self.look, [self.chosen], self.shown, show_progress="hidden", **self.quiet)

    # --- what happens

    def begin(
        self, files: list[str] | None, folder: list[str] | None, title: str, style: str, limit: float,
        request: gr.Request,
    ) -> tuple[Any, ...]:  # fmt: skip
        owner, house = self.owner(request), self.house
        sent = [(Path(path), Path(path).name) for path in (*(files or []), *(folder or []))]
        with self.polite(first=None if sent else self.say("batch.no_files")):
            taken, refused = accept_all(sent, house.folder, inside=house.served)
        told = {one.name: refusal(one.error, self.say) for one in refused}
        if not taken:
            first = next(iter(told.items()), ("", self.say("batch.no_files")))
            raise gr.Error("：".join(first), print_exception=False, title=self.say("error.page"))
        settings = replace(
            house.newsroom.newspaper.settings, style=cast("Style", style), limit=int(limit) or None
        )
        name = " ".join(title.split()) or self.say("batch.untitled", count=len(taken))
        with self.polite():
            job = house.jobs.submit(owner, name, settings, taken)
        return job.id, None, None, "", *self.view(owner, job.id, told)

    def look(self, chosen: str, request: gr.Request) -> tuple[Any, ...]:
        return self.view(self.owner(request), chosen)

    def pick(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        chosen = self.picked(event)
        return chosen, gr.update(visible=False, value=None), *self.view(self.owner(request), chosen)

    def halt(self, chosen: str, request: gr.Request) -> tuple[Any, ...]:
        owner = self.owner(request)
        with self.polite():
            self.house.jobs.stop(owner, chosen)
        return self.view(owner, chosen)

    def go_on(self, chosen: str, request: gr.Request) -> tuple[Any, ...]:
        owner = self.owner(request)
        with self.polite():
            self.house.jobs.resume(owner, chosen)
        return self.view(owner, chosen)

    def take_away(self, chosen: str, request: gr.Request) -> tuple[Any, ...]:
        owner = self.owner(request)
        with self.polite():
            self.house.jobs.delete(owner, chosen)
        return "", gr.update(visible=False, value=None), *self.view(owner, "")

    def _fetch(self, form: Form) -> Any:  # noqa: ANN401
        def fetch(chosen: str, request: gr.Request) -> Any:  # noqa: ANN401
            owner = self.owner(request)
            with self.polite():
                path = self.house.jobs.download(owner, chosen, form, self.house.served)
            return gr.update(visible=True, value=str(path))

        return fetch

    # --- what it shows

    def view(self, owner: str, chosen: str, refused: dict[str, str] | None = None) -> tuple[Any, ...]:
        """A value for each of `shown`."""
        with self.polite():
            found = self.house.jobs.list(owner)
        job = next((one for one in found if one.id == chosen), None)
        asides: Any = ""
        if job is not None:
            try:
                asides = views.asides(self.house.jobs.aside(owner, job.id), refused or {}, self.say)
            except SummarizerError:
                job = None  # deleted in another window
        live = any(one.state in _LIVE for one in found)
        state = job.state if job else ""
        can = [state in _LIVE, state in ("stopped", "interrupted", "failed"), bool(job)]
        has = bool(job and job.progress and job.progress.articles)
        buttons = [gr.update(interactive=one) for one in (*can, *[has] * len(FORMS))]
        return views.jobs(found, chosen, self.say), asides, gr.Timer(_SOON if live else _LATER), *buttons
