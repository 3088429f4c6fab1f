"""From the command to the first headline, and the memory at most: a page in a process of its own, some times.

python benchmarks/cold_start.py [PAGE] [--times 5]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PAGE = Path(__file__).resolve().parent.parent / "summarizer" / "samples" / "yunxi_daily.txt"


def once(page: Path) -> tuple[float, float, float]:
    """Seconds to the first line on stdout, to the end, and megabytes."""
    words = [sys.executable, "-m", "summarizer", "summarize", str(page)]
    start = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.perf_counter() - start
        process.stdout.read()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return first, time.perf_counter() - start, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, nargs="?", default=PAGE)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    once(given.page)  # files come from the disk the first time
    first, last, memory = np.median([once(given.page) for _ in range(given.times)], axis=0)
    print(f"first headline after {first:.1f} s, all after {last:.1f} s, {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
