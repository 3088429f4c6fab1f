"""Newspaper pages in, articles and checked headlines out. All local."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.config import Settings
    from summarizer.errors import SummarizerError
    from summarizer.newspaper import Newspaper
    from summarizer.records import Article, Page, Summary

__version__ = "0.1.0"

__all__ = ["Article", "Newspaper", "Page", "Settings", "Summary", "SummarizerError"]

_HOME = {
    "Article": "summarizer.records",
    "Newspaper": "summarizer.newspaper",
    "Page": "summarizer.records",
    "Settings": "summarizer.config",
    "Summary": "summarizer.records",
    "SummarizerError": "summarizer.errors",
}


def __getattr__(name: str) -> object:
    # Looked up late, so that `import summarizer` stays free of everything it may not need.
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'summarizer' has no attribute {name!r}")
