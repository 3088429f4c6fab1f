"""Fixtures of what the app keeps: its store in a folder of its own."""

from __future__ import annotations

import pytest


@pytest.fixture
def store(tmp_path):
    from summarizer.web.store import Store  # late: most tests do without

    opened = Store(tmp_path / "data" / "app.sqlite")
    yield opened
    opened.close()
