"""The place of a library: which tables stand there, who may write, and what is wrong with it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import LibraryError
from summarizer.library.schema import TABLE

if TYPE_CHECKING:
    from lancedb.db import DBConnection

__all__ = [
    "TROUBLE",
    "expect_library",
    "expect_room",
    "is_remote",
    "locked",
    "missing",
    "next_name",
    "reported",
    "tables",
]

TROUBLE = (OSError, RuntimeError, ValueError)
"""What Lance says of a file that is gone, broken or out of reach, and of a question it cannot run."""

_LOCK = ".lock"
_NAME = re.compile(rf"{TABLE}(-[1-9][0-9]*)?")


@contextmanager
def reported(uri: str, wanted: str) -> Iterator[None]:
    """Trouble of the block as LibraryError: one line, what to do, the rest as its cause."""
    try:
        yield
    except LibraryError:
        raise
    except TROUBLE as error:
        said = str(error).strip().splitlines()
        raise LibraryError(
            f"{uri}: expected a {wanted} library, found: {said[0][:300] if said else type(error).__name__}. "
            "Check the disk and its permissions; if files are gone or broken, restore the folder from a copy "
            "or delete it and add the pages again."
        ) from error


@contextmanager
def locked(uri: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Alone in the folder until the block ends or this process dies."""
    if is_remote(uri):
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(Path(uri) / _LOCK)
    try:
        with reported(uri, "writable"):
            Path(uri).mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                waiting()
                lock.acquire()
        yield
    finally:
        lock.release()


def is_remote(uri: str) -> bool:
    """Is it an address, and no folder of this machine?"""
    return "://" in uri


def expect_library(path: Path) -> None:
    """Raises LibraryError when there is none."""
    if _is_table(path):
        return
    if not path.exists():
        raise LibraryError(missing(str(path), "nothing"), reason="library.none")
    if not path.is_dir():
        raise LibraryError(missing(str(path), "a file"))
    found = "a folder of something else" if _others(path) else "an empty folder"
    raise LibraryError(missing(str(path), found))


def expect_room(path: Path) -> None:
    """Raises LibraryError when something else is there."""
    if path.is_dir():
        if not _is_table(path) and _others(path):
            raise LibraryError(
                f"{path}: expected a library, an empty folder or none, found a folder of something else. "
                "Name another with --library."
            )
    elif path.exists():
        raise LibraryError(f"{path}: expected a library or no such file, found a file. Name another.")


def tables(uri: str, connection: DBConnection) -> list[str]:
    """Names of the library's tables, the oldest first."""
    names = connection.list_tables().tables if is_remote(uri) else _folders(Path(uri))
    return sorted((name for name in names if _NAME.fullmatch(name)), key=_generation)


def _folders(path: Path) -> list[str]:
    """Of tables that have a version: one whose making was cut short is none."""
    names = [entry.removesuffix(".lance") for entry in _listed(path) if entry.endswith(".lance")]
    return [name for name in names if _listed(path / f"{name}.lance" / "_versions")]


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _generation(name: str) -> int:
    return int(name.removeprefix(TABLE).removeprefix("-") or 1)


def next_name(name: str) -> str:
    """Of the table that takes the place of the table `name`."""
    return f"{TABLE}-{_generation(name) + 1}"


def _is_table(path: Path) -> bool:
    return any(_NAME.fullmatch(name) for name in _folders(path))


def _others(path: Path) -> bool:
    """Does the folder hold anything that is not of a library whose making was cut short?"""
    with reported(str(path), "readable"):
        return any(name != _LOCK and not name.startswith(TABLE) for name in os.listdir(path))


def missing(uri: str, found: str) -> str:
    """What to tell when there is `found` and no library."""
    return (
        f"{uri}: expected a library, found {found}. "
        f"Make one with 'summarizer add PATH... --library {uri}', or name another."
    )
