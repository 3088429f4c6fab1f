"""What is under way for whom, so that it can be stopped."""

from __future__ import annotations

import threading

__all__ = ["Stops"]


class Stops:
    """One running question a browser window: another one of the same window stops the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[str, threading.Event] = {}

    def put(self, window: str, event: threading.Event) -> None:
        """Remember what stops the question of this window."""
        with self._lock:
            # those that ended have set their own: no list of windows that were closed grows here
            self._events = {name: one for name, one in self._events.items() if not one.is_set()}
            before = self._events.get(window)
            self._events[window] = event
        if before is not None:
            before.set()

    def stop(self, window: str) -> None:
        """Nothing when nothing is under way."""
        with self._lock:
            event = self._events.pop(window, None)
        if event is not None:
            event.set()
