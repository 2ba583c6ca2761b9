"""The peer, in an environment of its own: `bench/.venv-peers`, made when it is missing."""

import json
import os
import subprocess
import threading
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.cores import SERVER, pin
from bench.operations import request
from bench.processes import PATIENCE, free_port, stop
from bench.servers import Server

BENCH = Path(__file__).parent
ENVIRONMENT = BENCH / ".venv-peers"
LOCK = BENCH / "peers" / "requirements.lock"


def python() -> Path:
    """The interpreter with the peer's libraries in it."""
    stamp = ENVIRONMENT / ".installed"
    interpreter = ENVIRONMENT / "bin" / "python"
    wanted = LOCK.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        options = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        command = [str(interpreter), "-m", "pip", *options, "-r", str(LOCK)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the peer's libraries cannot be installed: {done.stderr[-2000:]}")
        stamp.write_text(wanted, encoding="utf-8")
    return interpreter


@contextmanager
def serving(
    directory: Path, url: str, people: int, document: bytes, database: Sequence[int]
) -> Iterator[tuple[Server, list[str]]]:
    """The peer on a database, and a read of every one of its people."""
    port, file = free_port(), directory / "peer-document.json"
    file.write_bytes(document)
    command = [str(python()), "-m", "bench.peers.django_rest.serve", "--port", str(port)]
    command += ["--database", url, "--people", str(people), "--document", str(file)]
    log = directory / "peer.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=BENCH.parent, env=_environment(), stdout=subprocess.PIPE, stderr=output
        )
    try:
        pin(process.pid, SERVER)
        told = _first_line(process, log)
        parts = {"server": [process.pid]} | ({"database": list(database)} if database else {})
        server = Server(port, parts, directory, process)
        asked = [request("GET", told["path"].format(ref), told["token"]) for ref in told["refs"]]
        yield server, asked
    finally:
        stop(process)
        if process.stdout:
            process.stdout.close()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _first_line(process: "subprocess.Popen[bytes]", log: Path) -> dict[str, str]:
    """What it says when it is ready. Raises `RuntimeError` where it does not come up."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        line = process.stdout.readline() if process.stdout else b""
    finally:
        timer.cancel()
    if not line:
        raise RuntimeError(f"the peer did not start: {log.read_text(errors='replace')[-2000:]}")
    told: dict[str, str] = json.loads(line)
    return told
