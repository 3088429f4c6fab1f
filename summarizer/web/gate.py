"""The door in front of the accounts: tells them who knocks from where, and the locked out how long to wait.

    gate = Gate(accounts)
    demo.launch(auth=gate.check, app_kwargs={"middleware": [Middleware(gate.middleware)]})
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from summarizer.errors import LockedOutError
from summarizer.web.accounts import Accounts

__all__ = ["Gate"]

_Scope = MutableMapping[str, Any]
_App = Callable[..., Awaitable[None]]


class Gate:
    """`check` is what gradio asks for a login; it needs `middleware` around the app for the addresses."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self._address: ContextVar[str] = ContextVar("address", default="")

    async def check(self, name: str, password: str) -> bool:
        """As `Accounts.check`, off the server's loop; the locked out get an HTTP answer 429 that says so."""
        from starlette.exceptions import HTTPException  # late: it comes with gradio

        address = self._address.get()
        try:
            return await asyncio.to_thread(self.accounts.check, name, password, address)
        except LockedOutError as error:
            raise HTTPException(429, str(error), {"Retry-After": str(error.wait)}) from error

    def middleware(self, app: _App) -> _App:
        """`app` with the address of every request known to `check`."""

        async def addressed(scope: _Scope, receive: _App, send: _App) -> None:
            client = scope.get("client")
            self._address.set(client[0] if client else "")
            await app(scope, receive, send)

        return addressed
