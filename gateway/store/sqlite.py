"""The embedded store: SQLite, one process, reads inline on the event loop's thread.

The bundled `pysqlite3` is used because the standard library's SQLite may carry the WAL-reset
defect (fixed after 3.51.2).
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event

from gateway.store.base import Asked, Store

FILE = "gateway.db"
WAL_PAGES = 8000
"""Pages (of 4 KB) of the write-ahead log after which they are moved to the database file."""


class StoreInUseError(OSError):
    """Another process serves this data directory."""


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun explicitly
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-65536",
        f"wal_autocheckpoint={WAL_PAGES}",
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
    path = data_dir / FILE
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


class SqliteStore(Store):
    """Owns the database file of one data directory for as long as it is open."""

    driver_error = pysqlite3.Error
    begin = ("BEGIN IMMEDIATE",)

    def __init__(self, data_dir: Path) -> None:
        self._lock = ExitStack()
        self._lock.enter_context(exclusive(data_dir))
        super().__init__(open_engine(data_dir / FILE))
        self.reader = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._driver: Any = self.reader.connection.dbapi_connection
        self._dialect = self.engine.dialect

    def _answer(self, asked: list[Asked]) -> None:
        """All that was asked in one turn of the event loop, in one read transaction.

        Inline, because a small read takes less time than handing it to a thread would. The
        transaction begins after every one of the requests has arrived, so none of them sees less
        than was committed before it was sent.
        """
        self._driver.execute("BEGIN")
        try:
            for one in asked:
                statement, values = one.query.sent(self._dialect, one.named)
                try:
                    one.tell(self._driver.execute(statement, values).fetchall())
                except (pysqlite3.Error, OverflowError) as error:
                    self._cannot_answer([one], error)
        finally:
            with suppress(pysqlite3.Error):
                self._driver.execute("COMMIT")

    async def close(self) -> None:
        """Finish what is waiting, then let go of the file."""
        self.finish()
        self.reader.close()
        self.engine.dispose()
        self._lock.close()

    @staticmethod
    def in_transaction(connection: Connection) -> bool:
        """SQLite itself ends a transaction where the disk is full."""
        driver: Any = connection.connection.dbapi_connection
        return bool(driver.in_transaction)
