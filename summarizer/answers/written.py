"""A chat model writes the answer over numbered passages; what it wrote is then weighed by us.

Passages go in as data: hidden characters stripped, special tokens made harmless, between delimiters.
Citations are placed afterwards, by aligning each sentence; marks such as [1] that a model writes are taken
off. A reply that says it found nothing, or of which nothing is borne out, is a refusal.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import Protocol, cast

from summarizer.answers.evidence import Evidence, refusal
from summarizer.answers.support import support
from summarizer.errors import ModelError
from summarizer.models import Generator
from summarizer.models.dialogue import Talker
from summarizer.prompts import Message, Prompt, load_prompt
from summarizer.records import Answer, Hit, Passage
from summarizer.text import fold, sentences, strip_hidden

__all__ = ["NOT_SAID", "Writer", "finished", "request", "stream", "unmarked", "writer_of"]

NOT_SAID = "材料中没有提到"
"""What the prompt has a model say when the passages do not hold the answer."""
# Characters asked for; three sentences. A longer answer is harder to check than the passages are to read.
_LIMIT = 200
# Tokens: two a character, as in dialogue.budget, and some for what the model says before it stops.
_BUDGET = 2 * _LIMIT + 64

_OPEN, _CLOSE = r"\[【〔［", r"\]】〕］"
# [1], [1, 2], [^1], 【1†L3】, 〔报道1〕, but not 【1号线】 nor [2024年].
_MARK = re.compile(
    rf"[ ]?[{_OPEN}][ ]?(?:\^|来源|出处|报道|片段|资料|材料|第)?[ ]?\d{{1,2}}段?"
    rf"(?:[ ]?[,，、;；-][ ]?\d{{1,2}}){{0,6}}(?:†[^{_CLOSE}]{{0,12}})?[ ]?[{_CLOSE}]"
)
# Characters; the longest mark of the form above has 53.
_LONGEST_MARK = 60
_HELD = re.compile(rf"[ ]?[{_OPEN}][^{_CLOSE}]{{0,{_LONGEST_MARK}}}$|[ ]$")
_LABEL = re.compile(r"^(?:回答|答案|答复|答)[:：]\s*")

# An answer is plain text: markup can only have come out of a document.
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)

_log = logging.getLogger(__name__)


class Writer(Talker, Protocol):
    """A chat model that can be heard while it writes: models/chat.py, models/server.py."""

    name: str

    def stream_messages(
        self, messages: Sequence[Message], *, budget: int, cancel: Event | None = None
    ) -> Iterator[str]:
        """The likeliest answer piece by piece without its thinking; ends early once `cancel` is set."""


def writer_of(model: Generator, name: str) -> Writer:
    """`model`, which the user calls `name`, when it can be asked. Raises ModelError."""
    if not hasattr(model, "stream_messages"):
        raise ModelError(
            f"reader {name!r}: expected bundled, chat:FOLDER or server:NAME@URL, found a model that "
            "writes headlines and cannot be asked. Name a chat model."
        )
    return cast("Writer", model)


def stream(
    question: str,
    hits: Sequence[Hit],
    writer: Writer,
    *,
    confidence: float,
    cancel: Event | None = None,
) -> Iterator[str | Answer]:
    """The text as it is written, marks taken off, then the Answer made of it.

    The Answer is the last item; a stream that was cancelled ends without one. `confidence` is the
    evidence gate's. Raises ModelError when the model fails, or cannot hold a sentence of a passage.
    """
    evidence, messages = request(question, hits, writer)
    written: list[str] = []
    for piece in unmarked(writer.stream_messages(messages, budget=_BUDGET, cancel=cancel)):
        written.append(piece)
        yield piece
    if cancel is None or not cancel.is_set():
        text = "".join(written)
        yield finished(question, text, hits, evidence, confidence=confidence, model=writer.name)


def request(question: str, hits: Sequence[Hit], talker: Talker) -> tuple[Evidence, tuple[Message, ...]]:
    """What is shown, and the messages that show it: as many whole passages, best first, as fit.

    Of a first passage too long for the model its first sentences are shown. Raises ModelError when
    not even one fits.
    """
    prompt = load_prompt("answer")
    asked = talker.neutral(strip_hidden(question))
    room = talker.room(_rendered(prompt, asked, ""), budget=_BUDGET)
    passages = [hit.passage for hit in hits]
    shown = _fitting(passages, talker, room) or _opening(passages[:1], talker, room)
    if hits and not shown:
        raise ModelError(
            f"the model can read only {max(room, 0)} tokens beside the prompt, too few for a sentence of "
            "a passage; use a model, or start the server, with a longer context."
        )
    _log.info("%d of %d passages shown to the model", len(shown), len(passages))
    evidence = Evidence(tuple(shown), len(passages) - len(shown))
    return evidence, _rendered(prompt, asked, _blocks(shown, talker))


def finished(
    question: str, written: str, hits: Sequence[Hit], evidence: Evidence, *, confidence: float, model: str
) -> Answer:
    """The Answer that a reply makes: with citations and marks, or a refusal."""
    text = _LABEL.sub("", _TAG.sub("", written).strip())
    weighed = support(text, question, evidence.passages)
    if _says_nothing(text) or not weighed.citations:
        return refusal(question, hits, confidence=confidence, model=model)
    return Answer(
        question, text, False, weighed.citations, confidence, model, weighed.checks, weighed.unsupported
    )


def unmarked(pieces: Iterable[str]) -> Iterator[str]:
    """A stream without citation marks and hidden characters; the same text however it was cut.

    A piece is held back only while it may be the beginning of a mark.
    """
    held = ""
    for piece in pieces:
        held = _without_marks(held + strip_hidden(piece))
        waiting = _HELD.search(held)
        ready = held[: waiting.start()] if waiting else held
        held = held[len(ready) :]
        if ready:
            yield ready
    if held:
        yield held


def _without_marks(text: str) -> str:
    while (rest := _MARK.sub("", text)) != text:
        text = rest  # [[1]2] is two of them
    return text


def _says_nothing(text: str) -> bool:
    """Is the first thing it says that nothing is said?"""
    first = next((text[slice(*span)] for span in sentences(text)), "")
    return fold(NOT_SAID) in fold(first)


def _rendered(prompt: Prompt, question: str, passages: str) -> tuple[Message, ...]:
    return prompt.render(passages=passages, question=question, limit=_LIMIT, refusal=NOT_SAID)


def _fitting(passages: Sequence[Passage], talker: Talker, room: int) -> list[Passage]:
    shown: list[Passage] = []
    for passage in passages:
        if talker.count(_blocks([*shown, passage], talker)) > room:
            break
        shown.append(passage)
    return shown


def _opening(passages: Sequence[Passage], talker: Talker, room: int) -> list[Passage]:
    """The first passage cut to the whole sentences that fit; [] when not one does."""
    for passage in passages:
        start = passage.span[0]
        for _, end in reversed(sentences(passage.text)):
            cut = replace(passage, span=(start, start + end), text=passage.text[:end])
            if talker.count(_blocks([cut], talker)) <= room:
                return [cut]
    return []


def _blocks(passages: Sequence[Passage], talker: Talker) -> str:
    """Nothing of a document stands outside of the delimiters but the passage's place in the list."""
    return "\n".join(
        f"片段{number}：\n<报道>\n{talker.neutral(strip_hidden(_shown(passage)))}\n</报道>"
        for number, passage in enumerate(passages, 1)
    )


def _shown(passage: Passage) -> str:
    number = passage.number and f"第{passage.number}版"
    first = "  ".join(part for part in (passage.date, number, passage.headline) if part)
    return f"{first}\n{passage.text.strip()}" if first else passage.text.strip()
