"""Pages that are being worked on: in memory, each its owner's, the oldest forgotten first."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict

from summarizer.web.repairs import Desk

__all__ = ["Drafts"]


class Drafts:
    """At most `most` desks, a browser's window finds its own again by a name that cannot be guessed."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._desks: OrderedDict[tuple[str, str], Desk] = OrderedDict()

    def keep(self, owner: str, desk: Desk, name: str | None = None) -> str:
        """Put it by, in the place `name` of this owner or in a new one; its name."""
        with self._lock:
            place = (owner, name) if name and (owner, name) in self._desks else (owner, uuid.uuid4().hex)
            self._desks[place] = desk
            self._desks.move_to_end(place)
            while len(self._desks) > self._most:
                self._desks.popitem(last=False)
            return place[1]

    def find(self, owner: str, name: str) -> Desk | None:
        """None when it is another's, or was forgotten."""
        with self._lock:
            return self._desks.get((owner, name))
