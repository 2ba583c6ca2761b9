"""What both stores have in common: one writer with group commit. They differ in how they read.

What is waiting is run in one transaction: the jobs, each of which can be undone by itself, then all
their audit entries together with those handed in alone. A group costs one commit, the event loop
is never held up by the disk, and whoever waits is told only after the commit is durable.
"""

import asyncio
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, literal, select
from sqlalchemy.exc import DBAPIError

from gateway.store import entries
from gateway.store.entries import NewEntry
from gateway.store.query import Query, Row

T = TypeVar("T")
Seal = Callable[[], NewEntry]
Job = Callable[[Connection, list[NewEntry]], T]
"""A change in the group's transaction; it adds its audit entries to the list."""
MAX_WAITING = 4096
MAX_GROUP = 512
ENOUGH_SECONDS = 0.05
GATHER = 0.002
"""Seconds that a group waits at most for requests that are still on their way to it."""
log = logging.getLogger("gateway")


BEATS = Query(select(literal(1)))
"""Asks nothing, but of the database."""


class StoreUnavailableError(Exception):
    """The store cannot be reached, or cannot commit, or too much waits: 503 and no data."""


class Waiting(NamedTuple):
    """A job, or a lone entry, and who waits for it."""

    future: asyncio.Future[Any]
    job: Job[Any] | None
    seal: Seal | None


class Asked(NamedTuple):
    """A read, and who waits for it."""

    future: asyncio.Future[Any]
    query: Query
    named: Mapping[str, Any]

    def tell(self, outcome: list[Row] | Exception) -> None:
        """Give the answer, unless whoever asked has gone."""
        if self.future.done():
            return
        if isinstance(outcome, Exception):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


class Store(ABC):
    """Owns `engine`, and one connection of it on one thread. `failure` names what stopped it."""

    driver_error: type[Exception]
    begin: tuple[str, ...]
    """How a transaction of the writer begins, alone among all who may run jobs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.failure: str | None = None
        self._asked: list[Asked] = []
        self._waiting: deque[Waiting] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._rung = self._closing = self._gathering = False
        self.inside: Callable[[], int] = lambda: 1
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def company(self) -> int:
        """How many requests are in the house: as many as may come to wait for the same group."""
        return self.inside()

    def rows(self, query: Query, named: Mapping[str, Any]) -> asyncio.Future[list[Row]]:
        """Every row, as committed on the primary. Raises `StoreUnavailableError`.

        What is asked in one turn of the event loop is answered together: work of one sort done
        for many requests in a row costs each a good deal less than the same work done in turns.
        """
        if self._closing:
            raise StoreUnavailableError("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Row]] = loop.create_future()
        self._asked.append(Asked(future, query, named))
        if len(self._asked) == 1:
            loop.call_soon(self._answer_turn)
        return future

    def _answer_turn(self) -> None:
        asked, self._asked = self._asked, []
        try:
            self._answer(asked)
        except Exception as error:
            self._cannot_answer(asked, error)

    @staticmethod
    def _cannot_answer(asked: list[Asked], error: Exception) -> None:
        log.error("reads failed: %s", type(error).__name__)
        for one in asked:
            one.tell(StoreUnavailableError("the store cannot be read"))

    @abstractmethod
    def _answer(self, asked: list[Asked]) -> None:
        """See to it that everybody is told."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what is waiting, then let go of the database."""

    async def write(self, job: Job[T]) -> T:
        """Run `job` in the next group commit; returns when it is durable.

        Raises whatever the job raised (its own changes undone, its neighbours kept), or
        `StoreUnavailableError` where the group could not be committed or the queue is full.
        """
        result: T = await self._hand_in(job, None)
        return result

    def append(self, seal: Callable[[], NewEntry]) -> asyncio.Future[None]:
        """Commit one audit entry; done when it is durable. Raises as `write` does.

        `seal` makes the entry, with those of its group, when it is about to be written.
        """
        return self._hand_in(None, seal)

    async def beat(self) -> None:
        """Raises `StoreUnavailableError` where the store cannot write."""
        await self.write(self.probe)

    @staticmethod
    def probe(connection: Connection, _entries: list[NewEntry]) -> None:
        """A write of one row: fails where the store cannot write."""
        connection.exec_driver_sql(
            "INSERT INTO heartbeat VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = 1"
        )

    def finish(self) -> None:
        """Commit what is waiting, take nothing more, and let go of the connection."""
        self._closing = True
        self._bell.put(None)
        self._thread.join()

    def _hand_in(self, job: Job[Any] | None, seal: Seal | None) -> asyncio.Future[Any]:
        if self._closing:
            raise StoreUnavailableError("the store is closed")
        if len(self._waiting) >= MAX_WAITING:
            raise StoreUnavailableError("too many writes are waiting")
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append(Waiting(future, job, seal))
        self._consider(loop)
        return future

    def _consider(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin a group when half of all who are in the house wait for it: so that one half is
        written while the other is worked on. The more come together, the cheaper each is."""
        if self._rung:
            return
        if 2 * len(self._waiting) >= self.company():
            self._rung = True
            loop.call_soon(self._bell.put, None)  # once the loop has run what is ready
        elif not self._gathering:
            self._gathering = True
            loop.call_later(GATHER, self._ring)

    def _ring(self) -> None:
        self._gathering = False
        if self._waiting and not self._rung:
            self._rung = True
            self._bell.put(None)

    def _run(self) -> None:
        while not self._closing or self._waiting:
            self._bell.get()
            self._rung = False
            while self._waiting:
                group: list[Waiting] = []
                self._resolve(group, self._commit(group))
                if not self._closing:
                    break  # what came meanwhile may be worth a little wait
        if self._connection:
            self._connection.close()

    def _commit(self, group: list[Waiting]) -> list[Any]:
        """Each result or exception, after one durable commit; never raises.

        Takes into `group` what is waiting, until enough: nobody's entry waits for more than one
        long job and a little.
        """
        try:
            connection = self._connected()
            driver = self._begun(connection)
            new: list[NewEntry] = []
            results = self._run_all(connection, group, new)
            if new:
                entries.append(connection, new)
            self.commit(driver)
        except Exception as error:
            self.failure = type(error).__name__
            log.error("a group could not be committed: %s", self.failure)
            self._roll_back()
            if not group:  # it could not even begin: nobody who waits is served sooner by waiting
                group.extend(self._waiting.popleft() for _ in range(len(self._waiting)))
            return [StoreUnavailableError("the store cannot commit")] * len(group)
        self.failure = None
        return results

    def _run_all(
        self, connection: Connection, group: list[Waiting], new: list[NewEntry]
    ) -> list[Any]:
        until = time.monotonic() + ENOUGH_SECONDS
        results: list[Any] = []
        earlier = False
        for _ in range(min(len(self._waiting), MAX_GROUP)):
            if results and time.monotonic() > until:
                break
            one = self._waiting.popleft()
            group.append(one)
            if one.job is None:
                results.append(_added(one.seal, new))
            else:
                results.append(self._run_one(connection, one.job, new, earlier))
                earlier = True
        return results

    def _connected(self) -> Connection:
        if self._connection is None:
            opened = self.engine.connect()
            self._connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _begun(self, connection: Connection) -> Any:
        """The driver's connection, its transaction begun."""
        driver: Any = connection.connection.dbapi_connection
        for statement in self.begin:
            driver.execute(statement)
        return driver

    def _run_one(
        self, connection: Connection, job: Job[Any], new: list[NewEntry], earlier: bool
    ) -> Any:
        """What the job returned or raised. `earlier`: the transaction holds another's work, which
        must stay if this is undone. A savepoint would cost the first job dear: SQLite copies every
        page that changes under one, and PostgreSQL is two journeys away."""
        if earlier:
            connection.exec_driver_sql("SAVEPOINT job")
        before = len(new)
        try:
            result = job(connection, new)
        except (DBAPIError, self.driver_error) as error:
            if not self.in_transaction(connection):
                raise  # the whole group is gone (disk full): nobody is told "done"
            log.error("a write failed: %s", type(getattr(error, "orig", error)).__name__)
            result = StoreUnavailableError("the store cannot write")
        except Exception as error:
            result = error
        if isinstance(result, Exception):
            del new[before:]
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job" if earlier else "ROLLBACK")
            if not earlier:
                self._begun(connection)
        if earlier:
            connection.exec_driver_sql("RELEASE SAVEPOINT job")
        return result

    def commit(self, driver: Any) -> None:
        """Make the transaction durable, or raise."""
        driver.execute("COMMIT")

    @staticmethod
    @abstractmethod
    def in_transaction(connection: Connection) -> bool:
        """Whether the driver's transaction is still open."""

    def _roll_back(self) -> None:
        """Undo a group. A connection that cannot even do that is replaced at the next use."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self.in_transaction(connection):
                connection.exec_driver_sql("ROLLBACK")
            self._connection = connection
        except Exception as error:
            self.failure = type(error).__name__
            connection.invalidate()
            connection.close()

    def _resolve(self, group: list[Waiting], results: list[Any]) -> None:
        """Tell each caller on its own loop; where that is closed nobody waits any more."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for one, result in zip(group, results, strict=True):
            by_loop.setdefault(one.future.get_loop(), []).append((one.future, result))
        for loop, outcomes in by_loop.items():
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._settle, loop, outcomes)

    def _settle(
        self,
        loop: asyncio.AbstractEventLoop,
        outcomes: list[tuple[asyncio.Future[Any], Any]],
    ) -> None:
        settle(outcomes)
        if self._waiting:
            self._consider(loop)


def sealed(seal: Seal | None) -> NewEntry | Exception:
    """The entry, or why there is none: then its request fails, and its neighbours do not."""
    try:
        return seal()  # type: ignore[misc]
    except Exception as error:
        return error


def _added(seal: Seal | None, new: list[NewEntry]) -> Exception | None:
    entry = sealed(seal)
    if isinstance(entry, Exception):
        return entry
    new.append(entry)
    return None


def settle(outcomes: list[tuple[asyncio.Future[Any], Any]]) -> None:
    """Tell everybody what came of theirs."""
    for future, result in outcomes:
        if future.done():
            continue  # the caller has gone; what they asked for is done all the same
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
