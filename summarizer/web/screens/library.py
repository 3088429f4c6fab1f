"""资料库: pages and articles with filters and a search, removal, and a new index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from summarizer.errors import LibraryError
from summarizer.library.found import Added, Entry
from summarizer.web.house import Screen
from summarizer.web.markup import joined, tag
from summarizer.web.scoping import filters_of
from summarizer.web.screens.scope import choices, day_fields, place_fields, small
from summarizer.web.views import answers, hits

__all__ = ["LibraryScreen"]

_SHOWN = 200
"""Articles listed at once; the filters lead to the others."""
_LOOK = 0.3


class LibraryScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        say = self.say
        self.chosen = gr.State("")
        with gr.Row(elem_id="library-box", equal_height=False):
            self.words = gr.Textbox(
                label=say("library.find"), lines=1, max_length=200, scale=4, elem_id="library-find"
            )
            self.since, self.until = day_fields(say, min_width=110, scale=1)
            self.paper, self.number = place_fields(say, widths=(120, 90), scale=1)
        self.about = self.html("", elem_id="library-about")
        with gr.Row(equal_height=False, elem_id="library-panes"):
            with gr.Column(scale=4, min_width=320):
                self.listed = self.html("", picks=True, elem_id="library-list")
            with gr.Column(scale=5, min_width=320, elem_id="library-article"):
                self.article = self.html("")
                with gr.Row():
                    self.remove = small(say, "library.remove", variant="stop", visible=False)
                    self.sure = small(say, "library.sure", variant="stop", visible=False)
                    self.keep = small(say, "library.keep", visible=False)
        with gr.Accordion(say("library.care"), open=False):
            self.reindex = small(say, "library.reindex")
            self.progress = self.html("", elem_id="library-progress")

    def wire(self) -> None:
        self.scope = [self.words, self.since, self.until, self.paper, self.number]
        self.lists = [self.about, self.listed]
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        gr.on(
            [self.words.change, self.since.submit, self.until.submit, self.paper.input, self.number.input],
            self.look, [*self.scope, self.chosen], self.lists, trigger_mode="always_last", **still,
        )  # fmt: skip
        buttons = [self.remove, self.sure, self.keep]
        self.listed.pick(
            self.open_entry, self.scope, [self.chosen, self.article, *self.lists, *buttons], **still
        )
        self.remove.click(lambda: [gr.update(visible=v) for v in (False, True, True)], None, buttons, **still)
        self.keep.click(lambda: [gr.update(visible=v) for v in (True, False, False)], None, buttons, **still)
        self.sure.click(
            self.take_out,
            [self.chosen, *self.scope],
            [self.chosen, self.article, *self.lists, *buttons],
            **still,
        )
        self.reindex.click(
            self.index_anew,
            None,
            [self.progress, self.reindex],
            concurrency_id="reindex",
            concurrency_limit=1,
            **still,
        )

    def load(self, blocks: gr.Blocks) -> None:
        blocks.load(
            self.open_all, None, [self.paper, self.number, *self.lists], show_progress="hidden", **self.quiet
        )

    def visited(self, tab: gr.Tab) -> None:
        tab.select(
            self.open_all, None, [self.paper, self.number, *self.lists], show_progress="hidden", **self.quiet
        )

    # --- what happens

    def open_all(self, request: gr.Request) -> tuple[Any, ...]:
        papers, numbers, _ = choices(self.house.newsroom, self.say)
        return (papers, numbers, *self.look("", "", "", "", "", "", request))

    def look(
        self, words: str, since: str, until: str, paper: str | None, number: str | None, chosen: str,
        request: gr.Request,
    ) -> tuple[str, str]:  # fmt: skip
        self.owner(request)
        with self.polite():
            filters = filters_of(since, until, paper, number)
            try:
                library = self.house.newsroom.newspaper.library
            except LibraryError:
                return "", tag("p", self.say("ask.no_library"), class_="empty")
            entries = [entry for entry in library.documents(filters) if _says(entry, words)]
            documents, passages = library.count()
        shown = entries[::-1][:_SHOWN]
        about = self.say(
            "library.about", shown=len(shown), found=len(entries), all=documents, passages=passages
        )
        line = tag("div", about, class_="status")
        timeline = hits.timeline([entry.date for entry in entries], self.say)
        return joined([line, timeline]), hits.pages(shown, chosen, self.say)

    def open_entry(
        self, words: str, since: str, until: str, paper: str | None, number: str | None,
        event: gr.EventData, request: gr.Request,
    ) -> tuple[Any, ...]:  # fmt: skip
        kind, _, name = self.picked(event).partition(":")
        article = ""
        if kind == "article":
            article = answers.passage(self.house.newsroom.document(name), None, self.say)
        elif kind == "page":
            article = tag("p", self.say("library.page", page=name), class_="empty")
        lists = self.look(words, since, until, paper, number, name, request)
        label = self.say("library.remove_page" if kind == "page" else "library.remove")
        buttons = (
            gr.update(visible=bool(name), value=label),
            gr.update(visible=False),
            gr.update(visible=False),
        )
        return name, article, *lists, *buttons

    def take_out(
        self, chosen: str, words: str, since: str, until: str, paper: str | None, number: str | None,
        request: gr.Request,
    ) -> tuple[Any, ...]:  # fmt: skip
        self.owner(request)
        with self.polite():
            count = self.house.newsroom.newspaper.library.remove([chosen]) if chosen else 0
        lists = self.look(words, since, until, paper, number, "", request)
        hidden = [gr.update(visible=False)] * 3
        return "", self.told("✓", self.say("library.removed", count=count)), *lists, *hidden

    async def index_anew(self, request: gr.Request) -> AsyncIterator[tuple[Any, Any]]:
        """Cut, encode and index everything again, telling how far it is; readers go on meanwhile."""
        self.owner(request)
        heard: list[tuple[str, Added]] = [("waiting", Added())]
        with self.polite():
            paper = await asyncio.to_thread(self.house.newsroom.ready, "library")
            total = paper.library.count()[0]
            work = asyncio.ensure_future(
                asyncio.to_thread(
                    paper.library.reindex, paper.encoder, told=lambda phase, done: heard.append((phase, done))
                )
            )
            while not work.done():
                phase, done = heard[-1]
                text = self.say(f"library.{phase}", done=done.documents, all=total)
                yield self.told("…", text), gr.update(interactive=False)
                await asyncio.wait([work], timeout=_LOOK)
            done = work.result()
        yield (
            self.told("✓", self.say("library.indexed", done=done.documents, passages=done.passages)),
            gr.update(interactive=True),
        )


def _says(entry: Entry, words: str) -> bool:
    """Does the article's headline, page or section say every word?"""
    text = " ".join(part for part in (entry.headline, entry.page, entry.section, entry.id) if part).lower()
    return all(word in text for word in words.lower().split())
