"""The server: on this machine alone unless there are accounts, nothing fetched, nothing told to anybody."""

from __future__ import annotations

import ipaddress
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.config import Settings
from summarizer.errors import UsageError
from summarizer.memory import few_arenas
from summarizer.newspaper import Newspaper
from summarizer.web.accounts import Accounts
from summarizer.web.conversations import Conversations
from summarizer.web.gate import Gate
from summarizer.web.house import House
from summarizer.web.jobs import Jobs
from summarizer.web.newsroom import Newsroom
from summarizer.web.places import private
from summarizer.web.store import Store
from summarizer.web.strings import Strings

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["PORT", "Server", "loopback", "prepare", "serve"]

PORT = 7860
# What stands in the data folder beside `served`, and `empty`, which has nothing to give away. Named, not
# listed: SQLite makes two of these files later.
KEPT = (
    "accounts.json", "accounts.json.lock", "app.sqlite", "app.sqlite-shm", "app.sqlite-wal",
    "app.sqlite.lock", "browser.key", "evaluation", "incoming", "jobs", "library",
)  # fmt: skip
# What the page may load, sent with every answer: from this server, and from nowhere else. Gradio builds its
# templates and styles in the page, hence the unsafe- words; no address of another host is in any of them.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)

_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that stands. `close` ends it."""

    address: str
    house: House
    demo: gr.Blocks

    def close(self) -> None:
        self.demo.close(verbose=False)


def prepare(settings: Settings, data: Path, *, own_library: bool) -> House:
    """Make the private folders and everything that is shared; nothing is served and no model loaded yet.

    `data` keeps what lasts, mode 0700. With `own_library` the library is in there too, and begins with the
    shipped pages; else it is that of the settings. Raises StoreError, AccountError.
    """
    incoming, served = private(data / "incoming"), private(data / "served")
    private(data)
    library = str(data / "library") if own_library else _absolute(settings.library)
    settings = replace(settings, library=library)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="gradio-", dir=served)
    os.environ.pop("GRADIO_VIBE_MODE", None)  # lets anybody edit the program
    os.environ.pop("GRADIO_SHARE", None)
    return House(
        newsroom=Newsroom(Newspaper(settings), data, samples=own_library),
        conversations=Conversations(Store(data / "app.sqlite")),
        jobs=Jobs(data / "jobs"),
        accounts=Accounts(data / "accounts.json"),
        secret=_secret(data / "browser.key"),
        folder=incoming,
        served=Path(os.environ["GRADIO_TEMP_DIR"]),
    )


def serve(house: House, *, host: str = "127.0.0.1", port: int = PORT, api: bool = False) -> Server:
    """Serve it, and go on; the models load in the background. Raises UsageError.

    `host` other than this machine's own needs accounts.
    """
    if not loopback(host) and not house.guarded:
        raise UsageError(
            f"expected accounts for a server that others can reach, found none and the host {host}. "
            "Make one with 'summarizer app --add-user NAME'."
        )
    from starlette.middleware import Middleware

    from summarizer.web.app import blocks
    from summarizer.web.theme import CSS, head, theme

    few_arenas()
    gate = Gate(house.accounts)
    layers = [Middleware(gate.middleware), Middleware(_Guard)]
    demo = blocks(house, api=api)
    # Gradio gives away files of the working directory, so it is an empty one.
    os.chdir(private(house.newsroom.data / "empty"))
    try:
        _, address, _ = demo.launch(
            server_name=host, server_port=port, share=False, auth=gate.check if house.guarded else None,
            auth_message=Strings("zh")("bar.login") if house.guarded else None,
            allowed_paths=[], blocked_paths=_kept(house), max_file_size="8mb", max_threads=40,
            state_session_capacity=200, enable_monitoring=False, strict_cors=True, run_history=False,
            show_error=False, ssr_mode=False, mcp_server=False, pwa=False, footer_links=[], quiet=True,
            prevent_thread_lock=True, theme=theme(), css_paths=[CSS], head=head("zh"),
            app_kwargs={"middleware": layers, "docs_url": None, "redoc_url": None},
        )  # fmt: skip
    except OSError as error:
        raise UsageError(
            f"{host}:{port}: expected a free port. {error}. Name another with --port."
        ) from error
    house.newsroom.warm()
    house.jobs.revive()
    return Server(address.rstrip("/") + "/", house, demo)


def loopback(host: str) -> bool:
    """Does nobody but this machine reach it?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _kept(house: House) -> list[str]:
    """What no browser may be given, even if somebody names it: all that `data` keeps but `served`.

    Gradio reads what a browser sends from there, too, so the folder itself cannot be forbidden.
    """
    data = house.newsroom.data
    return [str(data / name) for name in KEPT]


def _absolute(library: str) -> str:
    """So that it is the same library from another working directory."""
    return library if "://" in library else str(Path(library).expanduser().resolve())


def _secret(path: Path) -> str:
    """The same at every start, so that a browser's memory stays readable."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass  # made at an earlier start
    return path.read_text(encoding="ascii")


class _Guard:
    """Puts our policy on every answer."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: Callable[..., Any], send: _Send) -> None:
        async def guarded(message: _Message) -> None:
            if message["type"] == "http.response.start":
                extra = {
                    b"content-security-policy": POLICY.encode(),
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"same-origin",
                }
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in extra]
                message["headers"] = [*kept, *extra.items()]
            await send(message)

        await self._app(scope, receive, guarded)
