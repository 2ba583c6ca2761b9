"""What a failover could take back is neither published nor followed: with a standby that is
named and never answers, a commit whose wait is cut short succeeds, with a warning."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from sqlalchemy import Engine

from audit.checkpoint import Checkpoint
from gateway.store import checkpoints
from gateway.store.base import StoreUnavailableError
from gateway.store.checkpoints import Leadership
from gateway.store.postgres import open_engine
from gateway.store.schema import upgrade
from tests.audit.logs import NAME, SIGNER
from tests.gateway.machine import wait_until
from tests.postgres import PostgresServer

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with PostgresServer.running() as running:
        yield running


@pytest.fixture
def engine(server: PostgresServer) -> Iterator[Engine]:
    opened = open_engine(server.url)
    upgrade(opened)
    yield opened
    opened.dispose()


@contextmanager
def impatient(server: PostgresServer) -> Iterator[None]:
    """A standby that nobody ever is, and somebody who cuts every wait for it short."""
    stop = threading.Event()
    with closing(psycopg.connect(server.url, autocommit=True)) as administrator:

        def standby(name: str) -> None:
            administrator.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
            administrator.execute("SELECT pg_reload_conf()")

        def cut() -> None:
            while not stop.wait(0.01):
                for row in administrator.execute(WAITING).fetchall():
                    administrator.execute("SELECT pg_cancel_backend(%s)", row)

        standby("nobody")
        shown = "SHOW synchronous_standby_names"
        wait_until(lambda: administrator.execute(shown).fetchone() == ("nobody",), "it is not set")
        thread = threading.Thread(target=cut)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            standby("")


def test_an_unconfirmed_checkpoint_is_not_taken_for_published(
    server: PostgresServer, engine: Engine
) -> None:
    leader = Leadership(engine)
    assert leader.held()
    checkpoint = Checkpoint(NAME, 5, b"r" * 32)
    with impatient(server):
        assert not leader.publish(checkpoint, checkpoint.sign(SIGNER))
        assert leader.token is None, "it leads no longer"
    leader.resign()


def test_what_was_read_is_not_followed_before_a_later_commit_is_confirmed(
    server: PostgresServer, engine: Engine
) -> None:
    with engine.connect() as connection:
        with impatient(server), pytest.raises(StoreUnavailableError):
            checkpoints.confirm(connection)
        connection.rollback()
        checkpoints.confirm(connection)
