"""Retrieval: does the search over all stories bring up the ones that hold the answer?

An item is a question with an answer; relevant are the stories in which its evidence stands. A follow-up is
searched for as it is understood.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.data import Question
from eval.metrics.declared import RETRIEVAL_METRICS, retrieval_scores
from eval.records import Control, Item, Outcome
from eval.tasks.subject import Subject
from summarizer.models import bundled

__all__ = ["Retrieval"]


class Retrieval:
    name, version, chunk, metrics = "retrieval", 1, 8, RETRIEVAL_METRICS

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        encoder = subject.newspaper.encoder
        self.system = (
            f"{encoder.name}+{subject.settings.reranker}" if subject.settings.reranker else encoder.name
        )
        self.fingerprint = f"{encoder.fingerprint} {bundled.fingerprint()}"
        self._questions = {q.id: q for q in subject.gold.questions if q.answerable and q.evidence}

    def items(self) -> list[Item]:
        return [
            Item(
                q.id,
                q.text,
                tuple(sorted({place.story for place in q.evidence})),
                {"kind": q.kind, "page": q.page or "none"},
            )
            for q in self._questions.values()
        ]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        return [self._outcome(item, self._questions[item.id]) for item in items]

    def _outcome(self, item: Item, question: Question) -> Outcome:
        hits = self._subject.hits(question)
        ranked = [hit.passage.article for hit in hits]
        shown = "\n".join(
            f"{hit.rank}. {hit.passage.article} {hit.passage.headline or ''}" for hit in hits[:5]
        )
        scores = retrieval_scores(ranked, item.references)
        return Outcome(item.id, item.slices, item.asked, shown, item.references, scores)

    def controls(self) -> list[Control]:
        best, late, none = (
            retrieval_scores(ranked, ["a", "b"])["ndcg_10"].value
            for ranked in (["a", "b", "c"], ["c", "d", "a"], ["c"])
        )
        return [
            Control("an ideal ranking scores 100", best, 100, best == 100),
            Control("a late hit scores less", late, best, 0 < late < best),
            Control("no hit scores nothing", none, 0, none == 0),
        ]
