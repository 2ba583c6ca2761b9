"""The shared store: PostgreSQL, for many workers and machines.

Every connection goes to the primary: what is not yet there is never taken for absent. Reads run
on a bounded pool of asynchronous connections; all waits have an end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import orjson
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import Connection, Engine, create_engine

from gateway.store.base import (
    MAX_GROUP,
    MAX_WAITING,
    Asked,
    Job,
    Seal,
    Store,
    StoreUnavailableError,
    sealed,
    settle,
)
from gateway.store.entries import NewEntry
from gateway.store.lane import Lane
from gateway.store.query import Query, Row

APPEND: LiteralString = """
    WITH head AS (
        UPDATE audit_head SET size = size + %s WHERE id = 1 RETURNING size
    ), given AS (
        SELECT * FROM json_to_recordset(%s::text::json) AS entry(
            n bigint, id text, time text, agency text, client text, staff text, operation text,
            outcome text, salt text, sealed text, persons json)
    ), numbered AS (
        SELECT head.size - count(*) OVER () + given.n AS seq, given.* FROM head, given
    ), kept AS (
        INSERT INTO audit_entry
            (seq, id, time, agency, client, staff, operation, outcome, salt, sealed)
        SELECT seq, id, time, agency, client, staff, operation, outcome, salt, sealed FROM numbered
    )
    INSERT INTO audit_subject (person_id, seq)
    SELECT DISTINCT person, seq
    FROM numbered, json_array_elements_text(numbered.persons) AS named(person)
"""
"""What `entries.append` does, as one statement, which saves four journeys."""
Sealing = tuple[asyncio.Future[None], Seal]
Pool = AsyncConnectionPool[psycopg.AsyncConnection[Row]]
READERS = 4
WAIT_SECONDS = 1.0
"""How long a read waits for a connection of the pool."""
PUSH_SECONDS = 60.0
BEAT: LiteralString = (
    "INSERT INTO heartbeat VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1"
)
PATIENCE = 12.0
"""Seconds for a journey to a database that neither answers nor breaks off (a stuck disk)."""
LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "5s",
}
"""The last keeps a process that was stopped in a transaction from holding up all others."""
log = logging.getLogger("gateway")
T = TypeVar("T")
INGEST_WAIT = "9s"
INGEST_LOCK = 0x4D415050
"""Advisory lock under which one push at a time decides whose a record is."""


def conninfo(url: str, **limits: str) -> str:
    """What libpq needs to reach the primary, and only it, with every wait limited."""
    options = " ".join(f"-c {name}={value}" for name, value in (LIMITS | limits).items())
    return make_conninfo(
        url,
        target_session_attrs="read-write",
        connect_timeout=5,
        keepalives_idle=10,
        tcp_user_timeout=10_000,
        application_name="mappa-gateway",
        options=options,
    )


def open_engine(url: str, **limits: str) -> Engine:
    """An engine for the writer, the log and the migrations: few connections, checked before use."""
    target = conninfo(url, **limits)
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(target),
        paramstyle="format",
        pool_size=4,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
    )


async def in_time(work: Coroutine[Any, Any, None]) -> None:
    """Wait for a journey, but not for ever. Raises `TimeoutError`: what hangs is broken off, which
    can itself take as long as the database likes, so that is not waited for."""
    task = asyncio.get_running_loop().create_task(work)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if not done:
        task.cancel()
        raise TimeoutError
    await task


@contextmanager
def confirmed(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> Iterator[None]:
    """A commit whose wait for the standby was cut short succeeds, with a warning: that is no
    promise, so nobody is told "done". Raises `StoreUnavailableError`."""
    warnings: list[str | None] = []

    def note(told: psycopg.errors.Diagnostic) -> None:
        warnings.append(told.severity_nonlocalized)

    connection.add_notice_handler(note)
    try:
        yield
    finally:
        connection.remove_notice_handler(note)
    if "WARNING" in warnings:
        raise StoreUnavailableError("the standby has not confirmed the commit")


def driver_of(connection: Connection) -> Any:
    """The psycopg connection under SQLAlchemy's."""
    return connection.connection.dbapi_connection


class PostgresStore(Store):
    """One process's connections to the database at `url`.

    A push takes a lock of the whole database's, so that of two workers one at a time decides
    whose a record is. Entries alone need no thread: a group of them is one statement.
    """

    driver_error = psycopg.Error
    begin = (
        "BEGIN",
        f"SET LOCAL lock_timeout = '{INGEST_WAIT}'",
        f"SELECT pg_advisory_xact_lock({INGEST_LOCK})",
        f"SET LOCAL lock_timeout = '{LIMITS['lock_timeout']}'",
    )

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url))
        self._url = url
        self._pool: Pool | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._together: dict[Query, Lane[Asked]] = {}
        self._sealing: Lane[Sealing] = self._new_lane(self._append_all)

    def _answer(self, asked: list[Asked]) -> None:
        """Questions that can be asked together wait for one another while a journey to the
        database is under way; the more wait, the less each costs."""
        for one in asked:
            if any(isinstance(value, str) and "\0" in value for value in one.named.values()):
                one.tell([])  # a character that no text of PostgreSQL holds
            elif one.query.together is None:
                self._spawn(self._told(self._one(one), [one]))
            else:
                self._lane(one.query).put(one)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[Any, Any, None], asked: list[Asked]) -> None:
        try:
            await in_time(work)
        except Exception as error:
            self._cannot_answer(asked, error)

    async def _one(self, one: Asked) -> None:
        async with (await self._connections()).connection() as reader:
            text, values = one.query.sent(self.engine.dialect, one.named)
            one.tell(await (await reader.execute(text, values)).fetchall())

    def _lane(self, query: Query) -> Lane[Asked]:
        lane = self._together.get(query)
        if lane is None:
            lane = self._together[query] = self._new_lane(self._journey_told)
        return lane

    def _new_lane(self, carry: Callable[[list[T]], Awaitable[None]]) -> Lane[T]:
        return Lane(carry, self._spawn, MAX_GROUP, self.company)

    async def _journey_told(self, asked: list[Asked]) -> None:
        await self._told(self._journey(asked[0].query, asked), asked)

    async def _journey(self, query: Query, asked: list[Asked]) -> None:
        """Many in one; where the database refuses what one of them asks, each by itself."""
        try:
            await self._many(query, asked)
        except psycopg.DataError:
            for one in asked:
                await self._told(self._one(one), [one])

    async def _many(self, query: Query, asked: list[Asked]) -> None:
        together: Any = query.together
        wanted = orjson.dumps([{"n": n, **one.named} for n, one in enumerate(asked)])
        text, values = together.sent(self.engine.dialect, {"asked": wanted.decode()})
        async with (await self._connections()).connection() as reader:
            rows = await (await reader.execute(text, values)).fetchall()
        found: list[list[Row]] = [[] for _ in asked]
        for row in rows:
            found[row[-1]].append(row)
        for one, theirs in zip(asked, found, strict=True):
            one.tell(theirs)

    def append(self, seal: Seal) -> asyncio.Future[None]:
        """Commit one audit entry with all that wait: one statement, which is its own transaction,
        so that no worker ever keeps the head of the log locked while it does something else."""
        if self._closing or len(self._sealing) >= MAX_WAITING:
            raise StoreUnavailableError("too many writes are waiting")
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sealing.put((future, seal))
        return future

    async def _append_all(self, group: list[Sealing]) -> None:
        outcomes = [(future, sealed(seal)) for future, seal in group]
        new = [entry for _, entry in outcomes if not isinstance(entry, Exception)]
        failure = await self._commit_entries(new) if new else None
        told = [(f, entry if isinstance(entry, Exception) else failure) for f, entry in outcomes]
        settle(told)

    async def _commit_entries(self, new: list[NewEntry]) -> Exception | None:
        try:
            rows = orjson.dumps([{"n": n, **e._asdict()} for n, e in enumerate(new, 1)]).decode()
            await in_time(self._send(APPEND, (len(new), rows)))
        except Exception as error:
            self.failure = type(error).__name__
            log.error("entries could not be committed: %s", self.failure)
            return StoreUnavailableError("the store cannot commit")
        self.failure = None
        return None

    async def _send(self, statement: LiteralString, values: tuple[Any, ...] = ()) -> None:
        async with (await self._connections()).connection() as writer:
            with confirmed(writer):
                await writer.execute(statement, values)

    async def write(self, job: Job[T]) -> T:
        """As any store does, but never without end."""
        try:
            async with asyncio.timeout(PUSH_SECONDS):
                return await super().write(job)
        except TimeoutError:
            raise StoreUnavailableError("the database does not answer") from None

    async def beat(self) -> None:
        """Without the thread: a long push must not make this process look unable to record."""
        try:
            await in_time(self._send(BEAT))
        except (psycopg.Error, PoolTimeout, TimeoutError) as error:
            raise StoreUnavailableError("the database cannot be written") from error

    async def _connections(self) -> Pool:
        if self._pool is None:
            pool: Pool = AsyncConnectionPool(
                conninfo(self._url),
                min_size=2,
                max_size=READERS,
                timeout=WAIT_SECONDS,
                reconnect_timeout=WAIT_SECONDS,
                kwargs={"autocommit": True, "prepare_threshold": 0},
                open=False,
            )
            self._pool = pool
            await pool.open()
        return self._pool

    async def close(self) -> None:
        """Finish what is waiting, then close every connection."""
        self._closing = True
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        await asyncio.to_thread(self.finish)
        if self._pool is not None:
            await self._pool.close()
        self.engine.dispose()

    def commit(self, driver: Any) -> None:
        """Only a commit that the standby has confirmed counts."""
        with confirmed(driver):
            driver.execute("COMMIT")

    @staticmethod
    def in_transaction(connection: Connection) -> bool:
        """As the driver knows it. Raises `StoreUnavailableError` where the connection is gone."""
        driver = driver_of(connection)
        if driver.closed:
            raise StoreUnavailableError("the connection to the database is lost")
        return driver.info.transaction_status in (
            psycopg.pq.TransactionStatus.INTRANS,
            psycopg.pq.TransactionStatus.INERROR,
        )
