from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "transformers", "sentencepiece", "lightgbm", "numpy", "httpx", "gradio"}


@pytest.mark.parametrize(
    "module",
    [
        "summarizer",
        "summarizer.cli",
        "summarizer.newspaper",
        "summarizer.batch",
        "summarizer.models",
        "summarizer.web.jobs",
        "summarizer.web.launch",
        "summarizer.web.worker",
    ],
)
def test_importing_loads_no_model_library(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert loaded.split() == []


def test_importing_changes_nothing(tmp_path) -> None:
    code = (
        "import logging, os; before = dict(os.environ), logging.root.level, logging.root.handlers[:]\n"
        "import summarizer, summarizer.cli\n"
        "assert before == (dict(os.environ), logging.root.level, logging.root.handlers[:])"
    )
    root = str(Path(__file__).resolve().parent.parent)
    subprocess.run([sys.executable, "-B", "-c", code], check=True, cwd=tmp_path, env={"PYTHONPATH": root})
    assert list(tmp_path.iterdir()) == []
