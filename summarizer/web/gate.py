"""The door in front of the accounts: tells them who knocks from where, and the locked out how long to wait.

    gate = Gate(accounts)
    demo.launch(auth=gate.check, app_kwargs={"middleware": [Middleware(gate.middleware)]})
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from summarizer.web.accounts import Accounts

__all__ = ["Gate"]

App = Callable[..., Awaitable[None]]


class Gate:
    """`check` is what gradio asks for a login; it needs `middleware` around the app for the addresses."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    async def check(self, name: str, password: str) -> bool:
        """As `Accounts.check`, off the server's loop; the locked out get an HTTP answer 429 that says so."""
        raise NotImplementedError

    def middleware(self, app: App) -> Any:  # noqa: ANN401
        """`app` with the address of every request known to `check`."""
        raise NotImplementedError
