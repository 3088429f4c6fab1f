"""Headlines from the bundled model: edits by the tag head, beams by the decoder, one encoder run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer
from transformers.utils import logging

from summarizer.config import Settings
from summarizer.dateline import after_lead_in
from summarizer.models import Proposal, bundled, loading
from summarizer.models.bundled.beams import search
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.editing import edits
from summarizer.models.bundled.integers import replaced
from summarizer.models.bundled.model import HeadlineT5
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.bundled.stepping import Memory, Stepper
from summarizer.models.chooser import Chooser
from summarizer.models.deletion import denied, fault
from summarizer.models.fluency import BONDS, Bonds
from summarizer.models.statement import shortfall
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
        whole numbers of eight bits, unless `exact`."""
        loading.set_threads(settings)
        logging.disable_progress_bar()  # the terminal belongs to the program's own progress
        self.fingerprint = bundled.fingerprint(folder)
        self.beams = settings.beams
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model = HeadlineT5.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        ).eval()
        self.stepper = Stepper(self.model, exact=exact)
        if not exact:
            replaced(self.model.encoder)
        self._folder = folder
        self._bonds = Bonds.load(folder / BONDS)
        self.digits = [self.tokenizer.convert_tokens_to_ids(str(d)) for d in range(10)]

    @cached_property
    def chooser(self) -> Chooser:
        """Loaded when first asked to judge: while it is being trained there is none."""
        return Chooser(self._folder)

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """Beams and edits of each opening, best first inside each kind, no text twice."""
        sources = [opening(text) for text in texts]
        found: list[list[Proposal]] = [[] for _ in texts]
        for rows, inputs, spans in self._batches(sources):
            # A token is a character at the least; a limit of 36 and more is what the model has seen.
            steps = min(TITLE_TOKENS, limit + 1)
            odds, memory = self._read(inputs, self.beams, steps)
            tokens = [row[: len(spans[at])] for at, row in enumerate(inputs["input_ids"].tolist())]
            beams = self._beams(tokens, memory, steps)
            for at, row in enumerate(rows):
                kept = edits(sources[row], spans[at], odds[at, : len(spans[at])], limit)
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
        for rows, inputs, _ in self._batches(openings):
            _, memory = self._read(inputs, beams=0, steps=0)
            for at, row in enumerate(rows):
                wanted = [i for i in by_source[sources[row]] if pairs[i][1].strip()]
                if wanted:
                    titles = self.tokenizer([pairs[i][1] for i in wanted], return_tensors="pt", padding=True)
                    scores[wanted] = self.stepper.likelihood(titles["input_ids"], memory.row(at)).numpy()
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
            [score - shortfall(p.text) for score, p in zip(row, pool, strict=True)]
            for row, pool in zip(scores, pools, strict=True)
        ]

    def fault(self, text: str, proposal: Proposal) -> str:
        """What it writes may not break a word, nor say what no sentence of the article says."""
        source = opening(text)
        if proposal.origin not in ("beam", "edit"):
            return denied(proposal.text, source)
        if not self._bonds.joins(proposal.text, source).sound:
            return "breaks a word"
        return fault(proposal.text, source, whole_end=proposal.origin == "edit")

    def _batches(
        self, sources: Sequence[str]
    ) -> Iterator[tuple[list[int], Any, list[list[tuple[int, int]]]]]:
        """(row numbers, padded inputs, token spans) by falling length; blank sources are skipped."""
        order = sorted((i for i, s in enumerate(sources) if s), key=lambda i: (-len(sources[i]), i))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            inputs = self.tokenizer(
                [sources[i] for i in rows], return_tensors="pt", padding=True, truncation=True,
                max_length=SOURCE_TOKENS, return_offsets_mapping=True,
            )  # fmt: skip
            offsets = inputs.pop("offset_mapping").tolist()
            lengths = inputs["attention_mask"].sum(1).tolist()
            spans = [[(a, b) for a, b in row[:n]] for row, n in zip(offsets, lengths, strict=True)]
            yield rows, inputs, spans

    def _read(self, inputs: Any, beams: int, steps: int) -> tuple[np.ndarray[Any, Any], Memory]:  # noqa: ANN401
        """The encoder's work: log-odds that a headline keeps each token, and what the decoder remembers."""
        ids, mask = inputs["input_ids"], inputs["attention_mask"]
        with torch.inference_mode():
            hidden = self.model.encode(ids, mask)
            odds = self.model.keep_logits(hidden).numpy()
        return odds, self.stepper.memory(ids, mask, hidden, beams, steps)

    def _beams(self, sources: list[list[int]], memory: Memory, steps: int) -> list[list[Proposal]]:
        runs = DigitRuns(sources, self.digits)
        found = search(self.stepper, memory, runs, beams=self.beams, steps=steps, no_repeat=NO_REPEAT)
        texts = iter(
            self.tokenizer.batch_decode([b.tokens for row in found for b in row], skip_special_tokens=True)
        )
        made = [[Proposal(tidy(next(texts)), beam.score, "beam") for beam in row] for row in found]
        return [[p for p in row if p.text and _BROKEN not in p.text] for row in made]


def opening(text: str) -> str:
    """What the model reads of an article: from after the lead-in, without paragraph breaks.

    The whole of it; the tokenizer cuts at SOURCE_TOKENS, and the clause ranker reads the rest.
    """
    body = tidy(text)
    return body[after_lead_in(body) :].replace("\n", "")
