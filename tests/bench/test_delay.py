"""The slow disk is really slow: for SQLite inside Python, and for PostgreSQL."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.delay import slow_disk
from tests.postgres import PostgresServer

MS = 25.0
COMMITS = 4
SQLITE = """
import sys, time, pysqlite3
database = pysqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE t (n)")
began = time.perf_counter()
for number in range(int(sys.argv[2])):
    database.execute("INSERT INTO t VALUES (?)", (number,))
print(time.perf_counter() - began)
"""


@pytest.fixture
def shim() -> Iterator[dict[str, str]]:
    """Where another user, who runs PostgreSQL, can reach it."""
    with tempfile.TemporaryDirectory() as directory:
        yield slow_disk(Path(directory), MS)


def test_every_commit_of_sqlite_waits_for_it(shim: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", SQLITE, str(tmp_path / "test.db"), str(COMMITS)]
    done = subprocess.run(
        command, env=os.environ | shim, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) >= COMMITS * MS / 1000


def test_every_commit_of_postgresql_waits_for_it(shim: dict[str, str]) -> None:
    with (
        PostgresServer.running(environment=shim) as server,
        psycopg.connect(server.url, autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE t (n integer)")
        began = time.perf_counter()
        for number in range(COMMITS):
            connection.execute("INSERT INTO t VALUES (%s)", (number,))
        assert time.perf_counter() - began >= COMMITS * MS / 1000
