"""Invented pages for a library, and an encoder that needs no training: hashed character bigrams."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

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


if __name__ == "__main__":
    # python -m tests.libraries DELAY ARGUMENT...
    # The program `summarizer` with this encoder, which takes DELAY seconds a batch; every batch is a commit.
    import sys
    import time

    from summarizer import cli
    from summarizer.library import writing
    from summarizer.models import encoding

    class _Slow(HashedEncoder):
        def passages(self, texts: Sequence[str]) -> np.ndarray:
            time.sleep(_DELAY)
            return super().passages(texts)

    _DELAY = float(sys.argv.pop(1))
    writing._PATIENCE = 0.0
    encoding.load_encoder = lambda name, settings: _Slow()
    cli.main()
