"""问答: a conversation in the middle, its evidence on the right, what is asked about on the left."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import gradio as gr

from summarizer.errors import SummarizerError
from summarizer.web.asking import Step, answering
from summarizer.web.house import Screen
from summarizer.web.markup import joined, tag
from summarizer.web.scoping import filters_of
from summarizer.web.screens.scope import choices, day_fields, place_fields
from summarizer.web.transcripts import Form
from summarizer.web.views import answers as views

__all__ = ["AskScreen"]

_SUFFIX: dict[Form, str] = {"markdown": ".md", "json": ".json"}
_NAME = 40  # characters of a title in a file's name
_SUGGESTED = ("ask.suggest_1", "ask.suggest_2", "ask.suggest_3")


class AskScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        say = self.say
        self.talk = gr.BrowserState("", storage_key="summarizer-talk", secret=self.house.secret)
        self.chosen = gr.State((0, 0))
        with gr.Row(elem_id="ask", equal_height=False):
            with gr.Column(scale=2, min_width=220, elem_id="ask-left"):
                self._draw_left()
            with gr.Column(scale=5, min_width=320, elem_id="ask-mid"):
                self.history = self.html("", picks=True, autoscroll=True, elem_id="talk")
                with gr.Row(elem_id="suggested"):
                    self.suggested = [gr.Button(say(key), size="sm", visible=False) for key in _SUGGESTED]
                with gr.Row(elem_id="ask-box"):
                    self.question = gr.Textbox(
                        placeholder=say("ask.placeholder"), show_label=False, lines=1, max_lines=6, scale=6,
                        max_length=2000, container=False, autofocus=True, elem_id="question",
                    )  # fmt: skip
                    self.send = gr.Button(
                        say("ask.send"), variant="primary", scale=1, min_width=72, elem_id="send"
                    )
                    self.stop = gr.Button(
                        say("ask.stop"), scale=1, min_width=72, visible=False, elem_id="stop"
                    )
            with gr.Column(scale=4, min_width=300, elem_id="ask-right"):
                self.evidence = self.html(views.evidence(None, 0, 0, lambda _: None, say), picks=True)
                self.article = self.html("", picks=True, elem_id="article")

    def _draw_left(self) -> None:
        say = self.say
        self.new = gr.Button(say("ask.new"), size="sm", elem_id="new-talk")
        self.find = gr.Textbox(
            placeholder=say("ask.find"), show_label=False, lines=1, max_lines=1, max_length=80,
            container=False, elem_id="talk-find",
        )  # fmt: skip
        self.talks = self.html("", picks=True, elem_id="talks")
        with gr.Accordion(say("ask.manage"), open=False):
            self.name = gr.Textbox(label=say("ask.name"), lines=1, max_length=80, elem_id="talk-name")
            with gr.Row():
                self.rename = gr.Button(say("ask.rename"), size="sm", min_width=60, elem_id="talk-rename")
                self.delete = gr.Button(
                    say("ask.delete"), size="sm", min_width=60, variant="stop", elem_id="talk-delete"
                )
            with gr.Row():
                self.as_markdown = gr.Button("Markdown", size="sm", min_width=60)
                self.as_json = gr.Button("JSON", size="sm", min_width=60)
            self.fetched = gr.File(
                label=say("batch.fetched"), visible=False, interactive=False, elem_id="talk-fetched"
            )
        with gr.Accordion(say("ask.scope"), open=True, elem_id="scope"):
            with gr.Row():
                self.since, self.until = day_fields(say, min_width=90)
            with gr.Row():
                self.paper, self.number = place_fields(say, widths=(90, 70))
            self.page = gr.Dropdown([], label=say("ask.single"), allow_custom_value=False)

    def wire(self) -> None:
        scope = [self.since, self.until, self.paper, self.number, self.page]
        flow = [
            self.talk, self.history, self.evidence, self.article, self.chosen, self.talks, self.question,
            self.send, self.stop, self.find, *self.suggested,
        ]  # fmt: skip
        self.flow = flow
        asks: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, **self.quiet}
        gr.on(
            [self.question.submit, self.send.click],
            self.ask,
            [self.question, self.talk, *scope],
            flow,
            **asks,
        )
        for button, key in zip(self.suggested, _SUGGESTED, strict=True):
            button.click(self._suggest(key), [self.talk, *scope], flow, **asks)
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        self.stop.click(self.halt, None, None, queue=False, **still)
        panes = [self.history, self.evidence, self.article, self.chosen]
        self.history.pick(self.open_cited, [self.talk], panes, **still)
        self.evidence.pick(self.open_cited, [self.talk], panes, **still)
        whole = [self.talk, *panes, self.talks, self.name, self.find, self.fetched, *self.suggested]
        self.talks.pick(self.open_talk, None, whole, **still)
        self.new.click(self.open_new, None, whole, **still)
        self.rename.click(self.rename_talk, [self.talk, self.name], [self.talks, self.find], **still)
        self.find.change(
            self.find_talk, [self.talk, self.find], [self.talks], trigger_mode="always_last", **still
        )
        for button, form in ((self.as_markdown, "markdown"), (self.as_json, "json")):
            button.click(self._fetch(cast("Form", form)), [self.talk], [self.fetched], **still)
        self.delete.click(self.delete_talk, [self.talk], whole, **still)
        self.whole = whole
        self.scopes = [self.paper, self.number, self.page]

    def load(self, blocks: gr.Blocks) -> None:
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        blocks.load(self.again, [self.talk], self.whole, **still)
        blocks.load(self.offer_scope, None, self.scopes, **still)

    # --- asking

    async def ask(
        self, question: str, talk: str, since: str, until: str, paper: str | None, number: str | None,
        page: str | None, request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:  # fmt: skip
        if not question.strip():
            yield tuple(gr.skip() for _ in self.flow)  # gradio empties the screen for nothing at all
            return
        owner, stop = self.owner(request), threading.Event()
        with self.polite():
            filters = filters_of(since, until, number, paper, page)
        talk, turns = self._opened(owner, talk, question)
        self.house.stops.put(str(request.session_hash), stop)
        before = self._turns(turns, 0)
        step = Step("line")
        try:
            with self.polite():
                async for step in answering(
                    self.house.newsroom, question, history=[t.answer for t in turns if t.answer],
                    filters=filters, stop=stop,
                ):  # fmt: skip
                    if step.stage not in ("done", "stopped"):
                        yield self._going(talk, before, question, step)
        except gr.Error:
            yield self._settled(owner, talk, 0, 0, question=question)
            raise
        self.house.conversations.add_turn(
            owner, talk, question, step.answer, partial=None if step.answer else step.text
        )
        turns = self.house.conversations.turns(owner, talk)
        yield self._settled(owner, talk, len(turns), 1)

    def _suggest(self, key: str) -> Any:  # noqa: ANN401
        async def suggested(
            talk: str, since: str, until: str, paper: str | None, number: str | None, page: str | None,
            request: gr.Request,
        ) -> AsyncIterator[tuple[Any, ...]]:  # fmt: skip
            async for values in self.ask(self.say(key), talk, since, until, paper, number, page, request):
                yield values

        return suggested

    def halt(self, request: gr.Request) -> None:
        """Stop what this window asks: in the line, between two steps, in the middle of a sentence."""
        self.house.stops.stop(str(request.session_hash))

    def _opened(self, owner: str, talk: str, question: str) -> tuple[str, list[Any]]:
        """The conversation that goes on, or a new one named after its first question."""
        known = self._known(owner, talk)
        if known is None:
            title = " ".join(question.split())[:40]
            return self.house.conversations.create(owner, title).id, []
        return talk, known

    def _known(self, owner: str, talk: str) -> list[Any] | None:
        """The turns; None when there is no such conversation, or it is another's."""
        if not talk:
            return None
        try:
            return list(self.house.conversations.turns(owner, talk))
        except SummarizerError:
            return None

    # --- reading

    def open_cited(self, talk: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner, (number, at) = self.owner(request), self.picked_pair(event)
        return self._panes(self._known(owner, talk) or [], number, at)

    def open_talk(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return self._whole(self.owner(request), self.picked(event))

    def open_new(self, request: gr.Request) -> tuple[Any, ...]:
        return self._whole(self.owner(request), "")

    def rename_talk(self, talk: str, name: str, request: gr.Request) -> tuple[str, str]:
        owner = self.owner(request)
        if talk and name.strip():
            with self.polite():
                self.house.conversations.rename(owner, talk, " ".join(name.split()))
        return self._list(owner, talk), ""

    def find_talk(self, talk: str, search: str, request: gr.Request) -> str:
        return self._list(self.owner(request), talk, search)

    def _fetch(self, form: Form) -> Any:  # noqa: ANN401
        def fetch(talk: str, request: gr.Request) -> Any:  # noqa: ANN401
            owner = self.owner(request)
            if not talk:
                return gr.update(visible=False, value=None)
            with self.polite():
                text = self.house.conversations.export(owner, talk, form, self.house.newsroom.document)
                title = self.house.conversations.get(owner, talk).title
            # A folder of its own, or one owner's file would take the place of another's of the same name.
            folder = Path(tempfile.mkdtemp(dir=self.house.served))
            name = "".join(char for char in title if char.isalnum() or char in " -_")[:_NAME].strip()
            path = folder / f"{name or self.say('ask.untitled')}{_SUFFIX[form]}"
            path.write_text(text, encoding="utf-8")
            return gr.update(visible=True, value=str(path))

        return fetch

    def delete_talk(self, talk: str, request: gr.Request) -> tuple[Any, ...]:
        owner = self.owner(request)
        if talk:
            with self.polite():
                self.house.conversations.delete(owner, talk)
        return self._whole(owner, "")

    def again(self, talk: str, request: gr.Request) -> tuple[Any, ...]:
        """After a refresh or a restart: the conversation that was open, or the last one."""
        owner = self.owner(request)
        if self._known(owner, talk) is None:
            known = self.house.conversations.list(owner)
            talk = known[0].id if known and talk else ""
        return self._whole(owner, talk)

    def offer_scope(self) -> tuple[Any, ...]:
        return choices(self.house.newsroom, self.say)

    # --- what it shows

    def _going(self, talk: str, before: str, question: str, step: Step) -> tuple[Any, ...]:
        """A value for each of `flow` while a question is under way."""
        stage = self.say(f"stage.{step.stage}", count=step.found) if step.stage != "line" else (
            self.say("line.ahead", count=step.ahead)
        )  # fmt: skip
        shown = joined([before, views.live(question, stage, step.text)])
        hidden = [gr.update(visible=False)] * len(self.suggested)
        return (
            talk, shown, gr.skip(), gr.skip(), gr.skip(), gr.skip(), "",
            gr.update(visible=False), gr.update(visible=True), gr.skip(), *hidden,
        )  # fmt: skip

    def _settled(self, owner: str, talk: str, number: int, at: int, *, question: str = "") -> tuple[Any, ...]:
        """A value for each of `flow` when it is over; `question` goes back into the box after an error."""
        turns = self._known(owner, talk) or []
        history, evidence, article, chosen = self._panes(turns, number, at)
        buttons = (gr.update(visible=True), gr.update(visible=False))
        return (
            talk, history, evidence, article, chosen, self._list(owner, talk), question, *buttons, "",
            *self._offered(turns),
        )  # fmt: skip

    def _whole(self, owner: str, talk: str) -> tuple[Any, ...]:
        """A value for each of `whole`."""
        turns = self._known(owner, talk)
        talk = talk if turns is not None else ""
        number = len(turns or [])
        panes = self._panes(turns or [], number, 1)
        name = next((one.title for one in self.house.conversations.list(owner) if one.id == talk), "")
        fetched = gr.update(visible=False, value=None)
        return talk, *panes, self._list(owner, talk), name, "", fetched, *self._offered(turns or [])

    def _panes(self, turns: list[Any], number: int, at: int) -> tuple[Any, ...]:
        """History, evidence, article and what is chosen, with citation `at` of turn `number` open."""
        newsroom = self.house.newsroom
        answer = turns[number - 1].answer if 0 < number <= len(turns) else None
        cited = answer.citations[at - 1] if answer and 0 < at <= len(answer.citations) else None
        evidence = views.evidence(answer, number, at, newsroom.document, self.say)
        article = views.article(newsroom.document(cited.article) if cited else None, cited, self.say)
        return self._turns(turns, number), evidence, article, (number, at)

    def _turns(self, turns: list[Any], chosen: int) -> str:
        if not turns:
            return views.welcome(self.say, empty=not self.house.newsroom.usable())
        return joined(
            views.turn(
                one.question, one.answer, one.partial or "", number=at, chosen=at == chosen, say=self.say
            )
            for at, one in enumerate(turns, 1)
        )

    def _offered(self, turns: list[Any]) -> list[Any]:
        """The suggested questions, at the start and where they have answers."""
        shown = not turns and self.house.newsroom.usable() and self.house.newsroom.suggests()
        return [gr.update(visible=shown)] * len(self.suggested)

    def _list(self, owner: str, talk: str, search: str = "") -> str:
        rows = [
            tag(
                "button", one.title or self.say("ask.untitled"), type="button", data_pick=one.id,
                class_="talk chosen" if one.id == talk else "talk",
            )
            for one in self.house.conversations.list(owner, search)
        ]  # fmt: skip
        return joined([tag("h4", self.say("ask.conversations")), *rows])
