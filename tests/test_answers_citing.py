import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.answers.citing import cite, cite_passage, mark, resolve, sentence_around
from summarizer.records import Citation, Passage
from summarizer.text import sentences

TEXT = "云溪县城南客运站8月21日启用。该站占地42亩，投资1.2亿元！\n站长高一帆说：“线路有26条。”旅客点赞。"
HALF = TEXT.index("该站")


def passage(start=0):
    return Passage("yx#1", (start, len(TEXT)), TEXT[start:])


def test_a_span_becomes_its_whole_sentence_with_offsets_of_the_document():
    part = passage(HALF)
    at = part.text.index("42亩")
    found = cite(part, (at, at + 3))
    assert (found.article, found.quote) == ("yx#1", "该站占地42亩，投资1.2亿元！")
    assert TEXT[found.start : found.end] == found.quote
    assert found.hash == hashlib.sha256(found.quote.encode()).hexdigest()
    assert mark(found, "42亩") == (4, 7) and found.quote[4:7] == "42亩"
    assert mark(found, "43亩") is None and mark(found, "") is None


def test_a_span_over_two_sentences_gets_both():
    start, end = TEXT.index("1.2亿"), TEXT.index("高一帆") + 3
    assert cite(passage(), (start, end)).quote == "该站占地42亩，投资1.2亿元！\n站长高一帆说：“线路有26条。”"


def test_a_whole_passage_is_cited_without_the_blanks_around_it():
    text = " \n客运站启用。\n"
    found = cite_passage(Passage("a", (10, 10 + len(text)), text))
    assert (found.start, found.end, found.quote) == (12, 18, "客运站启用。")


def test_a_citation_opens_until_the_document_changes():
    found = cite(passage(HALF), (0, 2))
    assert resolve(found, TEXT) == (found.start, found.end)
    assert resolve(found, TEXT.replace("42亩", "43亩")) is None
    assert resolve(found, "序" + TEXT) is None  # moved is changed: nothing is searched for again
    assert resolve(found, TEXT[: found.end - 1]) is None
    assert resolve(Citation("a", -3, 0, "", found.hash), TEXT) is None


@pytest.mark.parametrize("span", [(-1, 2), (3, 2), (0, len(TEXT) + 1)])
def test_a_span_outside_of_the_text_is_a_mistake(span):
    with pytest.raises(ValueError, match="names no sentence"):
        sentence_around(TEXT, span)
    with pytest.raises(ValueError, match="names no sentence"):
        sentence_around(" \n", (0, 0))


@given(st.text(alphabet="站启用。！\n “”42亩", min_size=1), st.data())
def test_sentences_around_any_span_hold_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not sentences(text):
        return
    first, last = sentence_around(text, (start, end))
    starts, ends = zip(*sentences(text), strict=True)
    assert first in starts and last in ends and first < last
    inside = text[start:end].strip()
    assert inside in text[first:last]
