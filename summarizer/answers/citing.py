"""A place in a passage becomes a Citation: the whole sentence, by its offsets in the document.

Nothing is searched for again: a citation is opened by its offsets, and its hash tells whether the
document still says there what was cited.
"""

from __future__ import annotations

import hashlib

from summarizer.records import Citation, Passage, Span
from summarizer.text import sentences

__all__ = ["cite", "cite_passage", "mark", "resolve", "sentence_around"]


def cite(passage: Passage, span: Span) -> Citation:
    """The sentence of `passage` in which `span`, offsets into its text, stands; all of them for several."""
    return _citation(passage, sentence_around(passage.text, span))


def cite_passage(passage: Passage) -> Citation:
    """The passage as a whole, blanks around it left out."""
    text = passage.text
    start = len(text) - len(text.lstrip())
    return _citation(passage, (start, max(start, len(text.rstrip()))))


def resolve(citation: Citation, text: str) -> Span | None:
    """Where `text`, the document as it is now, says what was cited; None when it was changed there."""
    there = text[citation.start : citation.end]
    same = 0 <= citation.start < citation.end <= len(text) and _hash(there) == citation.hash
    return (citation.start, citation.end) if same else None


def mark(citation: Citation, answer: str) -> Span | None:
    """Where the quote says the answer word for word, offsets into the quote; None when it does not."""
    at = citation.quote.find(answer) if answer else -1
    return None if at < 0 else (at, at + len(answer))


def sentence_around(text: str, span: Span) -> Span:
    """From the start of the sentence that holds the first character of `span` to the end of the last one's.

    A span in the blanks between sentences, or an empty one, gets the sentence after it, else the last.
    Raises ValueError for one outside of `text`, or when there is no sentence in it.
    """
    found = sentences(text)
    if not found or not 0 <= span[0] <= span[1] <= len(text):
        raise ValueError(f"span {span} names no sentence of a text of {len(text)} characters")
    first = next((s for s in found if span[0] < s[1]), found[-1])
    last = next((s for s in reversed(found) if s[0] < span[1]), first)
    return first[0], max(first[1], last[1])


def _citation(passage: Passage, span: Span) -> Citation:
    quote = passage.text[slice(*span)]
    offset = passage.span[0]
    return Citation(passage.article, offset + span[0], offset + span[1], quote, _hash(quote))


def _hash(quote: str) -> str:
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()
