"""What both stores have in common: one writer with group commit. They differ in how they read.

What is waiting is run in one transaction: the jobs, each in a savepoint of its own, then all
their audit entries together with those handed in alone. A group costs one commit, the event loop
is never held up by the disk, and whoever waits is told only after the commit is durable.
"""

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from gateway.store import entries
from gateway.store.entries import NewEntry
from gateway.store.query import Query, Row

T = TypeVar("T")
Job = Callable[[Connection, list[NewEntry]], T]
"""A change in the group's transaction; it adds its audit entries to the list."""
MAX_WAITING = 4096
MAX_GROUP = 512
log = logging.getLogger("gateway")


class StoreUnavailableError(Exception):
    """The store cannot be reached, or cannot commit, or too much waits: 503 and no data."""


class Waiting(NamedTuple):
    """A job, or a lone entry, and who waits for it."""

    future: asyncio.Future[Any]
    job: Job[Any] | None
    entry: NewEntry | None


class Store(ABC):
    """Owns `engine`, and one connection of it on one thread. `failure` names what stopped it."""

    begin = "BEGIN"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.failure: str | None = None
        self._waiting: deque[Waiting] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._rung = self._closing = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    @abstractmethod
    async def rows(self, query: Query, named: Mapping[str, Any]) -> list[Row]:
        """Every row, as committed on the primary. Raises `StoreUnavailableError`."""

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

    async def append(self, entry: NewEntry) -> None:
        """Commit one audit entry; returns when it is durable. Raises as `write` does."""
        await self._hand_in(None, entry)

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

    def _hand_in(self, job: Job[Any] | None, entry: NewEntry | None) -> asyncio.Future[Any]:
        if self._closing:
            raise StoreUnavailableError("the store is closed")
        if len(self._waiting) >= MAX_WAITING:
            raise StoreUnavailableError("too many writes are waiting")
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append(Waiting(future, job, entry))
        if not self._rung:
            # Once the loop has run what is ready: the more come together, the cheaper each is.
            self._rung = True
            loop.call_soon(self._bell.put, None)
        return future

    def _run(self) -> None:
        while not self._closing or self._waiting:
            self._bell.get()
            self._rung = False
            while self._waiting:
                count = min(len(self._waiting), MAX_GROUP)
                group = [self._waiting.popleft() for _ in range(count)]
                self._resolve(group, self._commit(group))
        if self._connection:
            self._connection.close()

    def _commit(self, group: list[Waiting]) -> list[Any]:
        """Each result or exception, after one durable commit; never raises."""
        try:
            connection = self._connected()
            driver: Any = connection.connection.dbapi_connection
            driver.execute(self.begin)
            new: list[NewEntry] = []
            results = [self._run_one(connection, one, new) for one in group]
            if new:
                entries.append(connection, new)
            driver.execute("COMMIT")
        except Exception as error:
            self.failure = type(error).__name__
            log.error("a group could not be committed: %s", self.failure)
            self._roll_back()
            return [StoreUnavailableError("the store cannot commit")] * len(group)
        self.failure = None
        return results

    def _connected(self) -> Connection:
        if self._connection is None:
            opened = self.engine.connect()
            self._connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _run_one(self, connection: Connection, one: Waiting, new: list[NewEntry]) -> Any:
        if one.entry is not None:
            new.append(one.entry)
        if one.job is None:
            return None
        connection.exec_driver_sql("SAVEPOINT job")
        before = len(new)
        try:
            result = one.job(connection, new)
        except DBAPIError as error:
            if error.connection_invalidated or not self.in_transaction(connection):
                raise  # the whole group is gone (disk full): nobody is told "done"
            log.error("a write failed: %s", type(error.orig).__name__)
            result = StoreUnavailableError("the store cannot write")
        except Exception as error:
            result = error
        if isinstance(result, Exception):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            del new[before:]
        connection.exec_driver_sql("RELEASE SAVEPOINT job")
        return result

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

    @staticmethod
    def _resolve(group: list[Waiting], results: list[Any]) -> None:
        """Tell each caller on its own loop; where that is closed nobody waits any more."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for one, result in zip(group, results, strict=True):
            by_loop.setdefault(one.future.get_loop(), []).append((one.future, result))
        for loop, outcomes in by_loop.items():
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in outcomes:
        if future.done():
            continue  # the caller has gone; what they asked for is done all the same
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
