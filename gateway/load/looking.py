"""Looking at the store without being able to change it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pysqlite3
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from gateway.load.errors import LoadError
from gateway.settings import Settings
from gateway.store.postgres import open_engine
from gateway.store.schema import is_newest, upgrade
from gateway.store.sqlite import FILE, reading


@contextmanager
def looking(settings: Settings) -> Iterator[Connection]:
    """The store of these settings, read-only; an empty one where there is none yet.

    Raises `LoadError` where its tables are older than this program.
    """
    if settings.database_url or (settings.data_dir / FILE).exists():
        with _there(settings) as connection:
            if not is_newest(connection):
                raise LoadError("the store has older tables: start this version's gateway once")
            yield connection
    else:
        empty = create_engine("sqlite://", module=pysqlite3, poolclass=StaticPool)
        upgrade(empty)
        with empty.connect() as connection:
            yield connection


@contextmanager
def _there(settings: Settings) -> Iterator[Connection]:
    if settings.database_url is None:
        with reading(settings.data_dir) as connection:
            yield connection
        return
    engine = open_engine(settings.database_url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = on")
            yield connection
    finally:
        engine.dispose()
