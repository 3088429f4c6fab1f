"""A library: articles and their passages in a folder or on s3://, found by words and by vectors.

    library = Library.create("library", encoder)
    library.add(groups, encoder)              # pages; twice is once
    library.lexical(terms, filters, 64)       # BM25
    library.dense(vector, filters, 64)        # cosine

`schema` says what is on disk, `store` how it is opened, locked and kept fresh, `writing` how
documents go in, `indexing` what makes it fast.
"""

from __future__ import annotations

from summarizer.library.found import Added, Entry, Found
from summarizer.library.library import Library
from summarizer.library.passages import passage_spans
from summarizer.library.stories import stories
from summarizer.library.writing import Phase, Told

__all__ = ["Added", "Entry", "Found", "Library", "Phase", "Told", "passage_spans", "stories"]
