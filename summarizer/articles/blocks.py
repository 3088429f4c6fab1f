"""Lines and blocks: what print shows of a page before anything is known of its stories."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from summarizer.articles import cues as _cues

__all__ = ["SLACK", "Block", "Line", "Role", "alike", "columns", "open_end"]

# Columns (half-widths). Punctuation hung or pushed to the next line and blanks set around figures
# move the end of a full line by up to two full-width characters.
SLACK = 4


class Role(Enum):
    """The part a block plays."""

    BODY = "body"
    HEAD = "head"
    BYLINE = "byline"
    CAPTION = "caption"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, without hidden characters and outer blanks."""

    number: int
    text: str
    indented: bool
    deep: bool
    """Indented by two full-width characters, as a paragraph is."""
    width: int
    """In columns, with the indent: a full-width character takes two."""


@dataclass(slots=True)
class Block:
    """Neighbouring lines of one role, no blank line between them."""

    lines: list[Line]
    role: Role
    touches: int = 0
    """On how many sides, above and below, a block of text follows without a blank line."""
    opens: bool = False
    """Begins with a dateline lead-in."""
    open_end: bool = False
    """The text stops inside a sentence."""
    ends: bool = False
    """The text ends a story: a jump note, its writers or who issued it stand behind the last sentence."""
    signs: bool = False
    """Who issued a notice, and the day, in two lines: the notice's last."""
    measure: int | None = None
    """Column width of the lines; None when too few are full to tell."""
    text: str = ""
    """Its lines joined."""
    glued: bool = False
    """A headline's line that stands right below another one, with text above and below them."""


def columns(text: str) -> int:
    """Printed width in half-width columns: GB 18030 spends two bytes on a full-width character."""
    return len(text.encode("gb18030", "replace"))


def alike(a: int, b: int) -> bool:
    """Are two widths those of one column? Wide columns vary more than narrow ones."""
    return abs(a - b) <= max(SLACK, max(a, b) // 12)


def open_end(text: str) -> bool:
    """Does `text` stop inside a sentence, so that something must follow?

    Not after a jump note, and not after writers named behind the last sentence.
    """
    tail = text[-40:]
    if _cues.BRACKETED.fullmatch(text):
        return False
    if _cues.CLOSED.search(tail):
        return False
    jump = _cues.JUMP.search(tail)
    if jump and jump.end() == len(tail):
        return False
    return not ("。" in tail and (_cues.TAIL_BYLINE.search(tail) or _cues.CREDIT.search(tail)))
