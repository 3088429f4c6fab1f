"""设置: which models work here, a load test of others, what leaves this machine, versions."""

from __future__ import annotations

import asyncio
import importlib.metadata
import platform
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import gradio as gr

import summarizer
from summarizer.config import Settings
from summarizer.errors import SummarizerError
from summarizer.web.house import Screen
from summarizer.web.markup import Markup, joined, tag

__all__ = ["SettingsScreen"]

_PACKAGES = ("torch", "transformers", "lancedb", "gradio", "sentence-transformers", "numpy")


class SettingsScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        say = self.say
        self.about = self.html(self._about(), elem_id="settings-about")
        fixed = self.house.guarded
        with gr.Group(visible=not fixed):
            with gr.Row(equal_height=False):
                self.model = gr.Textbox(
                    label=say("settings.model"), info=say("settings.model_hint"), lines=1, max_length=500,
                    value=self.house.newsroom.newspaper.settings.model, elem_id="settings-model",
                )  # fmt: skip
                self.reader = gr.Textbox(
                    label=say("settings.reader"), info=say("settings.reader_hint"), lines=1, max_length=500,
                    value=self.house.newsroom.newspaper.settings.reader, elem_id="settings-reader",
                )  # fmt: skip
            with gr.Row():
                self.test = gr.Button(say("settings.test"), size="sm", elem_id="settings-test")
                self.use = gr.Button(
                    say("settings.use"), size="sm", variant="primary", elem_id="settings-use"
                )
        self.result = self.html(
            tag("p", say("settings.fixed"), class_="empty") if fixed else "", elem_id="settings-result"
        )

    def wire(self) -> None:
        names = [self.model, self.reader]
        loads: dict[str, Any] = {"concurrency_id": "load", "concurrency_limit": 1, **self.quiet}
        self.test.click(self.try_out, names, [self.result], show_progress="hidden", **loads)
        self.use.click(self.take_up, names, [self.result, self.about], show_progress="hidden", **loads)

    def load(self, blocks: gr.Blocks) -> None:
        blocks.load(self._about, None, [self.about], show_progress="hidden", **self.quiet)

    async def try_out(self, model: str, reader: str, request: gr.Request) -> AsyncIterator[str]:
        """Load both as they would be used, and say what came of it; what works now goes on working."""
        self._allowed(request)
        lines: list[Markup | str] = []
        for at, (job, name) in enumerate((("model", model), ("reader", reader)), 1):
            label = self.say(f"settings.{job}")
            yield joined([*lines, self.told("…", self.say("settings.trying", name=name, done=at, all=2))])
            start = time.perf_counter()
            try:
                fingerprint = await asyncio.to_thread(_loaded, self._settings(model, reader), job)
            except SummarizerError as error:
                lines.append(self.told("✗", f"{label} {name}: {error}"))
            else:
                spent = time.perf_counter() - start
                lines.append(
                    self.told(
                        "✓",
                        self.say(
                            "settings.works", job=label, name=name, spent=f"{spent:.1f}", mark=fingerprint
                        ),
                    )
                )
        yield joined(lines)

    async def take_up(self, model: str, reader: str, request: gr.Request) -> AsyncIterator[tuple[str, Any]]:
        """From now on with these, when both can be loaded."""
        self._allowed(request)
        yield self.told("…", self.say("settings.trying", name=model, done=1, all=2)), gr.skip()
        with self.polite():
            settings = self._settings(model, reader)
            for job in ("model", "reader"):
                await asyncio.to_thread(_loaded, settings, job)
            self.house.newsroom.use(settings)
        yield self.told("✓", self.say("settings.used", model=model, reader=reader)), self._about()

    def _allowed(self, request: gr.Request) -> None:
        """With accounts the models are those of the command that started the server: a name is a folder of
        this machine, and not everybody's business."""
        self.owner(request)
        if self.house.guarded:
            raise gr.Error(self.say("settings.fixed"), print_exception=False, title=self.say("error.title"))

    def _settings(self, model: str, reader: str) -> Settings:
        return replace(self.house.newsroom.newspaper.settings, model=model, reader=reader)

    def _about(self) -> str:
        say, newsroom = self.say, self.house.newsroom
        settings = newsroom.newspaper.settings
        remote = _remote(settings)
        leaves = say("settings.leaves", where=remote) if remote else say("settings.nothing")
        rows = [
            (say("settings.leaves_title"), leaves),
            (say("settings.model"), settings.model),
            (say("settings.reader"), settings.reader),
            (say("settings.encoder"), settings.encoder),
            (say("settings.offline"), say("settings.yes" if settings.offline else "settings.no")),
            (say("settings.accounts"), say("settings.yes" if self.house.guarded else "settings.alone")),
            (
                say("settings.version"),
                f"summarizer {summarizer.__version__} · Python {platform.python_version()}",
            ),
            (say("settings.packages"), " · ".join(f"{name} {_version(name)}" for name in _PACKAGES)),
        ]
        if not self.house.guarded:
            rows.insert(4, (say("settings.library"), settings.library))
            rows.insert(5, (say("settings.data"), str(newsroom.data)))
        body = [tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in rows]
        return tag("table", tag("tbody", *body), class_="facts")


def _loaded(settings: Settings, job: str) -> str:
    """The fingerprint of what was loaded, its first signs. Raises SummarizerError."""
    from summarizer import models
    from summarizer.answers.written import writer_of
    from summarizer.models.reading import load_reader

    if job == "reader" and settings.reader == "bundled":
        return load_reader("bundled", settings).fingerprint[:12]
    generator = models.load(settings.model if job == "model" else settings.reader, settings)
    if job == "reader":
        writer_of(generator, settings.reader)
    return generator.fingerprint[:12]


def _remote(settings: Settings) -> str | None:
    """A server on another machine that is sent article text; None when there is none."""
    if not settings.allow_remote:
        return None
    named = [name for name in (settings.model, settings.reader) if name.startswith("server:")]
    return ", ".join(named) or None


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "—"
