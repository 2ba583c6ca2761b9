"""Choosing the store: PostgreSQL where a URL names one, else the embedded file."""

from pathlib import Path

from gateway.store.base import Store
from gateway.store.postgres import PostgresStore
from gateway.store.sqlite import SqliteStore


def open_store(data_dir: Path, database_url: str | None) -> Store:
    """The store of this deployment. Raises `StoreInUseError` where the embedded one is served."""
    return PostgresStore(database_url) if database_url else SqliteStore(data_dir)
