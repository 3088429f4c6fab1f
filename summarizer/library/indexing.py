"""The indexes of a library: of words, of vectors, of names. They make it fast, no more."""

from __future__ import annotations

import warnings
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lancedb.table import Table

__all__ = ["WORDS", "index_words", "settle", "tidy_enough"]

WORDS = "terms"
_VECTORS = "vector"
_NAMES = "article"
# Rows not indexed yet are read through by every query, and indexing them writes the whole index of
# words anew: 10 seconds for 170,000 passages. So a few stay as they are: a thousand, or a twentieth of all.
_FEW, _SHARE = 1_000, 20
# Rows. With fewer, comparing a question with every vector takes no longer than a query through an index.
_MANY = 20_000
# Rows a partition of the vectors should hold.
_PARTITION = 1_000
# An index of vectors gets a part for every time it is brought up to date; of so many it is made anew.
_PARTS = 8


def index_words(table: Table) -> None:
    """Index the words of all rows. From then on all are found by them, new rows by reading these through."""
    from lancedb.index import FTS

    # The terms are made by summarizer.terms and parted by blanks: nothing is left for a tokenizer to do.
    words = FTS(
        base_tokenizer="whitespace",
        lower_case=False,
        stem=False,
        remove_stop_words=False,
        ascii_folding=False,
        max_token_length=None,
    )
    table.create_index(WORDS, config=words, replace=True)


def tidy_enough(table: Table) -> bool:
    """Are there so few rows without an index that the next run may index them with its own?"""
    waiting = max((index.num_unindexed_rows or 0 for index in table.list_indices()), default=0)
    return waiting < _FEW and waiting * _SHARE < table.count_rows()


def settle(table: Table, keep: timedelta) -> None:
    """Bring the indexes up to date and the rows of small commits together.

    Files of versions older than `keep` are deleted. Cut short at any moment it leaves the library
    as it was before or after one of its steps, and the next call does the rest.
    """
    from lancedb.index import BTree, IvfSq

    with warnings.catch_warnings():
        # It warns of readers that hold an old version: ours ask again, see Store.read.
        warnings.simplefilter("ignore", UserWarning)
        # First, while the index of words is small: moving rows that it holds already means writing it twice.
        table.optimize(cleanup_older_than=keep)
        known = {
            column
            for index in table.list_indices()
            for column in index.columns
            if (index.num_segments or 0) < _PARTS
        }
        if WORDS not in known:
            index_words(table)
        if _NAMES not in known:
            table.create_index(_NAMES, config=BTree())
        rows = table.count_rows()
        if rows >= _MANY and _VECTORS not in known:
            # Trained on a quarter of what Lance takes by default: 5 seconds for 170,000 passages.
            # Eight bits a dimension: an index of product codes takes a third, and ten times as long to make.
            vectors = IvfSq(
                distance_type="dot", num_partitions=rows // _PARTITION, max_iterations=10, sample_rate=64
            )
            table.create_index(_VECTORS, config=vectors)
        table.optimize(cleanup_older_than=keep)  # deletes what the indexes above have replaced
