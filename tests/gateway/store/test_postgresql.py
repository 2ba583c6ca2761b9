"""What the shared store promises beside what every store does: many workers, and lost servers."""

import asyncio
import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, func, select, text

from adapters.registry import ADAPTERS
from gateway.demo.payloads import delius_person
from gateway.ingest.push import Push, file_push, map_push
from gateway.store import postgres as module
from gateway.store.base import Store, StoreUnavailableError
from gateway.store.entries import NewEntry
from gateway.store.postgres import PostgresStore
from gateway.store.query import Query
from tests.gateway.cluster import entry, migrated
from tests.gateway.ingest.cases import encoded, somebody
from tests.gateway.machine import wait_until
from tests.gateway.store.conftest import Run
from tests.gateway.store.jobs import adding, failing, found, logged, names, resolved
from tests.gateway.store.workers import PATIENCE, Stores, append, opened, until
from tests.postgres import PostgresServer

SETTING = Query(select(func.current_setting(bindparam("name"))))
SLEEP = Query(select(func.pg_sleep(bindparam("seconds"))))
SESSIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'mappa-gateway'
"""


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    with migrated(postgres) as (address, _):
        yield address


@pytest.fixture
def two(url: str, run: Run) -> Iterator[Stores]:
    with opened(url, run, 2) as stores:
        yield stores


@pytest.fixture
def one(two: Stores) -> PostgresStore:
    return two[0]


def watched(address: str, ending: threading.Event) -> list[tuple[int, int]]:
    """How many entries there are and the last one's number, looked at again and again."""
    seen = []
    with psycopg.connect(address, autocommit=True) as connection:
        while not ending.is_set():
            row = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM audit_entry")
            seen.append(row.fetchone() or (0, -1))
    return seen


def test_entries_of_many_workers_have_one_order_without_gaps(
    url: str, two: Stores, run: Run
) -> None:
    """Whoever looks, at any moment, sees the numbers from 1 to some n."""
    dice, ending, seen = random.Random(), threading.Event(), list[tuple[int, int]]()
    told: list[int] = []

    async def commit(number: int) -> None:
        store = two[number % 2]
        match dice.randrange(4):
            case 0:
                await store.write(adding(f"p{number}", number))
            case 1:
                with pytest.raises(LookupError):
                    await store.write(failing(f"q{number}", number))
                return
            case _:
                await asyncio.sleep(dice.uniform(0, 0.5))
                await append(store, number)()
        told.append(number)

    async def commit_all() -> None:
        await asyncio.gather(*map(commit, range(1000)))

    watcher = threading.Thread(target=lambda: seen.extend(watched(url, ending)))
    watcher.start()
    run(commit_all())
    ending.set()
    watcher.join()
    assert sorted(number for _, number in logged(two[0])) == sorted(told)
    assert all(count == last for count, last in seen), "an entry became visible before another"
    assert len({count for count, _ in seen}) > 5, "nobody looked meanwhile"


def test_what_one_worker_commits_the_other_reads(two: Stores, run: Run) -> None:
    async def write_and_read() -> list[bool]:
        seen = []
        for number in range(40):
            await two[number % 2].write(adding(f"p{number}"))
            ask = found if number % 4 < 2 else resolved
            seen.append(await ask(two[1 - number % 2], f"p{number}"))
        return seen

    assert all(run(write_and_read()))


def test_two_first_pushes_about_one_crn_make_one_person(two: Stores, run: Run) -> None:
    """The second waits for the first, also before it looks."""
    inside, release, entered = threading.Event(), threading.Event(), list[str]()

    def filing(name: str, payload: dict[str, Any], slow: bool) -> Callable[..., Any]:
        push = Push(ADAPTERS["delius"], "probation-systems", encoded(payload))
        mapped = map_push(push)

        def job(connection: Connection, _new: list[NewEntry]) -> Any:
            entered.append(name)
            done = json.loads(file_push(connection, push, mapped).body)
            if slow:
                inside.set()
                assert release.wait(10)
            return done["items"][0]

        return job

    async def race() -> tuple[Any, Any]:
        payload = delius_person(somebody())
        first = asyncio.ensure_future(two[0].write(filing("first", payload, slow=True)))
        assert await asyncio.to_thread(inside.wait, 10)
        other = payload | {"surname": "Otherwise"}
        second = asyncio.ensure_future(two[1].write(filing("second", other, slow=False)))
        await asyncio.sleep(0.5)
        assert entered == ["first"]
        release.set()
        return await asyncio.gather(first, second)

    first, second = run(race())
    assert [item["outcome"] for item in (first, second)] == ["created", "updated"]
    assert len(names(two[0])) == 1


def test_entries_do_not_wait_for_another_workers_push(two: Stores, run: Run) -> None:
    inside, release = threading.Event(), threading.Event()

    def slow(connection: Connection, new: list[NewEntry]) -> int:
        inside.set()
        assert release.wait(10)
        return adding("a", 1)(connection, new)

    async def meanwhile() -> None:
        writing = asyncio.ensure_future(two[0].write(slow))
        assert await asyncio.to_thread(inside.wait, 10)
        await asyncio.wait_for(append(two[1], 2)(), 2)
        release.set()
        await writing

    run(meanwhile())
    assert logged(two[0]) == [(1, 2), (2, 1)]


@pytest.mark.parametrize("name", module.LIMITS)
def test_every_wait_has_an_end(one: PostgresStore, run: Run, name: str) -> None:
    def setting(connection: Connection, _new: list[NewEntry]) -> str:
        return str(connection.execute(text(f"SHOW {name}")).scalar_one())

    assert run(one.write(setting)) == module.LIMITS[name]

    async def asked() -> str:
        return str((await one.rows(SETTING, {"name": name}))[0][0])

    assert run(asked()) == module.LIMITS[name]


def test_a_statement_that_takes_too_long_is_ended(
    url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module.LIMITS, "statement_timeout", "200ms")

    def slow(connection: Connection, _new: list[NewEntry]) -> None:
        connection.exec_driver_sql("SELECT pg_sleep(20)")

    async def read(store: Store, seconds: float) -> None:
        await store.rows(SLEEP, {"seconds": seconds})

    with opened(url, run) as (store,):
        for work in (store.write(slow), read(store, 20)):
            with pytest.raises(StoreUnavailableError):
                run(asyncio.wait_for(work, 10))
        assert run(store.write(adding("a"))) == 1
        run(read(store, 0))


def test_connections_are_few_however_many_ask(
    one: PostgresStore, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", PATIENCE)
    most = 0

    async def ask_all() -> None:
        nonlocal most
        asked: list[asyncio.Future[Any]] = []
        for number in range(200):
            asked.append(one.rows(SLEEP, {"seconds": 0.01}))
            asked.append(one.append(partial(entry, number)))
            await asyncio.sleep(0)
        working = asyncio.gather(*asked, one.write(adding("a")))
        while not working.done():
            with one.engine.connect() as connection:
                most = max(most, int(connection.execute(text(SESSIONS)).scalar_one()))
            await asyncio.sleep(0.01)
        await working

    run(ask_all())
    readers, engine = module.READERS, 4
    assert readers < most <= readers + engine
    assert len(logged(one)) == 200


def test_whoever_finds_every_connection_busy_for_long_is_told_so(
    one: PostgresStore, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.3)

    async def ask_all() -> list[Any]:
        asked = []
        for _ in range(module.READERS + 2):
            asked.append(one.rows(SLEEP, {"seconds": 1}))
            await asyncio.sleep(0.01)
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = run(ask_all())
    refused = [one for one in outcomes if isinstance(one, StoreUnavailableError)]
    assert len(refused) == 2


def test_a_worker_stopped_in_a_transaction_holds_the_others_up_for_a_while_only(
    url: str, one: PostgresStore, run: Run
) -> None:
    command = [sys.executable, "-m", "tests.gateway.store.stopped", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: _state(process.pid) == "T", "it does not come so far")
            run(until(lambda: one.write(adding("a", 2))))
            run(until(append(one, 3)))
            process.send_signal(signal.SIGCONT)
            assert process.communicate(timeout=30)[0].strip() == "refused"
        finally:
            process.kill()
    assert names(one) == {"a"}
    assert logged(one) == [(1, 2), (2, 3)]


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        return file.read().rpartition(") ")[2][0]
