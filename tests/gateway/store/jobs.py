"""What the tests ask of a store, and how they look into it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, select, text

from gateway.store import base, persons
from gateway.store.base import Store
from gateway.store.entries import NewEntry
from gateway.store.persons import Seeker
from gateway.store.query import Query
from gateway.store.tables import Person
from tests.gateway.cluster import entry

Outcome = int | BaseException
Change = Callable[[Connection, list[NewEntry]], int]
_P: Any = Person.__table__  # type: ignore[attr-defined]
BY_ID = Query(select(_P.c.id).where(_P.c.id == bindparam("id")))


def add(connection: Connection, name: str) -> int:
    """Add a person; how many there are now."""
    connection.execute(_P.insert().values(id=name, created_at="", excluded=False, restricted=False))
    return int(connection.execute(text("SELECT count(*) FROM person")).scalar_one())


def adding(name: str, number: int | None = None) -> Change:
    """A job that adds a person, and entry `number` about it."""

    def job(connection: Connection, new: list[NewEntry]) -> int:
        if number is not None:
            new.append(entry(number))
        return add(connection, name)

    return job


def failing(name: str, number: int = 99) -> Change:
    """A job that writes and then finds that it may not."""

    def job(connection: Connection, new: list[NewEntry]) -> int:
        adding(name, number)(connection, new)
        raise LookupError("changed its mind")

    return job


def names(store: Store) -> set[str]:
    """Who has been added."""
    with store.engine.connect() as connection:
        return set(connection.execute(text("SELECT id FROM person")).scalars())


def logged(store: Store) -> list[tuple[int, int]]:
    """The entries that are committed, by their number in the log, each with its own number."""
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT seq, id FROM audit_entry ORDER BY seq"))
        found = [(row[0], int(row[1], 16)) for row in rows]
        size = connection.execute(text("SELECT size FROM audit_head")).scalar_one()
    assert [seq for seq, _ in found] == list(range(1, size + 1)), "numbers have gaps"
    return found


async def found(store: Store, name: str) -> bool:
    """Whether the store's readers see this person."""
    return await store.rows(BY_ID, {"id": name}) == [(name,)]


async def resolved(store: Store, name: str) -> bool:
    """The same, asked as the pipeline asks it."""
    opened = await persons.resolve(store, name, Seeker("probation", "PP-1", "N55", ("PP-1",)))
    return [person.id for person in opened.persons] == [name]


ASKED = pytest.mark.parametrize("ask", [found, resolved])
Ask = Callable[[Store, str], Coroutine[Any, Any, bool]]


async def together(store: Store, *jobs: Change) -> list[Outcome]:
    """Hand jobs in while the writer is busy, so that they wait and go as one group."""
    started, release = threading.Event(), threading.Event()

    def hold(_connection: Connection, _new: list[NewEntry]) -> int:
        started.set()
        assert release.wait(10)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "ENOUGH_SECONDS", 0.005)  # the holder's group takes nobody else in
        holding = asyncio.ensure_future(store.write(hold))
        assert await asyncio.to_thread(started.wait, 10)
        patch.setattr(base, "ENOUGH_SECONDS", 60)
        waiting = [asyncio.ensure_future(store.write(job)) for job in jobs]
        await asyncio.sleep(0.01)
        release.set()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        await holding
    return outcomes
