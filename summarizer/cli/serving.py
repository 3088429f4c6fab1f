"""The verb app: the page for a browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli.options import EXIT_CODES, INTERRUPTED, PATH
from summarizer.errors import EXIT_DONE

if TYPE_CHECKING:
    from summarizer.web.launch import Server

__all__ = ["app"]


@click.command(epilog=EXIT_CODES)
@click.option("--library", metavar="DIR", help="A folder or an s3:// address. Default: one of the app's own.")
@click.option("--host", metavar="HOST", default="127.0.0.1", show_default=True, help="Others need accounts.")
@click.option("--port", metavar="PORT", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option("--data", metavar="DIR", type=PATH, help="Where conversations, jobs and accounts are kept.")
@click.option("--model", metavar="NAME", help="That writes headlines: bundled, a folder, seq2seq:… chat:…")
@click.option("--reader", metavar="NAME", help="That answers: bundled, chat:FOLDER, server:NAME@URL.")
@click.option("--add-user", "user", metavar="NAME", help="Make an account or a new password, and end.")
@click.option("--api", is_flag=True, help="Also /gradio_api/call/search and /ask, which only read.")
@click.option("--settings", "file", metavar="FILE", type=PATH, help="Instead of ./summarizer.toml.")
def app(
    library: str | None,
    host: str,
    port: int,
    data: Path | None,
    user: str | None,
    api: bool,
    file: Path | None,
    **typed: str | None,
) -> int:
    """Serve the app on this machine, until Ctrl-C.

    \b
    summarizer app                              http://127.0.0.1:7860
    summarizer app --library archive            over a library that is there
    summarizer app --add-user yuan              an account: from then on everybody logs in
    summarizer app --host 0.0.0.0               for others too; refused without an account
    """
    from summarizer.config import load_settings
    from summarizer.web.places import data_folder

    data = (data or data_folder()).expanduser().resolve()
    if user is not None:
        return _add(data, user)
    from summarizer.web.launch import prepare, serve

    given = {name: value for name, value in {"library": library, **typed}.items() if value is not None}
    settings = load_settings(given, file=file)
    house = prepare(settings, data, own_library=library is None)
    return _until_stopped(serve(house, host=host, port=port, api=api))


def _add(data: Path, user: str) -> int:
    from summarizer.web.accounts import SHORTEST, Accounts
    from summarizer.web.places import private

    accounts = Accounts(private(data) / "accounts.json")
    password = click.prompt(
        f"Password, {SHORTEST} characters or more", hide_input=True, confirmation_prompt=True
    )
    accounts.add(user, password)
    click.echo(f"{user}: may log in. Accounts so far: {', '.join(accounts.names())}.", err=True)
    return EXIT_DONE


def _until_stopped(server: Server) -> int:
    click.echo(server.address)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        server.close()
