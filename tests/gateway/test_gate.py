"""Back pressure: what is too much is turned away at once, and nothing of it stays."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest

from adapters.base import Adapter, Item
from adapters.delius import ADAPTER as DELIUS
from gateway.gate import Gate
from gateway.ingest.push import MOST_WAITING
from tests.gateway.world import Gateway

LIMIT, CROWD = 3, 12


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway that takes few requests at once, and small bodies."""
    with Gateway.running(tmp_path / "data", 0, max_in_flight=LIMIT, max_body=10_000) as running:
        yield running


@contextmanager
def nothing_is_written(gateway: Gateway) -> Iterator[None]:
    """Keep the database locked, so that requests wait for their audit entries."""
    with gateway.reading() as connection:
        locked = connection.execution_options(isolation_level="AUTOCOMMIT")
        locked.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        locked.exec_driver_sql("ROLLBACK")


def test_beyond_the_limit_is_turned_away_with_a_time_to_come_back(narrow: Gateway) -> None:
    agent = narrow.staff("OM-13-1")
    headers = {"Authorization": f"Bearer {agent.token()}", "Purpose-Of-Use": "mappa-management"}
    url, before = f"{narrow.base_url}/v1/persons/crn:X000000/mappa", narrow.entries()
    with ThreadPoolExecutor(CROWD) as crowd:
        with nothing_is_written(narrow):
            asked = [
                crowd.submit(httpx.get, url, headers=headers, timeout=30) for _ in range(CROWD)
            ]
            done = as_completed(asked, timeout=4)
            refused = [next(done).result() for _ in range(CROWD - LIMIT)]
            assert httpx.get(f"{narrow.base_url}/health/live").status_code == 200
        statuses = Counter(one.result().status_code for one in asked)
    assert statuses == {404: LIMIT, 503: CROWD - LIMIT}
    for answer in refused:
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["type"] == "urn:mappa-gateway:problem:overloaded"
    assert narrow.entries() == before + LIMIT, "who is turned away has asked nothing yet"
    assert narrow.services.pipeline.gate.inside == 0
    assert agent.get("/v1/persons/crn:X000000/mappa").status_code == 404


def test_bodies_are_held_only_up_to_a_limit() -> None:
    gate = Gate(10, 100)
    assert gate.pick_up(60)
    assert not gate.pick_up(60)
    gate.put_down(60)
    assert gate.pick_up(40)
    gate.put_down(100)
    assert gate.held == 0


def test_every_body_is_put_down_whatever_came_of_it(narrow: Gateway) -> None:
    for body in (b"{}", b"{" * 9_000, b"x" * 20_000, b"[1, 2"):
        assert narrow.push("delius", body).status_code >= 400
    gate = narrow.services.pipeline.gate
    assert (gate.inside, gate.held) == (0, 0)


def test_however_many_pushes_wait_for_their_mapping_there_is_room_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, split = Event(), DELIUS.split

    def slowly(_: Adapter, raw: bytes) -> list[Item]:
        go_on.wait(30)
        return split(raw)

    monkeypatch.setattr(type(DELIUS), "split", slowly)
    sent = MOST_WAITING + LIMIT
    with (
        Gateway.running(tmp_path / "data", 0, max_in_flight=sent) as gateway,
        ThreadPoolExecutor(sent) as crowd,
    ):
        agent = gateway.staff("OM-13-1")
        gateway.system("delius").token()
        pushed = [crowd.submit(gateway.push, "delius", b"{}") for _ in range(sent)]
        done = as_completed(pushed, timeout=20)
        refused = [next(done).result() for _ in range(LIMIT)]
        assert agent.get("/v1/persons/crn:X000000/mappa").status_code == 404
        go_on.set()
        statuses = Counter(one.result().status_code for one in pushed)
        entries = [gateway.entry(one) for one in refused]
    assert statuses == {422: MOST_WAITING, 503: LIMIT}
    for answer, entry in zip(refused, entries, strict=True):
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["type"] == "urn:mappa-gateway:problem:overloaded"
        assert (entry["action"], entry["outcome"], entry["status"]) == ("push", "failed", 503)
