"""The one PostgreSQL server of a test run, started when a test first asks for it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import PostgresServer

pytest_plugins = ["adapters.testing.plugin"]

settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that nobody stops or crashes; tests that do start one of their own."""
    with PostgresServer.running() as server:
        yield server
