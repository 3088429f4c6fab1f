"""What all who use one server share: the Newspaper, the lines in front of its models, and their state.

Models load in the background as soon as the server stands; until then a screen says which is loading.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from summarizer.config import Settings
from summarizer.errors import LibraryError, SummarizerError
from summarizer.newspaper import Newspaper
from summarizer.records import Document, Filters
from summarizer.web.line import Line

__all__ = ["LOCAL", "STAGES", "Newsroom", "Scope"]

LOCAL = "local"
"""The one owner of everything while there are no accounts: whoever sits at this machine."""
STAGES = ("samples", "library", "reader", "writer")
"""What is loaded at the start, in this order."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a library can be narrowed to."""

    papers: tuple[str, ...]
    numbers: tuple[str, ...]
    pages: tuple[str, ...]
    """Ids, the newest first."""
    first: str | None
    last: str | None
    """Dates, ISO; None when no document has one."""


class Newsroom:
    """One of these a server. `samples`: the shipped pages are put into the library when there is none."""

    def __init__(self, newspaper: Newspaper, data: Path, *, samples: bool = True) -> None:
        self.newspaper = newspaper
        self.data = data
        self._samples = samples
        self._loading = threading.RLock()
        self._done: set[str] = set()
        self._failed: dict[str, str] = {}
        self._lines: dict[str, Line] = {}

    # --- at the start

    def warm(self) -> threading.Thread:
        """Begin to load everything; the thread that does it."""
        thread = threading.Thread(target=self._warm, name="warm", daemon=True)
        thread.start()
        return thread

    @property
    def stage(self) -> str | None:
        """What is being loaded now; None when everything is there, or has failed."""
        return next(
            (stage for stage in STAGES if stage not in self._done and stage not in self._failed), None
        )

    @property
    def failures(self) -> dict[str, str]:
        """Stage -> why it could not be loaded."""
        return dict(self._failed)

    def _warm(self) -> None:
        for stage in STAGES:
            try:
                self.ready(stage)
            except SummarizerError as error:
                self._failed[stage] = str(error)
                _log.warning("%s: %s", stage, error)

    def ready(self, *stages: str) -> Newspaper:
        """The newspaper with these of STAGES loaded, waiting for whoever loads them now.

        Raises LibraryError when there is no library yet, ModelError.
        """
        for stage in stages:
            if stage not in self._done:
                with self._loading:
                    self._load(stage)
                    self._done.add(stage)
                    self._failed.pop(stage, None)
        return self.newspaper

    def _load(self, stage: str) -> None:
        paper = self.newspaper
        if stage == "samples":
            if self._samples and not self.has_library():
                paper.add_documents(_shipped(paper))
        elif stage == "library":
            _ = paper.searcher
        elif stage == "reader":
            _ = paper.answerer
        else:
            _ = paper.generator
            from summarizer import summaries

            _ = summaries  # loads the clause ranker's libraries

    # --- models

    def line(self, model: str) -> Line:
        """The line in front of one model, by its name."""
        with self._loading:
            return self._lines.setdefault(model, Line())

    @property
    def writing(self) -> Line:
        """In front of what writes headlines."""
        return self.line(self.newspaper.settings.model)

    @property
    def reading(self) -> Line:
        """In front of what answers."""
        settings = self.newspaper.settings
        return self.line("reader" if settings.reader == "bundled" else settings.reader)

    def use(self, settings: Settings) -> None:
        """From now on by these settings; everything loads anew, in the background. The library must be the
        same."""
        with self._loading:
            self.newspaper = Newspaper(settings)
            self._done = {"samples"}
            self._failed = {}
        self.warm()

    # --- library

    def has_library(self) -> bool:
        try:
            return self.newspaper.library.count()[0] > 0
        except LibraryError:
            return False

    def scope(self) -> Scope:
        """What there is to choose from; nothing when there is no library."""
        try:
            entries = list(self.newspaper.library.documents())
        except LibraryError:
            return Scope((), (), (), None, None)
        dates = sorted(entry.date for entry in entries if entry.date)
        pages = dict.fromkeys(entry.page for entry in reversed(entries) if entry.page)
        return Scope(
            tuple(sorted({entry.paper for entry in entries if entry.paper})),
            tuple(sorted({entry.number for entry in entries if entry.number}, key=_numbered)),
            tuple(pages),
            dates[0] if dates else None,
            dates[-1] if dates else None,
        )

    def document(self, article: str) -> Document | None:
        """None when it was taken out since."""
        with suppress(LibraryError):
            return self.newspaper.library.document(article)
        return None

    def usable(self) -> bool:
        """Will there be something to ask, as soon as everything is loaded?"""
        return self.has_library() or (self._samples and self.stage == "samples")

    def suggests(self) -> bool:
        """Are the suggested questions answered by what there is, or will be at once?"""
        return self.has_samples() or (self._samples and self.stage == "samples")

    def has_samples(self) -> bool:
        """Are the shipped pages in the library? Then the suggested questions have answers."""
        try:
            return any(self.newspaper.library.documents(Filters(page=_SHIPPED)))
        except LibraryError:
            return False


_SHIPPED = "yunxi_daily.txt"


def _shipped(paper: Newspaper) -> list[Sequence[Document]]:
    """The pages that come with the program, known by their file names alone."""
    from summarizer.library.stories import stories

    folder = Path(str(resources.files("summarizer") / "samples"))
    groups: list[Sequence[Document]] = []
    for path in sorted(folder.glob("*.txt")):
        page = replace(paper.read(path), id=path.name)
        groups.append(stories(page, paper.separate(page)))
    return groups


def _numbered(number: str) -> tuple[int, str]:
    """So that 10 comes after 9."""
    return (int(number), "") if number.isascii() and number.isdigit() else (10**6, number)
