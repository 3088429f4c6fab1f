"""An evaluation that the app began: a process of its own, which says in a file how far it is.

    python -m eval.background FOLDER

FOLDER/standing.json names the model and the data; FOLDER/runs takes the run. While the process works it holds
FOLDER/.running, so whoever finds the lock free and the state "running" knows that it was ended; the
run's journal is kept then, and the same evaluation goes on from there.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from eval.data import load_gold
from eval.runner import Plan, execute
from eval.store import journal_of
from eval.tasks.subject import Subject
from summarizer.config import load_settings
from summarizer.errors import StoreError, SummarizerError
from summarizer.web.evaluation import Standing
from summarizer.web.places import written
from summarizer.web.processes import spawned

__all__ = ["Background", "work"]

PAGES = ("headlines", "briefs", "articles", "retrieval", "reading", "answers", "refusal", "grounding")
OWN = ("headlines", "reading")
"""What is asked over the hand-written pages, and over references of one's own."""
_GRACE, _LOOK = 5.0, 0.05
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be done, and how far it is."""

    model: str
    data: str | None
    """The file of references; None for the hand-written pages."""
    out: str
    """Name of the run's file."""
    state: str = "running"
    task: str = ""
    done: int = 0
    items: int = 0
    told: str = ""
    pid: int = 0


class Background:
    """The evaluations of one folder: one at a time, whichever server began it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._child: subprocess.Popen[bytes] | None = None

    def standing(self) -> Standing | None:
        """None when none was begun. Raises StoreError for a file that is none of ours."""
        busy = self.busy()  # asked first: what is read then is the last word of one that ended
        order = self._order()
        if order is None:
            return None
        state: Any = "stopped" if order.state == "running" else order.state
        if busy:  # to the end of the process: till then no other can begin
            state = "running"
        return Standing(state, order.model, order.task, order.done, order.items, order.told)

    def begin(self, model: str, data: Path | None) -> None:
        """Start it, or go on with what was stopped. Raises StoreError while another goes on."""
        if self.busy():
            raise StoreError(
                "expected no evaluation to go on, found one. Wait for it, or stop it first.",
                reason="eval.busy",
            )
        last = self._order()
        order = _Order(model, str(data) if data else None, _name(model, data))
        if last is not None and (last.model, last.data) == (order.model, order.data):
            path = self.folder / "runs" / last.out
            if journal_of(path).exists() and not path.exists():
                order = replace(order, out=last.out)
        self._write(order)
        words = [sys.executable, "-m", "eval.background", str(self.folder.resolve())]
        self._child = spawned(words, self.folder, self.folder / "evaluation.log")

    def stop(self) -> None:
        """Nothing when none goes on. Raises StoreError when it will not end."""
        order = self._order()
        if order is None or not self.busy():
            return
        # one that still loads its libraries has not said its number yet; then it is our child
        pid = order.pid or (self._child.pid if self._child else 0)
        for deadly in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if pid:
                self._end(pid, deadly)
            until = time.monotonic() + _GRACE
            while time.monotonic() < until:
                if not self.busy():
                    return
                time.sleep(_LOOK)
        raise StoreError(
            f"expected process {pid} to end, found it still there. End it, and try again.",
            reason="job.will_not_end",
            process=pid,
        )

    @staticmethod
    def _end(pid: int, deadly: int) -> None:
        try:
            os.kill(pid, deadly)
        except ProcessLookupError:
            pass  # it went by itself

    def busy(self) -> bool:
        """Does a process work, ours or another server's, or is one about to?"""
        if self._child is not None and self._child.poll() is None:
            return True
        probe = self._held()
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        probe.release()
        return False

    def _held(self) -> FileLock:
        return FileLock(self.folder / ".running", mode=0o600)

    def _order(self) -> _Order | None:
        path = self.folder / "standing.json"
        try:
            return _Order(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise StoreError(
                f"{path}: expected what an evaluation wrote, found {error}. Delete it.",
                reason="reference.damaged",
                found=str(error),
            ) from error

    def _write(self, order: _Order) -> None:
        written(self.folder / "standing.json", asdict(order))

    def work(self) -> int:
        """In the process itself: do what was ordered; exit code 0, or 1 when it failed."""
        with self._held().acquire(timeout=_GRACE):
            order = self._order()
            assert order is not None, "a process is started after its order was written"
            order = replace(order, pid=os.getpid(), state="running", told="")
            self._write(order)
            try:
                order = self._executed(order)
            except SummarizerError as error:
                log.warning("%s", error)
                self._write(replace(order, state="failed", told=str(error)))
                return 1
            except Exception as error:
                self._write(replace(order, state="failed", told=f"{type(error).__name__}: {error}"))
                raise
            self._write(replace(order, state="done"))
            return 0

    def _executed(self, order: _Order) -> _Order:
        last = order

        def told(task: str, done: int, items: int) -> None:
            nonlocal last
            last = replace(order, task=task, done=done, items=items)
            self._write(last)

        settings = load_settings({})
        gold = load_gold(Path(order.data) if order.data else None)
        said = {
            "words": False, "beams": settings.beams, "reranker": settings.reranker,
            "bertscore": None, "judge": None,
        }  # fmt: skip
        plan = Plan(OWN if order.data else PAGES, None, said, every=True)
        with tempfile.TemporaryDirectory(prefix="eval-") as place:
            subject = Subject(order.model, gold, settings, Path(place))
            execute(plan, subject, self.folder / "runs" / order.out, told)
        return last


def _name(model: str, data: Path | None) -> str:
    safe = re.sub("[^0-9A-Za-z._-]+", "-", model).strip("-.") or "model"
    when = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return f"{safe[:60]}-{'own' if data else 'pages'}-{when}.json"


def work(folder: Path) -> int:
    """The process. Exit code 2 for another beside it."""
    try:
        return Background(folder).work()
    except Timeout:
        log.warning("%s: expected to be alone, found another evaluation", folder)
        return 2


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    sys.exit(work(Path(sys.argv[1])))
