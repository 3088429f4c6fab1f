"""The one object that the edges hold. Settings become objects here, and nowhere below.

paper = Newspaper()
for article in paper.articles("page.txt"):
    print(article.headline, "->", paper.summarize(article).text)
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from summarizer import articles, models, pages
from summarizer.config import STYLE_LIMITS, Settings
from summarizer.models import Generator, bundled
from summarizer.records import Article, Document, Page, Style, Summary

if TYPE_CHECKING:
    from summarizer.library import Added, Library, Told
    from summarizer.models.encoding import Encoder

__all__ = ["Newspaper"]


class Newspaper:
    """Reads pages, separates them into articles, summarizes those.

    `settings` are the defaults when None. The model is loaded once, when a summary is first
    asked for, unless a `generator` is given. Raises SummarizerError, never anything else, for
    what is wrong with a page, a model or a setting.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        generator: Generator | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self.settings = Settings() if settings is None else settings
        self._given = generator
        self._given_encoder = encoder
        self._library: Library | None = None

    @cached_property
    def generator(self) -> Generator:
        """What writes; loaded on first use. Raises ModelError."""
        return self._given or models.load(self.settings.model, self.settings)

    @cached_property
    def encoder(self) -> Encoder:
        """What makes vectors; loaded on first use. Raises ModelError."""
        from summarizer.models.encoding import load_encoder

        return self._given_encoder or load_encoder(self.settings.encoder, self.settings)

    @property
    def library(self) -> Library:
        """The library of the settings, opened on first use. Raises LibraryError when there is none."""
        from summarizer.library import Library  # late: LanceDB takes a second to load

        if self._library is None:
            self._library = Library.open(self.settings.library, self.encoder)
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

        hears = told or (lambda phase, added: None)
        self._library = Library.create(self.settings.library, self.encoder, hears)
        return self._library.add(groups, self.encoder, told=hears)
