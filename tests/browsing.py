"""The app as `python app.py` starts it, and Debian's Chromium in front of it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from summarizer.web.launch import KEPT

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "summarizer" / "samples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SUGGESTED = "县医院夜间门诊累计接诊多少人次？"
# What stands in the data folder of an app that was used and may be given to a browser, or gives nothing away.
OPEN = {"served", "empty"}

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium fonts-noto-cjk"
)


@contextmanager
def started(data: Path, *options: str) -> Iterator[str]:
    """The address of an app that runs in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "app.py", "--data", str(data), "--port", str(port), *options]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


@contextmanager
def visitor(browser, address: str, state=None):
    """A new visitor. Whatever the page asks of another host, or shows as an alert, fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", accept_downloads=True, storage_state=state
    )
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    strange = []
    opened.on(
        "request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else strange.append(r.url)
    )
    opened.on("dialog", lambda dialog: (strange.append(dialog.message), dialog.dismiss()))
    opened.goto(address)
    try:
        yield opened
    finally:
        context.close()
    assert strange == []


def unnamed(data: Path) -> set[str]:
    """What stands in the data folder and is neither forbidden to browsers nor open on purpose."""
    return {path.name for path in data.iterdir()} - set(KEPT) - OPEN


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def address(data):
    """An app without accounts, the same for all tests of a file."""
    with started(data) as where:
        yield where


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, address):
    with visitor(browser, address) as opened:
        opened.wait_for_selector("#send")
        yield opened
