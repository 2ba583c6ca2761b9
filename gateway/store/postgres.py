"""The shared store: PostgreSQL, for many workers and machines.

Every connection goes to the primary: what is not yet there is never taken for absent. Reads run
on a bounded pool of asynchronous connections; all waits have an end.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import Connection, Engine, create_engine

from gateway.store.base import Store, StoreUnavailableError
from gateway.store.query import Query, Row

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
    """One process's connections to the database at `url`."""

    begin = "BEGIN"

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url))
        self._url = url
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Row]] | None = None

    async def rows(self, query: Query, named: Mapping[str, Any]) -> list[Row]:
        """On a connection of the pool, as a prepared statement."""
        text, values = query.sent(self.engine.dialect, named)
        try:
            async with (await self._readers()).connection() as connection:
                return await (await connection.execute(text, values, prepare=True)).fetchall()
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise StoreUnavailableError("the database cannot be reached") from error

    async def _readers(self) -> AsyncConnectionPool[psycopg.AsyncConnection[Row]]:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                conninfo(self._url),
                min_size=1,
                max_size=READERS,
                timeout=WAIT_SECONDS,
                kwargs={"autocommit": True},
                open=False,
            )
            await self._pool.open()
        return self._pool

    async def close(self) -> None:
        """Finish what is waiting, then close every connection."""
        self.finish()
        if self._pool is not None:
            await self._pool.close()
        self.engine.dispose()

    @staticmethod
    def in_transaction(connection: Connection) -> bool:
        """As the driver knows it; a broken connection is in none."""
        driver: Any = connection.connection.dbapi_connection
        return driver.info.transaction_status in (
            psycopg.pq.TransactionStatus.INTRANS,
            psycopg.pq.TransactionStatus.INERROR,
        )
