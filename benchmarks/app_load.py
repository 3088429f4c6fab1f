"""Many people in the app at once: how long a search and an answer take, who is turned away, and the memory.

    python benchmarks/app_load.py [--users 50] [--minutes 5] [--think 10] [--library DIR]

Starts `app.py --api` in a process of its own. Each user searches (three times of four) or asks, waits for the
result, and thinks: exponential, `--think` seconds on average. At the end all of them ask in one moment. Times
are what a client sees, from sending to the last byte. Questions are made from the library's headlines.
Memory is the server's resident set, each second; its slope is fitted over the second half.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
_FULL = "line of fewer than"
"""What a program is told when the line is full; see summarizer/web/line.py."""


@dataclass
class Tally:
    """Seconds by kind of request, and how many were turned away or failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"search": [], "ask": [], "burst": []})
    full: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


@contextmanager
def served(library: str | None, data: Path) -> Iterator[tuple[str, int]]:
    """Address and process id of an app whose models are loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "app.py", "--api", "--data", str(data), "--port", str(port)]
    words += ["--library", library] if library else []
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rstrip("/"), server.pid
        finally:
            server.kill()


async def call(client: httpx.AsyncClient, name: str, data: list[object]) -> str:
    """The result's event: "complete", or what the error says."""
    joined = await client.post(f"/gradio_api/call/{name}", json={"data": data})
    joined.raise_for_status()
    kind, said = "", ""
    async with client.stream("GET", f"/gradio_api/call/{name}/{joined.json()['event_id']}") as answer:
        async for line in answer.aiter_lines():
            word, _, rest = line.partition(": ")
            if word == "event":
                kind = rest
            elif word == "data" and kind != "heartbeat":
                said = rest
    return "complete" if kind == "complete" else said


async def timed(client: httpx.AsyncClient, tally: Tally, kind: str, name: str, data: list[object]) -> None:
    start = time.perf_counter()
    try:
        said = await call(client, name, data)
    except httpx.HTTPError as error:
        said = type(error).__name__
    spent = time.perf_counter() - start
    if said == "complete":
        tally.seconds[kind].append(spent)
    elif _FULL in said:
        tally.full[kind] += 1
    else:
        tally.errors[said[:80]] += 1


async def user(
    client: httpx.AsyncClient,
    tally: Tally,
    questions: list[str],
    until: float,
    think: float,
    chance: random.Random,
) -> None:
    while True:
        await asyncio.sleep(chance.expovariate(1 / think))
        if time.perf_counter() > until:
            return
        question = chance.choice(questions)
        if chance.random() < 0.75:
            await timed(client, tally, "search", "search", [question, 10])
        else:
            await timed(client, tally, "ask", "ask", [question])


async def watch(pid: int, memory: list[float], until: float) -> None:
    """Megabytes, each second."""
    while time.perf_counter() < until:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        memory.append(pages * 4096 / 2**20)
        await asyncio.sleep(1)


async def load(
    given: argparse.Namespace, address: str, pid: int, questions: list[str]
) -> tuple[Tally, list[float]]:
    tally, memory = Tally(), []
    limits = httpx.Limits(max_connections=2 * given.users)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, trust_env=False) as client:
        for name, data in (("search", [questions[0], 10]), ("ask", [questions[0]])):
            said = await call(client, name, data)  # the models are loaded once it is answered
            assert said == "complete", said
        until = time.perf_counter() + 60 * given.minutes
        users = [
            user(client, tally, questions, until, given.think, random.Random(number))
            for number in range(given.users)
        ]
        await asyncio.gather(watch(pid, memory, until), *users)
        await asyncio.gather(
            *(
                timed(client, tally, "burst", "ask", [questions[n % len(questions)]])
                for n in range(given.users)
            )
        )
    return tally, memory


def asked(library: str | None, data: Path) -> list[str]:
    """Questions out of headlines, and the three that the app suggests."""
    from summarizer.library import Library

    suggested = ["县医院夜间门诊累计接诊多少人次？", "跳绳比赛拿了几块金牌？", "停水到几点恢复？"]
    place = library or str(data / "library")
    try:
        entries = list(Library.open(place).documents())
    except Exception as error:
        raise SystemExit(f"{place}: expected a library: {error}") from error
    chance = random.Random(0)
    named = [entry.headline for entry in entries if entry.headline]
    return suggested + [f"{line}是怎么回事？" for line in chance.sample(named, min(300, len(named)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--think", type=float, default=10.0)
    parser.add_argument("--library")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with served(given.library, data) as (address, pid):
            start = time.perf_counter()
            while not given.library and not (data / "library").exists() and time.perf_counter() < start + 120:
                time.sleep(0.5)
            time.sleep(15)
            questions = asked(given.library, data)
            tally, memory = asyncio.run(load(given, address, pid, questions))
    report(tally, memory, given.users)


def report(tally: Tally, memory: list[float], users: int) -> None:
    print(f"{users} users\n\n| | answered | p50 ms | p95 ms | worst ms | told the line is full |")
    print("|---|---|---|---|---|---|")
    for kind, spent in tally.seconds.items():
        cells = (
            [f"{1000 * value:.0f}" for value in np.percentile(spent, [50, 95, 100])] if spent else ["—"] * 3
        )
        print(f"| {kind} | {len(spent)} | {' | '.join(cells)} | {tally.full[kind]} |")
    print(f"\nerrors: {dict(tally.errors) or 'none'}")
    half = memory[len(memory) // 2 :]
    slope = np.polyfit(range(len(half)), half, 1)[0] * 60 if len(half) > 1 else 0.0
    print(f"memory: {memory[0]:.0f} MB at first, {max(memory):.0f} at most, {memory[-1]:.0f} at the end, "
          f"{slope:+.1f} MB a minute in the second half")  # fmt: skip


if __name__ == "__main__":
    main()
