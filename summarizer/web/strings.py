"""Every word on the screen, in Chinese and in English: texts.toml holds both side by side.

say = Strings("zh")
say("ask.send")                 "发送"
say("line.ahead", count=2)      "前面还有 2 人"
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

__all__ = ["LANGUAGES", "Language", "Strings", "texts"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_FILE = Path(__file__).parent / "texts.toml"


class Strings:
    """The texts of one language. An unknown key is a bug: KeyError."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, with its {names} filled in."""
        text = texts()[key][self._at]
        return text.format(**values) if values else text


@lru_cache(maxsize=1)
def texts() -> dict[str, tuple[str, str]]:
    """Key -> (Chinese, English)."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        f"{room}.{key}": (both[0], both[1])
        for room, entries in table.items()
        for key, both in entries.items()
    }
