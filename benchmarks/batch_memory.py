"""Memory of a batch run over many pages: it must not grow with them.

    python benchmarks/batch_memory.py [PAGES] [--model NAME]

Writes PAGES pages (10,000), each a shipped sample with other numbers, and summarizes them into one
folder. Prints the resident memory after every tenth of them, then runs again, resuming all.
Without --model the summaries are openings made on the spot: that measures reading, separating,
writing and resuming alone. Pages and results take about 200 MB of the temporary folder.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import summarizer
from summarizer import batch
from summarizer.config import Settings
from summarizer.newspaper import Newspaper
from summarizer.records import Article, Reading, Style, Summary

SAMPLES = sorted((Path(summarizer.__file__).parent / "samples").glob("*.txt"))


class Openings(Newspaper):
    """Takes the opening of each article for its summary, at no cost."""

    recipe = "openings"
    generator = None

    def summarize_many(
        self, stories: Sequence[Article], *, style: Style | None = None, limit: int | None = None
    ) -> list[Summary]:
        return [
            Summary(story.body[:30], "headline", 30, "openings", (), (), Reading(1, 1)) for story in stories
        ]


def write_pages(folder: Path, count: int) -> None:
    chance = random.Random(0)
    texts = [page.read_text(encoding="utf-8") for page in SAMPLES]
    for number in range(count):
        day = folder / f"{number // 100:04}"
        day.mkdir(exist_ok=True)
        text = re.sub(r"\d", lambda _: str(chance.randrange(1, 10)), texts[number % len(texts)])
        (day / f"{number:06}.txt").write_text(text, encoding="utf-8")


def resident() -> float:
    """Megabytes of memory this process holds now (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def measured_run(newspaper: Newspaper, pages: Path, out: Path, count: int) -> None:
    tally, start = batch.Tally(inputs=count), time.monotonic()

    def told(item: object) -> None:
        if tally.seen % max(count // 10, 1) == 0:
            print(f"{tally.line(time.monotonic() - start)}, {resident():.1f} MB", flush=True)

    batch.run(newspaper, batch.page_jobs(newspaper, [str(pages)]), out, tally=tally, told=told)
    print(f"finished: {time.monotonic() - start:.1f} s, {resident():.1f} MB\n", flush=True)


def main() -> None:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("pages", nargs="?", type=int, default=10_000)
    parser.add_argument("--model")
    chosen = parser.parse_args()
    newspaper = Newspaper(Settings(model=chosen.model)) if chosen.model else Openings()
    with tempfile.TemporaryDirectory() as folder:
        pages, out = Path(folder, "pages"), Path(folder, "out")
        pages.mkdir()
        write_pages(pages, chosen.pages)
        print(f"{chosen.pages} pages written, {resident():.1f} MB")
        for _ in range(2):
            measured_run(newspaper, pages, out, chosen.pages)


if __name__ == "__main__":
    main()
