"""How far a run is: a bar on a terminal, a plain line now and then elsewhere. On stderr only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

__all__ = ["Tally", "shown"]

# Seconds between two lines in a log; a run of hours should not fill one.
_EVERY = 15.0


@dataclass(slots=True)
class Tally:
    """What a run has done so far; inputs are pages, or rows of a JSON Lines file."""

    inputs: int | None = None
    """Named by the command; None when not counted."""
    seen: int = 0
    """Of these, done with: summarized, set aside or resumed."""
    resumed: int = 0
    """Of these, done by an earlier run."""
    set_aside: int = 0
    kept: int = 0
    """Articles whose summary is written where it was asked for, by this run or an earlier one."""
    made: int = 0
    """Articles summarized by this run."""

    def aside(self) -> None:
        """One input gave nothing."""
        self.seen += 1
        self.set_aside += 1

    def done(self, inputs: int, articles: int) -> None:
        """So many inputs gave so many summaries."""
        self.seen += inputs
        self.made += articles

    def line(self, seconds: float) -> str:
        """All of it in one line, `seconds` after the start."""
        of = f" of {self.inputs}" if self.inputs is not None else ""
        rate = self.made / max(seconds, 1e-9)
        text = f"{self.seen}{of} inputs, {self.kept} articles, {rate:.1f} articles/s"
        worked = self.seen - self.resumed
        if self.inputs is not None and worked:
            text += f", {_clock((self.inputs - self.seen) * seconds / worked)} left"
        return text + (f", {self.set_aside} set aside" if self.set_aside else "")


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@contextmanager
def shown(
    tally: Tally, stream: TextIO, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[], None]]:
    """A function to call whenever `tally` has changed; it draws when there is something to draw."""
    start = clock()
    if not stream.isatty():
        yield _plain(tally, stream, clock)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    # Results may be on their way to stdout: Progress must leave it alone.
    columns = BarColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=Console(file=stream), redirect_stdout=False) as bar:
        task = bar.add_task("", total=tally.inputs)
        yield lambda: bar.update(task, completed=tally.seen, description=tally.line(clock() - start))


def _plain(tally: Tally, stream: TextIO, clock: Callable[[], float]) -> Callable[[], None]:
    start = last = clock()

    def draw() -> None:
        nonlocal last
        now = clock()
        if now - last >= _EVERY:
            last = now
            stream.write(tally.line(now - start) + "\n")

    return draw
