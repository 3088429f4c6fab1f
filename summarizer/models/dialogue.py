"""What chat models have in common, in this process or behind a server.

An article goes in as data: hidden characters stripped, special tokens made harmless, between
the prompt's delimiters, whole. One that is longer than the model can read is cut into windows,
notes are taken on every window, and the notes of all, in order, take its place. A reply
comes back with thinking, labels, numbering and wrapping quotes taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.errors import ModelError
from summarizer.models import Proposal
from summarizer.models.windows import windows
from summarizer.prompts import Message, Prompt, load_prompt
from summarizer.records import Style
from summarizer.text import strip_hidden

__all__ = [
    "STYLES",
    "Reply",
    "Talker",
    "budget",
    "clean",
    "propose",
    "request",
    "shown",
    "without_thinking",
]

STYLES: frozenset[Style] = frozenset({"headline", "brief", "points", "digest"})

# Characters of notes on one window: about an eighth of a 4096-token window, dense news loses little.
_NOTES = 400
# Below this a window holds hardly a sentence, and notes on it would be no shorter.
_SMALLEST_WINDOW = 64
_THINK, _END = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, as the model gave it."""

    text: str
    score: float
    """Mean log-probability a token, 0.0 where unknown."""


class Talker(Protocol):
    """A chat model that answers messages. `budget` counts tokens of the answer."""

    def replies(self, messages: Sequence[Message], *, budget: int, count: int) -> list[Reply]:
        """At most `count` answers, the surest first; the same again for the same messages."""

    def count(self, text: str) -> int:
        """Tokens of `text`, or an upper estimate."""

    def room(self, messages: Sequence[Message], *, budget: int) -> int:
        """Tokens that may be added to `messages` when `budget` are kept for the answer, or fewer than 0."""

    def neutral(self, text: str) -> str:
        """`text` with nothing in it that this model would take for a special token."""


class _Unread(ModelError):
    """No notes came back on a part of a text."""


def propose(
    talker: Talker, texts: Sequence[str], *, style: Style, limit: int, count: int
) -> list[list[Proposal]]:
    """As `Generator.propose`, one text after another, `count` replies each, no text twice."""
    return [_propose(talker, text, style, limit, count) for text in texts]


def _propose(talker: Talker, text: str, style: Style, limit: int, count: int) -> list[Proposal]:
    text = strip_hidden(text)
    if not text.strip():
        return []
    try:
        messages = request(talker, text, style, limit)
    except _Unread:
        return []  # better nothing than a summary of the parts that happened to be read
    answers = talker.replies(messages, budget=budget(style, limit), count=count)
    found: dict[str, Proposal] = {}
    for answer in answers:
        cleaned = clean(answer.text, style)
        if cleaned and "\ufffd" not in cleaned:  # half a character: the vocabulary's bytes broke off
            found.setdefault(cleaned, Proposal(cleaned, answer.score, "chat"))
    return list(found.values())


def budget(style: Style, limit: int) -> int:
    """Tokens for an answer of `limit` characters: two for each (byte-level vocabularies spell
    rare characters in two or three), five points for style "points", and some for a label."""
    return 2 * limit * (5 if style == "points" else 1) + 32


def request(talker: Talker, text: str, style: Style, limit: int) -> tuple[Message, ...]:
    """The messages that ask for `text` in `style`, by the prompt of that name.

    The whole text is in them, or, when it is too long, the notes on every part of it.
    Raises ModelError when the model's context is too small even for that.
    """
    prompt = load_prompt(style)
    room = talker.room(prompt.render(article="", limit=limit), budget=budget(style, limit))
    return prompt.render(article=_fitted(talker, talker.neutral(strip_hidden(text)), room), limit=limit)


def _fitted(talker: Talker, text: str, room: int) -> str:
    """`text`, or notes on all of it, in at most `room` tokens."""
    prompt = load_prompt("notes")
    while talker.count(text) > room:
        empty = prompt.render(article="", limit=_NOTES, part=99, parts=99)
        size = talker.room(empty, budget=0) * 4 // 5  # the last fifth is for the notes, see _notes
        if size < _SMALLEST_WINDOW:
            raise ModelError(
                f"the model can read only {room} tokens beside the prompt, too few for a text of "
                f"{talker.count(text)}; use a model, or start the server, with a longer context."
            )
        notes = talker.neutral("\n".join(_notes(talker, prompt, windows(text, size, talker.count), size)))
        if talker.count(notes) >= talker.count(text):
            raise ModelError("the model's notes on a long text are as long as the text; use another model.")
        text = notes
    return text


def _notes(talker: Talker, prompt: Prompt, parts: Sequence[str], size: int) -> Iterator[str]:
    """Notes on each part of at most `size` tokens. Parts fill half of that or more on average, so
    notes of a quarter of it make the whole half as long or less."""
    tokens = min(2 * _NOTES, size // 4)
    for number, part in enumerate(parts, start=1):
        asked = prompt.render(article=part, limit=tokens // 2, part=number, parts=len(parts))
        answer = talker.replies(asked, budget=tokens, count=1)
        notes = clean(answer[0].text, "points") if answer else ""
        if not notes:
            raise _Unread(f"the model had nothing to say on part {number} of {len(parts)} of a long text.")
        yield notes


_LABEL = re.compile(
    r"^(?:新闻|报道|本文|以下是|这是)?"
    r"(?:标题|题目|导语|摘要|概要|要点|总结|概括|导读|摘录|headline|title|summary)[:：]\s*",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"^(?:好的|当然|以下|根据|这里)[^。]{0,40}[:：]$")
# Numbering, but not 3.5万, 1、2月份 or 一、二审; a bullet, but not -5℃ or *ST.
_NUMBER = re.compile(
    r"^(?:[-*]\s+|[•·●]\s*"
    r"|[（(]?\d{1,2}(?:[.．](?!\d)|、(?!\d{1,2}[月日号])|[)）])\s*"
    r"|[（(]?[一二三四五六七八九十](?:、(?![一二三四五六七八九十])|[)）])\s*)"
)
_MARKDOWN = re.compile(r"^#+\s+|\*\*|`+")
_COUNT = re.compile(r"\s*[（(](?:共|约|全文)?\s*\d+\s*个?字[)）]$")
_PAIRS = {"“": "”", "「": "」", "『": "』", "《": "》", "【": "】", '"': '"', "'": "'"}


def clean(reply: str, style: Style) -> str:
    """The text of a reply: its first line, for `points` every line, for `brief` all in one.

    "" when nothing but thinking, labels and blanks came.
    """
    lines = [_bare(line) for line in strip_hidden(without_thinking(reply)).splitlines()]
    lines = [line for line in lines if line]
    if style == "points":
        return "\n".join(lines)
    return "".join(lines) if style == "brief" else "".join(lines[:1])


def _bare(line: str) -> str:
    """A line without markdown marks, label, numbering, wrapping quotes and a count of itself."""
    line = _NUMBER.sub("", _MARKDOWN.sub("", line.strip()), count=1)
    line = _COUNT.sub("", _LABEL.sub("", line, count=1)).strip()
    inner = line[1:-1]
    if len(line) > 2 and _PAIRS.get(line[0]) == line[-1] and line[0] not in inner and line[-1] not in inner:
        line = inner.strip()
    return "" if _PREAMBLE.match(line) or _LABEL.fullmatch(line + "：") else line


def without_thinking(reply: str) -> str:
    """`reply` without its <think> block, closed or broken off, opened in it or in the prompt."""
    _, closed, rest = reply.rpartition(_END)
    text = rest if closed else reply
    return text.partition(_THINK)[0]


def shown(pieces: Iterable[str], *, thinking: bool) -> Iterator[str]:
    """A stream of text without its thinking and the blank lines before the answer.

    `thinking`: the prompt has opened the block already. A piece is held back only while it may
    be the beginning of a tag.
    """
    spoken = False
    for piece in _outside(pieces, thinking):
        piece = piece if spoken else piece.lstrip()
        spoken = spoken or bool(piece)
        if piece:
            yield piece


def _outside(pieces: Iterable[str], thinking: bool) -> Iterator[str]:
    held = ""
    for piece in pieces:
        held += piece
        while True:
            tag = _END if thinking else _THINK
            before, found, after = held.partition(tag)
            if not found:
                break
            if not thinking and before:
                yield before
            held, thinking = after, not thinking
        keep = next((n for n in range(min(len(held), len(tag) - 1), 0, -1) if tag.startswith(held[-n:])), 0)
        ready, held = held[: len(held) - keep], held[len(held) - keep :]
        if ready and not thinking:
            yield ready
    if held and not thinking:
        yield held
