"""When the store or the log cannot be written, nothing about a person leaves."""

import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from gateway.demo.people import characters
from gateway.demo.setup import seed
from gateway.integrator import log_directory
from tests.gateway.cluster import IMPATIENT, STEAL, refusing
from tests.gateway.machine import wait_until
from tests.gateway.test_pipeline import person_paths
from tests.gateway.world import TODAY, Gateway
from tests.postgres import PostgresServer


@pytest.fixture
def populated(own_gateway: Gateway) -> Gateway:
    own_gateway.people = list(characters(1, TODAY))
    seed(own_gateway.base_url, own_gateway.data_dir, own_gateway.people, Console(quiet=True))
    return own_gateway


def ready(gateway: Gateway) -> int:
    return gateway.http.get(f"{gateway.base_url}/health/ready").status_code


def test_with_the_entry_table_refusing_writes_every_person_route_answers_503(
    populated: Gateway,
) -> None:
    officer = populated.responsible("OM")
    officer.token()
    with refusing(populated.services.store.engine, "audit_entry"):
        for path in person_paths(populated):
            answer = officer.get(path.replace("{ref}", f"crn:{populated.hero.crn}"))
            assert answer.status_code == 503, path
            assert populated.hero.surname not in answer.text
            assert "data" not in answer.json()
            assert "audit-entry" not in answer.headers
        pushed = populated.push("delius", b'{"otherIds": {"crn": "X777777"}}')
        assert pushed.status_code == 503
    assert officer.get(f"/v1/persons/crn:{populated.hero.crn}/mappa").status_code == 200
    missing = populated.staff("PP-13-1").get("/v1/persons/crn:X777777")
    assert missing.status_code == 404, "the push that got 503 left nothing behind"


def refused(gateway: Gateway) -> None:
    """Whatever is asked, the answer is 503 and says when to try again."""
    path = f"/v1/persons/crn:{gateway.hero.crn}/mappa"
    for answer in (gateway.responsible("OM").get(path), gateway.push("delius", b"{}")):
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert answer.headers["content-type"] == "application/problem+json"
        assert gateway.hero.surname not in answer.text
    assert ready(gateway) == 503


def recovered(gateway: Gateway) -> None:
    """By itself, and soon."""
    path = f"/v1/persons/crn:{gateway.hero.crn}/mappa"
    wait_until(lambda: ready(gateway) == 200, "it does not get ready again")
    wait_until(lambda: gateway.responsible("OM").get(path).status_code == 200, "no answers")
    wait_until(lambda: gateway.push("delius", b"{}").status_code == 422, "no pushes")


def test_with_the_database_locked_away_readiness_turns_false_and_back(populated: Gateway) -> None:
    populated.system("delius").token()
    populated.responsible("OM").token()
    store = populated.services.store
    hurry = IMPATIENT[store.engine.dialect.name]
    asyncio.run(store.write(lambda connection, _: connection.exec_driver_sql(hurry)))
    with store.engine.connect() as connection:
        thief: Any = connection.connection.dbapi_connection
        thief.execute(STEAL[connection.dialect.name])
        refused(populated)
        thief.execute("ROLLBACK")
    recovered(populated)


def test_with_the_database_server_gone_nothing_is_answered_until_it_is_back(tmp_path: Path) -> None:
    with (
        PostgresServer.running() as server,
        Gateway.running(tmp_path / "data", people=1, database_url=server.url) as gateway,
    ):
        gateway.responsible("OM").token()
        for _ in range(2):
            recovered(gateway)
            server.kill()
            refused(gateway)
            server.start()
        recovered(gateway)
        answer = gateway.responsible("OM").get(f"/v1/persons/crn:{gateway.hero.crn}/mappa")
        assert gateway.entry(answer)["outcome"] == "released"
        size = gateway.entries()
        wait_until(lambda: gateway.services.tlog.size >= size, "the log does not go on")


def test_a_log_that_cannot_grow_turns_readiness_false_and_catches_up(populated: Gateway) -> None:
    log = log_directory(populated.data_dir)
    hidden = log.with_name("hidden")
    shutil.move(log, hidden)
    log.write_text("in the way")
    deadline = time.monotonic() + 10
    while ready(populated) == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    refused = populated.responsible("OM").get(f"/v1/persons/crn:{populated.hero.crn}/mappa")
    assert refused.status_code == 503
    assert "data" not in refused.json()
    log.unlink()
    hidden.rename(log)
    while ready(populated) != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert populated.entry(refused)["outcome"] == "failed"
