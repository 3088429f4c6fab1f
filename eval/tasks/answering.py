"""Reading, answers, refusal: a question to the right story, to all stories, and one that nothing answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from eval.data import Question
from eval.metrics.declared import ANSWER_METRICS, EVIDENCE_METRICS, answer_scores
from eval.records import Control, Item, Metric, Outcome, Score
from eval.tasks.subject import Subject
from summarizer.answers.answering import Answerer
from summarizer.answers.evidence import context_hits
from summarizer.answers.gate import Gatekeeper
from summarizer.models import bundled
from summarizer.models.reading import Extraction
from summarizer.records import Answer, Citation, Hit

__all__ = ["Answers", "Reading", "Refusal"]

_SCORED = (*ANSWER_METRICS, *EVIDENCE_METRICS)
_PLAIN = frozenset(metric.name for metric in ANSWER_METRICS)


class _Open:
    """A gate that lets everything through and tells its confidence."""

    threshold = -1.0

    def __init__(self, gate: Gatekeeper) -> None:
        self._gate = gate

    def confidence(self, question: str, hits: Sequence[Hit], extractions: Sequence[Extraction]) -> float:
        return self._gate.confidence(question, hits, extractions)


class _Asking:
    """What the three have in common."""

    version, chunk = 1, 8

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        answerer = subject.newspaper.answerer
        self.system = answerer.name
        self.fingerprint = f"{answerer.reader.fingerprint} {bundled.fingerprint()}"
        self._questions = {q.id: q for q in subject.gold.questions if self.asks(q)}

    def asks(self, question: Question) -> bool:
        """Is it a question for this task?"""
        return question.answerable

    def items(self) -> list[Item]:
        return [
            Item(q.id, said(q), q.accepted, {"kind": q.kind, "page": q.page or "none"}, self.applies(q))
            for q in self._questions.values()
        ]

    def applies(self, question: Question) -> frozenset[str] | None:
        return None if question.evidence else _PLAIN

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        return [self.outcome(item, self._questions[item.id]) for item in items]

    def outcome(self, item: Item, question: Question) -> Outcome:
        raise NotImplementedError

    def controls(self) -> list[Control]:
        """The gold answer with its evidence is perfect, another question's is not."""
        asked = [q for q in self._questions.values() if q.answerable and q.evidence]
        if len(asked) < 2:
            return []
        own = _mean([_said(q, q) for q in asked])
        other = _mean([_said(q, p) for q, p in zip(asked, asked[1:] + asked[:1], strict=True)])
        return [
            Control("gold answers score 100", own, 100, own == 100),
            Control("answers of other questions score low", other, 40, other <= 40),
        ]


def said(question: Question) -> str:
    """The question with what went before it."""
    return "\n".join([*(f"（{turn.question}——{turn.text}）" for turn in question.history), question.text])


def _said(question: Question, other: Question) -> float:
    cited = tuple(Citation(e.story, *e.span, e.quote, "") for e in other.evidence)
    answer = Answer("", other.accepted[0], False, cited, 1.0, "gold")
    return answer_scores(answer, question.accepted)[0]["f1"].value


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


class Reading(_Asking):
    """From the right story alone, and no refusal: what the reader can do once the search has found it.

    A follow-up is asked as it is understood. The stories of a comparison are read one after the other.
    """

    name = "reading"
    metrics: tuple[Metric, ...] = _SCORED

    @cached_property
    def _answerer(self) -> Answerer:
        shipped = self._subject.newspaper.answerer
        return Answerer(shipped.reader, _Open(shipped.gate), shipped.writer)

    def asks(self, question: Question) -> bool:
        return question.answerable and bool(question.evidence or question.context)

    def outcome(self, item: Item, question: Question) -> Outcome:
        subject = self._subject
        asked = subject.newspaper.understand(
            question.text, question.history, today=subject.today(question)
        ).text
        answer = self._answerer.answer(asked, self._hits(asked, question))
        scores, marks = answer_scores(answer, question.accepted, question.evidence)
        return Outcome(item.id, item.slices, item.asked, shown(answer), item.references, scores, marks)

    def _hits(self, asked: str, question: Question) -> list[Hit]:
        if question.context is not None:
            return context_hits(asked, question.context, article=question.id)
        names = dict.fromkeys(place.story for place in question.evidence)
        found = [
            hit
            for name in names
            for hit in context_hits(asked, self._subject.stories[name].body, article=name)
        ]
        return [
            Hit(rank, hit.passage, hit.score)
            for rank, hit in enumerate(sorted(found, key=lambda h: -h.score), 1)
        ]


class Answers(_Asking):
    """From all stories, refusals included: what an editor gets."""

    name = "answers"
    metrics: tuple[Metric, ...] = (
        *_SCORED,
        Metric("answered", "作答", "not refused", yesno=True, better="neither"),
    )

    def outcome(self, item: Item, question: Question) -> Outcome:
        answer = self._subject.answer(question)
        scores, marks = answer_scores(answer, question.accepted, question.evidence)
        scores["answered"] = Score(100.0 * (not answer.refused))
        return Outcome(item.id, item.slices, item.asked, shown(answer), item.references, scores, marks)


class Refusal(_Asking):
    """Is refused what the stories do not say, and answered what they do?"""

    name = "refusal"
    metrics: tuple[Metric, ...] = (
        Metric("right", "拒答判断正确", "refused exactly when nothing answers", yesno=True, guarded=True),
        Metric("refused", "无答案被拒", "unanswerable questions that are refused", yesno=True),
        Metric("kept", "有答案作答", "answerable questions that are answered", yesno=True),
        Metric("confidence", "把握", "probability the gate gives, in percent", better="neither"),
    )

    def asks(self, question: Question) -> bool:
        return True

    def applies(self, question: Question) -> frozenset[str]:
        return frozenset({"right", "kept" if question.answerable else "refused"})

    def outcome(self, item: Item, question: Question) -> Outcome:
        answer = self._subject.answer(question)
        right = Score(100.0 * (answer.refused != question.answerable))
        scores = {
            "right": right,
            "kept" if question.answerable else "refused": right,
            "confidence": Score(100 * answer.confidence),
        }
        note = f"页面上有的是：{question.near}" if question.near else ""
        return Outcome(item.id, item.slices, item.asked, shown(answer), item.references, scores, note=note)


def shown(answer: Answer) -> str:
    """The answer with the sentences it cites, for a reader."""
    text = f"（拒答）{answer.text}" if answer.refused else answer.text
    return "\n".join([text, *(f"「{citation.quote}」" for citation in answer.citations[:2])])
