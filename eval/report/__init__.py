"""Reports that people read: score tables, plots and outputs side by side, in one HTML or Markdown file.

write_report([load_run(path) for path in paths], Path("report.html"))
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.records import Run
from eval.report.html import html_report
from eval.report.markdown import markdown_report
from summarizer.batch.ledger import replaced
from summarizer.errors import OutputError, UsageError

__all__ = ["write_report"]

_KINDS = {".html": html_report, ".htm": html_report, ".md": markdown_report}


def write_report(runs: Sequence[Run], path: Path) -> None:
    """Compare any number of runs in one file, the first run's worst items first; HTML or Markdown by suffix.

    It is written whole or not at all, and its folder is made. Raises UsageError for no run and for another
    suffix, OutputError when the disk refuses, ModelError when matplotlib is missing (HTML only).
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"{path}: expected a name that ends in .html or .md, found {path.suffix!r}")
    if not runs:
        raise UsageError("expected at least one run to report on, found none")
    text = kind(runs)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            # A lone surrogate in a name of a damaged run must not cost the report.
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise OutputError(f"{path}: expected to write the report there: {error}") from error
