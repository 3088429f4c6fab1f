"""Who may come in: names with salted scrypt hashes in one file, and a lock after too many wrong passwords.

There is no account until `summarizer app --add-user NAME` makes one. The file is read again whenever
it has changed, so an account that is added or taken away counts at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.errors import AccountError
from summarizer.web.lockout import Lockout
from summarizer.web.places import private, written

__all__ = ["SHORTEST", "Accounts"]

SHORTEST = 10
"""Characters of a password, at least."""

_FORMAT = 1
_LONGEST_NAME, _LONGEST_PASSWORD = 40, 1_000
# The owner of everything while there are no accounts (summarizer.web.newsroom.LOCAL).
_RESERVED = {"local"}
# scrypt's N, r and p: 32 MB and some 0.2 s of one core, as OWASP's password storage sheet has it. Kept with
# every hash, so that they can be raised for new ones.
_COST = (2**15, 8, 3)
# What a file may ask for at most, or a forged one would take all the memory there is.
_DEAREST = (2**20, 32, 16)
_SALT, _SIZE = 16, 32
# Hashes made at the same time; more would take memory and not be faster.
_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    salt: bytes
    hash: bytes
    cost: tuple[int, int, int]

    def of(self, password: str) -> bytes:
        n, r, p = self.cost
        memory = 128 * r * (n + p + 2) * 2
        raw = password.encode("utf-8", "surrogatepass")
        return hashlib.scrypt(raw, salt=self.salt, n=n, r=r, p=p, maxmem=memory, dklen=_SIZE)


class Accounts:
    """The accounts in the file `path`, mode 0600; a missing file holds none. Raises AccountError throughout.

        accounts = Accounts(data / "accounts.json")
        if accounts.check(name, password, address):
            ...

    `clock` gives seconds; it measures the waits of those who are locked out.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._lockout = Lockout(clock)
        self._lock = threading.Lock()
        self._hashing = threading.BoundedSemaphore(_TOGETHER)
        self._read: tuple[object, dict[str, _Kept]] = (None, {})
        # Checked in place of an account that is not there. No password has this hash, but for one in 2^256.
        self._nobody = _Kept(secrets.token_bytes(_SALT), secrets.token_bytes(_SIZE), _COST)

    def names(self) -> list[str]:
        """All of them, sorted."""
        return sorted(self._accounts())

    def knows(self, name: str) -> bool:
        """Is there such an account still? Ask it for every request: a session may outlive its account."""
        return name in self._accounts()

    def marks(self) -> dict[str, bytes]:
        """Name -> something that changes with the password."""
        return {name: kept.hash for name, kept in self._accounts().items()}

    def add(self, name: str, password: str) -> None:
        """Make an account, or give the one of this name a new password."""
        name = _named(name)
        _strong(name, password)
        salt = secrets.token_bytes(_SALT)
        kept = _Kept(salt, b"", _COST)
        with self._hashing:
            hash = kept.of(_composed(password))
        self._change(lambda accounts: accounts | {name: _Kept(salt, hash, _COST)})

    def remove(self, name: str) -> bool:
        """Was there one? What it owned stays, and a new account of the same name would find it again."""
        known = self.knows(name)
        self._change(lambda accounts: {one: kept for one, kept in accounts.items() if one != name})
        return known

    def check(self, name: str, password: str, address: str = "") -> bool:
        """Is it the password of `name`? Takes as long for an unknown name. Raises LockedOutError.

        Names are taken as they are: another spelling would log in as another owner. For the lock they are
        one. A try counts as wrong before it is looked at, so a thousand at once are no way round the lock.
        """
        attempt = self._lockout.attempt(_plain(name), address)
        known = self._accounts().get(name)
        kept = known or self._nobody
        with self._hashing:
            same = hmac.compare_digest(kept.of(_composed(password[:_LONGEST_PASSWORD])), kept.hash)
        right = same and known is not None and len(password) <= _LONGEST_PASSWORD
        if right:
            attempt.right()
        return right

    # --- the file

    def _accounts(self) -> dict[str, _Kept]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _unreadable(self.path, error.strerror or str(error)) from error
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        with self._lock:
            if self._read[0] != state:
                if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
                    raise AccountError(
                        f"{self.path}: expected a file that only its owner can read, found mode "
                        f"{stat.S_IMODE(found.st_mode):04o}. Look who has read it, then: chmod 600 it."
                    )
                self._read = (state, _load(self.path))
            return self._read[1]

    def _change(self, change: Callable[[dict[str, _Kept]], dict[str, _Kept]]) -> None:
        try:
            private(self.path.parent)
            with FileLock(f"{self.path}.lock", timeout=10, mode=0o600):
                accounts = change(self._accounts())
                rows = {name: _row(kept) for name, kept in sorted(accounts.items())}
                written(self.path, {"format": _FORMAT, "accounts": rows})
        except (OSError, Timeout) as error:
            raise _unreadable(self.path, str(error)) from error


def _plain(name: str) -> str:
    """Names that look alike become one."""
    return unicodedata.normalize("NFKC", name).strip()


def _composed(password: str) -> str:
    """The same characters typed on another machine."""
    return unicodedata.normalize("NFC", password)


def _named(name: str) -> str:
    plain = _plain(name)
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable() or plain in _RESERVED:
        raise AccountError(
            f"expected a name of 1 to {_LONGEST_NAME} visible characters, and not 'local', found {name!r}."
        )
    return plain


def _strong(name: str, password: str) -> None:
    if not SHORTEST <= len(password) <= _LONGEST_PASSWORD:
        raise AccountError(
            f"expected a password of {SHORTEST} to {_LONGEST_PASSWORD:,} characters, found {len(password)}. "
            "Four words or more make a good one."
        )
    if len(set(password)) < 4 or _composed(password).casefold().strip() == name.casefold():
        raise AccountError("expected a password that is not the name, nor one key held down. Choose another.")


def _row(kept: _Kept) -> dict[str, object]:
    n, r, p = kept.cost
    told = (base64.b64encode(raw).decode("ascii") for raw in (kept.salt, kept.hash))
    return {"scrypt": {"n": n, "r": r, "p": p}, "salt": next(told), "hash": next(told)}


def _load(path: Path) -> dict[str, _Kept]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != _FORMAT:
            raise _unreadable(path, f"format {whole['format']!r}, which another version wrote")
        return {name: _kept(row) for name, row in whole["accounts"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(path, f"something else ({type(error).__name__})") from error


def _kept(row: dict[str, dict[str, int]] | dict[str, str]) -> _Kept:
    salt, hash = (base64.b64decode(str(row[field]), validate=True) for field in ("salt", "hash"))
    cost = row["scrypt"]
    if not isinstance(cost, dict):
        raise TypeError
    n, r, p = (int(cost[name]) for name in "nrp")
    if len(hash) != _SIZE or len(salt) < _SALT or not 1 < n <= _DEAREST[0] or n & (n - 1):
        raise ValueError
    if not (0 < r <= _DEAREST[1] and 0 < p <= _DEAREST[2]):
        raise ValueError
    return _Kept(salt, hash, (n, r, p))


def _unreadable(path: Path, found: str) -> AccountError:
    return AccountError(
        f"{path}: expected accounts in format {_FORMAT}, found {found}. Put a copy of it back, "
        "or move it away and make the accounts again."
    )
