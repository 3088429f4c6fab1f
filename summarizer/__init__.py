"""Newspaper pages in, articles, checked headlines and answers with their sentences out. All local."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.config import Settings
    from summarizer.errors import SummarizerError
    from summarizer.newspaper import Newspaper
    from summarizer.records import Answer, Article, Citation, Filters, Hit, Page, Summary

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Filters",
    "Hit",
    "Newspaper",
    "Page",
    "Settings",
    "Summary",
    "SummarizerError",
]

_HOME = {
    "Answer": "summarizer.records",
    "Article": "summarizer.records",
    "Citation": "summarizer.records",
    "Filters": "summarizer.records",
    "Hit": "summarizer.records",
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
