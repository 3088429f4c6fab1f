"""What was freed goes back to the system, and indexing does so before each of its large steps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from summarizer.library import Library, indexing, writing
from summarizer.memory import give_back
from tests.libraries import HashedEncoder, pages


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc here")
@pytest.mark.skipif(
    not hasattr(os, "confstr") or "CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="glibc"
)
def test_freed_memory_goes_back() -> None:
    kept = []
    for number in range(200_000):  # small blocks, which the C library keeps when every other one is freed
        kept.append(bytearray(1_000 + number % 7))
    blocks = kept[::50]
    kept.clear()
    before = resident()
    give_back()
    assert before - resident() > 50_000_000 and len(blocks) == 4_000


def test_where_the_c_library_cannot_nothing_is_wrong(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    give_back()


def test_memory_is_given_back_before_words_and_before_vectors_are_indexed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(indexing, "_MANY", 100)
    monkeypatch.setattr(indexing, "_PARTITION", 20)
    steps = []
    monkeypatch.setattr(writing, "give_back", lambda: steps.append("rows"))
    monkeypatch.setattr(indexing, "give_back", lambda: steps.append("words"))
    encoder = HashedEncoder()
    Library.create(str(tmp_path / "lib"), encoder).add(pages(60), encoder)
    assert steps == ["rows", "words"]
