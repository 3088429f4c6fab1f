"""Who may come in: names with salted scrypt hashes in one file, and a lock after too many wrong passwords.

There is no account until `summarizer app --add-user NAME` makes one. The file is read again whenever
it has changed, so an account that is added or taken away counts at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["Accounts"]


class Accounts:
    """The accounts in the file `path`, mode 0600; a missing file holds none. Raises AccountError throughout.

        accounts = Accounts(data / "accounts.json")
        if accounts.check(name, password, address):
            ...

    `clock` gives seconds; it measures the waits of those who are locked out.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path

    def names(self) -> list[str]:
        """All of them, sorted."""
        raise NotImplementedError

    def knows(self, name: str) -> bool:
        """Is there such an account still? Ask it for every request: a session may outlive its account."""
        raise NotImplementedError

    def add(self, name: str, password: str) -> None:
        """Make an account, or give the one of this name a new password."""
        raise NotImplementedError

    def remove(self, name: str) -> bool:
        """Was there one? What it owned stays, and a new account of the same name would find it again."""
        raise NotImplementedError

    def check(self, name: str, password: str, address: str = "") -> bool:
        """Is it the password of `name`? Takes as long for an unknown name. Raises LockedOutError."""
        raise NotImplementedError
