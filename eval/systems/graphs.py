"""TextRank and LexRank by sumy, on jieba's words: the sentence that most others resemble.

sumy as it is (damping 0.85; cosine threshold 0.1), with words and sentences of our own for both, and no
stop words. sumy splits Chinese by NLTK's punkt unless told otherwise, which would be fetched from the net.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from eval.data import Story
from eval.systems import System
from eval.systems.baselines import Extracts, cut, filled, sentences_of
from eval.words import declared, words
from summarizer.config import Settings
from summarizer.errors import ModelError

__all__ = ["lexrank", "textrank"]


def textrank(settings: Settings) -> System:
    """TextRank (Mihalcea and Tarau 2004). Raises ModelError when sumy or jieba is not installed."""
    return _system("textrank", "text_rank", "TextRankSummarizer")


def lexrank(settings: Settings) -> System:
    """LexRank (Erkan and Radev 2004). Raises ModelError when sumy or jieba is not installed."""
    return _system("lexrank", "lex_rank", "LexRankSummarizer")


class _Tokenizer:
    """What sumy asks of one; sentences come to it cut already."""

    def to_words(self, sentence: str) -> list[str]:
        return words(sentence)


def _system(name: str, module: str, summarizer: str) -> System:
    try:
        from sumy.models import dom

        rank = getattr(importlib.import_module(f"sumy.summarizers.{module}"), summarizer)()
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing in ("", "eval", "summarizer"):
            raise
        raise ModelError(f"{name} needs the package {missing}: pip install sumy jieba") from error

    def order(whole: Sequence[str]) -> list[int]:
        """Numbers of the sentences, best first; equal ones, and those without a rank, as they stand."""
        document = dom.ObjectDocumentModel([dom.Paragraph([dom.Sentence(t, _Tokenizer()) for t in whole])])
        ranked: list[Any] = []

        def keep(infos: list[Any]) -> list[Any]:
            """sumy asks a function which of the ranked sentences to keep."""
            ranked.extend(infos)
            return infos

        # Where no sentence shares a word with another LexRank divides by zero: every rank is NaN.
        with np.errstate(invalid="ignore"):
            rank(document, keep)
        return [info.order for info in sorted(ranked, key=lambda i: (-np.nan_to_num(i.rating), i.order))]

    def headline(story: Story, limit: int) -> str:
        whole = sentences_of(story)
        return cut(whole[order(whole)[0]], limit) if whole else ""

    def brief(story: Story, limit: int) -> str:
        whole = sentences_of(story)
        return filled(whole, order(whole), limit)

    tables = f"sumy {version('sumy')}, {declared()}"
    return Extracts(name, {"headline": headline, "brief": brief}, tables=tables)
