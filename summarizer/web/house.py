"""What every screen is built on: the newsroom, what is kept for whom, and how a mistake is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from summarizer.errors import (
    LibraryError,
    ModelError,
    PageError,
    QuestionError,
    SettingsError,
    StoreError,
    SummarizerError,
    UploadError,
)
from summarizer.pages import read
from summarizer.records import Page
from summarizer.web.accounts import Accounts
from summarizer.web.conversations import Conversations
from summarizer.web.drafts import Drafts
from summarizer.web.evaluation import EvaluationDesk, open_desk
from summarizer.web.jobs import Jobs
from summarizer.web.line import LineFullError
from summarizer.web.markup import tag
from summarizer.web.newsroom import LOCAL, Newsroom
from summarizer.web.refusals import refusal
from summarizer.web.repairs import named
from summarizer.web.stops import Stops
from summarizer.web.strings import Strings

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["House", "Screen"]

# app.js: clicks on what has data-pick become the event 'pick', marked places scroll into view.
PICKS = "summarizerPick(element, trigger, 'pick'); summarizerShow(element, watch);"

_TITLES: dict[type[SummarizerError], str] = {
    LibraryError: "error.library",
    ModelError: "error.model",
    PageError: "error.page",
    QuestionError: "error.question",
    SettingsError: "error.settings",
    UploadError: "error.page",
    LineFullError: "line.full_title",
}


@dataclass(slots=True)
class House:
    """One server's worth of everything. `secret` keeps what a browser remembers readable to us alone."""

    newsroom: Newsroom
    conversations: Conversations
    jobs: Jobs
    accounts: Accounts
    secret: str
    folder: Path
    """Private: pages that are being read stand in it for a moment."""
    served: Path
    """What gradio may hand to a browser: files made for one download."""
    guarded: bool = False
    """Were there accounts when the server began? Else everybody is the one owner LOCAL."""
    drafts: Drafts = field(default_factory=Drafts)
    stops: Stops = field(default_factory=Stops)
    _desk: EvaluationDesk | None = None

    def __post_init__(self) -> None:
        self.guarded = bool(self.accounts.names())

    def evaluation(self) -> EvaluationDesk:
        """Where runs and references are kept, opened when somebody first asks. Raises StoreError also where
        the package that measures is not installed."""
        if self._desk is None:
            try:
                self._desk = open_desk(self.newsroom.data / "evaluation")
            except ImportError as error:
                raise StoreError(
                    f"expected the packages of the evaluation, found none: {error}. "
                    "Install them with: pip install 'summarizer[eval]'",
                    reason="eval.missing",
                    found=str(error),
                ) from error
        return self._desk

    def page_of(self, text: str, file: str | None) -> Page:
        """The page that was pasted, else uploaded, under a name of its own. Raises PageError."""
        if text.strip():
            path = self.folder / f"{uuid.uuid4().hex}.txt"
            try:
                path.write_text(text, encoding="utf-8", newline="")
                return self._read(path)
            finally:
                path.unlink(missing_ok=True)
        if file is None:
            raise PageError(
                "expected the text of a page, found none. Paste it, or choose a file.", reason="page.none"
            )
        return self._read(Path(file))

    def _read(self, path: Path) -> Page:
        try:
            return named(read(path))
        except PageError as error:
            told = str(error).removeprefix(f"{path}: ")
            raise PageError(told, reason=error.reason, **error.values) from error.__cause__


class Screen:
    """A tab in one language. `draw` makes its components inside the tab, `wire` its events, `load` what
    happens when a browser opens or refreshes the page."""

    quiet: dict[str, Any] = {"api_visibility": "private"}  # noqa: RUF012  # keyword arguments of every event

    def __init__(self, house: House, say: Strings) -> None:
        self.house, self.say = house, say

    def draw(self) -> None:
        raise NotImplementedError

    def wire(self) -> None:
        raise NotImplementedError

    def load(self, blocks: gr.Blocks) -> None:
        """Nothing, unless a screen has something to show at once."""

    def visited(self, tab: gr.Tab) -> None:
        """Nothing, unless a screen looks again each time somebody comes to it."""

    def owner(self, request: gr.Request) -> str:
        """Whose things this request may see: the name that logged in. Raises gr.Error without one."""
        import gradio as gr

        if not self.house.guarded:
            return LOCAL
        if not request.username or not self.house.accounts.knows(request.username):
            raise gr.Error(self.say("error.login"), print_exception=False)
        return str(request.username)

    def html(self, value: str = "", *, picks: bool = False, **more: Any) -> gr.HTML:  # noqa: ANN401
        """A place for what `views` make; with `picks` its buttons tell which was clicked."""
        import gradio as gr

        return gr.HTML(value, js_on_load=PICKS if picks else None, apply_default_css=False, **more)

    @contextmanager
    def polite(self, first: str | None = None) -> Iterator[None]:
        """What a reader can act on becomes a message on the screen; `first` is said before anything."""
        import gradio as gr

        if first is not None:
            raise gr.Error(first, print_exception=False, title=self.say("error.title"))
        try:
            yield
        except SummarizerError as error:
            title = self.say(_TITLES.get(type(error), "error.title"))
            told = str(escape(refusal(error, self.say)))
            raise gr.Error(told, print_exception=False, title=title) from error

    def told(self, sign: str, text: str) -> str:
        """One line that says how something went."""
        return tag("div", tag("span", sign, class_="sign"), text, class_="status", role="status")

    def picked(self, event: gr.EventData) -> str:
        """What a click named; "" for anything else a browser may send."""
        key = event._data.get("key") if isinstance(event._data, dict) else None
        return key if isinstance(key, str) and len(key) <= 1000 else ""

    def picked_number(self, event: gr.EventData) -> int:
        """The number that was picked; 0 for anything else a browser may send."""
        return _whole(self.picked(event))

    def picked_pair(self, event: gr.EventData) -> tuple[int, int]:
        """Two numbers that were picked, "3:1"; 0 where there is none."""
        one, _, other = self.picked(event).partition(":")
        return _whole(one), _whole(other)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
