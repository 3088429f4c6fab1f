"""From the first click on a suggested question to its answer, in an app that was just started, in a browser.

    python -m benchmarks.first_click [--times 5] [--read 5]

Needs Debian's chromium. Each time is a fresh data folder: the app starts, the browser opens it, the question
is clicked `--read` seconds after it can be (0: at once), nothing having been asked before. The models load
meanwhile. What counts is what a reader sees.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browsing import CHROMIUM, SUGGESTED, started


def once(browser: Browser, data: Path, read: float) -> tuple[float, float]:
    """Seconds from the command to a page that can be clicked, and from the click to the answer."""
    begun = time.perf_counter()
    with started(data) as address:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(address)
        button = page.locator("#suggested").get_by_role("button", name=SUGGESTED)
        button.wait_for()
        ready = time.perf_counter()
        time.sleep(read)
        clicked = time.perf_counter()
        button.click()
        page.wait_for_selector("#talk .said:has-text('6800人次')")
        return ready - begun, time.perf_counter() - clicked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--read", type=float, default=5.0, help="Seconds from the page to the click.")
    given = parser.parse_args()
    times = given.times
    if CHROMIUM is None:
        raise SystemExit("expected Debian's chromium, found none: apt-get install chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        spent = [once(browser, Path(folder) / str(number), given.read) for number in range(times)]
        browser.close()
    ready, answered = np.array(spent).T
    print(
        f"page after {np.median(ready):.1f} s; answer {np.median(answered):.1f} s after the first click "
        f"(worst of {times}: {answered.max():.1f} s)"
    )


if __name__ == "__main__":
    main()
