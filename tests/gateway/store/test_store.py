"""What every store promises. Jobs are committed in groups, each answers for itself, and nobody is
told "done" early; entries are numbered in the order of their commits, without gaps."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gateway.store import base
from gateway.store.base import MAX_GROUP, Store, StoreUnavailableError
from gateway.store.entries import NewEntry
from tests.gateway.cluster import IMPATIENT, STEAL, entry, refusing
from tests.gateway.store.conftest import Run
from tests.gateway.store.jobs import (
    ASKED,
    BY_ID,
    Ask,
    Outcome,
    add,
    adding,
    failing,
    found,
    logged,
    names,
    together,
)


def kinds(outcomes: list[Outcome]) -> set[type]:
    return {type(outcome) for outcome in outcomes}


def commits(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """As long as there have been commits from now on."""
    seen: list[None] = []
    commit = store.commit

    def note(driver: Any) -> None:
        seen.append(None)
        commit(driver)

    monkeypatch.setattr(store, "commit", note)
    return seen


def test_what_waits_together_is_committed_together_in_the_order_handed_in(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = commits(store, monkeypatch)
    jobs = [adding(f"p{n}") for n in range(20)]
    assert run(together(store, *jobs)) == list(range(1, 21))
    assert len(seen) == 2, "the holder's, and one for all that waited"


def test_a_group_is_limited(store: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_GROUP", 5)
    seen = commits(store, monkeypatch)
    run(together(store, *(adding(f"p{n}") for n in range(12))))
    assert len(seen) == 1 + 3


def test_whoever_waits_does_not_wait_for_one_long_job_after_another(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = commits(store, monkeypatch)
    monkeypatch.setattr(base, "ENOUGH_SECONDS", 0.05)

    def long(connection: Connection, _new: list[NewEntry]) -> int:
        time.sleep(0.06)
        return add(connection, f"p{len(seen)}")

    async def hand_in() -> list[int]:
        return await asyncio.gather(*(store.write(long) for _ in range(4)))

    assert run(hand_in()) == [1, 2, 3, 4]
    assert names(store) == {"p0", "p1", "p2", "p3"}, "each was committed before the next began"


PLACES = pytest.mark.parametrize("place", range(3), ids=["first", "in the middle", "last"])


@PLACES
def test_a_job_that_fails_is_undone_and_leaves_its_neighbours(
    store: Store, run: Run, place: int
) -> None:
    jobs = [adding("a", 1), adding("b", 2)]
    jobs.insert(place, failing("c", 3))
    outcomes = run(together(store, *jobs))
    assert isinstance(outcomes.pop(place), LookupError)
    assert outcomes == [1, 2]
    assert names(store) == {"a", "b"}
    assert logged(store) == [(1, 1), (2, 2)], "its entries are undone with it"
    assert store.failure is None


@PLACES
def test_a_write_the_database_refuses_is_unavailable_and_leaves_its_neighbours(
    store: Store, run: Run, place: int
) -> None:
    def refused(connection: Connection, new: list[NewEntry]) -> int:
        adding("c", 3)(connection, new)
        return add(connection, "c")

    jobs = [adding("a", 1), adding("b", 2)]
    jobs.insert(place, refused)
    outcomes = run(together(store, *jobs))
    assert isinstance(outcomes.pop(place), StoreUnavailableError)
    assert outcomes == [1, 2]
    assert names(store) == {"a", "b"}
    assert logged(store) == [(1, 1), (2, 2)]


def test_an_entry_that_cannot_be_made_fails_alone(store: Store, run: Run) -> None:
    def broken() -> NewEntry:
        raise LookupError("no such key")

    async def hand_in() -> list[Any]:
        seals: list[Callable[[], NewEntry]] = [partial(entry, 1), broken, partial(entry, 3)]
        return await asyncio.gather(*map(store.append, seals), return_exceptions=True)

    first, wrong, last = run(hand_in())
    assert (first, last) == (None, None)
    assert isinstance(wrong, LookupError)
    assert logged(store) == [(1, 1), (2, 3)]
    assert store.failure is None


@pytest.mark.parametrize("odd", ["\ud800", object()], ids=["half a character", "no type"])
def test_an_entry_that_cannot_be_stored_is_refused_and_the_store_goes_on(
    store: Store, run: Run, odd: Any
) -> None:
    async def hand_in() -> None:
        with pytest.raises(StoreUnavailableError):
            await asyncio.wait_for(store.append(lambda: entry(1)._replace(staff=odd)), 5)
        await asyncio.wait_for(store.append(partial(entry, 2)), 5)

    run(hand_in())
    assert logged(store) == [(1, 2)]


def test_entries_keep_the_order_in_which_they_are_handed_in(store: Store, run: Run) -> None:
    async def hand_in() -> None:
        await asyncio.gather(*(store.append(partial(entry, n)) for n in range(2 * MAX_GROUP + 3)))

    run(hand_in())
    assert [number for _, number in logged(store)] == list(range(2 * MAX_GROUP + 3))


def test_an_entry_is_found_by_everybody_it_is_about(store: Store, run: Run) -> None:
    run(store.write(adding("a")))
    about = entry(1)._replace(persons=("a", "b", "a"))

    def job(_connection: Connection, new: list[NewEntry]) -> None:
        new.append(about._replace(id="2"))

    async def hand_in() -> None:
        await store.append(lambda: about)
        await store.write(job)

    run(hand_in())
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT person_id, seq FROM audit_subject ORDER BY 1, 2"))
        assert [tuple(row) for row in rows] == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
        stored = connection.execute(text("SELECT * FROM audit_entry WHERE seq = 1")).one()
    assert tuple(stored) == (1, *about[:-1])


def test_where_entries_cannot_be_kept_nothing_is(store: Store, run: Run) -> None:
    with refusing(store.engine, "audit_entry"):
        outcomes = run(together(store, adding("a", 1), adding("b")))
        assert kinds(outcomes) == {StoreUnavailableError}
        with pytest.raises(StoreUnavailableError):
            run(wait(store, 2))
        assert store.failure
    assert (names(store), logged(store)) == (set(), [])
    run(wait(store, 2))
    assert logged(store) == [(1, 2)]
    assert store.failure is None


async def wait(store: Store, number: int) -> None:
    """Commit one entry."""
    await store.append(partial(entry, number))


def test_where_the_transaction_is_lost_nobody_is_told_done(store: Store, run: Run) -> None:
    def losing(connection: Connection, _new: list[NewEntry]) -> int:
        connection.exec_driver_sql("ROLLBACK")
        return 0

    outcomes = run(together(store, adding("a", 1), losing))
    assert kinds(outcomes) == {StoreUnavailableError}
    assert (names(store), logged(store)) == (set(), [])
    assert store.failure
    assert run(store.write(adding("d"))) == 1
    assert store.failure is None


def test_where_the_commit_fails_nobody_is_told_done(store: Store, run: Run) -> None:
    """A foreign key that is looked at only when the transaction ends."""
    sqlite = store.engine.dialect.name == "sqlite"
    if not sqlite:
        with store.engine.begin() as connection:
            alter = "ALTER CONSTRAINT person_area_person_id_fkey DEFERRABLE INITIALLY DEFERRED"
            connection.exec_driver_sql(f"ALTER TABLE person_area {alter}")

    def late(connection: Connection, _new: list[NewEntry]) -> int:
        if sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        row = {"person": "nobody"}
        area = "INSERT INTO person_area VALUES (:person, 'probation', 'N55', 'mappa')"
        connection.execute(text(area), row)
        return 0

    outcomes = run(together(store, adding("a", 1), late))
    assert kinds(outcomes) == {StoreUnavailableError}
    assert store.failure in ("IntegrityError", "ForeignKeyViolation")
    assert (names(store), logged(store)) == (set(), [])
    assert run(store.write(adding("d"))) == 1


def test_a_connection_that_breaks_takes_its_group_and_not_the_store(store: Store, run: Run) -> None:
    def breaking(connection: Connection, _new: list[NewEntry]) -> int:
        raw: Any = connection.connection.dbapi_connection
        raw.close()
        return add(connection, "b")

    outcomes = run(together(store, adding("a"), breaking))
    assert kinds(outcomes) == {StoreUnavailableError}
    assert store.failure
    assert run(store.write(adding("d"))) == 1
    assert names(store) == {"d"}


def test_a_locked_database_is_unavailable_until_it_is_let_go(store: Store, run: Run) -> None:
    kind = store.engine.dialect.name

    def hurry(connection: Connection, _new: list[NewEntry]) -> None:
        connection.exec_driver_sql(IMPATIENT[kind])

    run(store.write(hurry))
    with store.engine.connect() as connection:
        thief: Any = connection.connection.dbapi_connection
        thief.execute(STEAL[kind])
        with pytest.raises(StoreUnavailableError):
            run(store.write(adding("a", 1)))
        with pytest.raises(StoreUnavailableError):
            run(store.write(Store.probe))
        assert not run(found(store, "a")), "it can be read all the same"
        thief.execute("ROLLBACK")
    assert run(store.write(Store.probe)) is None
    assert store.failure is None
    assert (names(store), logged(store)) == (set(), [])


def test_a_full_queue_refuses_at_once_and_keeps_what_waits(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_WAITING", 3)
    outcomes = run(together(store, *(adding(f"p{n}") for n in range(5))))
    assert outcomes[:3] == [1, 2, 3]
    assert [str(refused) for refused in outcomes[3:]] == ["too many writes are waiting"] * 2
    assert names(store) == {"p0", "p1", "p2"}


@pytest.mark.parametrize("new_loop", [False, True], ids=["their loop goes on", "theirs ends"])
def test_a_caller_who_does_not_wait_stops_neither_the_write_nor_the_writer(
    store: Store, run: Run, new_loop: bool
) -> None:
    release = threading.Event()

    def slow(connection: Connection, new: list[NewEntry]) -> int:
        assert release.wait(10)
        return adding("a", 1)(connection, new)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(store.write(slow), 0.01)

    if new_loop:
        asyncio.run(leave())
    else:
        run(leave())
    release.set()
    assert run(store.write(adding("b", 2))) == 2
    assert logged(store) == [(1, 1), (2, 2)]


def test_whoever_leaves_before_their_entry_is_committed_leaves_it_behind(
    store: Store, run: Run
) -> None:
    async def leave() -> None:
        leaving = store.append(partial(entry, 1))
        staying = store.append(partial(entry, 2))
        leaving.cancel()
        await staying

    run(leave())
    assert logged(store) == [(1, 1), (2, 2)]


@ASKED
def test_reads_asked_in_one_turn_are_each_answered(store: Store, run: Run, ask: Ask) -> None:
    many = MAX_GROUP + 100
    run(together(store, *(adding(f"p{n}") for n in range(0, many, 2))))

    async def ask_all() -> list[bool]:
        return await asyncio.gather(*(ask(store, f"p{n}") for n in range(many)))

    answers = run(asyncio.wait_for(ask_all(), 30))
    assert answers == [n % 2 == 0 for n in range(many)]


@ASKED
def test_a_reader_who_leaves_takes_nobody_along(store: Store, run: Run, ask: Ask) -> None:
    run(store.write(adding("a")))

    async def leave() -> bool:
        leaving, staying = (asyncio.ensure_future(ask(store, "a")) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert run(leave())


@ASKED
def test_a_read_with_a_null_character_finds_nothing_and_leaves_its_neighbours(
    store: Store, run: Run, ask: Ask
) -> None:
    """PostgreSQL's texts cannot hold one."""
    run(store.write(adding("a")))

    async def ask_all() -> list[bool]:
        return await asyncio.gather(*(ask(store, name) for name in ("a", "a\x00b", "a")))

    assert run(ask_all()) == [True, False, True]


@ASKED
def test_what_is_committed_is_read_at_once(store: Store, run: Run, ask: Ask) -> None:
    async def write_and_read() -> list[bool]:
        seen = []
        for number in range(50):
            await store.write(adding(f"p{number}"))
            seen.append(await ask(store, f"p{number}"))
        return seen

    assert all(run(write_and_read()))


def test_closing_finishes_what_waits(store: Store, run: Run) -> None:
    async def last_words() -> list[Any]:
        jobs = [asyncio.ensure_future(store.write(adding(f"p{n}", n))) for n in range(30)]
        entries = [store.append(partial(entry, n)) for n in range(30, 60)]
        reads = [asyncio.ensure_future(found(store, "nobody")) for _ in range(30)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(store.close())
        done = await asyncio.gather(*jobs, *entries, *reads)
        await closing
        return done

    done = run(last_words())
    assert done == [*range(1, 31), *[None] * 30, *[False] * 30]
    assert len(names(store)) == 30
    assert {number for _, number in logged(store)} == set(range(60))
    store.engine.dispose()


def test_a_closed_store_takes_and_answers_nothing(store: Store, run: Run) -> None:
    run(store.close())

    async def ask(what: Callable[[], Any]) -> None:
        with pytest.raises(StoreUnavailableError):
            await asyncio.wait_for(what(), 5)

    run(ask(lambda: store.write(adding("a"))))
    run(ask(lambda: store.append(partial(entry, 1))))
    run(ask(lambda: store.rows(BY_ID, {"id": "a"})))
