"""The one object that the edges hold. Settings become objects here, and nowhere below.

paper = Newspaper()
for article in paper.articles("page.txt"):
    print(article.headline, "->", paper.summarize(article).text)
paper.add("pages/")
print(paper.ask("客运站占地多少亩？").text)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING

from summarizer import articles, models, pages
from summarizer.config import STYLE_LIMITS, Settings
from summarizer.models import Generator, bundled
from summarizer.records import Answer, Article, Document, Filters, Hit, Page, Style, Summary

if TYPE_CHECKING:
    from summarizer.answers.answering import Answerer
    from summarizer.answers.question import Asked
    from summarizer.answers.written import Writer
    from summarizer.library import Added, Library, Told
    from summarizer.models.encoding import Encoder
    from summarizer.search import Searcher

__all__ = ["Newspaper"]

_ALL = Filters()


class Newspaper:
    """Reads pages, separates them into articles, summarizes those; keeps them, searches and answers.

    `settings` are the defaults when None. What is not given, generator, encoder, searcher and
    answerer, is loaded once, when it is first needed. Raises SummarizerError, never anything else,
    for what is wrong with a page, a model, a library or a setting.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        generator: Generator | None = None,
        encoder: Encoder | None = None,
        searcher: Searcher | None = None,
        answerer: Answerer | None = None,
    ) -> None:
        self.settings = Settings() if settings is None else settings
        self._library: Library | None = None
        given = {"generator": generator, "encoder": encoder, "searcher": searcher, "answerer": answerer}
        # a cached property that is set already is never computed
        self.__dict__.update((name, value) for name, value in given.items() if value is not None)

    @cached_property
    def generator(self) -> Generator:
        """What writes; loaded on first use. Raises ModelError."""
        return models.load(self.settings.model, self.settings)

    @cached_property
    def encoder(self) -> Encoder:
        """What makes vectors; loaded on first use. Raises ModelError."""
        from summarizer.models.encoding import load_encoder

        return load_encoder(self.settings.encoder, self.settings)

    @property
    def library(self) -> Library:
        """The library of the settings, opened on first use. Raises LibraryError when there is none."""
        from summarizer.library import Library  # late: LanceDB takes a second to load

        if self._library is None:
            chosen = self.settings
            self._library = Library.open(chosen.library, self.encoder, cache=chosen.cache)
        return self._library

    @property
    def recipe(self) -> str:
        """Everything but the text that a summary depends on: equal recipes, equal summaries."""
        chosen = self.settings
        # The clause ranker of the bundled model stands beside every other model.
        weights = f"{self.generator.fingerprint} {bundled.fingerprint()}"
        return f"{chosen.style} {chosen.characters} {chosen.beams} {chosen.seed} {weights}"

    def read(self, path: str | os.PathLike[str]) -> Page:
        """The page at `path` ("-": standard input). Raises PageError."""
        return pages.read(path, encoding=self.settings.encoding)

    def articles(self, path: str | os.PathLike[str]) -> list[Article]:
        """The articles, photo captions and notices of one page, in page order. Raises PageError."""
        return self.separate(self.read(path))

    def separate(self, page: Page) -> list[Article]:
        """The articles, photo captions and notices of a page that was read already."""
        return articles.separate(page)

    def summarize(self, article: Article, *, style: Style | None = None, limit: int | None = None) -> Summary:
        """The summary of one article, checked against it. Raises ModelError."""
        return self.summarize_many([article], style=style, limit=limit)[0]

    def summarize_many(
        self, stories: Sequence[Article], *, style: Style | None = None, limit: int | None = None
    ) -> list[Summary]:
        """One summary for each story, in their order. Raises ModelError.

        Without `style` that of the settings; without `limit` that of the settings, or of the style.
        """
        from summarizer import summaries  # late: it loads the clause ranker's libraries

        style = style or self.settings.style
        if limit is None:
            limit = self.settings.limit or STYLE_LIMITS[style]
        return summaries.summarize_many(stories, self.generator, style=style, limit=limit)

    def summarize_page(self, stories: Sequence[Article]) -> list[tuple[Article, Summary]]:
        """The stories of one page with their summaries, as the settings say. Raises ModelError.

        In page order; the most important first when the style is `digest`.
        """
        written = self.summarize_many(stories)
        if self.settings.style == "digest":
            from summarizer import summaries

            return summaries.digest(stories, written)
        return list(zip(stories, written, strict=True))

    def add(self, paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Added:
        """Put pages into the library, which is made when there is none: files, folders, patterns.

            paper = Newspaper(Settings(library="archive"))
            added = paper.add("pages/")
            print(added.documents, "new,", added.known, "known")

        What is known is left alone, so the same call goes on after an interruption. Raises PageError
        for a page that cannot be read (what came before it may stay) and LibraryError.
        """
        from summarizer.library import stories

        named = [paths] if isinstance(paths, str | os.PathLike) else paths

        def groups() -> Iterator[list[Document]]:
            for path in pages.find(os.fspath(path) for path in named):
                page = self.read(path)
                yield stories(page, self.separate(page))

        return self.add_documents(groups())

    def add_documents(self, groups: Iterable[Sequence[Document]], *, told: Told | None = None) -> Added:
        """Put documents into the library; each group, such as one page, comes in whole or not at all.

        `told` hears of phases and counts on the way. Raises LibraryError.
        """
        from summarizer.library import Library

        hears, chosen = told or (lambda phase, added: None), self.settings
        self._library = Library.create(chosen.library, self.encoder, hears, cache=chosen.cache)
        return self._library.add(groups, self.encoder, told=hears)

    @cached_property
    def searcher(self) -> Searcher:
        """What finds; made on first use. Raises LibraryError, ModelError."""
        from summarizer.models.reranking import load_reranker
        from summarizer.search import Searcher

        name = self.settings.reranker
        reranker = None if name is None else load_reranker(name, self.settings)
        return Searcher(self.library, self.encoder, reranker=reranker)

    @cached_property
    def answerer(self) -> Answerer:
        """What answers: reader, gate and, when the settings name one, chat model. Raises ModelError."""
        from summarizer.answers.answering import Answerer
        from summarizer.answers.gate import load_gate
        from summarizer.models.reading import load_reader

        return Answerer(load_reader("bundled", self.settings), load_gate(), self._writer())

    def understand(
        self,
        question: str,
        history: Sequence[Answer] = (),
        *,
        filters: Filters = _ALL,
        today: str | None = None,
    ) -> Asked:
        """The question as it will be searched for: standalone, its 昨天 and 今年 told in dates.

        `history` holds the answers so far, oldest first. Relative days count from `today`, an ISO date, or
        from the newest page that passes `filters`. Raises QuestionError for an empty or endless question.
        """
        from summarizer.answers.question import mentions_days, understood

        if today is None and mentions_days(question, history):
            today = self.library.newest(filters)
        writer = self.answerer.writer if history else None
        return understood(question, history, today=today, filters=filters, talker=writer)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        filters: Filters = _ALL,
        today: str | None = None,
        fold: bool = False,
    ) -> list[Hit]:
        """At most `k` passages of the library, best first, one an article; [] when nothing is like it.

        With `fold` a report that several papers printed takes one place, the others are its `reprints`.

            for hit in Newspaper(Settings(library="archive")).search("客运站占地多少亩"):
                print(hit.rank, hit.passage.headline, hit.passage.date, hit.passage.text)

        A question that names a relative day is searched for in the pages that print its news; see
        `understand`. Raises QuestionError, LibraryError when there is no library or nothing in it.
        """
        return self._found(self.understand(question, filters=filters, today=today), k, each=1, fold=fold)

    def ask(
        self,
        question: str,
        *,
        filters: Filters = _ALL,
        history: Sequence[Answer] = (),
        today: str | None = None,
    ) -> Answer:
        """The answer from the library, with the sentences it rests on, or a refusal with what is nearest.

            paper = Newspaper(Settings(library="archive"))
            first = paper.ask("客运站占地多少亩？")
            print(first.text, [citation.quote for citation in first.citations])
            print(paper.ask("那有几条线路？", history=[first]).question)  # as it was understood

        Raises QuestionError, LibraryError, ModelError.
        """
        stream = self.ask_stream(question, filters=filters, history=history, today=today)
        return [item for item in stream if isinstance(item, Answer)][-1]

    def ask_stream(
        self,
        question: str,
        *,
        filters: Filters = _ALL,
        history: Sequence[Answer] = (),
        today: str | None = None,
        cancel: Event | None = None,
        found: Callable[[Sequence[Hit]], None] | None = None,
    ) -> Iterator[str | Answer]:
        """As `ask`: the text of a chat model while it is written, then the Answer, which is the last item.

        Without a chat model the Answer alone. Once `cancel` is set the stream ends, without an Answer.
        `found` hears of the passages before they are read.
        """
        from summarizer.answers.evidence import EACH

        asked = self.understand(question, history, filters=filters, today=today)
        hits = self._found(asked, self.settings.passages, each=EACH)
        if found is not None:
            found(hits)
        yield from self.answerer.stream(asked.text, hits, cancel=cancel)

    def ask_context(
        self,
        question: str,
        context: str,
        *,
        article: str = "context",
        date: str | None = None,
        today: str | None = None,
    ) -> Answer:
        """The answer from a text alone; no library is needed or looked at.

            answer = Newspaper().ask_context("占地多少亩？", "客运站昨日启用，占地42亩。", date="2024-08-22")
            print(answer.text)

        Citations name `article` and count in `context`. Relative days count from `today`, else from `date`,
        the text's own, ISO. Raises QuestionError, ModelError.
        """
        from summarizer.answers.evidence import context_hits
        from summarizer.answers.question import understood

        asked = understood(question, today=today or date)
        hits = context_hits(asked.text, context, article=article, date=date)
        return self.answerer.answer(asked.text, hits)

    def _found(self, asked: Asked, count: int, *, each: int, fold: bool = False) -> list[Hit]:
        hits = self.searcher.search(asked.text, limit=count, filters=asked.filters, each=each, fold=fold)
        if not hits:
            self.library.expect_some()
        return hits

    def _writer(self) -> Writer | None:
        """The chat model that answers, None for the bundled reader."""
        name = self.settings.reader
        if name == "bundled":
            return None
        from summarizer.answers.written import writer_of

        same = name == self.settings.model
        return writer_of(self.generator if same else models.load(name, self.settings), name)
