from __future__ import annotations

import importlib

import pytest

import summarizer
from tests.test_floors import MODULES


def test_the_front_door_holds_these_names_and_no_others() -> None:
    nouns = ["Answer", "Article", "Citation", "Filters", "Hit", "Newspaper", "Page", "Settings", "Summary"]
    assert summarizer.__all__ == [*nouns, "SummarizerError"]
    for name in summarizer.__all__:
        assert getattr(summarizer, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = summarizer.Nonsense


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__main__")])
def test_what_a_module_offers_exists(module: str) -> None:
    loaded = importlib.import_module(module)
    for name in getattr(loaded, "__all__", ()):
        assert hasattr(loaded, name), f"{module}.__all__ names {name}, which is not there"
