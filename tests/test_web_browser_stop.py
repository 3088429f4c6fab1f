"""Stop stops, in a real browser and in the model: a chat server hears its reader hang up."""

from __future__ import annotations

import time

import pytest

from tests.browsing import SUGGESTED, needs_chromium, started
from tests.fakes import ScriptedServer, events, said

PIECES = 300

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def server():
    """Passes the test of a model that is loaded, then writes a sentence each tenth of a second."""
    known = (200, {}, said("云溪县城南客运站投入使用"))
    body = events(*(f"夜间门诊第{number}句。" for number in range(PIECES)))
    slow = (200, {"x-drip": "0.1"}, body)
    with ScriptedServer(lambda asked: slow if asked.get("stream") else known) as one:
        yield one


@pytest.fixture(scope="module")
def address(data, server):
    with started(data, "--reader", f"server:tiny@{server.url}") as where:
        yield where


def test_stop_stops_the_model_and_keeps_what_was_said(page, server):
    page.locator("#suggested").get_by_role("button", name=SUGGESTED).click()
    page.wait_for_selector("#talk .said:has-text('第3句')")
    page.locator("#stop").click()
    page.wait_for_selector("#send:not([disabled])")
    shown = page.locator("#talk").inner_text()
    sent = server.sent
    time.sleep(2)
    assert server.sent <= sent + 2 < PIECES  # nobody listens any more
    assert page.locator("#talk").inner_text() == shown and "第3句" in shown
    page.reload()
    page.wait_for_selector("#talk .said:has-text('第3句')")  # what was said stays, and is marked
    page.wait_for_selector("#talk :text('已停止')")
