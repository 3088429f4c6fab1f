"""版面: a page as printed beside its articles; headlines, checks, repairs by hand, into the library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import gradio as gr

from summarizer.records import Kind
from summarizer.web.house import Screen
from summarizer.web.repairs import Desk
from summarizer.web.views import pages as views

__all__ = ["PageScreen"]

# The newest of these is never taken from a browser: the limit of one page, see pages/plain.py.
_LONGEST = 200_000
_LOOK = 0.15


class PageScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        say = self.say
        self.draft = gr.BrowserState("", storage_key="summarizer-page", secret=self.house.secret)
        with gr.Accordion(say("page.bring"), open=True, elem_id="page-bring") as self.bring:
            with gr.Row():
                self.text = gr.Textbox(
                    label=say("page.paste"), placeholder=say("page.paste_hint"), lines=7, max_lines=12,
                    max_length=_LONGEST, scale=3, elem_id="page-text",
                )  # fmt: skip
                with gr.Column(scale=1, min_width=220):
                    self.file = gr.File(
                        label=say("page.upload"), file_types=[".txt", ".text"], type="filepath", height=110,
                        elem_id="page-file",
                    )  # fmt: skip
                    self.read = gr.Button(say("page.read"), variant="primary", elem_id="page-read")
        with gr.Row(elem_id="page-top"):
            self.status = self.html("", elem_id="page-status")
            self.add = gr.Button(
                say("page.add"),
                variant="primary",
                size="sm",
                scale=0,
                min_width=130,
                visible=False,
                elem_id="page-add",
            )
        with gr.Row(elem_id="page-desk", equal_height=False):
            with gr.Column(scale=4, min_width=300, elem_id="page-strip"):
                self.strip = self.html(views.empty(None, say), picks=True)
            with gr.Column(scale=4, min_width=300, elem_id="page-list"):
                self.listed = self.html("", picks=True)
            with gr.Column(scale=5, min_width=320, elem_id="page-article"):
                self._draw_article()

    def _draw_article(self) -> None:
        say = self.say
        self.opened = self.html("")
        with gr.Group(visible=False) as self.tools:
            with gr.Accordion(say("page.written"), open=True):
                self.written = self.html("", elem_id="page-written")
                with gr.Accordion(say("page.candidates"), open=False):
                    self.candidates = self.html("")
            with gr.Accordion(say("page.repair"), open=False, elem_id="page-repair"):
                self.headline = gr.Textbox(label=say("page.headline"), lines=1, max_length=200)
                self.kind = gr.Radio(
                    [(say(f"kind.{kind}"), kind) for kind in ("article", "photo", "notice")],
                    label=say("page.kind"),
                )
                with gr.Row():
                    self.save = gr.Button(say("page.save"), size="sm", min_width=80)
                    self.merge = gr.Button(say("page.merge"), size="sm", min_width=80)
                    self.split = gr.Button(say("page.split"), size="sm", min_width=80)
                    self.undo = gr.Button(say("page.undo"), size="sm", min_width=80)

    def wire(self) -> None:
        desk = [self.strip, self.listed, self.opened, self.tools, self.add, self.written, self.candidates]
        self.shown = [*desk, self.headline, self.kind, self.status]
        place = [self.draft]
        read = gr.on(
            [self.read.click, self.file.upload], self.bring_in, [self.text, self.file],
            [*place, self.text, self.file, self.bring, *self.shown], show_progress="minimal", **self.quiet,
        )  # fmt: skip
        read.success(
            self.write, place, self.shown, show_progress="hidden", concurrency_limit=None, **self.quiet
        )
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        self.listed.pick(self.pick_article, place, self.shown, **still)
        self.strip.pick(self.pick_line, place, self.shown, **still)
        words = [self.headline, self.kind]
        for button, repair in (
            (self.save, self.save_words), (self.merge, self.join_before), (self.split, self.split_here),
            (self.undo, self.take_back),
        ):  # fmt: skip
            button.click(repair, [*place, *words], self.shown, **still).success(
                self.write, place, self.shown, show_progress="hidden", concurrency_limit=None, **self.quiet
            )
        self.add.click(self.put_in, place, [self.status], show_progress="minimal", **self.quiet)

    def load(self, blocks: gr.Blocks) -> None:
        blocks.load(self.again, [self.draft], self.shown, show_progress="hidden", **self.quiet)

    # --- what happens

    def bring_in(self, text: str, file: str | None, request: gr.Request) -> tuple[Any, ...]:
        owner = self.owner(request)
        with self.polite():
            page = self.house.page_of(text, file)
            desk = Desk.of(page, self.house.newsroom.newspaper.separate(page))
        name = self.house.drafts.keep(owner, desk)
        status = self.told("✓", self.say("page.found", count=len(desk.articles)))
        return name, "", None, gr.update(open=False), *self.view(desk, status)

    async def write(self, name: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """Headlines for the articles that have none yet, one after the other."""
        owner, newsroom = self.owner(request), self.house.newsroom
        yield tuple(gr.skip() for _ in self.shown)  # gradio empties the screen for nothing at all
        desk = self.house.drafts.find(owner, name)
        missing = [a.order for a in desk.articles if desk.summary(a.order) is None] if desk else []
        if desk is None or not missing:
            return
        with self.polite():
            ticket = newsroom.writing.join()
        try:
            while ahead := ticket.ahead:
                yield self.only(self.told("…", self.say("line.ahead", count=ahead)))
                await asyncio.sleep(_LOOK)
            if newsroom.stage in ("writer", "samples"):
                yield self.only(self.told("…", self.say("stage.writer")))
            with self.polite():
                paper = await asyncio.to_thread(newsroom.ready, "writer")
                for done, order in enumerate(missing, 1):
                    count = {"done": done, "all": len(missing)}
                    yield self.only(self.told("…", self.say("page.writing", **count)))
                    desk = await self._written(owner, name, desk, order, paper)
                    if desk is None:
                        return
                    yield self.view(desk, self.told("…", self.say("page.writing", **count)))
            yield self.only(self.told("✓", self.say("page.wrote", count=len(missing))))
        finally:
            ticket.leave()

    async def _written(
        self,
        owner: str,
        name: str,
        desk: Desk,
        order: int,
        paper: Any,  # noqa: ANN401
    ) -> Desk | None:
        """The desk as it is now with one more summary; None when it was repaired meanwhile."""
        summary = await asyncio.to_thread(paper.summarize, desk.article(order))
        now = self.house.drafts.find(owner, name)
        if now is None or now.articles != desk.articles:
            return None
        written = now.written(order, summary)
        self.house.drafts.keep(owner, written, name)
        return written

    def pick_article(self, name: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return self._kept(self.desk(name, request).at(self.picked_number(event)), name, request)

    def pick_line(self, name: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        desk, line = self.desk(name, request), self.picked_number(event)
        article = desk.at_line(line)
        return self._kept(desk.at(article.order if article else desk.chosen, line), name, request)

    def save_words(self, name: str, headline: str, kind: str, request: gr.Request) -> tuple[Any, ...]:
        with self.polite():
            desk = self.desk(name, request)
            desk = desk.headline(desk.chosen, headline).kind(desk.chosen, cast("Kind", kind))
        return self._kept(desk, name, request)

    def join_before(self, name: str, headline: str, kind: str, request: gr.Request) -> tuple[Any, ...]:
        desk = self.desk(name, request)
        with self.polite(first=self.say("page.merge_first") if desk.chosen < 2 else None):
            desk = desk.merged(desk.chosen)
        return self._kept(desk, name, request)

    def split_here(self, name: str, headline: str, kind: str, request: gr.Request) -> tuple[Any, ...]:
        desk = self.desk(name, request)
        with self.polite(first=None if desk.splits() else self.say("page.split_first")):
            desk = desk.split(desk.chosen, desk.line)
        return self._kept(desk, name, request)

    def take_back(self, name: str, headline: str, kind: str, request: gr.Request) -> tuple[Any, ...]:
        return self._kept(self.desk(name, request).undone(), name, request)

    def _kept(self, desk: Desk, name: str, request: gr.Request) -> tuple[Any, ...]:
        self.house.drafts.keep(self.owner(request), desk, name)
        return self.view(desk)

    def put_in(self, name: str, request: gr.Request) -> str:
        from summarizer.library.stories import stories

        desk = self.desk(name, request)
        with self.polite():
            added = self.house.newsroom.newspaper.add_documents([stories(desk.page, desk.articles)])
        if added.documents or added.removed:
            text = self.say("page.added", count=added.documents, replaced=added.replaced)
        else:
            text = self.say("page.known", count=added.known)
        return self.told("✓", text)

    def again(self, name: str, request: gr.Request) -> tuple[Any, ...]:
        """After a refresh: the page that was on the desk."""
        desk = self.house.drafts.find(self.owner(request), name) if name else None
        if desk is None:
            return tuple(gr.skip() for _ in self.shown)
        return self.view(desk)

    # --- what it shows

    def view(self, desk: Desk, status: Any = None) -> tuple[Any, ...]:  # noqa: ANN401
        """A value for each of `shown`."""
        say = self.say
        strip, listed, chosen = views.strip(desk, say), views.listed(desk, say), desk.chosen
        status = gr.skip() if status is None else status
        if not chosen:
            empty = views.empty(desk.page, say)
            return (
                strip,
                listed,
                empty,
                gr.update(visible=False),
                gr.update(visible=False),
                "",
                "",
                "",
                None,
                status,
            )
        article, summary = desk.article(chosen), desk.summary(chosen)
        written = candidates = views.waiting(say)
        if summary is not None:
            written, candidates = views.written(summary, article, say), views.candidates(summary, say)
        opened = views.opened(article, say)
        return (
            strip, listed, opened, gr.update(visible=True), gr.update(visible=True), written, candidates,
            article.headline or "",
            article.kind, status,
        )  # fmt: skip

    def only(self, status: str) -> tuple[Any, ...]:
        """Nothing but another status."""
        return (*(gr.skip() for _ in self.shown[:-1]), status)

    def desk(self, name: str, request: gr.Request) -> Desk:
        """The desk of this owner. Another's, or one that was forgotten, is told politely."""
        found = self.house.drafts.find(self.owner(request), name)
        if found is None:
            raise gr.Error(self.say("page.forgotten"), print_exception=False)
        return found
