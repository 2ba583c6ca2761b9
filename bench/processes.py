"""Servers as processes of their own, on cores of their own, always stopped again."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.cores import pin

PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on, below those the kernel gives to outgoing connections: the load's
    own could otherwise take it while a server is being started again."""
    while True:
        port = random.randrange(15_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this interpreter."""
    return [sys.executable, "-m", name, *arguments]


@contextmanager
def serving(
    command: Sequence[str],
    port: int,
    cores: Sequence[int],
    log: Path,
    environ: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start, wait until `/health/ready` answers 200, and stop at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=os.environ | dict(environ or {}), stdout=output, stderr=output
        )
    try:
        pin(process.pid, cores)
        wait_until_ready(process, port, log)
        yield process
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Raises `RuntimeError`, with the end of its log, where a server does not come up."""
    deadline = time.monotonic() + PATIENCE
    while not _ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{process.args!r} did not start: {said}")
        time.sleep(0.05)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process: kindly, then by force."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
