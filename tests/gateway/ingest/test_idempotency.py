"""A retry under the same Idempotency-Key gets the first answer again and changes nothing."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text

from gateway.demo.payloads import delius_person, vcms_case
from tests.gateway.cluster import refusing
from tests.gateway.ingest.cases import ask, encoded, known, plan, somebody
from tests.gateway.world import Gateway

KEPT = ("record_version", "current_view", "person", "idempotent_push", "raw_payload")


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def keyed(gateway: Gateway, key: str, body: bytes, system: str = "delius") -> httpx.Response:
    return gateway.push(system, body, **{"Idempotency-Key": key})


def sizes(gateway: Gateway) -> dict[str, int]:
    with gateway.reading() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in KEPT
        }


def test_a_retry_gets_the_first_answer_again_and_makes_no_version(
    gateway: Gateway, key: str
) -> None:
    body = encoded(delius_person(somebody()))
    first = keyed(gateway, key, body)
    assert "idempotency-replayed" not in first.headers
    assert first.json()["items"][0]["outcome"] == "created"
    before = sizes(gateway)
    again = keyed(gateway, key, body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert sizes(gateway) == before
    assert again.headers["audit-entry"] != first.headers["audit-entry"]
    assert gateway.entry(again)["outcome"] == "replayed"


def test_a_late_retry_does_not_bring_an_older_state_back(gateway: Gateway, key: str) -> None:
    person = known(gateway)
    old, new = (encoded(plan(person, None, text)) for text in ("Old.", "New."))
    assert keyed(gateway, key, old, "oasys").json()["counts"] == {"created": 1}
    assert gateway.push("oasys", new).json()["counts"] == {"updated": 1}
    assert keyed(gateway, key, old, "oasys").json()["counts"] == {"created": 1}
    held = ask(gateway, f"crn:{person.crn}", "risk-management-plan").json()
    assert held["data"]["supervision"] == "New."


def test_a_refusal_is_remembered_too(gateway: Gateway, key: str) -> None:
    first, again = (keyed(gateway, key, b'{"hello": 2}') for _ in range(2))
    assert (again.status_code, again.content) == (422, first.content)
    assert again.headers["content-type"] == "application/problem+json"
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("change", ["body", "subject", "system"])
def test_another_request_under_the_same_key_is_refused(
    gateway: Gateway, key: str, change: str
) -> None:
    body = encoded(delius_person(somebody()))
    assert keyed(gateway, key, body).status_code == 200
    before = sizes(gateway)
    headers = {"Idempotency-Key": key}
    match change:
        case "body":
            other = gateway.push("delius", body + b" ", **headers)
        case "subject":
            other = gateway.push("delius", body, Subject="crn:Y123456", **headers)
        case _:
            other = gateway.push("oasys", body, **headers)
    assert other.status_code == 422
    assert other.json()["type"] == "urn:mappa-gateway:problem:idempotency-key-reused"
    assert sizes(gateway) == before
    assert gateway.entry(other)["outcome"] == "invalid"


def test_keys_belong_to_their_client(gateway: Gateway, key: str) -> None:
    person = somebody()
    assert keyed(gateway, key, encoded(delius_person(person))).status_code == 200
    other = keyed(gateway, key, encoded(vcms_case(person)), "vcms")
    assert other.status_code == 200, other.text
    assert "idempotency-replayed" not in other.headers


def test_retries_that_race_file_the_push_once(gateway: Gateway, key: str) -> None:
    body = encoded(delius_person(somebody()))
    gateway.system("delius").token()
    before = sizes(gateway)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: keyed(gateway, key, body), range(6)))
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    after = sizes(gateway)
    assert (after["person"], after["idempotent_push"]) == (
        before["person"] + 1,
        before["idempotent_push"] + 1,
    )


@pytest.mark.parametrize("table", ["idempotent_push", "audit_entry", "current_view"])
def test_records_answer_and_audit_entry_are_stored_together_or_not_at_all(
    own_gateway: Gateway, key: str, table: str
) -> None:
    person = somebody()
    body = encoded(delius_person(person))
    empty = sizes(own_gateway)
    with refusing(own_gateway.services.store.engine, table):
        assert keyed(own_gateway, key, body).status_code == 503
        assert sizes(own_gateway) == empty
    first = keyed(own_gateway, key, body)
    assert "idempotency-replayed" not in first.headers, "the failed try was not remembered"
    assert first.json()["counts"] == {"created": 1}
    assert json.loads(keyed(own_gateway, key, body).content) == first.json()
