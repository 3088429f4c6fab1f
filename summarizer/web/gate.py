"""The door in front of the accounts: who knocks from where, how long the locked out wait, whose session ends.

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
_Receive = Callable[[], Awaitable[_Scope]]
_Send = Callable[[_Scope], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

# What gradio writes into the page of one who has not logged in, and into no other.
_FORM = b'"auth_required":true'
# Gradio's form says nothing to an answer that is neither yes nor no.
_SCRIPT = """<script>(() => {
  const plain = window.fetch;
  window.fetch = async (...request) => {
    const answer = await plain.apply(window, request);
    if (new URL(answer.url).pathname.replace(/\\/$/, "").endsWith("/login")) {
      let told = document.getElementById("locked-out");
      if (told) told.remove();
      if (answer.status === 429) {
        const wait = answer.headers.get("Retry-After");
        told = document.createElement("p");
        told.id = "locked-out";
        told.setAttribute("role", "alert");
        told.style.cssText = "margin:0;padding:1em;text-align:center;font:16px sans-serif;" +
          "background:#fae3de;color:#561a13";
        told.textContent = `输错的次数太多，请等 ${wait} 秒再试。` +
          ` Too many wrong passwords: please try again in ${wait} seconds.`;
        document.body.prepend(told);
      }
    }
    return answer;
  };
})();</script>""".encode()


class Gate:
    """`check` is what gradio asks for a login; it needs `middleware` around the app for the addresses."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self._address: ContextVar[str] = ContextVar("address", default="")
        self._marks = accounts.marks()

    async def check(self, name: str, password: str) -> bool:
        """As `Accounts.check`, off the server's loop; the locked out get an HTTP answer 429 that says so."""
        from starlette.exceptions import HTTPException  # late: it comes with gradio

        address = self._address.get()
        try:
            return await asyncio.to_thread(self.accounts.check, name, password, address)
        except LockedOutError as error:
            raise HTTPException(429, str(error), {"Retry-After": str(error.wait)}) from error

    def middleware(self, app: _App) -> _App:
        """`app`, the address of every request known to `check`, sessions that end with their password, and a
        form to log in that shows a wait."""

        async def addressed(scope: _Scope, receive: _Receive, send: _Send) -> None:
            client = scope.get("client")
            self._address.set(client[0] if client else "")
            if "app" in scope:
                self._end_sessions(scope["app"].tokens)
            await app(scope, receive, _Page(send) if scope["type"] == "http" else send)

        return addressed

    def _end_sessions(self, tokens: dict[str, str]) -> None:
        """Take away gradio's tokens of whoever has another password since, or is no more."""
        marks = self.accounts.marks()  # the file is looked at, and read only when it has changed
        if marks != self._marks:
            changed = {name for name, mark in self._marks.items() if marks.get(name) != mark}
            for token in [token for token, name in tokens.items() if name in changed]:
                del tokens[token]
            self._marks = marks


class _Page:
    """Passes everything on; to a page that is the form to log in it adds our script."""

    def __init__(self, send: _Send) -> None:
        self._send = send
        self._start: _Scope | None = None
        self._body = b""

    async def __call__(self, message: _Scope) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)
        else:
            if self._start is not None:  # a body of another kind, such as the path of a file
                await self._send(self._start)
                self._start = None
            await self._send(message)

    async def _finish(self, start: _Scope) -> None:
        self._start = None
        body = self._body
        if _FORM in body:
            body = body.replace(b"</head>", _SCRIPT + b"</head>", 1)
            kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: _Scope) -> bool:
    headers = {name.lower(): value for name, value in start["headers"]}
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers
