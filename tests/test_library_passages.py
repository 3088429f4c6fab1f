"""Passages cover a text without a gap, end where sentences do, and are about as long as they should be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.library.passages import LENGTH, passage_spans
from summarizer.text import sentences

SENTENCES = [f"第{n}村的“放心桥”通车了，{'村民' * (n % 9)}说出行方便多了。" for n in range(80)]


@given(st.text("村民说。！？，“”\n 好1.", max_size=2000))
def test_joined_they_are_the_text(text: str) -> None:
    spans = passage_spans(text)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


def test_they_end_between_sentences_and_have_no_stub_at_the_end() -> None:
    text = "".join(SENTENCES)
    spans = passage_spans(text)
    starts = {start for start, _ in sentences(text)}
    assert {start for start, _ in spans} <= starts
    assert all(0.8 * LENGTH < end - start < 1.2 * LENGTH for start, end in spans)


def test_blanks_stay_with_the_passage_before_them() -> None:
    text = "\n\n".join(SENTENCES)
    assert not any(text[start].isspace() for start, _ in passage_spans(text))


@pytest.mark.parametrize("length", [1, LENGTH, LENGTH * 3 // 2 - 1])
def test_a_short_text_is_one_passage(length: int) -> None:
    assert passage_spans("好" * length) == [(0, length)]


def test_a_sentence_that_is_too_long_is_cut_at_commas() -> None:
    text = "村里修了新的水渠和道路，" * 100
    spans = passage_spans(text)
    assert all(text[end - 1] == "，" for _, end in spans)
    assert max(end - start for start, end in spans) <= 2 * LENGTH


def test_a_sentence_without_commas_is_cut_anywhere() -> None:
    spans = passage_spans("好" * 5000)
    assert max(end - start for start, end in spans) <= 2 * LENGTH
    assert 19 <= len(spans) <= 21


def test_no_text_no_passage() -> None:
    assert passage_spans("") == []
