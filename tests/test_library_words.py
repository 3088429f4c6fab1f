"""The quick way to the terms of many texts, against the plain one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.library.words import terms_of
from summarizer.terms import index_terms

MIXED = st.text("水库第３版,.1２aBée\u0301\u0345\u3099_ΣＩ㍿①“。\n \x1e\U00020000。㈱ﾊﾞか")
ANY = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(MIXED | ANY, max_size=6))
@example(["", "水", "", "1,200.5元iPhone15发布", "ΑΣ", "5.2%。3,a", "1,2,a水库"])
@example([])
def test_they_are_the_same(texts: list[str]) -> None:
    assert terms_of(texts) == [index_terms(text) for text in texts]
