"""Too many wrong passwords: wait, and longer each time. Knows names and addresses, no passwords."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

from summarizer.errors import LockedOutError

__all__ = ["Attempt", "Lockout"]

# Wrong tries before the first wait: of one name from one address; of an address, whatever the names; of a
# name, whatever the addresses. The last is high, for it keeps out the right person too.
_FREE = {"pair": 5, "address": 20, "name": 50}
# Seconds: the first wait, doubled with each further wrong try up to the longest.
_FIRST, _LONGEST = 30.0, 3_600.0
# Seconds without a try after which everything is forgotten.
_MEMORY = 24 * 3_600.0
# Keys remembered, or a flood of made-up names would fill the memory; the longest silent go first.
_MOST = 100_000

_Key = tuple[str, str, str]


class Lockout:
    """What was tried. Lost at a restart; nobody outside can cause one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[_Key, tuple[int, float]] = OrderedDict()
        """Key -> wrong tries so far and when the last was, the longest silent first."""

    def attempt(self, name: str, address: str) -> Attempt:
        """Count one try, as a wrong one until `right` is said. Raises LockedOutError, and counts nothing."""
        keys = (("pair", name, address), ("address", "", address), ("name", name, ""))
        with self._lock:
            now = self._clock()
            wait = max(self._until(key) for key in keys) - now
            if wait > 0:
                raise LockedOutError(math.ceil(wait))
            before = {key: self._tries.get(key) for key in keys}
            for key in keys:
                count, last = before[key] or (0, now)
                self._tries[key] = (1 if now - last > _MEMORY else count + 1, now)
                self._tries.move_to_end(key)
            while len(self._tries) > _MOST:
                self._tries.popitem(last=False)
        return Attempt(self, name, address)

    def _until(self, key: _Key) -> float:
        """When this key may try again."""
        count, last = self._tries.get(key, (0, 0.0))
        over = count - _FREE[key[0]]
        # the exponent is capped: 2.0**2000 is no float
        return last + min(_FIRST * 2.0 ** min(over, 20), _LONGEST) if over >= 0 else -math.inf

    def forgive(self, name: str, address: str) -> None:
        """The right password: the wrong ones of this name from this address were its owner's, and count for
        nothing any more. What others tried from there, or elsewhere for this name, stays."""
        with self._lock:
            owned, _ = self._tries.pop(("pair", name, address), (0, 0.0))
            for key in (("address", "", address), ("name", name, "")):
                count, last = self._tries.get(key, (0, 0.0))
                if count > owned:
                    self._tries[key] = (count - owned, last)
                else:
                    self._tries.pop(key, None)


class Attempt:
    """One try. Made by `Lockout.attempt`."""

    def __init__(self, lockout: Lockout, name: str, address: str) -> None:
        self._lockout, self._name, self._address = lockout, name, address

    def right(self) -> None:
        """It was the right password."""
        self._lockout.forgive(self._name, self._address)
