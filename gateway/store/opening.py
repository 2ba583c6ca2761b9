"""Choosing the store: PostgreSQL where a URL names one, else the embedded file."""

from pathlib import Path

from gateway.store.base import Store


def open_store(data_dir: Path, database_url: str | None) -> Store:
    """The store of this deployment. Raises `StoreInUseError` where the embedded one is served."""
    if database_url is None:
        from gateway.store.sqlite import SqliteStore

        return SqliteStore(data_dir)
    from gateway.store.postgres import PostgresStore

    return PostgresStore(database_url)
