"""chrF and BLEU by sacrebleu, with its Chinese tokenizer: the default one gives Chinese texts 0.0.

Texts go in as they are, punctuation included, as everybody's sacrebleu counts them. Several references are
combined as sacrebleu defines it: chrF takes the best of them, BLEU clips n-grams by all of them together
and takes the closest length.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version

from sacrebleu.metrics import BLEU, CHRF

__all__ = ["BLEU_DECLARED", "CHRF_DECLARED", "bleu", "chrf", "corpus_bleu", "corpus_chrf"]

CHRF_DECLARED = f"sacrebleu {version('sacrebleu')}, chrF2: characters 1 to 6, no words, beta 2, case kept"
BLEU_DECLARED = (
    f"sacrebleu {version('sacrebleu')}, BLEU-4, tokenizer zh, sentence by sentence with effective order, "
    "exponential smoothing, brevity penalty"
)


@lru_cache(maxsize=1)
def _chrf() -> CHRF:
    return CHRF(char_order=6, word_order=0, beta=2)


@lru_cache(maxsize=2)
def _bleu(effective: bool) -> BLEU:
    return BLEU(tokenize="zh", smooth_method="exp", effective_order=effective)


def chrf(output: str, references: Sequence[str]) -> float:
    """chrF2 (Popović 2015), 0 to 100, against the best reference.

    0.0 when the output or every reference is blank. ValueError without a reference.
    """
    return float(_chrf().sentence_score(output, _some(references)).score)


def bleu(output: str, references: Sequence[str]) -> float:
    """BLEU-4 of one text (Papineni et al. 2002), 0 to 100, n-grams longer than the output left out.

    0.0 when the output or every reference is blank. ValueError without a reference. The mean of these is
    not the BLEU of a corpus.
    """
    return float(_bleu(True).sentence_score(output, _some(references)).score)


def corpus_bleu(outputs: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """BLEU-4 over all outputs at once, 0 to 100; `references` has those of each output.

    They may differ in number. ValueError for no outputs, another number of rows, a row without a reference.
    """
    return float(_bleu(False).corpus_score(list(outputs), _streams(outputs, references)).score)


def corpus_chrf(outputs: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """chrF2 over all outputs at once; otherwise as `corpus_bleu`."""
    return float(_chrf().corpus_score(list(outputs), _streams(outputs, references)).score)


def _some(references: Sequence[str]) -> list[str]:
    if not references:
        raise ValueError("expected at least one reference, found none")
    return list(references)


def _streams(outputs: Sequence[str], references: Sequence[Sequence[str]]) -> list[list[str | None]]:
    """sacrebleu's form: one list a place among the references; None where an output has fewer."""
    if not outputs or len(outputs) != len(references):
        raise ValueError(f"expected references for each of {len(outputs)} outputs, found {len(references)}")
    rows = [_some(row) for row in references]
    return [[row[n] if n < len(row) else None for row in rows] for n in range(max(map(len, rows)))]
