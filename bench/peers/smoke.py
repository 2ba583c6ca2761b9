"""Is the peer honest? `python -m bench.peers.smoke` in the peers' environment says so or fails.

On both databases: the document for an allowed caller, 404 for another, 401 for nobody, one audit
entry for each reading and for nothing else, and no process left however the server is ended.
The PostgreSQL server is started, and removed, by the check itself.
"""

import asyncio
import json
import os
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.peers.django_rest.client import ask, load
from bench.peers.django_rest.search import serving
from tests.postgres import PostgresServer

PEOPLE = 20
PLAN = {"level": 2, "risks": ["serious harm"], "note": "An invented plan. " * 100}
ACCESS = 3
ENTRIES = """SELECT username, action, count(*) FROM auditlog_logentry
 JOIN plans_staff ON plans_staff.id = actor_id GROUP BY username, action"""
TOKENS = "SELECT key FROM authtoken_token JOIN plans_staff ON plans_staff.id = user_id"
ENDINGS: dict[str, Callable[[int], None]] = {
    "SIGTERM": lambda pid: os.kill(pid, signal.SIGTERM),
    "SIGTERM to the process group": lambda pid: os.killpg(pid, signal.SIGTERM),
    "SIGKILL": lambda pid: os.kill(pid, signal.SIGKILL),
}


def rows(database: str, query: str) -> list[Any]:
    """What a query finds, asked past Django."""
    if database.startswith("sqlite"):
        connection: Any = sqlite3.connect(database.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(database)
    try:
        return list(connection.execute(query).fetchall())
    finally:
        connection.close()


def get(port: int, path: str, token: str) -> tuple[int, Any]:
    """The status and the body of one answer."""

    async def once() -> tuple[int, Any]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        status, body, _ = await ask(reader, writer, path, token)
        writer.close()
        await writer.wait_closed()
        return status, json.loads(body)

    return asyncio.run(once())


def expect(what: str, found: object, expected: object) -> None:
    """Raises `SystemExit` where they differ."""
    if found != expected:
        raise SystemExit(f"FAILED {what}: {found} instead of {expected}")
    print(f"ok {what}")


def check_answers(database: str, document: Path) -> None:
    """What callers get, and what the audit log then holds."""
    with serving(database, document, PEOPLE) as said:
        port, token = said["port"], said["token"]
        paths = [said["path"].format(ref) for ref in said["refs"]]
        found = [get(port, path, token) for path in paths]
        expect("the document", found, [(200, PLAN)] * PEOPLE)
        expect("404, no such person", get(port, said["path"].format("P9"), token)[0], 404)
        (outsider,) = rows(database, f"{TOKENS} WHERE username = 'outsider'")[0]
        found = {get(port, path, outsider)[0] for path in paths}
        expect("404, person of others", found, {404})
        expect("401", get(port, paths[0], "nobody")[0], 401)
        many = asyncio.run(load(port, paths, token, 16, 1.0))
        expect("200 under load", set(many.statuses), {200})
    entries = [("caller", ACCESS, PEOPLE + many.statuses[200])]
    expect("one audit entry for each reading", rows(database, ENTRIES), entries)


def check_endings(database: str, document: Path) -> None:
    """No process is left, and a server starts again on the same database."""
    for name, end in ENDINGS.items():
        with serving(database, document, PEOPLE, end=end) as said:
            get(said["port"], said["path"].format(said["refs"][0]), said["token"])
        expect(f"nothing left after {name}", is_gone(said["pid"]), True)


def is_gone(group: int) -> bool:
    """Whether a process group is empty, or soon."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def main() -> None:
    """Check both databases."""
    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory) / "plan.json"
        document.write_text(json.dumps(PLAN))
        with PostgresServer.running() as postgres:
            for database in (f"sqlite:///{directory}/peer.db", postgres.url):
                print(database.partition(":")[0])
                check_answers(database, document)
                check_endings(database, document)


if __name__ == "__main__":
    main()
