"""Hits in, an answer out: the gate decides whether there is one, a reader or a chat model gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from summarizer.answers import written
from summarizer.answers.evidence import refusal
from summarizer.answers.gate import Gatekeeper
from summarizer.answers.written import Writer
from summarizer.models.reading import Reader
from summarizer.records import Answer, Hit

__all__ = ["Answerer"]


@dataclass(frozen=True, slots=True)
class Answerer:
    """All that answering takes. `writer` is None when the reader's span is the answer."""

    reader: Reader
    gate: Gatekeeper
    writer: Writer | None = None

    @property
    def name(self) -> str:
        return self.reader.name if self.writer is None else self.writer.name

    def answer(self, question: str, hits: Sequence[Hit]) -> Answer:
        """The answer to a standalone question from these hits, best first, and from nothing else.

        A refusal when there are none, when the gate says so, or when nothing of what a chat model wrote
        is borne out. Raises ModelError.
        """
        found = [item for item in self.stream(question, hits) if isinstance(item, Answer)]
        return found[-1]

    def stream(
        self, question: str, hits: Sequence[Hit], *, cancel: Event | None = None
    ) -> Iterator[str | Answer]:
        """The pieces of a written answer as they come, then the Answer, which is the last item.

        A span from the text comes in one piece, as the Answer alone. No Answer once `cancel` is set.
        """
        if not hits:
            yield refusal(question, hits, confidence=0.0, model=self.name)
        elif self.writer is None:
            from summarizer.answers import extractive

            yield extractive.read(question, hits, self.reader, self.gate)
        else:
            yield from self._written(question, hits, self.writer, cancel)

    def _written(
        self, question: str, hits: Sequence[Hit], writer: Writer, cancel: Event | None
    ) -> Iterator[str | Answer]:
        extractions = self.reader.read(question, [hit.passage.text for hit in hits])
        confidence = self.gate.confidence(question, hits, extractions)
        if confidence < self.gate.threshold:
            yield refusal(question, hits, confidence=confidence, model=writer.name)
        else:
            yield from written.stream(question, hits, writer, confidence=confidence, cancel=cancel)
