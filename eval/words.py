"""Chinese words, by jieba's dictionary: for scores and baselines that count words instead of characters."""

from __future__ import annotations

import tempfile
import unicodedata
import warnings
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from summarizer.errors import ModelError
from summarizer.text import fold

__all__ = ["declared", "search_words", "words"]


def words(text: str) -> list[str]:
    """The words of `text` in order, folded as characters are; punctuation and blanks are none.

    jieba's precise mode. Raises ModelError when jieba is not installed.
    """
    pieces = _jieba().lcut(unicodedata.normalize("NFKC", text).lower())
    return [word for piece in pieces if (word := fold(piece))]


def search_words(text: str) -> list[str]:
    """As `words`, and the shorter words inside long ones: what a search engine indexes."""
    pieces = _jieba().lcut_for_search(text.lower())
    return [word for word in pieces if any(c.isalnum() for c in word)]


def declared() -> str:
    """What must stand beside a score of words. Raises ModelError when jieba is not installed."""
    _jieba()
    return f"words of jieba {version('jieba')}"


@lru_cache(maxsize=1)
def _jieba() -> Any:  # noqa: ANN401  # jieba has no types
    try:
        with warnings.catch_warnings():
            # jieba reads its dictionary through pkg_resources where there is one, which says that it is old
            warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
            import jieba
    except ModuleNotFoundError as error:
        if error.name != "jieba":
            raise
        raise ModelError("words need the package jieba, which is missing: pip install jieba") from error
    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    # Its cache is a program, and in the shared temporary folder anybody may have put one there.
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    return tokenizer
