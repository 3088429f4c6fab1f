"""How a hand-written page is laid out: the `layout` of its JSON as objects, and where the page's text is.

A page of summarizer/samples has `{"name": …, "page": "sample"}`: its text is there and nowhere else. Every
other page is set by eval/typeset.py from the fields of `Layout`, and its text stands beside its JSON.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import summarizer

__all__ = ["FOLDER", "RUNNING_FIELDS", "Layout", "Page", "Place", "layout_of", "load", "page_path", "printed"]

FOLDER = Path(__file__).parent / "gold" / "pages"
SAMPLES = Path(summarizer.__file__).parent / "samples"
WIDTHS = (14, 36)
"""Narrowest and widest column, in full-width characters."""
RUNNING_FIELDS = ("paper", "year", "month", "day", "weekday", "number", "han_date", "han_number")
"""What a running head may name in braces; `han_date` is 二〇二五年六月十二日, `han_number` 三 for page 3."""

Page = dict[str, Any]
Side = Literal["before", "after"]
Writers = Literal["lead-in", "above", "below", "tail", "line", "none"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """How one item stands on the page."""

    item: int
    """Which item of the page, counted from 0."""
    width: int
    """Column width in full-width characters; a half-width one takes half."""
    headline: Side = "before"
    """On which side of the text kicker, headline and subtitle stand."""
    headline_break: int = 0
    """Characters on the headline's first line, the blank at the break left out; 0 when it is one line."""
    byline: Writers = "lead-in"
    """Where the writers are named: before the first word; on a line above or below the headline; behind the
    last sentence ("tail"); on a line below the text ("line"); nowhere."""
    form: str = "本报讯（{byline}） "
    """What is printed there, blanks included; without `{byline}` when the item has none."""
    column: int = 0
    """Lines of a column; behind so many a blank line breaks the text, in the middle of a sentence or not.
    0: never."""
    resumed: str = ""
    """Printed in front of the text: "（上接第1版）"."""
    jump: str = ""
    """Printed behind the text: "（下转第4版）"."""
    subheads: tuple[tuple[int, str], ...] = ()
    """Headings inside the story: the paragraph, counted from 0, before which each stands, and its words."""

    def __post_init__(self) -> None:
        low, high = WIDTHS
        _expect(low <= self.width <= high, f"a width of {low} to {high}", self.width)
        _expect(self.headline in get_args(Side), f"headline as one of {get_args(Side)}", self.headline)
        _expect(self.byline in get_args(Writers), f"byline as one of {get_args(Writers)}", self.byline)
        _expect(self.column == 0 or self.column >= 4, "a column of 4 lines or more, or 0", self.column)
        _expect(
            not (self.resumed and self.byline == "lead-in"), "no lead-in behind a jump note", self.resumed
        )
        _expect(
            not (self.jump and self.byline in ("tail", "line")), "no writers beside a jump note", self.jump
        )
        _expect(_named(self.form) <= {"byline"}, "no field but {byline}", self.form)
        bare = self.byline in ("lead-in", "none") or not re.search(r"\w", self.form.replace("{byline}", ""))
        _expect(bare, "no word beside the writers outside a lead-in", self.form)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page stands in its text file. All that an item's body gains are breaks, blanks, blank lines and
    sub-headings, which are text of their story."""

    name: str
    """A short label, by which scores are told apart; pages of one form share it: "headline after"."""
    page: Literal["made", "sample"] = "made"
    """"sample": the text is the page's of summarizer/samples, and no other field may be given."""
    top: tuple[str, ...] = ()
    """Lines above everything, with the fields of `RUNNING_FIELDS` in braces."""
    foot: tuple[str, ...] = ()
    """Lines below everything."""
    between: tuple[int, int] = (1, 1)
    """Fewest and most blank lines between two items and beside a running head; how many is drawn."""
    apart: int = 1
    """Blank lines between a headline and its text."""
    kicker_apart: bool = False
    """A blank line between kicker and headline, as an extractor leaves it between two sizes of type."""
    paragraphs: Literal["never", "some", "always"] = "never"
    """Whether blank lines part paragraphs; "some": drawn, one in two."""
    indent: Literal["none", "first", "wide"] = "none"
    """"first": a blank before an item's first word; "wide": two full-width blanks before every paragraph."""
    kinsoku: Literal["hang", "carry"] = "hang"
    """A closing mark for which there is no room hangs over the line, or takes the character before it along
    to the next. An opening mark never ends a line."""
    spaced: float = 0.0
    """Share of the numbers with blanks between them and the Han characters beside them; drawn."""
    spaced_latin: bool = False
    """Blanks around Latin words, too."""
    quotes_apart: bool = False
    """A blank line before every line that begins with an opening quotation mark: such a line stands higher
    and some extractors begin a block there."""
    signatures: Literal["left", "right"] = "left"
    """Where the lines below a notice, who announces and on what day, stand in the column."""
    places: tuple[Place, ...] = ()
    """The items in the order of the page, every one once."""

    def __post_init__(self) -> None:
        _expect(isinstance(self.name, str) and bool(self.name.strip()), "a name", self.name)
        least, most = self.between
        _expect(0 <= least <= most <= 3, "0 to 3 blank lines between items", self.between)
        _expect(0 <= self.apart <= 2, "0 to 2 blank lines beside a headline", self.apart)
        _expect(0 <= self.spaced <= 1, "a share of 0 to 1", self.spaced)
        for name in ("page", "paragraphs", "indent", "kinsoku", "signatures"):
            known = _CHOICES[name]
            _expect(getattr(self, name) in known, f"{name} as one of {known}", getattr(self, name))
        for line in (*self.top, *self.foot):
            _expect(_named(line) <= set(RUNNING_FIELDS), f"fields of {RUNNING_FIELDS}", line)


_CHOICES = {
    "page": ("made", "sample"),
    "paragraphs": ("never", "some", "always"),
    "indent": ("none", "first", "wide"),
    "kinsoku": ("hang", "carry"),
    "signatures": ("left", "right"),
}


def load(folder: Path = FOLDER) -> list[Page]:
    """Every page, by file name; `name` is the file's stem. Raises OSError, ValueError."""
    return [
        {"name": path.stem, **json.loads(path.read_text(encoding="utf-8"))}
        for path in sorted(folder.glob("*.json"))
    ]


def layout_of(page: Page) -> Layout:
    """The page's layout, held against its items; ValueError says what is wrong with it."""
    data = page.get("layout")
    if not isinstance(data, Mapping):
        raise ValueError(f"expected a layout as an object, found {data!r}")
    if data.get("page") == "sample":
        _expect(data.keys() <= {"name", "page"}, "name and page alone for a sample", sorted(data))
    places = [_place(row) for row in data.get("places", ())]
    lists = {name: tuple(data[name]) for name in ("top", "foot", "between") if name in data}
    layout = _built(Layout, {**data, **lists, "places": tuple(places)})
    if layout.page == "made":
        _expect(
            sorted(place.item for place in places) == list(range(len(page["items"]))),
            f"every one of {len(page['items'])} items once",
            [place.item for place in places],
        )
        for place in places:
            for wrong in _unfit(place, page["items"][place.item]):
                raise ValueError(f"item {place.item}: {wrong}")
    return layout


def page_path(page: Page, path: Path | None = None) -> Path | None:
    """The page's text: the sample, or NAME.txt beside its JSON; None where there is none.

    `path` is the page's JSON; FOLDER/NAME.json when None.
    """
    if page.get("layout", {}).get("page") == "sample":
        text = SAMPLES / f"{page['name']}.txt"
    else:
        text = (path or FOLDER / f"{page['name']}.json").with_suffix(".txt")
    return text if text.is_file() else None


def printed(page: Page, number: int) -> str:
    """The body of item `number` as its story is printed: with its sub-headings, each a paragraph of its own.

    A page without a layout prints its bodies as they are. Raises ValueError.
    """
    item = page["items"][number]
    paragraphs: list[str] = item["body"].split("\n")
    if page.get("layout", {}).get("places"):
        place = next(place for place in layout_of(page).places if place.item == number)
        for before, words in reversed(place.subheads):
            paragraphs.insert(before, words)
    return "\n".join(paragraphs)


def _place(row: Mapping[str, Any]) -> Place:
    subheads = tuple((int(before), str(words)) for before, words in row.get("subheads", ()))
    return _built(Place, {**row, "subheads": subheads})


def _built(made: type[_T], data: Mapping[str, Any]) -> _T:
    """The dataclass of these fields; ValueError for an unknown one, a missing one or one of another type."""
    known = {f.name: f for f in fields(made)}  # type: ignore[arg-type]
    _expect(data.keys() <= known.keys(), f"fields of {', '.join(known)}", sorted(data.keys() - known.keys()))
    missing = [name for name, f in known.items() if f.default is MISSING and name not in data]
    _expect(not missing, f"{', '.join(missing)} to be given", sorted(data))
    for name, value in data.items():
        like = known[name].default
        wanted = (int if name in ("item", "width") else str) if like is MISSING else type(like)
        right = isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool)
        _expect(right or (wanted is float and value in (0, 1)), f"{name} as {wanted.__name__}", value)
    return made(**data)


def _unfit(place: Place, item: Page) -> Iterator[str]:
    """What of the place the item cannot have."""
    head, writers = item["headline"], item["byline"]
    if not 0 <= place.headline_break < max(len(head or ""), 1):
        yield f"expected headline_break inside the headline, found {place.headline_break}"
    if not head and place.byline in ("above", "below"):
        yield f"expected a headline {place.byline} which the writers stand, found none"
    if bool(writers) != (place.byline != "none" and "byline" in _named(place.form)):
        yield f"expected the writers printed once, found {writers!r}, {place.byline!r}, {place.form!r}"
    befores = [before for before, _ in place.subheads]
    if befores != sorted(set(befores)) or not set(befores) <= set(range(1, item["body"].count("\n") + 1)):
        yield f"expected sub-headings before different paragraphs of the text, rising, found {befores}"


def _named(form: str) -> set[str]:
    """The fields in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def _expect(right: bool, what: str, found: Sequence[object] | object) -> None:
    if not right:
        raise ValueError(f"layout: expected {what}, found {found!r}")
