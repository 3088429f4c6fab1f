"""Who is next: a model does one thing at a time, the others wait in a line that everybody can see.

ticket = line.join()
try:
    while ticket.ahead:
        ...  # tell it, wait a little
    ...  # the model is ours
finally:
    ticket.leave()
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from summarizer.errors import SummarizerError

__all__ = ["Line", "LineFullError", "Ticket"]

# Seconds after which one who waits and no longer looks is taken for gone: the browser was closed.
_GONE = 20.0


class LineFullError(SummarizerError):
    """As many wait as may wait. Nothing is wrong: come back in a moment."""


class Line:
    """First come, first served; at most `most` at once, the one being served among them."""

    def __init__(self, most: int = 16, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets: list[Ticket] = []

    def join(self) -> Ticket:
        """A place at the end. Raises LineFullError."""
        with self._lock:
            self._forget()
            if len(self._tickets) >= self.most:
                raise LineFullError(
                    f"expected a line of fewer than {self.most}, found it full. Try again soon.",
                    reason="line.full",
                )
            ticket = Ticket(self, self._clock())
            self._tickets.append(ticket)
            return ticket

    def __len__(self) -> int:
        with self._lock:
            self._forget()
            return len(self._tickets)

    def _forget(self) -> None:
        """Those who wait and have not looked for long. The one being served is never forgotten."""
        oldest = self._clock() - _GONE
        self._tickets = [t for t in self._tickets if t.served or t.looked >= oldest]

    def _ahead(self, ticket: Ticket) -> int:
        with self._lock:
            ticket.looked = self._clock()
            self._forget()
            if ticket not in self._tickets:
                raise LineFullError(
                    "expected a place in the line, found it given up after a long silence.",
                    reason="line.lost",
                )
            place = self._tickets.index(ticket)
            ticket.served = ticket.served or place == 0
            return place

    def _leave(self, ticket: Ticket) -> None:
        with self._lock:
            self._tickets = [t for t in self._tickets if t is not ticket]


class Ticket:
    """One place in a line. Made by `Line.join`."""

    def __init__(self, line: Line, now: float) -> None:
        self._line = line
        self.looked = now
        self.served = False

    @property
    def ahead(self) -> int:
        """How many come first; 0: our turn, until `leave`. Raises LineFullError when the place is lost."""
        return self._line._ahead(self)

    def leave(self) -> None:
        """Make room; twice is once."""
        self._line._leave(self)
