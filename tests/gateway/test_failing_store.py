"""When the store or the log cannot be written, nothing about a person leaves."""

import shutil
import time

import pytest
from rich.console import Console
from sqlalchemy import text

from gateway.demo.people import characters
from gateway.demo.setup import seed
from gateway.integrator import log_directory
from gateway.store.sqlite import SqliteStore, StoreInUseError, open_engine
from tests.gateway.test_pipeline import person_paths
from tests.gateway.world import TODAY, Gateway


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
    with populated.services.store.engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER broken BEFORE INSERT ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'disk failure'); END"
            )
        )
    for path in person_paths(populated):
        answer = officer.get(path.replace("{ref}", f"crn:{populated.hero.crn}"))
        assert answer.status_code == 503, path
        assert populated.hero.surname not in answer.text
        assert "data" not in answer.json()
        assert "audit-entry" not in answer.headers
    pushed = populated.push("delius", b'{"otherIds": {"crn": "X777777"}}')
    assert pushed.status_code == 503
    with populated.services.store.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER broken"))
    assert officer.get(f"/v1/persons/crn:{populated.hero.crn}/mappa").status_code == 200
    missing = populated.staff("PP-13-1").get("/v1/persons/crn:X777777")
    assert missing.status_code == 404, "the push that got 503 left nothing behind"


def test_with_the_database_locked_away_readiness_turns_false_and_back(populated: Gateway) -> None:
    officer = populated.responsible("OM")
    officer.token()
    engine = open_engine(populated.data_dir / "gateway.db")
    thief = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    thief.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        assert ready(populated) == 503
        answer = officer.get(f"/v1/persons/crn:{populated.hero.crn}/mappa")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    finally:
        thief.exec_driver_sql("ROLLBACK")
        thief.close()
        engine.dispose()
    assert ready(populated) == 200
    assert officer.get(f"/v1/persons/crn:{populated.hero.crn}/mappa").status_code == 200


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


def test_a_second_gateway_on_the_same_data_is_refused(own_gateway: Gateway) -> None:
    with pytest.raises(StoreInUseError, match="already serves"):
        SqliteStore(own_gateway.data_dir)
