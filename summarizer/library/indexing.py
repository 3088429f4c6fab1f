"""The indexes of a library: of words, of vectors, of names. They make it fast, no more."""

from __future__ import annotations

import os
import warnings
from datetime import timedelta
from typing import TYPE_CHECKING

from summarizer.memory import give_back

if TYPE_CHECKING:
    from lancedb.table import Table

__all__ = ["WORDS", "index_words", "settle", "tidy_enough"]

WORDS = "terms"
_VECTORS = "vector"
_NAMES = "article"
# Rows not indexed yet are read through by every query, and indexing them writes the whole index of
# words anew: 10 seconds for 170,000 passages. So a few stay as they are: a thousand, or a twentieth of all.
_FEW, _SHARE = 1_000, 20
# MiB for words that are being indexed. Without a limit memory grows with the library; with half of this the
# index of 170,000 passages is in two parts, each of which every search asks.
_WORDS_ROOM = 1024
# Rows. With fewer, comparing a question with every vector takes no longer than a query through an index.
_MANY = 20_000
# Rows a partition of the vectors should hold.
_PARTITION = 1_000
# Rows a commit should have had, on average; with fewer they are brought together before they are indexed.
_SMALL = 4_000


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
        num_workers=os.cpu_count(),
        memory_limit=_WORDS_ROOM,
    )
    table.create_index(WORDS, config=words, replace=True)


def tidy_enough(table: Table) -> bool:
    """Are there so few rows without an index that the next run may index them with its own?"""
    rows: int = table.count_rows()
    indexed = _indexed(table)
    if rows >= _MANY and _VECTORS not in indexed:
        return False  # a run was killed before it came to that
    waiting = rows - indexed.get(WORDS, 0)
    return waiting < _FEW and waiting * _SHARE < rows


def settle(table: Table, keep: timedelta) -> None:
    """Bring the indexes up to date and the rows of small commits together.

    Files of versions older than `keep` are deleted. Cut short at any moment it leaves the library
    as it was before or after one of its steps, and the next call does the rest.
    """
    from lancedb.index import BTree

    rows = table.count_rows()
    if 2 * _indexed(table).get(WORDS, 0) < rows and _commits(table) * _SMALL <= rows + _SMALL:
        index_words(table)  # most rows are new: making the index anew takes two thirds of extending it
    else:
        _extend(table, keep)
    indexed = _indexed(table)
    if _NAMES not in indexed:
        table.create_index(_NAMES, config=BTree())
    if rows >= _MANY and _VECTORS not in indexed:
        give_back()  # what the words took
        _index_vectors(table, rows)


def _extend(table: Table, keep: timedelta) -> None:
    if _VECTORS in _indexed(table):
        # Lance would write it anew each time it is called; until `settle` does, vectors are read through.
        table.drop_index(f"{_VECTORS}_idx")
    with warnings.catch_warnings():
        # It warns of readers that hold an old version: ours ask again, see Store.read.
        warnings.simplefilter("ignore", UserWarning)
        table.optimize(cleanup_older_than=keep)
        table.optimize(cleanup_older_than=keep)  # deletes the index that the first call replaced
    if WORDS not in _indexed(table):
        index_words(table)


def _index_vectors(table: Table, rows: int) -> None:
    """Eight bits a dimension: an index of product codes takes a third of that, and ten times as long to make.

    Trained on a quarter of what Lance takes by default: 5 seconds for 170,000 passages.
    """
    from lancedb.index import IvfSq

    partitions = rows // _PARTITION
    vectors = IvfSq(distance_type="dot", num_partitions=partitions, max_iterations=10, sample_rate=64)
    table.create_index(_VECTORS, config=vectors)


def _indexed(table: Table) -> dict[str, int]:
    """How many rows the index of a column has, for columns with one."""
    return {column: index.num_indexed_rows or 0 for index in table.list_indices() for column in index.columns}


def _commits(table: Table) -> int:
    """About how many commits the rows are still in."""
    count: int = table.stats()["fragment_stats"]["num_fragments"]
    return count
