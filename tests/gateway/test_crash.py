"""`kill -9` under load: what was answered is recorded, what was taken is kept, the log is one.

This is the short form; `make soak` kills more often.
"""

from pathlib import Path

import pytest

from tests.gateway.cluster import database
from tests.gateway.crash import Service
from tests.postgres import PostgresServer

pytestmark = pytest.mark.crash


def test_a_killed_gateway_has_lost_nothing(tmp_path: Path) -> None:
    with Service.running(tmp_path) as service:
        with service.loaded():
            for _ in range(8):
                service.kill_servers()
        service.end()


def test_killed_gateways_that_share_a_database_have_lost_nothing_and_the_others_go_on(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with database(postgres) as url, Service.running(tmp_path, url, machines=2) as service:
        with service.loaded():
            for _ in range(4):
                service.kill_servers()
        service.end()


def test_a_killed_worker_has_lost_nothing_and_is_replaced(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with database(postgres) as url, Service.running(tmp_path, url, workers=2) as service:
        with service.loaded():
            for _ in range(2):
                service.kill_worker()
        service.end()


def test_a_killed_database_has_lost_nothing_and_the_gateways_recover_by_themselves(
    tmp_path: Path,
) -> None:
    with (
        PostgresServer.running() as own,
        Service.running(tmp_path, own.url, machines=2) as service,
    ):
        with service.loaded():
            for _ in range(3):
                service.kill_database(own)
        service.end()
