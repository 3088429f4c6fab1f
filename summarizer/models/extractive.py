"""The learnt clause ranker: no neural weights, every character from the article.

It reads all clauses of an article, scores each stretch of one to three of them by gradient boosting
on what makes a headline (models/clauses.py), and proposes the best. The floor under every other
model: never empty for a text that says anything, never unfaithful.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np

from summarizer.config import Settings
from summarizer.dateline import after_lead_in
from summarizer.models import Proposal, bundled
from summarizer.models.bigrams import BIGRAMS, Bigrams
from summarizer.models.clauses import Clause, candidates, features
from summarizer.models.deletion import denied
from summarizer.models.shorten import shorten
from summarizer.models.statement import shortfall
from summarizer.records import Style
from summarizer.text import sentences, tidy

__all__ = ["Extractive", "load"]

# Proposals kept. Enough for the chooser to differ from the ranker; more cost time. Not swept.
KEPT = 8
# Characters. More than any clause has: all are candidates.
_ANY_LENGTH = 1000
# Below every score of a clause (a ROUGE-L in [0, 1]): the cut opening is the last thing to print.
_LEAD_SCORE = -1.0


class Extractive:
    """A `Generator` that only ever copies."""

    name = "extractive"
    styles: frozenset[Style] = frozenset({"headline", "brief", "points", "digest"})

    def __init__(self, folder: Path = bundled.FOLDER) -> None:
        """`folder` holds ranker.txt and bigrams.safetensors."""
        self.fingerprint = bundled.fingerprint(folder)
        self._ranker = lightgbm.Booster(model_file=folder / "ranker.txt")
        self._bigrams = Bigrams.load(folder / BIGRAMS)

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """The best `KEPT` clauses of each text that fit `limit`; then the opening, cut to fit."""
        return [self._propose(text, limit) for text in texts]

    def judge(
        self, texts: Sequence[str], pools: Sequence[Sequence[Proposal]], limit: int
    ) -> list[list[float]]:
        """The ranker's own scores, which the proposals carry, less what they lack as statements."""
        return [
            [p.score - shortfall(p.text, text) for p in pool] for text, pool in zip(texts, pools, strict=True)
        ]

    def fault(self, text: str, proposal: Proposal) -> str:
        """A copied clause may be the very rumour that the article denies."""
        return denied(proposal.text, tidy(text)) if proposal.origin in ("clause", "lead") else ""

    def statements(self, body: str, limit: int) -> list[tuple[int, str]]:
        """(offset, text) of one statement a sentence of `body`, best sentence first.

        A statement is the longest stretch of at most `limit` characters around the sentence's best
        clause: a clause alone is often half of what is said.
        """
        found = candidates(body, limit)
        best: dict[int, Clause] = {}
        for i, _ in self._ranked(body, found):
            best.setdefault(found[i].sentence, found[i])
        widest = [
            max((c for c in found if _around(c, centre)), key=lambda c: len(c.text))
            for centre in best.values()
        ]
        return [(c.span[0], c.text) for c in widest]

    def sentence_order(self, body: str) -> list[int]:
        """Numbers of the sentences of `body`, as `text.sentences` counts them, best first.

        A sentence is as good as its best clause; one without a candidate is left out.
        """
        found = candidates(body, _ANY_LENGTH)
        return list(dict.fromkeys(found[i].sentence for i, _ in self._ranked(body, found)))

    def _propose(self, text: str, limit: int) -> list[Proposal]:
        body = tidy(text)
        body = body[after_lead_in(body) :]
        found = candidates(body, limit)
        chosen = [Proposal(found[i].text, score, "clause") for i, score in self._ranked(body, found)[:KEPT]]
        opening = sentences(body)
        lead = shorten(body[slice(*opening[0])], limit) if opening else ""
        if lead and all(lead != p.text for p in chosen):
            chosen.append(Proposal(lead, _LEAD_SCORE, "lead"))
        return chosen

    def _ranked(self, body: str, found: Sequence[Clause]) -> list[tuple[int, float]]:
        """(index, score) of the clauses, best first; equal ones in reading order."""
        if not found:
            return []
        scores = self._ranker.predict(features(body, found, self._bigrams), num_threads=1)
        return [(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")]


def _around(outer: Clause, inner: Clause) -> bool:
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]


def load(argument: str, settings: Settings) -> Extractive:
    """The shipped ranker, or the one in folder `argument`."""
    folder = Path(argument) if argument else bundled.FOLDER
    bundled.verify(folder)
    return Extractive(folder)
