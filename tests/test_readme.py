"""What the README tells people to type is there to be typed."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from summarizer.cli import cli

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def commands(name: str) -> list[list[str]]:
    """The words of every command line in the code blocks of a README."""
    text = (ROOT / name).read_text(encoding="utf-8")
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    blocks = [block for language, block in fenced if language in ("", "sh", "bash", "console", "shell")]
    lines = (line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines())
    known = ("make", "summarizer", "python")
    return [shlex.split(line, comments=True) for line in lines if line.split(" ")[0] in known]


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_are_named(name: str) -> None:
    assert {("make", "run"), ("make", "test")} <= {tuple(words[:2]) for words in commands(name)}


@pytest.mark.parametrize("name", READMES)
def test_every_command_exists(name: str) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for words in commands(name):
        if words[0] == "make":
            assert set(words[1:]) <= set(targets), words
        elif words[0] == "summarizer":
            check_words(words[1:])
        elif words[1] == "-m":
            assert importlib.util.find_spec(words[2]), words
        else:
            assert (ROOT / words[1]).is_file(), words


def check_words(words: list[str]) -> None:
    verb = cli.commands.get(words[0])
    assert verb or words[0].startswith("-"), f"no verb {words[0]}"
    if verb:
        words = words[1 : next((at for at, word in enumerate(words) if word in ("|", ">", "<", "2>")), None)]
        # a verb remembers the help option it was first given
        parent = click.Context(cli, **cli.context_settings)
        with click.Context(verb, parent=parent, info_name=verb.name) as context:
            verb.parse_args(context, words)  # raises UsageError for an option that is not there


@pytest.mark.parametrize("name", READMES)
def test_every_file_of_the_map_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:summarizer|eval|prompts|tests|benchmarks|docs)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), f"{name} names {path}"
