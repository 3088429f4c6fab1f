"""Fixtures and files for tests that run the program in this process."""

from __future__ import annotations

import gzip
import json
import sys

import pytest


@pytest.fixture
def program(monkeypatch, capsys, tmp_path):
    """The command line in an empty folder of its own: words -> (exit code, stdout, stderr)."""
    from summarizer import cli  # late: most tests do without
    from summarizer.batch import progress

    monkeypatch.setattr(progress, "_EVERY", float("inf"))  # a slow machine would show a line of it
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["summarizer", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def write_rows(path, rows):
    """Rows as JSON Lines, text as it is; gzip for a name that ends in .gz. The path."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    raw = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path
