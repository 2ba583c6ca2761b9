"""The shared store: PostgreSQL, for many workers and machines.

Every connection goes to the primary: what is not yet there is never taken for absent. Reads run
on a bounded pool of asynchronous connections; all waits have an end.
"""

import asyncio
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Connection, Engine, create_engine

from gateway.store.base import Asked, Store, StoreUnavailableError
from gateway.store.query import Row

Pool = AsyncConnectionPool[psycopg.AsyncConnection[Row]]
READERS = 4
WAIT_SECONDS = 3.0
"""How long a read waits for a connection of the pool."""
LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "5s",
}
"""The last keeps a process that was stopped in a transaction from holding up all others."""
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


class PostgresStore(Store):
    """One process's connections to the database at `url`.

    A push takes a lock of the whole database's, so that of two workers one at a time decides
    whose a record is.
    """

    before_jobs = f"SELECT pg_advisory_xact_lock({INGEST_LOCK})"

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url))
        self._url = url
        self._pool: Pool | None = None
        self._turns: set[asyncio.Task[None]] = set()

    def _answer(self, asked: list[Asked]) -> None:
        task = asyncio.get_running_loop().create_task(self._answer_together(asked))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)

    async def _answer_together(self, asked: list[Asked]) -> None:
        """All that was asked in one turn of the event loop, in one journey to the database."""
        try:
            async with (await self._readers()).connection() as reader, reader.pipeline():
                cursors = [
                    await reader.execute(*one.query.sent(self.engine.dialect, one.named))
                    for one in asked
                ]
                for one, cursor in zip(asked, cursors, strict=True):
                    one.tell(await cursor.fetchall())
        except Exception as error:
            self._cannot_answer(asked, error)

    async def _readers(self) -> Pool:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                conninfo(self._url),
                min_size=1,
                max_size=READERS,
                timeout=WAIT_SECONDS,
                reconnect_timeout=WAIT_SECONDS,
                kwargs={"autocommit": True, "prepare_threshold": 0},
                check=None,
                open=False,
            )
            await self._pool.open()
        return self._pool

    async def close(self) -> None:
        """Finish what is waiting, then close every connection."""
        await asyncio.to_thread(self.finish)
        if self._pool is not None:
            await self._pool.close()
        self.engine.dispose()

    def commit(self, driver: Any) -> None:
        """A commit whose wait for the standby was cut short succeeds, with a warning: that is no
        promise, so nobody is told "done"."""
        warnings: list[str | None] = []

        def note(told: psycopg.errors.Diagnostic) -> None:
            warnings.append(told.severity_nonlocalized)

        driver.add_notice_handler(note)
        try:
            driver.execute("COMMIT")
        finally:
            driver.remove_notice_handler(note)
        if "WARNING" in warnings:
            raise StoreUnavailableError("the standby has not confirmed the commit")

    @staticmethod
    def in_transaction(connection: Connection) -> bool:
        """As the driver knows it. Raises `StoreUnavailableError` where the connection is gone."""
        driver: Any = connection.connection.dbapi_connection
        if driver.closed:
            raise StoreUnavailableError("the connection to the database is lost")
        return driver.info.transaction_status in (
            psycopg.pq.TransactionStatus.INTRANS,
            psycopg.pq.TransactionStatus.INERROR,
        )
