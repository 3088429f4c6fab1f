"""Title-body pairs: read, clean, filter. Rows are gzip JSON Lines with `id`, `title`, `body`."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.dateline import after_lead_in
from summarizer.errors import SummarizerError
from summarizer.records import Document
from summarizer.text import fold, tidy

__all__ = [
    "Pair", "Posed", "cleaned", "corpus", "held_out", "json_rows", "posed", "read_pairs", "training_pairs",
    "usable",
]  # fmt: skip

# A title seen this often is a rubric ("关注…"), not a headline of its body.
REPEATS = 3
# Characters. Shorter titles are rubrics, longer ones are cut by nobody's headline limit.
TITLE_CHARS = (6, 36)
# Share of title characters that must stand in the body: below it the title is bait or about
# something the text does not say (Randeng's filter, reference: Fengshenbang-LM).
MIN_COVERAGE = 0.5
# One in this many training rows is kept from the models, to train the chooser on honest candidates.
HELD_OUT = 24

_TAIL = re.compile(r"[（(](?:视频编辑|文字编辑|编辑|责任编辑|来源|完)[^（）()]{0,40}[）)]\s*$")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Pair:
    """One article with the headline its paper printed."""

    id: str
    title: str
    body: str
    """Paragraphs joined by "\\n", dateline lead-in and editors' tail cut."""
    source: str
    """The data set, "cctv", "sina", …"""


def json_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzip JSON Lines file. Raises OSError and JSONDecodeError as they come."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Posed:
    """A question that somebody asked about a text."""

    question: str
    context: str
    answers: tuple[str, ...]
    """Those that are not blank; () where the text does not answer."""
    unanswerable: bool
    """Was it marked so?"""


def posed(data: Path) -> Iterator[Posed]:
    """The questions of `qa.train.*`, tidied."""
    for path in sorted(data.glob("qa.train.*.jsonl.gz")):
        for row in json_rows(path):
            lost = bool(row.get("unanswerable"))
            answers = () if lost else tuple(tidy(answer) for answer in row["answers"] if answer)
            yield Posed(tidy(row["question"]), tidy(row["context"]), answers, lost)


def corpus(data: Path) -> Iterator[Document]:
    """The unlabelled news, tidied, each with its id and date."""
    for path in sorted(data.glob("corpus.*.jsonl.gz")):
        for row in json_rows(path):
            yield Document(row["id"], tidy(row["text"]), date=row.get("date"))


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of one `titles.SPLIT.SOURCE….jsonl.gz` file, cleaned, none left out."""
    source = path.name.split(".")[2].split("_20")[0]
    try:
        for row in json_rows(path):
            yield cleaned(row, source)
    except (OSError, json.JSONDecodeError, KeyError) as error:
        raise SummarizerError(f"{path}: expected gzip JSON Lines with id, title, body; {error!r}") from error


def cleaned(row: Mapping[str, Any], source: str) -> Pair:
    """A row with `id`, `title`, `body` as a pair. Raises KeyError, and TypeError for what is no text."""
    body = _TAIL.sub("", tidy(row["body"]))
    return Pair(str(row["id"]), tidy(row["title"]), body[after_lead_in(body) :], source)


def training_pairs(folder: Path) -> list[Pair]:
    """All usable pairs of `titles.train.*`, without rubrics, bait, and near-copies of dev titles."""
    files = sorted(folder.glob("titles.train.*.jsonl.gz"))
    if not files:
        raise SummarizerError(f"{folder}: expected titles.train.*.jsonl.gz, found none; name the data folder")
    dev = {fold(p.title) for f in sorted(folder.glob("titles.dev.*.jsonl.gz")) for p in read_pairs(f)}
    pairs = [p for f in files for p in read_pairs(f)]
    repeats = Counter(fold(p.title) for p in pairs)
    seen: Counter[str] = Counter()
    kept = []
    for pair in pairs:
        key = fold(pair.title)
        seen[key] += 1
        if key not in dev and (repeats[key] <= REPEATS or seen[key] == 1) and usable(pair):
            kept.append(pair)
    return kept


def usable(pair: Pair) -> bool:
    """Does the body say what the title says, as far as characters and digits can tell?"""
    if not TITLE_CHARS[0] <= len(pair.title) <= TITLE_CHARS[1] or len(pair.body) < len(pair.title):
        return False
    numbers = set(_DIGITS.findall(pair.body))
    if any(n not in numbers for n in _DIGITS.findall(pair.title)):
        return False
    title, body = Counter(fold(pair.title)), Counter(fold(pair.body))
    return sum((title & body).values()) >= MIN_COVERAGE * sum(title.values())


def held_out(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """(for the models, for the chooser), split by a hash of the id: stable when rows are added."""
    ours: list[Pair] = []
    apart: list[Pair] = []
    for pair in pairs:
        digest = int.from_bytes(hashlib.sha256(pair.id.encode()).digest()[:4], "big")
        (ours if digest % HELD_OUT else apart).append(pair)
    return ours, apart
