"""Which server settings are fastest? `python -m bench.peers.django_rest.search --database URL ...`.

Each candidate is started on core 0, asked from core 1 at 1, 16 and 64 connections, and stopped.
Prints rows of a Markdown table: answers a second, and p99 in milliseconds, medians of the rounds.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.peers.django_rest.client import load

CONNECTIONS = (1, 16, 64)
SETTINGS = [
    *(("sync", workers, 1) for workers in (1, 2, 4)),
    *(("gthread", workers, threads) for workers in (1, 2, 4) for threads in (1, 2, 4)),
    *((kind, workers, 1) for kind in ("asgi", "uvicorn") for workers in (1, 2, 4)),
]


@contextmanager
def serving(
    database: str, document: Path, people: int, *extra: str, cores: tuple[int, ...] = ()
) -> Iterator[dict[str, Any]]:
    """A running server: what it said when it was ready, with its `port`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.peers.django_rest.serve", "--port", str(port)]
    command += ["--database", database, "--document", str(document), "--people", str(people)]
    with subprocess.Popen([*command, *extra], stdout=subprocess.PIPE, text=True) as server:
        if cores:
            os.sched_setaffinity(server.pid, cores)
        try:
            assert server.stdout is not None  # noqa: S101
            yield {**json.loads(server.stdout.readline()), "port": port}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def measure(said: dict[str, Any], seconds: float, rounds: int) -> list[str]:
    """A table cell for each number of connections. Raises where an answer is not a document."""
    paths = [said["path"].format(ref) for ref in said["refs"]]
    asyncio.run(load(said["port"], paths, said["token"], 16, 1.0))
    cells = []
    for connections in CONNECTIONS:
        results = [
            asyncio.run(load(said["port"], paths, said["token"], connections, seconds))
            for _ in range(rounds)
        ]
        if any(set(result.statuses) != {200} for result in results):
            raise RuntimeError([result.statuses for result in results])
        rate = median(result.rate for result in results)
        slow = median(result.percentile(0.99) for result in results)
        cells.append(f"{rate:.0f} ({slow:.0f})")
    return cells


def main() -> None:
    """Search."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--document", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", help="sync, gthread, asgi or uvicorn")
    given = parser.parse_args()
    os.sched_setaffinity(0, {1})
    for kind, workers, threads in SETTINGS:
        if given.only in {None, kind}:
            extra = ("--worker-class", kind, "--workers", str(workers), "--threads", str(threads))
            with serving(given.database, given.document, given.people, *extra, cores=(0,)) as said:
                cells = measure(said, given.seconds, given.rounds)
            print(f"| {kind} | {workers} | {threads} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
