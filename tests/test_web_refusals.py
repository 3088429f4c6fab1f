"""Every mistake that a screen can tell has its words in both languages."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from summarizer.errors import LockedOutError, NotYoursError, PageError, StoreError
from summarizer.web.refusals import refusal
from summarizer.web.strings import LANGUAGES, Strings, texts

PACKAGE = Path(__file__).resolve().parent.parent / "summarizer"


def reasons():
    """(reason, names of its values) of every error that our code makes with a reason written out."""
    for path in sorted([*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "eval").glob("*.py")]):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            words = {word.arg: word.value for word in call.keywords}
            reason = words.pop("reason", None)
            if isinstance(reason, ast.Constant) and "." in str(reason.value):
                yield reason.value, frozenset(words), path.name


FOUND = sorted(set(reasons()), key=str)


def test_there_are_such_errors():
    assert len(FOUND) > 25


@pytest.mark.parametrize(("reason", "values", "path"), FOUND)
def test_every_reason_has_its_words_and_its_values(reason, values, path):
    chinese, english = texts()[reason]
    for text in (chinese, english):
        wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert wanted <= values, (path, text)
    assert chinese.endswith("。") and english.endswith(".")


def test_an_error_is_told_in_the_readers_language():
    error = StoreError("expected at most 3 jobs", reason="job.too_many", limit=3)
    chinese, english = (refusal(error, Strings(language)) for language in LANGUAGES)
    assert chinese == "任务最多 3 个，请先删掉一些。" and english.startswith("You may keep 3 jobs")
    assert "30 秒" in refusal(LockedOutError(30), Strings("zh"))
    assert "列表" in refusal(NotYoursError(), Strings("zh"))


def test_an_error_without_a_reason_is_told_as_it_stands():
    assert refusal(PageError("a.txt: expected text"), Strings("zh")) == "a.txt: expected text"
