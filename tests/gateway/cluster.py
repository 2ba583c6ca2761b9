"""Databases of a test's own, entries committed to them, and what must be true of logs over them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from audit.checkpoint import parse_body
from audit.note import verified_text
from audit.tiles import TileReader
from gateway.integrator import log_directory
from gateway.store import entries
from gateway.store.entries import NewEntry
from gateway.store.postgres import open_engine
from gateway.store.schema import upgrade
from gateway.store.tables import AuditHead
from tests.audit.logs import SIGNER, sealed
from tests.postgres import PostgresServer

STORES = ("sqlite", "postgresql")


@contextmanager
def database(server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database, which is gone afterwards."""
    name = f"test_{uuid4().hex}"
    try:
        yield server.database(name)
    finally:
        server.drop(name)


@contextmanager
def migrated(server: PostgresServer) -> Iterator[tuple[str, Engine]]:
    """A database with the newest schema."""
    with database(server) as url:
        engine = open_engine(url)
        try:
            upgrade(engine)
            yield url, engine
        finally:
            engine.dispose()


@contextmanager
def fresh(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The database URL for a fixture with a parameter out of `STORES`; none means SQLite."""
    if request.param == "sqlite":
        yield None
    else:
        with database(request.getfixturevalue("postgres")) as url:
            yield url


def commit(engine: Engine, count: int) -> int:
    """Commit the next entries, as a worker does; returns how many there now are."""
    with engine.begin() as connection:
        size = int(connection.execute(select(AuditHead.size).with_for_update()).scalar_one())
        entries.append(connection, [entry(number) for number in range(size, size + count)])
    return size + count


def entry(number: int) -> NewEntry:
    """Entry `number`, the same one each time."""
    made = sealed(number)
    return NewEntry(
        id=made.id,
        time=made.time,
        agency=made.agency,
        client="invented-client",
        staff=None,
        operation="consultation",
        outcome="released",
        salt=made.salt.hex(),
        sealed=made.sealed.decode(),
        persons=(),
    )


def published(engine: Engine) -> list[tuple[int, str, str, int]]:
    """Every checkpoint that ever counted: size, root, note, token."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT size, root, note, token FROM log_checkpoint ORDER BY size")
        )
        return [tuple(row) for row in rows]


def check(engine: Engine, data_dirs: list[Path], size: int) -> None:
    """One history: every log verifies, all are alike, and every published root is of it."""
    notes = set()
    for data_dir in data_dirs:
        folder = log_directory(data_dir)
        command = [sys.executable, "-m", "audit.verify", "--expect-size", str(size), str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        notes.add((folder / "checkpoint").read_bytes())
    rows = published(engine)
    assert notes == {rows[-1][2].encode()}
    reader = TileReader(log_directory(data_dirs[0]), size)
    for length, root, note, _ in rows:
        signed = parse_body(verified_text(note.encode(), SIGNER.verifier))
        assert (signed.size, signed.root.hex()) == (length, root)
        assert reader.range_hash(0, length) == signed.root
    tokens = [token for *_, token in rows]
    assert all(old <= new for old, new in pairwise(tokens)), "an old leader published"


BREAK = {
    "sqlite": "CREATE TRIGGER broken BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'broken'); END",
    "postgresql": "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'broken'; END$$; "
    "CREATE TRIGGER broken BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION broken()",
}
STEAL = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SET idle_in_transaction_session_timeout = 0; BEGIN; "
    "LOCK TABLE heartbeat, audit_head IN EXCLUSIVE MODE",
}
"""A transaction that keeps everybody else from writing."""
IMPATIENT = {"sqlite": "PRAGMA busy_timeout = 100", "postgresql": "SET lock_timeout = '100ms'"}
"""For a writer that is not to wait long for it."""
MEND = {"sqlite": "DROP TRIGGER broken", "postgresql": "DROP FUNCTION broken CASCADE"}


@contextmanager
def refusing(engine: Engine, table: str) -> Iterator[None]:
    """The database takes no row into a table, as on a broken disk."""
    with engine.begin() as connection:
        connection.exec_driver_sql(BREAK[engine.dialect.name].format(table))
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql(MEND[engine.dialect.name])
