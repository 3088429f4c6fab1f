"""检索测试: what a search finds, what each hit scores, and by which words it was found."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from summarizer.web.house import Screen
from summarizer.web.markup import joined, tag
from summarizer.web.scoping import filters_of
from summarizer.web.screens.scope import choices, day_fields, place_fields
from summarizer.web.views import answers, hits

__all__ = ["SearchScreen"]


class SearchScreen(Screen):
    """The components of the screen and what happens on it."""

    def draw(self) -> None:
        say = self.say
        with gr.Row(elem_id="search-box", equal_height=False):
            self.question = gr.Textbox(
                label=say("search.question"), lines=1, max_lines=3, max_length=1000, scale=6,
                elem_id="search-question",
            )  # fmt: skip
            self.count = gr.Slider(5, 50, value=10, step=5, label=say("search.count"), scale=2, min_width=140)
            self.fold = gr.Checkbox(label=say("search.fold"), scale=1, min_width=120)
            self.go = gr.Button(
                say("search.go"), variant="primary", scale=1, min_width=90, elem_id="search-go"
            )
        with gr.Accordion(say("ask.scope"), open=False), gr.Row():
            self.since, self.until = day_fields(say, min_width=110)
            self.paper, self.number = place_fields(say, widths=(110, 90))
        with gr.Row(equal_height=False, elem_id="search-panes"):
            with gr.Column(scale=5, min_width=320):
                self.about = self.html("", elem_id="search-about")
                self.found = self.html("", picks=True, elem_id="search-found")
            with gr.Column(scale=4, min_width=300, elem_id="search-article"):
                self.article = self.html("", picks=True)
        self.shown: gr.State = gr.State([])

    def wire(self) -> None:
        scope = [self.since, self.until, self.paper, self.number]
        gr.on(
            [self.question.submit, self.go.click], self.search,
            [self.question, self.count, self.fold, *scope],
            [self.about, self.found, self.shown], show_progress="minimal", concurrency_limit=4,
            concurrency_id="search", **self.quiet,
        )  # fmt: skip
        self.found.pick(self.open_hit, [self.shown], [self.article], show_progress="hidden", **self.quiet)

    def load(self, blocks: gr.Blocks) -> None:
        blocks.load(self.offer, None, [self.paper, self.number], show_progress="hidden", **self.quiet)

    def offer(self) -> tuple[Any, Any]:
        papers, numbers, _ = choices(self.house.newsroom, self.say)
        return papers, numbers

    def search(
        self, question: str, count: float, fold: bool, since: str, until: str, paper: str | None,
        number: str | None, request: gr.Request,
    ) -> tuple[str, str, list[tuple[str, int, int]]]:  # fmt: skip
        self.owner(request)
        if not question.strip():
            return self.told("…", self.say("search.empty")), "", []
        with self.polite():
            filters = filters_of(since, until, paper, number)
            paper_ = self.house.newsroom.ready("library")
            start = time.perf_counter()
            found = paper_.search(question, k=int(count), filters=filters, fold=fold)
        spent = 1000 * (time.perf_counter() - start)
        asked = paper_.understand(question, filters=filters)
        about = self.say("search.about", count=len(found), spent=round(spent))
        understood = self.say("ask.understood", question=asked.text) if asked.text != question.strip() else ""
        days = [hit.passage.date for hit in found]
        line = tag("div", about, tag("span", understood, class_="where"), class_="status")
        places = [(hit.passage.article, *hit.passage.span) for hit in found]
        return joined([line, hits.timeline(days, self.say)]), hits.hits(found, self.say), places

    def open_hit(self, shown: list[tuple[str, int, int]], event: gr.EventData, request: gr.Request) -> str:
        """The article of a hit, with the passage marked."""
        self.owner(request)
        rank = self.picked_number(event)
        if not 0 < rank <= len(shown):
            return ""
        article, start, end = shown[rank - 1]
        document = self.house.newsroom.document(article)
        return answers.passage(document, (start, end), self.say)
