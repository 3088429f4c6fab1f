"""The nouns that cross module borders: frozen, in reading order, never dicts.

Units: a length is a count of characters (Unicode code points). A span is a half-open pair
(start, end) of character offsets. Line numbers on a page count from 1, as an editor shows them,
and a line range (first, last) includes both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Answer",
    "Article",
    "Candidate",
    "Check",
    "CheckKind",
    "Citation",
    "Document",
    "Filters",
    "Hit",
    "Kind",
    "Page",
    "Passage",
    "Reading",
    "Span",
    "Style",
    "Summary",
]

Span = tuple[int, int]
Kind = Literal["article", "photo", "notice"]
Style = Literal["headline", "brief", "points", "digest"]
CheckKind = Literal["number", "date", "quote", "latin", "name"]


@dataclass(frozen=True, slots=True)
class Page:
    """One newspaper page as text, before anything is known of its articles."""

    id: str
    """The file's path as reached from the argument, or "-" for standard input."""
    lines: tuple[str, ...]
    """Every line of the file in order, without its newline; blank lines kept."""
    date: str | None = None
    """Publication date, ISO "2024-08-27"; None when neither running head nor file name tells."""
    number: str | None = None
    """Page number (版) as Latin text, "3" or "A03"; None when unknown."""
    paper: str | None = None
    """The paper's name; None when unknown."""
    running_heads: tuple[int, ...] = ()
    """Lines, counted from 1, that hold nothing but paper, date, 版, section and staff."""
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()
    """What the reader of the page should know: undecodable bytes with their offsets, and so on."""


@dataclass(frozen=True, slots=True)
class Article:
    """One item of one page: a story, a photo caption or a notice."""

    page: str
    """The `id` of its Page."""
    order: int
    """Position on the page, counted from 1."""
    kind: Kind
    headline: str | None
    """As printed, its lines joined by one blank (or by nothing inside a word); None when none is printed."""
    body: str
    """NFC text, paragraphs joined by "\\n", no break inside a paragraph, no dateline lead-in."""
    lines: tuple[tuple[int, int], ...]
    """Line ranges on the page, ascending, both ends included."""
    kicker: str | None = None
    """引题: the short line above the headline."""
    subtitle: str | None = None
    """副题: the line below the headline."""
    byline: str | None = None
    """Who wrote it, as printed: "记者 林晨", "■ 本报记者 苑莘"."""
    dateline: str | None = None
    """The lead-in cut from the body: "本报讯（记者 林晨）", "新华社北京8月26日电"."""
    jump: str | None = None
    """A jump note such as "下转第四版", cut from the body; None when there is none."""
    date: str | None = None
    """The page's date, ISO, for relative dates in the text."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing an output claims, and whether its source says so."""

    text: str
    """As it stands in the output."""
    kind: CheckKind
    span: Span
    """Where it stands in the output."""
    supported: bool
    source: Span | None
    """Where the source says it; None when unsupported."""
    reason: str
    """One phrase for a person: "exact", "1.2万 = 12000", "not in the text", …"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that could become the summary."""

    text: str
    origin: str
    """Who made it: "lead", "clause", "edit", "beam", "chat"."""
    score: float
    """What the chooser gives it; higher is better, comparable inside one article only."""
    accepted: bool
    """False when the grounding check, the length limit or the loop detector disqualified it."""
    reasons: tuple[str, ...] = ()
    """Why it was disqualified, or why it won."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of an article was read for its summary."""

    paragraphs_read: int
    paragraphs: int

    @property
    def whole(self) -> bool:
        return self.paragraphs_read == self.paragraphs


@dataclass(frozen=True, slots=True)
class Summary:
    """The text that is printed, and how it came about."""

    text: str
    style: Style
    limit: int
    """The length limit in characters that `text` keeps (each point's, for style "points")."""
    model: str
    """Name of the generator that was asked."""
    candidates: tuple[Candidate, ...]
    """All of them, best first; disqualified ones last."""
    checks: tuple[Check, ...]
    """Of `text` against the article."""
    reading: Reading


@dataclass(frozen=True, slots=True)
class Document:
    """One article as a library keeps it: a story of a page, or a row of somebody's file."""

    id: str
    """Unique in its library: the row's own id, or PAGE#ORDER for a story of a page."""
    text: str
    """The body every offset counts in; never changed once it is in a library."""
    headline: str | None = None
    date: str | None = None
    """Of publication, ISO "2024-08-27"; None when unknown."""
    page: str | None = None
    """The `id` of its Page; None for a row that came without one."""
    number: str | None = None
    """Page number (版), "3" or "A03"; None when unknown."""
    paper: str | None = None
    section: str | None = None
    kind: Kind = "article"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of a library is searched; None everywhere is all of it."""

    since: str | None = None
    """First date, ISO, included; documents without a date fall out as soon as a date is asked for."""
    until: str | None = None
    """Last date, ISO, included."""
    number: str | None = None
    """版, as stored."""
    paper: str | None = None
    page: str | None = None
    """One page alone, by its id."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one Document; the passages of a document cover it without a gap."""

    article: str
    """The `id` of its Document."""
    span: Span
    """Where it stands in the document's text."""
    text: str
    """The document's text at `span`, as it is there."""
    headline: str | None = None
    date: str | None = None
    page: str | None = None
    number: str | None = None
    paper: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that a search found."""

    rank: int
    """From 1, best first."""
    passage: Passage
    score: float
    """What the ranking gives it; higher is better, comparable inside one search only."""
    lexical: float | None = None
    """BM25 of its n-grams; None when only the vectors found it."""
    dense: float | None = None
    """Cosine of its vector and the question's, in [-1, 1]; None when only the words found it."""
    matches: tuple[Span, ...] = ()
    """Where the passage's text says words of the question: spans of `passage.text`, longest words first."""
    reprints: tuple[str, ...] = ()
    """Ids of other articles that say nearly the same, best first; empty unless tellings were folded."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document that an answer rests on. Looked up, never searched for again."""

    article: str
    start: int
    end: int
    """`start` and `end` count in the document's text."""
    quote: str
    """The text there."""
    hash: str
    """sha256 of `quote` in hex: a reader can tell whether the document is still the same."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: a text with its evidence, or an honest refusal."""

    question: str
    """As it was understood: the standalone form of a follow-up."""
    text: str
    """The short span, or what a chat model wrote; of a refusal, what is said instead of an answer."""
    refused: bool
    citations: tuple[Citation, ...]
    """Best first: the sentences that say it. Of a refusal, the nearest passages."""
    confidence: float
    """Probability that the passages hold the answer, in [0, 1]; below the gate's threshold it is refused."""
    model: str
    """Name of the reader or chat model that answered."""
    checks: tuple[Check, ...] = ()
    """Of a written answer against what was shown to the model; () for a span copied from the text."""
    unsupported: tuple[Span, ...] = ()
    """Sentences of a written answer that no passage bears out: spans of `text`."""
