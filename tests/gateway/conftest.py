"""A real gateway on a free port, with the demo's staff and people pushed through HTTP.

The HTTP tests run on both stores: whoever asks for a gateway gets one on each in turn.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gateway.store import sqlite
from gateway.store.postgres import open_engine
from gateway.store.schema import upgrade
from tests.gateway.cluster import STORES, fresh
from tests.gateway.world import Gateway


@pytest.fixture(scope="session", params=STORES)
def gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """One gateway on each store for the whole run; tests that change it use people of their own."""
    with (
        fresh(request) as url,
        Gateway.running(tmp_path_factory.mktemp("data"), people=12, database_url=url) as running,
    ):
        yield running


@pytest.fixture(params=STORES)
def own_gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway of one's own, empty, for tests that break it."""
    with (
        fresh(request) as url,
        Gateway.running(tmp_path / "data", people=0, database_url=url) as running,
    ):
        yield running


@pytest.fixture(params=STORES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the newest schema."""
    with fresh(request) as url:
        opened = open_engine(url) if url else sqlite.open_engine(tmp_path / "gateway.db")
        upgrade(opened)
        yield opened
        opened.dispose()
