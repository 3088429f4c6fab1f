"""Headlines from the bundled model: edits by the tag head, beams by the decoder, one encoder run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from summarizer.config import Settings
from summarizer.dateline import after_lead_in
from summarizer.models import Proposal, bundled
from summarizer.models.bundled.beams import search
from summarizer.models.bundled.derivations import Derivations
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.editing import edits
from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.pieces import Batch, Pieces
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights
from summarizer.models.chooser import Chooser
from summarizer.models.composed import calm, composed_fault
from summarizer.models.deletion import denied
from summarizer.models.fluency import BONDS, Bonds
from summarizer.models.statement import shortfall
from summarizer.models.threads import set_threads
from summarizer.records import Style
from summarizer.text import tidy

__all__ = ["BundledGenerator", "opening"]

# Articles in one pass, sorted by length so that little is padding.
BATCH = 64
# What becomes of a character spelt in bytes when a byte is missing.
_BROKEN = "\ufffd"
# Tokens. No headline says the same three pieces twice; young models loop without this.
NO_REPEAT = 3


class BundledGenerator:
    """A `Generator` and a `Scorer`; writes headlines and digest lines from an article's opening.

    The rest of a long article is read by the clause ranker, whose candidates stand beside these.
    """

    name = "bundled"
    styles: frozenset[Style] = frozenset({"headline", "digest"})

    def __init__(self, folder: Path, settings: Settings, *, exact: bool = False) -> None:
        """`folder` as made by training/export.py; `settings.beams` 1 is greedy. Weights are multiplied as
        whole numbers of eight bits, and the free beams are of a shortlist of pieces, unless `exact`."""
        set_threads(settings)
        self.fingerprint = bundled.fingerprint(folder)
        self.beams = settings.beams
        self._short = not exact
        weights = Weights.open(folder)
        self.encoder = Encoder(weights, exact=exact)
        self.stepper = Stepper(weights, exact=exact)
        self.pieces = Pieces(folder)
        self._folder = folder
        self._bonds = Bonds.load(folder / BONDS)

    @cached_property
    def chooser(self) -> Chooser:
        """Loaded when first asked to judge: while it is being trained there is none."""
        return Chooser(self._folder)

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """Beams and edits of each opening, best first inside each kind, no text twice."""
        sources = [opening(text) for text in texts]
        found: list[list[Proposal]] = [[] for _ in texts]
        # A token is a character at the least; a limit of 36 and more is what the model has seen.
        steps = min(TITLE_TOKENS, limit + 1)
        for rows, batch in self._batches(sources):
            read = self._read(batch)
            odds = read.odds.numpy()
            beams = self._beams(read, range(len(rows)), steps)
            self._again(read, [sources[row] for row in rows], beams, steps)
            for at, row in enumerate(rows):
                spans = batch.spans[at]
                kept = edits(sources[row], spans, odds[at, : len(spans)], limit)
                proposals = beams[at] + [Proposal(e.text, e.score, "edit") for e in kept]
                found[row] = list({p.text: p for p in reversed(proposals)}.values())[::-1]
        return found

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Mean log-probability a token of each (article, headline); -inf for an empty headline."""
        sources = sorted({source for source, _ in pairs})
        by_source: dict[str, list[int]] = {source: [] for source in sources}
        for i, (source, _) in enumerate(pairs):
            by_source[source].append(i)
        scores = np.full(len(pairs), -np.inf)
        openings = [opening(s) for s in sources]
        for rows, batch in self._batches(openings):
            read = self._read(batch)
            memory = self.stepper.memory(batch.ids, batch.mask, read.hidden, read.odds, 0, 0)
            for at, row in enumerate(rows):
                wanted = [i for i in by_source[sources[row]] if pairs[i][1].strip()]
                if wanted:
                    titles = self.pieces.batch([pairs[i][1] for i in wanted])
                    scores[wanted] = self.stepper.likelihood(titles.ids, memory.row(at)).numpy()
        return [float(s) for s in scores]

    def judge(
        self, texts: Sequence[str], pools: Sequence[Sequence[Proposal]], limit: int
    ) -> list[list[float]]:
        """The chooser's scores, with the likelihood of every candidate under the seq2seq, less what
        the candidates lack as statements."""
        flat = self.likelihood([(t, p.text) for t, pool in zip(texts, pools, strict=True) for p in pool])
        ends = np.cumsum([len(pool) for pool in pools]).tolist()
        starts = [0, *ends[:-1]]
        scores = [
            self.chooser.score(opening(text), pool, flat[a:b], limit)
            for text, pool, a, b in zip(texts, pools, starts, ends, strict=True)
        ]
        return [
            [score - shortfall(p.text, text) for score, p in zip(row, pool, strict=True)]
            for text, row, pool in zip(texts, scores, pools, strict=True)
        ]

    def fault(self, text: str, proposal: Proposal) -> str:
        """What it writes may not break a word, nor say what no sentence of the article says."""
        source = opening(text)
        if proposal.origin not in ("beam", "edit"):
            return denied(proposal.text, source)
        return composed_fault(proposal.text, source, self._bonds, whole_end=proposal.origin == "edit")

    def _batches(self, sources: Sequence[str]) -> Iterator[tuple[list[int], Batch]]:
        """(row numbers, their pieces) by falling length; blank sources are skipped."""
        order = sorted((i for i, s in enumerate(sources) if s), key=lambda i: (-len(sources[i]), i))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            yield rows, self.pieces.batch([sources[i] for i in rows], SOURCE_TOKENS)

    def _read(self, batch: Batch) -> _Read:
        hidden = self.encoder(batch.ids, batch.mask)
        return _Read(batch, hidden, self.encoder.odds(hidden))

    def _again(self, read: _Read, sources: Sequence[str], beams: list[list[Proposal]], steps: int) -> None:
        """Where no beam passes the deletion check, more of such as hardly can fail it; to those at hand."""
        texts = {
            at: source[: read.batch.spans[at][-2][1]]
            for at, source in enumerate(sources)
            if all(self.fault(source, one) for one in beams[at])
        }
        if texts:
            derivations = Derivations(list(texts.values()), self.pieces.known)
            for at, more in zip(texts, self._beams(read, list(texts), steps, derivations), strict=True):
                free = {one.text for one in beams[at]}
                beams[at] += [one for one in more if one.text not in free]

    def _beams(
        self, read: _Read, rows: Sequence[int], steps: int, derivations: Derivations | None = None
    ) -> list[list[Proposal]]:
        """Of these rows; with `derivations`, which has them in order, nothing that deletion cannot make."""
        chosen = torch.tensor(list(rows))
        ids = read.batch.ids[chosen]
        shortlist = Shortlist(ids, len(self.pieces)) if self._short and derivations is None else None
        memory = self.stepper.memory(
            ids, read.batch.mask[chosen], read.hidden[chosen], read.odds[chosen], self.beams, steps, shortlist
        )
        runs = DigitRuns([read.batch.rows[at] for at in rows], self.pieces.digits)
        found = search(
            self.stepper, memory, runs, beams=self.beams, steps=steps, no_repeat=NO_REPEAT,
            derivations=derivations, shortlist=shortlist,
        )  # fmt: skip
        texts = iter(self.pieces.texts([beam.tokens for row in found for beam in row]))
        made = [[Proposal(calm(next(texts)), beam.score, "beam") for beam in row] for row in found]
        return [[p for p in row if p.text and _BROKEN not in p.text] for row in made]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the encoder made of a batch."""

    batch: Batch
    hidden: Tensor
    """(texts, pieces, width)."""
    odds: Tensor
    """(texts, pieces): log-odds that a headline keeps each."""


def opening(text: str) -> str:
    """What the model reads of an article: from after the lead-in, without paragraph breaks.

    The whole of it; the tokenizer cuts at SOURCE_TOKENS, and the clause ranker reads the rest.
    """
    body = tidy(text)
    return body[after_lead_in(body) :].replace("\n", "")
