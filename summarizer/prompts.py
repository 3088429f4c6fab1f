"""Prompts: versioned TOML files with declared variables, rendered strictly.

A file holds `version`, `variables`, `user` and, if wanted, `system`; placeholders are
`$name`, and `$$` is a dollar sign. A declared variable that is not used, a used one that is
not declared, and a missing or surplus value are all errors: never a strange answer later.
Values are put in once, so a `$name` inside an article stays what it is: text.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from summarizer.errors import PromptError

__all__ = ["FOLDER", "Message", "Prompt", "load_prompt"]

FOLDER = Path(__file__).resolve().parent.parent / "prompts"
"""The shipped prompts: beside the package in a clone and in an installed wheel alike."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn as a chat model is given it."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file, checked."""

    name: str
    version: int
    variables: frozenset[str]
    system: str | None
    user: str
    fingerprint: str
    """sha256 of the file; part of the key of stored results."""

    def render(self, **values: str | int) -> tuple[Message, ...]:
        """The messages, system first if there is one. Raises PromptError unless the names of
        `values` are exactly `variables`."""
        if values.keys() != self.variables:
            missing = sorted(self.variables - values.keys())
            surplus = sorted(values.keys() - self.variables)
            raise PromptError(
                f"prompt {self.name!r} version {self.version}: missing values {missing}, "
                f"unknown values {surplus}; it takes exactly {sorted(self.variables)}."
            )
        user = Message("user", Template(self.user).substitute(values))
        if self.system is None:
            return (user,)
        return (Message("system", Template(self.system).substitute(values)), user)


def load_prompt(name: str, *, folder: Path = FOLDER) -> Prompt:
    """The prompt `name` of `folder`. Raises PromptError naming the file and what is wrong."""
    path = folder / f"{name}.toml"
    try:
        raw = path.read_bytes()
        table = tomllib.loads(raw.decode("utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none"
        raise PromptError(f"{path}: no such prompt. Prompts there: {known}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptError(f"{path}: expected a readable TOML file in UTF-8: {error}") from error
    return _checked(path, table, hashlib.sha256(raw).hexdigest())


def _checked(path: Path, table: dict[str, object], fingerprint: str) -> Prompt:
    surplus = table.keys() - {"version", "variables", "system", "user"}
    missing = {"version", "variables", "user"} - table.keys()
    if surplus or missing:
        raise PromptError(f"{path}: missing keys {sorted(missing)}, unknown keys {sorted(surplus)}.")
    version, variables = table["version"], table["variables"]
    system, user = table.get("system"), table["user"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise PromptError(f"{path}: version = {version!r}; expected a whole number from 1.")
    if not isinstance(variables, list) or not all(isinstance(v, str) for v in variables):
        raise PromptError(f"{path}: variables = {variables!r}; expected a list of names.")
    if not isinstance(user, str) or not (system is None or isinstance(system, str)):
        raise PromptError(f"{path}: system and user must be texts.")
    used = _placeholders(path, user) | _placeholders(path, system or "")
    if used != set(variables) or len(variables) != len(set(variables)):
        raise PromptError(
            f"{path}: declared variables {sorted(variables)}, but the text uses {sorted(used)}; "
            "make them the same."
        )
    stripped = None if system is None else system.strip()
    return Prompt(path.stem, version, frozenset(variables), stripped, user.strip(), fingerprint)


def _placeholders(path: Path, text: str) -> set[str]:
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"{path}: a '$' is neither $name nor ${{name}}; write '$$' for a dollar sign.")
    return set(template.get_identifiers())
