"""The embedded executor: SQLite, one process, one writer thread with group commit.

Reads run inline on the caller's thread. Writes are jobs: what is waiting is run together in one
transaction and every caller's future is resolved only after that transaction is durable
(`synchronous=FULL`). The bundled `pysqlite3` is used because the standard library's SQLite may
carry the WAL-reset defect (fixed after 3.51.2).
"""

import asyncio
import fcntl
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Job = Callable[[Connection], T]
log = logging.getLogger("gateway")
MAX_WAITING = 4096
MAX_GROUP = 512


class StoreUnavailableError(Exception):
    """The store cannot commit, or too much is waiting: the answer is 503 and no data."""


class StoreInUseError(Exception):
    """Another process serves this data directory."""


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun explicitly
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def open_engine(path: Path) -> Engine:
    """An engine on the database file at `path`, created if missing."""
    engine = create_engine(f"sqlite:///{path}", module=pysqlite3)
    event.listen(engine, "connect", _on_connect)
    return engine


@contextmanager
def reading(data_dir: Path) -> Iterator[Connection]:
    """A read-only connection for the command line, also while a gateway serves `data_dir`."""
    path = data_dir / "gateway.db"
    if not path.exists():
        raise FileNotFoundError(f"no gateway data in {data_dir}; run the demo or serve first")
    engine = create_engine(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true", module=pysqlite3)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def private(data_dir: Path) -> None:
    """Make the data directory, readable by its owner alone, if it is not there."""
    if not data_dir.exists():
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        data_dir.mkdir(mode=0o700)


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the lock of a data directory. Raises `StoreInUseError` where somebody else does."""
    private(data_dir)
    with (data_dir / "gateway.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreInUseError(
                f"another gateway already serves {data_dir}; stop it or choose another --data-dir"
            ) from None
        yield


class SqliteStore:
    """Owns the database file of one data directory for as long as it is open.

    `reader` is the connection for reads on the event-loop thread; only the writer thread writes.
    """

    def __init__(self, data_dir: Path) -> None:
        self._lock = ExitStack()
        self._lock.enter_context(exclusive(data_dir))
        self.engine = open_engine(data_dir / "gateway.db")
        self.reader = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._jobs: queue.Queue[tuple[Job[Any], asyncio.Future[Any]] | None] = queue.Queue(
            MAX_WAITING
        )
        self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self.failure: str | None = None
        self._writer.start()

    async def write(self, job: Job[T]) -> T:
        """Run `job` in the next group commit; returns when it is durable.

        Raises whatever the job raised (its own changes undone, its neighbours kept), or
        `StoreUnavailableError` where the group could not be committed or the queue is full.
        """
        if not self._writer.is_alive():
            raise StoreUnavailableError("the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._jobs.put_nowait((job, future))
        except queue.Full:
            raise StoreUnavailableError("too many writes are waiting") from None
        return await asyncio.shield(future)

    @staticmethod
    def probe(connection: Connection) -> None:
        """A write of one row: fails where the store cannot write."""
        connection.exec_driver_sql(
            "INSERT INTO heartbeat VALUES (1, 1) ON CONFLICT DO UPDATE SET beats = beats + 1"
        )

    def close(self) -> None:
        """Finish what is waiting, then let go of the file."""
        self._jobs.put(None)
        self._writer.join()
        self.reader.close()
        self.engine.dispose()
        self._lock.close()

    def _write(self) -> None:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        stopping = False
        while not stopping:
            group, stopping = self._next_group()
            if group:
                results = self._commit(connection, [job for job, _ in group])
                self._resolve(group, results)
        connection.close()

    def _next_group(self) -> tuple[list[tuple[Job[Any], asyncio.Future[Any]]], bool]:
        group = []
        item = self._jobs.get()
        while item is not None:
            group.append(item)
            if len(group) == MAX_GROUP:
                return group, False
            try:
                item = self._jobs.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, connection: Connection, jobs: list[Job[Any]]) -> list[Any]:
        """Each job's result or exception, after one durable commit; never raises."""
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            results = [self._run(connection, job) for job in jobs]
            connection.exec_driver_sql("COMMIT")
        except Exception as error:
            self.failure = type(error).__name__
            log.error("a group could not be committed: %s", self.failure)
            self._roll_back(connection)
            return [StoreUnavailableError("the store cannot commit")] * len(jobs)
        self.failure = None
        return results

    def _run(self, connection: Connection, job: Job[Any]) -> Any:
        # Straight to the driver: these three run for every request.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("SAVEPOINT job")
        try:
            result = job(connection)
        except DBAPIError as error:
            if not driver.in_transaction:
                raise  # the whole group is gone (disk full): nobody is told "done"
            log.error("a write failed: %s", type(error.orig).__name__)
            result = StoreUnavailableError("the store cannot write")
            driver.execute("ROLLBACK TO job")
        except Exception as error:
            result = error
            driver.execute("ROLLBACK TO job")
        driver.execute("RELEASE job")
        return result

    def _roll_back(self, connection: Connection) -> None:
        """Undo a group. A connection that cannot even do that is replaced at the next use."""
        try:
            if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
                connection.exec_driver_sql("ROLLBACK")
        except Exception as error:
            self.failure = type(error).__name__
            connection.invalidate()
            connection.rollback()

    @staticmethod
    def _resolve(group: list[tuple[Job[Any], asyncio.Future[Any]]], results: list[Any]) -> None:
        """Tell each caller on its own loop; where that is closed nobody waits any more."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for (_, future), result in zip(group, results, strict=True):
            by_loop.setdefault(future.get_loop(), []).append((future, result))
        for loop, outcomes in by_loop.items():
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in outcomes:
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
