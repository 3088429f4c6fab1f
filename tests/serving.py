"""Fixtures: the tiny models, and a real OpenAI-compatible server process that serves one of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """One folder for each tiny architecture, by its name."""
    from tests import tiny  # late: it brings torch, which most tests do without

    root = tmp_path_factory.mktemp("models")
    return {name: getattr(tiny, name)(root / name) for name in [*tiny.LOCAL, *tiny.TAUGHT]}


@pytest.fixture(scope="session")
def served(folders, tmp_path_factory):
    """The address of a real `transformers serve` process on loopback with the taught chat model."""
    home = tmp_path_factory.mktemp("served")
    (home / "hub").mkdir()  # the server lists its cache and fails when there is none
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = "from transformers.cli.transformers import app; app()"
    command = [sys.executable, "-c", program, "serve", str(folders["taught_chat"])]
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"],
            env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(process, f"http://127.0.0.1:{port}/health", home / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process, url, log, tries=300):
    for _ in range(tries):
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.2)
    raise AssertionError(
        f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
    )
