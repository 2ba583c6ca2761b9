"""One writer: jobs are committed in groups, each answers for itself, none is told "done" early."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from gateway.store import sqlite
from gateway.store.schema import upgrade
from gateway.store.sqlite import (
    SqliteStore,
    StoreInUseError,
    StoreUnavailableError,
    open_engine,
    reading,
)

Outcome = int | BaseException


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path)
    upgrade(opened.engine)
    yield opened
    opened.close()


def adding(name: str) -> Callable[[Connection], int]:
    """A job that adds a person and says how many there are."""

    def job(connection: Connection) -> int:
        connection.execute(
            text(
                "INSERT INTO person (id, created_at, excluded, restricted) VALUES (:id, '', 0, 0)"
            ),
            {"id": name},
        )
        return int(connection.execute(text("SELECT count(*) FROM person")).scalar_one())

    return job


def failing(name: str) -> Callable[[Connection], int]:
    """A job that writes and then finds that it may not."""

    def job(connection: Connection) -> int:
        adding(name)(connection)
        raise LookupError("changed its mind")

    return job


def names(store: SqliteStore) -> set[str]:
    return set(store.reader.execute(text("SELECT id FROM person")).scalars())


async def together(store: SqliteStore, *jobs: Callable[[Connection], int]) -> list[Outcome]:
    """Hand jobs in while the writer is busy, so that they wait and go as one group."""
    started, release = threading.Event(), threading.Event()

    def hold(connection: Connection) -> int:
        started.set()
        assert release.wait(10)
        return 0

    holding = asyncio.ensure_future(store.write(hold))
    assert await asyncio.to_thread(started.wait, 10)
    waiting = [asyncio.ensure_future(store.write(job)) for job in jobs]
    await asyncio.sleep(0.01)
    release.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    await holding
    return outcomes


def committed(store: SqliteStore) -> list[str]:
    """The COMMIT statements that the store runs from now on."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement == "COMMIT":
            seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    return seen


def test_what_waits_together_is_committed_together_in_the_order_handed_in(
    store: SqliteStore,
) -> None:
    commits = committed(store)
    jobs = [adding(f"p{n}") for n in range(20)]
    assert asyncio.run(together(store, *jobs)) == list(range(1, 21))
    assert len(commits) == 2, "the holder's, and one for all that waited"


def test_a_group_is_limited(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MAX_GROUP", 5)
    commits = committed(store)
    asyncio.run(together(store, *(adding(f"p{n}") for n in range(12))))
    assert len(commits) == 1 + 3


def test_a_job_that_fails_is_undone_and_leaves_its_neighbours(store: SqliteStore) -> None:
    first, wrong, last = asyncio.run(together(store, adding("a"), failing("b"), adding("c")))
    assert (first, last) == (1, 2)
    assert isinstance(wrong, LookupError)
    assert names(store) == {"a", "c"}
    assert store.failure is None


def test_a_write_the_database_refuses_is_unavailable_and_leaves_its_neighbours(
    store: SqliteStore,
) -> None:
    first, refused, last = asyncio.run(together(store, adding("a"), adding("a"), adding("c")))
    assert (first, last) == (1, 2)
    assert isinstance(refused, StoreUnavailableError)
    assert names(store) == {"a", "c"}


def test_where_the_transaction_is_lost_nobody_is_told_done(store: SqliteStore) -> None:
    with store.engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON person WHEN NEW.id = 'b' "
                "BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END"
            )
        )
        connection.commit()
    outcomes = asyncio.run(together(store, adding("a"), adding("b"), adding("c")))
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailableError}
    assert names(store) == set()
    assert store.failure
    assert asyncio.run(store.write(adding("d"))) == 1
    assert store.failure is None


def test_where_the_commit_fails_nobody_is_told_done(store: SqliteStore) -> None:
    def late(connection: Connection) -> int:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(
            text("INSERT INTO person_area VALUES ('nobody', 'probation', 'N55', 'mappa')")
        )
        return 0

    outcomes = asyncio.run(together(store, adding("a"), late))
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailableError}
    assert store.failure == "IntegrityError"
    assert names(store) == set()
    assert asyncio.run(store.write(adding("d"))) == 1


def test_a_connection_that_breaks_takes_its_group_and_not_the_store(store: SqliteStore) -> None:
    def breaking(connection: Connection) -> int:
        raw: Any = connection.connection.dbapi_connection
        raw.close()
        return adding("b")(connection)

    outcomes = asyncio.run(together(store, adding("a"), breaking, adding("c")))
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailableError}
    assert store.failure
    assert asyncio.run(store.write(adding("d"))) == 1
    assert names(store) == {"d"}


def test_a_locked_database_is_unavailable_until_it_is_let_go(
    store: SqliteStore, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path / "gateway.db")
    thief = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    thief.exec_driver_sql("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError):
        asyncio.run(store.write(adding("a")))
    assert store.failure == "OperationalError"
    thief.exec_driver_sql("ROLLBACK")
    thief.close()
    engine.dispose()
    assert asyncio.run(store.write(SqliteStore.probe)) is None
    assert store.failure is None
    assert names(store) == set()


def test_a_full_queue_refuses_at_once_and_keeps_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MAX_WAITING", 3)
    store = SqliteStore(tmp_path)
    upgrade(store.engine)
    outcomes = asyncio.run(together(store, *(adding(f"p{n}") for n in range(5))))
    assert outcomes[:3] == [1, 2, 3]
    assert [str(refused) for refused in outcomes[3:]] == ["too many writes are waiting"] * 2
    assert names(store) == {"p0", "p1", "p2"}
    store.close()


def test_a_caller_who_does_not_wait_neither_stops_the_write_nor_the_writer(
    store: SqliteStore,
) -> None:
    async def leave() -> int:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(store.write(slow), 0.01)
        release.set()
        return await store.write(adding("b"))

    release = threading.Event()

    def slow(connection: Connection) -> int:
        assert release.wait(10)
        return adding("a")(connection)

    assert asyncio.run(leave()) == 2


def test_a_caller_whose_loop_is_gone_does_not_stop_the_writer(store: SqliteStore) -> None:
    release = threading.Event()

    def slow(connection: Connection) -> int:
        assert release.wait(10)
        return adding("a")(connection)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(store.write(slow), 0.01)

    asyncio.run(leave())
    release.set()
    assert asyncio.run(asyncio.wait_for(store.write(adding("b")), 10)) == 2


def test_closing_finishes_what_waits_and_what_was_written_is_there_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    upgrade(store.engine)

    async def last_words() -> list[int]:
        jobs = [asyncio.ensure_future(store.write(adding(f"p{n}"))) for n in range(30)]
        await asyncio.sleep(0)
        store.close()
        return await asyncio.gather(*jobs)

    assert asyncio.run(last_words()) == list(range(1, 31))
    again = SqliteStore(tmp_path)
    upgrade(again.engine)
    assert len(names(again)) == 30
    assert asyncio.run(again.write(adding("p30"))) == 31
    again.close()


def test_a_closed_store_takes_nothing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    store.close()
    with pytest.raises(StoreUnavailableError):
        asyncio.run(asyncio.wait_for(store.write(adding("a")), 5))


def test_one_store_at_a_time_has_a_directory(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path)
    with pytest.raises(StoreInUseError):
        SqliteStore(tmp_path)
    first.close()
    SqliteStore(tmp_path).close()


def test_the_database_is_opened_for_durability(store: SqliteStore) -> None:
    def pragma(name: str) -> Any:
        return store.reader.execute(text(f"PRAGMA {name}")).scalar_one()

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1


def test_reading_needs_data_and_writes_nothing(store: SqliteStore, tmp_path: Path) -> None:
    with reading(tmp_path) as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        with pytest.raises(Exception, match="readonly"):
            connection.execute(text("DELETE FROM person"))
    with pytest.raises(FileNotFoundError), reading(tmp_path / "elsewhere"):
        pass
