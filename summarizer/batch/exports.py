"""The rows of a run for people: a Markdown page to read, a CSV table to sort. Both streamed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TextIO

from summarizer.batch.ledger import replaced
from summarizer.rows import Row

__all__ = ["write_csv", "write_markdown"]

_COLUMNS = (
    "page",
    "order",
    "kind",
    "id",
    "headline",
    "summary",
    "unsupported",
    "style",
    "model",
    "byline",
    "date",
)
# A spreadsheet runs a cell that begins with one of these as a formula; an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")
_KINDS = {"photo": "图片", "notice": "公告"}


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """One line a row, UTF-8 with byte-order mark (Excel asks for it), formulas defused."""
    with _text(path, "utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        for row in rows:
            told = row | {"unsupported": "、".join(_unsupported(row))}
            table.writerow([_cell(told.get(column)) for column in _COLUMNS])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_markdown(rows: Iterable[Row], path: Path) -> None:
    """A heading for each page, below it each article's summary and the headline it was printed with."""
    with _text(path, "utf-8", newline="\n") as file:
        for page, items in groupby(rows, key=lambda row: row["page"]):
            file.write(f"## {_plain(page)}\n\n")
            for row in items:
                _write_item(row, file)
            file.write("\n")


def _write_item(row: Row, file: TextIO) -> None:
    kind = _KINDS.get(str(row["kind"]))
    lines = str(row["summary"]).split("\n")
    file.write(f"- {f'〔{kind}〕' if kind else ''}**{_plain(lines[0])}**\n")
    for line in lines[1:]:
        file.write(f"  **{_plain(line)}**\n")
    if row["headline"]:
        file.write(f"  原题：{_plain(row['headline'])}\n")
    if unsupported := _unsupported(row):
        file.write(f"  ⚠ 原文未见：{_plain('、'.join(unsupported))}\n")


def _unsupported(row: Row) -> list[str]:
    checks = row["checks"]
    assert isinstance(checks, list)  # written by `rows.summary_row`
    return [str(check["text"]) for check in checks if not check["supported"]]


def _plain(value: object) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))


@contextmanager
def _text(path: Path, encoding: str, newline: str) -> Iterator[TextIO]:
    with replaced(path) as raw:
        file = io.TextIOWrapper(raw, encoding, "backslashreplace", newline=newline)
        yield file
        file.detach()  # flushed, and left open for `replaced` to sync
