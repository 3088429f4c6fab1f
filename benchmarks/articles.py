"""Pages separated per second on one core.

    python benchmarks/articles.py PAGES_DIR...

Reads all pages first, then separates them over and over for at least `SECONDS` of processor time,
so that neither the disk nor other programs count.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from summarizer.articles import separate
from summarizer.records import Page

SECONDS = 5.0


def main(folders: list[str]) -> int:
    paths = sorted(path for folder in folders for path in Path(folder).glob("*.txt"))
    pages = [Page(path.name, tuple(path.read_text(encoding="utf-8").splitlines())) for path in paths]
    if not pages:
        print("expected folders with .txt pages, found none; name at least one", file=sys.stderr)
        return 2
    done, started = 0, time.process_time()
    while (spent := time.process_time() - started) < SECONDS:
        for page in pages:
            separate(page)
        done += len(pages)
    size = sum(sum(map(len, page.lines)) for page in pages) / len(pages)
    print(f"{done / spent:.0f} pages/s over {len(pages)} pages of {size:.0f} characters on average")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
