"""The shipped pages hold what their gold says, and nothing is left over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import summarizer
from summarizer.pages import read

PAGES = sorted((Path(summarizer.__file__).parent / "samples").glob("*.txt"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_gold_is_on_the_page(path: Path) -> None:
    page = read(path)
    assert page.date
    assert page.number
    assert page.paper
    text = squeezed("".join(page.lines))
    items = json.loads(path.with_suffix(".gold.json").read_text("utf-8"))["items"]
    assert 6 <= len(items) <= 9
    assert {item["kind"] for item in items} >= {"article", "photo"}
    for item in items:
        for part in (item["headline"], item["kicker"], item["byline"], item["body"]):
            assert squeezed(part or "") in text
        text = text.replace(squeezed(item["body"]), "", 1)
    # What is left is headlines, lead-ins, jump notes and running heads.
    assert len(text) < 60 * len(items)


def test_there_are_three_with_each_order_of_headlines() -> None:
    orders = {json.loads(path.with_suffix(".gold.json").read_text("utf-8"))["order"] for path in PAGES}
    assert orders == {"after", "before", "mixed"}
