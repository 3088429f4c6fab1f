"""What `make` installs is what pyproject.toml asks for, and what that asks for in its turn."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(wanted: Requirement, seen: dict[str, Requirement]) -> None:
    """Collect `wanted` and, from what is installed here, all that it pulls in."""
    if str(wanted) in seen:
        return
    seen[str(wanted)] = wanted
    for text in distribution(wanted.name).requires or []:
        further = Requirement(text)
        extras = {"", *wanted.extras}
        if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
            needed(further, seen)


def test_every_requirement_is_locked_to_a_version_it_accepts() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = {plain(name): version for name, version in (line.split("==") for line in lock if line[0] != "#")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    all_needed: dict[str, Requirement] = {}
    for text in (*project["dependencies"], *project["optional-dependencies"]["test"]):
        needed(Requirement(text), all_needed)
    for wanted in all_needed.values():
        version = locked.get(plain(wanted.name))
        assert version, f"requirements.lock has no {wanted.name}: add the version in use, and what it needs"
        assert wanted.specifier.contains(version), f"{wanted.name} {version} is locked, wanted: {wanted}"
    assert locked["torch"] == "2.13.0"
