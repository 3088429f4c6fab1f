"""参考标题与答案: what a newsroom writes for its own articles, so that it can measure by its own hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import gradio as gr

from summarizer.errors import LibraryError, StoreError
from summarizer.records import Document
from summarizer.web.evaluation import Asked, EvaluationDesk, Reference
from summarizer.web.house import Screen
from summarizer.web.markup import Markup, tag
from summarizer.web.screens.scope import small
from summarizer.web.views import answers
from summarizer.web.views import references as views

__all__ = ["ReferenceDesk"]

_SHOWN = 60
"""Articles listed at once; words lead to the others."""
_FILE = "references.jsonl"


class ReferenceDesk(Screen):
    """Part of the evaluation screen. References belong to the newsroom, as its library does."""

    def draw(self) -> None:
        say = self.say
        self.article, self.version, self.number = gr.State(""), gr.State(""), gr.State(0)
        with gr.Row(equal_height=False, elem_id="reference-panes"):
            with gr.Column(scale=4, min_width=280):
                self.words = gr.Textbox(
                    label=say("reference.find"), placeholder=say("reference.find_hint"), lines=1,
                    max_length=200, value="", elem_id="reference-find",
                )  # fmt: skip
                self.listed = self.html("", picks=True, elem_id="reference-list")
                self.fetch = small(say, "reference.fetch")
                self.fetched = gr.File(label=say("batch.fetched"), visible=False, interactive=False)
            with gr.Column(scale=7, min_width=340, elem_id="reference-form"):
                self.text = self.html("", elem_id="reference-article")
                with gr.Group(visible=False) as self.form:
                    self._draw_form()
                self.status = self.html("", elem_id="reference-status")

    def _draw_form(self) -> None:
        say = self.say
        self.headlines = gr.Textbox(
            label=say("reference.headlines"), info=say("reference.headlines_hint"), lines=2, max_lines=6,
            max_length=400, elem_id="reference-headlines",
        )  # fmt: skip
        self.asked = self.html("", picks=True, elem_id="reference-questions")
        with gr.Row():
            self.question = gr.Textbox(
                label=say("reference.question"), lines=1, max_length=300, elem_id="reference-question"
            )
            self.answers = gr.Textbox(
                label=say("reference.answers"), info=say("reference.answers_hint"), lines=2, max_lines=5,
                max_length=800, elem_id="reference-answers",
            )  # fmt: skip
        with gr.Row():
            self.save = small(say, "reference.save", variant="primary")
            self.drop = small(say, "reference.drop", interactive=False)
            self.clear = small(say, "reference.clear", variant="stop")

    def wire(self) -> None:
        still: dict[str, Any] = {"show_progress": "hidden", **self.quiet}
        fields = [self.headlines, self.question, self.answers]
        self.opened = [
            self.article, self.version, self.number, self.text, self.form, *fields, self.asked, self.drop,
            self.listed, self.status,
        ]  # fmt: skip
        where = [self.article, self.version, self.number]
        self.words.change(
            self.look, [self.words, self.article], [self.listed], trigger_mode="always_last", **still
        )
        self.listed.pick(self.pick, [self.words], self.opened, **still)
        self.asked.pick(
            self.pick_question, [self.article], [self.number, *fields[1:], self.asked, self.drop], **still
        )
        self.save.click(self.keep, [*where, *fields, self.words], self.opened, **still)
        self.drop.click(self.drop_question, [*where, self.headlines, self.words], self.opened, **still)
        self.clear.click(self.clear_all, [*where, self.words], self.opened, **still)
        self.fetch.click(self.download, None, [self.fetched], **still)

    def visited(self, tab: gr.Tab) -> None:
        tab.select(self.look, [self.words, self.article], [self.listed], show_progress="hidden", **self.quiet)

    # --- what happens

    def look(self, words: str, article: str, request: gr.Request) -> str:
        self.owner(request)
        with self.polite():
            return self._list(self.house.evaluation(), words, article)

    def pick(self, words: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return self.open(self.picked(event), request, words)

    def open(self, article: str, request: gr.Request, words: str = "") -> tuple[Any, ...]:
        """The article with its references: a value for each of `opened`."""
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            return self._view(desk, self._reference(desk, article), words)

    def pick_question(self, article: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            reference = self._reference(self.house.evaluation(), article)
        number = min(self.picked_number(event), len(reference.questions))
        asked = reference.questions[number - 1] if number else Asked("", ())
        listed = views.questions(reference, number, self.say)
        return number, asked.question, "\n".join(asked.answers), listed, gr.update(interactive=bool(number))

    def keep(
        self, article: str, version: str, number: int, headlines: str, question: str, answers: str,
        words: str, request: gr.Request,
    ) -> tuple[Any, ...]:  # fmt: skip
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            before = self._reference(desk, article)
            asked = list(before.questions)
            if question.strip():
                made = Asked(" ".join(question.split()), _lines(answers))
                place = number if 0 < number <= len(asked) else len(asked) + 1
                asked[place - 1 : place] = [made]
            elif answers.strip():
                raise StoreError("expected a question, found none", reason="question.none")
            wanted = replace(before, headlines=_lines(headlines), questions=tuple(asked), version=version)
            return self._kept(desk, wanted, words)

    def drop_question(
        self, article: str, version: str, number: int, headlines: str, words: str, request: gr.Request
    ) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            before = self._reference(desk, article)
            asked = tuple(one for at, one in enumerate(before.questions, 1) if at != number)
            wanted = replace(before, headlines=_lines(headlines), questions=asked, version=version)
            return self._kept(desk, wanted, words)

    def clear_all(
        self, article: str, version: str, number: int, words: str, request: gr.Request
    ) -> tuple[Any, ...]:
        self.owner(request)
        with self.polite():
            desk = self.house.evaluation()
            before = self._reference(desk, article)
            return self._kept(desk, replace(before, headlines=(), questions=(), version=version), words)

    def download(self, request: gr.Request) -> Any:  # noqa: ANN401
        self.owner(request)
        with self.polite():
            source = self.house.evaluation().file
            if not source.exists():
                raise StoreError("expected references, found none", reason="eval.no_own")
            path = self.house.served / _FILE
            shutil.copyfile(source, path)
        return gr.update(visible=True, value=str(path))

    # --- what it shows

    def _kept(self, desk: EvaluationDesk, wanted: Reference, words: str) -> tuple[Any, ...]:
        kept = desk.keep(wanted)
        told = self.say("reference.kept", headlines=len(kept.headlines), questions=len(kept.questions))
        return self._view(desk, kept, words, self.told("✓", told))

    def _view(
        self, desk: EvaluationDesk, reference: Reference, words: str, status: str = ""
    ) -> tuple[Any, ...]:
        text = answers.passage(self._document(reference), None, self.say)
        return (
            reference.article, reference.version, 0, text, gr.update(visible=True),
            "\n".join(reference.headlines), "", "", views.questions(reference, 0, self.say),
            gr.update(interactive=False), self._list(desk, words, reference.article), status,
        )  # fmt: skip

    def _list(self, desk: EvaluationDesk, words: str, article: str) -> str:
        references = desk.references()
        if not words.strip():
            both = [views.kept(references, article, self.say), self._some(references, article)]
            return tag("div", *both, class_="listing")
        counts = {one.article: (len(one.headlines), len(one.questions)) for one in references}
        wanted = words.lower().split()
        fitting = [
            entry for entry in self._entries()
            if all(word in f"{entry.headline or ''} {entry.id}".lower() for word in wanted)
        ]  # fmt: skip
        return tag("div", views.found(fitting[:_SHOWN], counts, article, self.say), class_="listing")

    def _some(self, references: list[Reference], article: str) -> Markup:
        """A few of the library to begin with."""
        known = {one.article for one in references}
        others = [entry for entry in self._entries() if entry.id not in known][:_SHOWN]
        head = tag("p", self.say("reference.others"), class_="nearest")
        return head + views.found(others, {}, article, self.say) if others else Markup("")

    def _entries(self) -> list[Any]:
        try:
            return list(self.house.newsroom.newspaper.library.documents())[::-1]
        except LibraryError:
            return []  # there is none yet; the other screens say so

    def _reference(self, desk: EvaluationDesk, article: str) -> Reference:
        """Also of an article that is in the library no more, when something was written for it."""
        document = self.house.newsroom.document(article) if article else None
        if document is not None:
            return desk.reference(document)
        known = next((one for one in desk.references() if one.article == article), None)
        if known is None:
            raise StoreError(
                f"{article}: expected an article of the library, found none. Add its page first.",
                reason="reference.gone",
                article=article,
            )
        return known

    def _document(self, reference: Reference) -> Document:
        document = self.house.newsroom.document(reference.article)
        if document is not None and document.text == reference.body:
            return document
        return Document(reference.article, reference.body, date=reference.date)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.split("\n") if line.strip())
