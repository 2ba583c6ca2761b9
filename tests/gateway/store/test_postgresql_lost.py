"""What the shared store promises of servers and sessions that are lost, and of standbys."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest

from gateway.store import postgres as module
from gateway.store.base import Store, StoreUnavailableError
from gateway.store.postgres import PostgresStore
from tests.gateway.cluster import migrated
from tests.gateway.machine import wait_until
from tests.gateway.store.conftest import Run
from tests.gateway.store.jobs import adding, found, logged, names
from tests.gateway.store.workers import PATIENCE, append, opened, until
from tests.postgres import PostgresServer

STUCK = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    with migrated(postgres) as (address, _):
        yield address


@pytest.fixture
def one(url: str, run: Run) -> Iterator[PostgresStore]:
    with opened(url, run) as (store,):
        yield store


@pytest.fixture
def own(run: Run) -> Iterator[tuple[PostgresServer, PostgresStore]]:
    """A server that may be crashed, and a worker on it."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer.running())
        address, engine = stack.enter_context(migrated(server))
        yield server, stack.enter_context(opened(address, run))[0]
        engine.dispose()


@pytest.mark.parametrize("work", ["read", "write", "append"])
def test_a_server_that_crashed_is_unavailable_until_it_is_back(
    own: tuple[PostgresServer, PostgresStore], run: Run, work: str
) -> None:
    server, store = own
    works: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "read": lambda: found(store, "a"),
        "write": lambda: store.write(Store.probe),
        "append": append(store, 1),
    }
    run(store.write(adding("a", 2)))
    assert run(found(store, "a"))
    server.kill()
    with pytest.raises(StoreUnavailableError):
        run(asyncio.wait_for(works[work](), 20))
    time.sleep(1)
    with pytest.raises(StoreUnavailableError):
        run(asyncio.wait_for(works[work](), 20))
    server.start()
    for again in works.values():
        run(until(again))
    assert names(store) == {"a"}
    assert logged(store) == [(1, 2), (2, 1)]
    assert store.failure is None


def test_a_database_that_is_away_when_the_first_ask_is_used_when_it_comes(
    postgres: PostgresServer, run: Run
) -> None:
    with migrated(postgres) as (address, engine), opened(address, run) as (store,):
        with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
            name = address.rpartition("/")[2]
            engine.dispose()
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            for work in (found(store, "a"), store.write(Store.probe), append(store, 1)()):
                with pytest.raises(StoreUnavailableError):
                    run(asyncio.wait_for(work, 20))
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        run(until(lambda: found(store, "a")))
        run(until(append(store, 1)))
        assert run(store.write(adding("a", 2))) == 1
        assert logged(store) == [(1, 1), (2, 2)]


def test_sessions_that_are_ended_cost_one_answer_each_at_most(
    url: str, one: PostgresStore, run: Run
) -> None:
    run(one.write(adding("a", 1)))
    run(append(one, 2)())
    assert run(found(one, "a"))
    with psycopg.connect(url, autocommit=True) as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
        connection.execute(f"{ended} current_database() AND pid <> pg_backend_pid()".encode())
    failures = run(until(lambda: found(one, "a"))) + run(until(append(one, 3)))
    assert failures <= module.READERS
    assert run(until(lambda: one.write(adding("b", 4)))) <= 1
    assert [number for _, number in logged(one)] == [1, 2, 3, 4]


def test_nobody_is_told_done_where_the_standby_did_not_confirm(
    own: tuple[PostgresServer, PostgresStore], run: Run
) -> None:
    """PostgreSQL then commits with a warning: the entry is there, but might be lost."""
    server, store = own
    run(found(store, "a"))
    with closing(psycopg.connect(server.url, autocommit=True)) as administrator:

        def standby(name: str) -> None:
            administrator.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
            administrator.execute("SELECT pg_reload_conf()")
            shown = "SHOW synchronous_standby_names"
            with store.engine.connect() as connection:
                wait_until(
                    lambda: connection.exec_driver_sql(shown).scalar() == name, "it is not set"
                )

        async def cancelled(work: Coroutine[Any, Any, Any]) -> None:
            waiting = asyncio.ensure_future(work)
            deadline = time.monotonic() + PATIENCE
            while not (stuck := administrator.execute(STUCK).fetchall()):
                assert time.monotonic() < deadline, "it does not wait for the standby"
                await asyncio.sleep(0.01)
            administrator.execute("SELECT pg_cancel_backend(%s)", stuck[0])
            with pytest.raises(StoreUnavailableError):
                await waiting

        standby("nobody")
        run(cancelled(store.write(adding("a", 1))))
        assert store.failure
        run(cancelled(append(store, 2)()))
        assert store.failure
        standby("")
    assert run(store.write(adding("b", 3))) == 2
    assert logged(store) == [(1, 1), (2, 2), (3, 3)]
    assert store.failure is None


def test_a_database_that_cannot_be_written_is_not_used_at_all(url: str, run: Run) -> None:
    """A replica would not know what was committed a moment ago."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = url.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    with opened(url, run) as (store,):
        for work in (found(store, "a"), store.write(Store.probe), append(store, 1)()):
            with pytest.raises(StoreUnavailableError):
                run(asyncio.wait_for(work, 20))
