"""Settings: what a user may choose, and where each choice comes from.

    command line  >  SUMMARIZER_* environment  >  summarizer.toml  >  the defaults below

`summarizer.toml` holds the fields of `Settings` as top-level keys (`beams = 2`); the
environment holds them in capitals (`SUMMARIZER_BEAMS=2`). The file is read from the working
directory only, never from a folder of pages, which may come from anywhere. A secret is no
setting: the key of a server is read from SUMMARIZER_API_KEY by the client that sends it.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

from summarizer.errors import SettingsError
from summarizer.records import Style

__all__ = ["API_KEY", "CACHE", "FILE", "STYLE_LIMITS", "Settings", "load_settings"]

FILE = "summarizer.toml"
PREFIX = "SUMMARIZER_"
API_KEY = "SUMMARIZER_API_KEY"

CACHE = 512
"""MiB: those of half a million passages."""
STYLE_LIMITS: Mapping[Style, int] = {"headline": 30, "brief": 100, "points": 40, "digest": 30}
"""Characters a style may take when no limit is given: for `points` each point, for `digest` each line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice of a run. Building one checks every field and raises SettingsError."""

    model: str = "bundled"
    """A name that `summarizer.models.load` knows."""
    style: Style = "headline"
    limit: int | None = None
    """Characters; None means the style's own, see `characters`."""
    library: str = "library"
    """The folder of pages to search and ask, or an s3:// address."""
    encoder: str = "bundled"
    """A name that `summarizer.models.encoding.load_encoder` knows."""
    cache: int = CACHE
    """MiB that the passages of a library may take in the memory of a process that searches often; those of a
    larger library are read anew for every search. 0: nothing is kept."""
    reranker: str | None = None
    """Reads the first fifty passages of a search again: bundled, or a CrossEncoder. None: nothing does."""
    reader: str = "bundled"
    """What answers: the reader inside the package, or a chat model, "chat:FOLDER" or "server:NAME@URL"."""
    passages: int = 10
    """Read for one answer; one an article, so as many articles."""
    beams: int = 4
    """Candidates asked of a model for each text: beams, or samples of a chat model."""
    seed: int = 0
    offline: bool = True
    """Never fetch a model; only folders and the local Hugging Face cache."""
    allow_remote: bool = False
    """May article text be sent to a server that is not on this machine?"""
    server_url: str | None = None
    """Base URL for a `server:MODEL` that names none: "http://127.0.0.1:8000/v1"."""
    server_timeout: float = 120.0
    """Seconds to wait for the next byte of a server's answer."""
    # Ollama's default context, and it cuts longer prompts without a word; a server that states
    # its context is believed instead.
    server_context: int = 4096
    """Tokens a server can read at once when it does not say."""
    encoding: str | None = None
    """Of the pages; None means detected page by page."""
    threads: int | None = None
    """Of torch; None means OMP_NUM_THREADS, else the cores this process may use."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            object.__setattr__(self, field.name, _checked("Settings", field.name, field.name, value))

    @property
    def characters(self) -> int:
        """The limit in force: `limit`, or the default of `style`."""
        return STYLE_LIMITS[self.style] if self.limit is None else self.limit


def load_settings(
    typed: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    file: Path | None = None,
) -> Settings:
    """The settings of one run.

    `typed` holds only what the user really typed, by field name; `environ` is os.environ and
    `folder` the working directory unless given; `file` is read instead of the one in there, and
    must exist. Raises SettingsError naming source, key, value and what is accepted; a wrong value
    is an error even when a better source hides it.
    """
    path = file or (Path.cwd() if folder is None else folder) / FILE
    if file is not None and not file.exists():
        raise SettingsError(f"{file}: expected a file of settings, found none. Check the name.")
    values = _from_file(path) | _from_environment(os.environ if environ is None else environ)
    for key, value in (typed or {}).items():
        values[key] = _checked("command line", key, key, value)
    return Settings(**values)  # type: ignore[arg-type]  # each value has passed its field's check


def _from_file(path: Path) -> dict[str, object]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: expected a readable TOML file in UTF-8: {error}") from error
    return {key: _checked(str(path), key, key, value) for key, value in table.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for variable, text in sorted(environ.items()):
        if variable.startswith(PREFIX) and variable != API_KEY:
            key = variable.removeprefix(PREFIX).lower()
            found[key] = _checked("environment", variable, key, text)
    return found


def _checked(source: str, shown: str, key: str, value: object) -> object:
    """The value in its field's type. `shown` is the key as the user wrote it."""
    if key not in _FIELDS:
        near = difflib.get_close_matches(key, _FIELDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        secret = f" A server's key is read from {API_KEY} only." if "key" in key else ""
        known = ", ".join(_FIELDS)
        raise SettingsError(f"{source}: unknown setting {shown!r}.{hint}{secret} Known: {known}.")
    accepted, parse = _FIELDS[key]
    try:
        return parse(value)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{source}: {shown} = {value!r} is not accepted; expected {accepted}.") from error


def _whole(low: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError
        number = int(value)
        if number < low:
            raise ValueError
        return number

    return parse


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUE + _FALSE:
        return value.lower() in _TRUE
    raise ValueError


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _style(value: object) -> str:
    if value not in get_args(Style):
        raise ValueError
    return str(value)


def _maybe(parse: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else parse(value)


_FIELDS: dict[str, tuple[str, Callable[[object], object]]] = {
    "model": ("the name of a model, such as bundled or seq2seq:FOLDER", _text),
    "style": (f"one of {', '.join(get_args(Style))}", _style),
    "limit": ("a whole number of characters from 1", _maybe(_whole(1))),
    "library": ("a folder, or an s3:// address", _text),
    "encoder": ("the name of an encoder, such as bundled or a folder", _text),
    "cache": ("a whole number of MiB from 0", _whole(0)),
    "reranker": ("bundled, or the name of a CrossEncoder such as a folder", _maybe(_text)),
    "reader": ("bundled, chat:FOLDER or server:NAME@URL", _text),
    "passages": ("a whole number from 1", _whole(1)),
    "beams": ("a whole number from 1", _whole(1)),
    "seed": ("a whole number from 0", _whole(0)),
    "offline": ("true or false", _flag),
    "allow_remote": ("true or false", _flag),
    "server_url": ("an http:// or https:// address", _maybe(_text)),
    "server_timeout": ("a number of seconds above 0", _seconds),
    "server_context": ("a whole number of tokens from 512", _whole(512)),
    "encoding": ("the name of a text encoding, such as gb18030", _maybe(_text)),
    "threads": ("a whole number from 1", _maybe(_whole(1))),
}
