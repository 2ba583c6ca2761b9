"""Which server settings are fastest? `python -m bench.peers.django_rest.search --document FILE`.

Each candidate is started on core 0, asked from core 1 at 1, 16 and 64 connections, and stopped;
PostgreSQL runs on core 1 as well, where the load leaves it room, so all of core 0 is the peer's.
Prints rows of a Markdown table: answers a second (p99 in milliseconds) for each, and
the CPU milliseconds of one answer, which other work on the machine disturbs least.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.peers.django_rest.client import load
from tests.postgres import PostgresServer

SERVER, LOAD = (0,), (1,)
PEOPLE = 1000
CONNECTIONS = (1, 16, 64)
SETTINGS = [
    *(("sync", workers, 1) for workers in (1, 2, 4)),
    *(("gthread", workers, threads) for workers in (1, 2, 4) for threads in (1, 2, 4)),
    *(("uvicorn", workers, 1) for workers in (1, 2, 4)),
]


def terminate(pid: int) -> None:
    """End a server as its operator would."""
    os.kill(pid, signal.SIGTERM)


@contextmanager
def serving(
    database: str,
    document: Path,
    people: int,
    *extra: str,
    cores: Sequence[int] = (),
    end: Callable[[int], None] = terminate,
) -> Iterator[dict[str, Any]]:
    """A running server, a process group of its own: what it said when ready, `port` and `pid`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.peers.django_rest.serve", "--port", str(port)]
    command += ["--database", database, "--document", str(document), "--people", str(people)]
    with subprocess.Popen(
        [*command, *extra], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        if cores:
            os.sched_setaffinity(server.pid, cores)
        try:
            said = server.stdout.readline() if server.stdout else ""
            if not said:
                raise RuntimeError("the server did not start")
            yield {**json.loads(said), "port": port, "pid": server.pid}
        finally:
            if server.poll() is None:
                end(server.pid)
            server.wait(timeout=30)


def cpu(group: int) -> float:
    """CPU seconds that the running processes of a group have used."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(") ")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(said: dict[str, Any], seconds: float) -> list[str]:
    """A table cell for each number of connections. Raises where an answer is not a document."""
    paths = [said["path"].format(ref) for ref in said["refs"]]
    asyncio.run(load(said["port"], paths, said["token"], 16, 1.0))
    cells, answers, began = [], 0, cpu(said["pid"])
    for connections in CONNECTIONS:
        result = asyncio.run(load(said["port"], paths, said["token"], connections, seconds))
        if set(result.statuses) != {200}:
            raise RuntimeError(f"not only documents: {result.statuses}")
        answers += len(result.latencies)
        cells.append(f"{result.rate:.0f} ({result.percentile(0.99):.0f})")
    return [*cells, f"{(cpu(said['pid']) - began) / answers * 1000:.2f}"]


def search(database: str, given: argparse.Namespace) -> None:
    """Try the candidates on one database, which keeps its rows from one to the next."""
    for kind, workers, threads in SETTINGS:
        if given.only in {None, kind}:
            extra = ("--worker-class", kind, "--workers", str(workers), "--threads", str(threads))
            with serving(database, given.document, PEOPLE, *extra, cores=SERVER) as said:
                cells = measure(said, given.seconds)
            print(f"| {kind} | {workers} | {threads} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Search on both databases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--document", type=Path, required=True, help="the plan, a JSON file")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--only", help="sync, gthread or uvicorn")
    given = parser.parse_args()
    os.sched_setaffinity(0, LOAD)
    if given.database != "postgresql":
        with tempfile.TemporaryDirectory() as directory:
            search(f"sqlite:///{directory}/peer.db", given)
    if given.database != "sqlite":
        with PostgresServer.running(cores=LOAD) as postgres:
            search(postgres.url, given)


if __name__ == "__main__":
    main()
