"""Many pages into one folder: in order, resumable, no page stopping the others.

    run(newspaper, page_jobs(newspaper, ["pages/"]), Path("out"))

leaves out/summaries.jsonl with one row an article, summaries.md and summaries.csv made from it,
and set-aside.jsonl when something gave no summary. Killed at any moment and run again, it leaves
the same bytes as a run nobody disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from summarizer.batch.exports import write_csv, write_markdown
from summarizer.batch.jobs import Done, Job, SetAside, count, page_jobs, row_jobs, summarized
from summarizer.batch.ledger import Ledger
from summarizer.batch.progress import Tally, shown
from summarizer.newspaper import Newspaper

__all__ = ["Done", "Job", "SetAside", "Tally", "count", "page_jobs", "row_jobs", "run", "shown", "summarized"]


def run(
    newspaper: Newspaper,
    jobs: Iterable[Job | SetAside],
    folder: Path,
    *,
    tally: Tally | None = None,
    told: Callable[[Job | SetAside], None] = lambda item: None,
) -> Tally:
    """Summarize `jobs` into `folder` as the newspaper's settings say; the tally at the end.

    `tally` is kept up to date on the way; `told` is called with every job that is done, by this
    run or an earlier one, and with all that is set aside. Raises OutputError for the folder and
    ModelError when the model is of no use; what was written by then stays. Memory grows with the
    number of inputs by some hundred bytes each, not with their text.
    """
    tally = Tally() if tally is None else tally
    with Ledger(folder, newspaper.recipe) as ledger:
        for item in summarized(newspaper, _missing(ledger, jobs, tally, told), tally):
            if isinstance(item, Done):
                ledger.append(item)
                tally.kept += len(item.pairs)
                told(item.job)
            else:
                ledger.set_aside(item)
                told(item)
        ledger.finish()
        with ledger.writing():
            write_markdown(ledger.rows(), folder / "summaries.md")
            write_csv(ledger.rows(), folder / "summaries.csv")
    return tally


def _missing(
    ledger: Ledger, jobs: Iterable[Job | SetAside], tally: Tally, told: Callable[[Job | SetAside], None]
) -> Iterator[Job | SetAside]:
    """The jobs no earlier run has done, and what is set aside; the others are counted."""
    for job in jobs:
        if isinstance(job, Job) and ledger.has(job):
            tally.resumed += job.inputs
            tally.seen += job.inputs
            tally.kept += len(job.articles)
            told(job)
        else:
            yield job
