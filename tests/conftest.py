"""The seal around every test: no network but loopback, no home, no model hub, one private folder."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.browsing import address, browser, data, page  # noqa: F401
from tests.running import program  # noqa: F401
from tests.serving import folders, served  # noqa: F401  # fixtures, seen by every test file
from tests.storing import store  # noqa: F401

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test that reaches out fails at once, here and not on the machine of someone without a network."""
    for variable, value in {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hf"),
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(variable, value)
    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, _only_loopback(getattr(socket.socket, method)))
    monkeypatch.setattr(socket, "getaddrinfo", _only_local_names(socket.getaddrinfo))


def _only_loopback(connect):
    def sealed_connect(self, where):
        if self.family in (socket.AF_INET, socket.AF_INET6) and where[0] not in _LOOPBACK:
            raise RuntimeError(f"tests are sealed from the network, this one reached for {where!r}")
        return connect(self, where)

    return sealed_connect


def _only_local_names(getaddrinfo):
    def sealed_lookup(host, *args, **kwargs):
        if host not in {*_LOOPBACK, None, ""}:
            raise RuntimeError(f"tests are sealed from the network, this one looked up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    return sealed_lookup
