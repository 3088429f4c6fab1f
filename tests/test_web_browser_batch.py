"""The batch screen in a real browser: stopped, killed, closed and gone on with, and what is downloaded."""

from __future__ import annotations

import csv
import io
import json
import os
import signal

from summarizer.web.workshop import Workshop
from tests.browsing import SAMPLES, needs_chromium, unnamed, visitor

pytestmark = needs_chromium


def test_a_job_is_stopped_killed_left_and_still_done_once(browser, address, data):
    with visitor(browser, address) as page:
        begin(page, sorted(SAMPLES.glob("*.txt")))
        state(page, "running")
        page.wait_for_function("/[1-9]\\d* 篇/.test(document.querySelector('#batch-table').innerText)")
        page.locator("#batch-stop").click()
        state(page, "stopped")
        page.locator("#batch-resume").click()
        state(page, "running")
        workshop = Workshop(data / "jobs")
        os.kill(int(workshop._told()["pid"]), signal.SIGKILL)
        state(page, "interrupted")
        page.locator("#batch-resume").click()
        state(page, "running")
        left = page.context.storage_state()
    with visitor(browser, address, left) as page:  # closed while it runs, and opened again
        page.get_by_role("tab", name="批量").click()
        state(page, "done", 150_000)
        page.locator("#batch-table button.job").click()
        rows = [json.loads(line) for line in fetched(page, 0, ".jsonl").splitlines()]
        keys = [json.dumps(row["article"] if "article" in row else row, sort_keys=True) for row in rows]
        assert len(set(keys)) == len(keys) > 10
        table = list(csv.reader(io.StringIO(fetched(page, 1, ".csv").removeprefix("\ufeff"))))
        assert len(table) == len(rows) + 1
        assert f"{len(rows)} 篇" in page.locator("#batch-table").inner_text()
    assert unnamed(data) == set()


def begin(page, files):
    page.get_by_role("tab", name="批量").click()
    page.locator("#batch-files input[type=file]").set_input_files(files)
    for file in files:
        page.wait_for_selector(f"#batch-files :text('{file.stem}')")
    page.locator("#batch-start").click()


def state(page, name, wait=60_000):
    page.wait_for_selector(f"#batch-table button.job.{name}", timeout=wait)


def fetched(page, at, suffix):
    page.locator("#batch-downloads button").nth(at).click()
    with page.expect_download() as sent:
        page.locator(f"#batch-fetched a[href$='{suffix}']").first.click()
    return sent.value.path().read_text(encoding="utf-8")
