"""Invented pages for a library, and an encoder that needs no training: hashed character bigrams."""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from summarizer import cli
from summarizer.library import Added, Library, writing
from summarizer.models import encoding
from summarizer.records import Document

_TOWNS = "青柳 云溪 清河 铜川 柳湖 石桥 竹岭 沙湾 榆树 白塔".split()
_THINGS = "油菜 水库 公路 医院 学校 桥梁 果园 茶厂 码头 电站 图书馆".split()


class HashedEncoder:
    """Nearer when more bigrams are shared; deterministic, and no two batches differ."""

    def __init__(self, name: str = "hashed", dimensions: int = 32) -> None:
        self.name = name
        self.fingerprint = f"{name}-{dimensions}"
        self.dimensions = dimensions

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        made = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(made, texts, strict=True):
            for one, other in pairwise(text):
                code = zlib.crc32((one + other).encode())
                row[code % self.dimensions] += 1 if code & 1 << 20 else -1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return made

    questions = passages


def page(number: int, *, name: str | None = None, stories: int = 3) -> list[Document]:
    """One invented page; its texts differ from those of every other number."""
    name = f"page{number:04}.txt" if name is None else name
    return [
        Document(
            id=f"{name}#{order}",
            text=_story(number, order),
            headline=f"{_TOWNS[number % 10]}第{number}期{order}则",
            date=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
            page=name,
            number=str(number % 8 + 1),
            paper="云溪日报",
        )
        for order in range(1, stories + 1)
    ]


def pages(count: int, *, first: int = 0) -> list[list[Document]]:
    return [page(number) for number in range(first, first + count)]


def _story(number: int, order: int) -> str:
    thing = _THINGS[(number * 3 + order) % 11]
    return "".join(
        f"{_TOWNS[(number + at) % 10]}镇{thing}工程进入第{number * 7 + at}天，投入{number * order + at}万元。"
        for at in range(order * 6)
    )


class SlowEncoder(HashedEncoder):
    """Takes `delay` seconds a batch, so that there is a moment to be killed in."""

    def __init__(self, delay: float) -> None:
        super().__init__()
        self.delay = delay

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        time.sleep(self.delay)
        return super().passages(texts)


def _add(uri: str, first: str, count: str, together: str) -> None:
    """Commit every so many characters; tell on stdout when it starts and after every step."""
    writing._TOGETHER = int(together)
    encoder = SlowEncoder(0.01)

    def told(phase: str, added: Added) -> None:
        sys.stdout.write(f"{phase} {added.documents} {added.known}\n")
        sys.stdout.flush()

    Library.create(uri, encoder).add(pages(int(count), first=int(first)), encoder, told=told)


if __name__ == "__main__":
    # python -m tests.libraries add URI FIRST COUNT TOGETHER    adds invented pages
    # python -m tests.libraries program DELAY WORD...           the program `summarizer` with a slow encoder
    what = sys.argv.pop(1)
    writing._PATIENCE = 0.0
    if what == "add":
        _add(*sys.argv[1:])
    else:
        writing._TOGETHER = 50_000
        delay = float(sys.argv.pop(1))
        encoding.load_encoder = lambda name, settings: SlowEncoder(delay)
        cli.main()
