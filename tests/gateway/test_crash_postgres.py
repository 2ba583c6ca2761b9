"""`kill -9` under load, of gateways that share a PostgreSQL and of PostgreSQL itself: what was
answered is recorded, what was taken is kept, and all machines keep one log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.crash import Service
from tests.postgres import PostgresServer

MACHINES = 2
KILLS = 6
DATABASE_KILLS = 3
pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def engine() -> Iterator[PostgresServer]:
    with PostgresServer.running() as running:
        yield running


def test_killed_gateways_lose_nothing_and_the_others_go_on(
    engine: PostgresServer, tmp_path: Path
) -> None:
    with Service.running(tmp_path, engine.database("servers"), MACHINES) as service:
        with service.loaded():
            for _ in range(KILLS):
                service.kill_servers()
        service.end()
    assert len(service.witness.pushed) > KILLS


def test_a_killed_database_loses_nothing_and_gateways_recover_by_themselves(
    engine: PostgresServer, tmp_path: Path
) -> None:
    with Service.running(tmp_path, engine.database("itself"), MACHINES) as service:
        with service.loaded():
            for _ in range(DATABASE_KILLS):
                service.kill_database(engine)
        service.end()
    assert service.witness.refused
