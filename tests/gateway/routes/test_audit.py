"""The auditor answers who looked at whom, why and what they saw, and can prove it."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.note import Verifier
from audit.proof import verify_proof
from gateway.integrator import log_directory
from tests.gateway.world import Gateway

ENTRIES = "/v1/audit/entries"


def found(gateway: Gateway, **filters: Any) -> list[dict[str, Any]]:
    answer = gateway.staff("AUD-1").get(ENTRIES, params={"limit": 200} | filters)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["data"]
    return entries


def look(gateway: Gateway, staff: str) -> str:
    path = f"/v1/persons/crn:{gateway.hero.crn}/custody"
    entry: str = gateway.staff(staff).get(path).headers["audit-entry"]
    return entry


def test_a_look_is_found_by_person_staff_agency_outcome_and_operation(gateway: Gateway) -> None:
    entry = look(gateway, "OM-13-1")
    denied = look(gateway, "OM-46-1")
    hero = f"crn:{gateway.hero.crn}"
    person = gateway.responsible("OM").get(f"/v1/persons/{hero}").json()["meta"]["auditEntry"]
    by_person = {e["id"] for e in found(gateway, person=hero)}
    assert {entry, denied, person} <= by_person
    assert entry in {e["id"] for e in found(gateway, staff="OM-13-1")}
    assert entry not in {e["id"] for e in found(gateway, staff="OM-46-1")}
    assert {e["agency"] for e in found(gateway, agency="police")} == {"police"}
    assert {e["outcome"] for e in found(gateway, outcome="not-found")} == {"not-found"}
    assert {e["operation"] for e in found(gateway, operation="collection")} == {"collection"}
    assert found(gateway, person="crn:X000000") == []


def test_entries_are_found_by_time(gateway: Gateway) -> None:
    entry = look(gateway, "OM-13-1")
    now = datetime.now(UTC)
    minute = timedelta(minutes=1)
    assert entry in {e["id"] for e in found(gateway, since=(now - minute).isoformat())}
    assert entry not in {e["id"] for e in found(gateway, until=(now - minute).isoformat())}
    naive = (now + minute).replace(tzinfo=None).isoformat()
    assert found(gateway, since=naive) == []


def test_pages_hold_every_entry_once(gateway: Gateway) -> None:
    for _ in range(6):
        look(gateway, "OM-13-1")
    auditor = gateway.staff("AUD-1")
    path: str | None = f"{ENTRIES}?staff=OM-13-1&limit=2"
    seen: list[int] = []
    while path and len(seen) < 6:
        answer = auditor.get(path)
        seen += [entry["index"] for entry in answer.json()["data"]]
        path = answer.links["next"]["url"] if "next" in answer.links else None
    assert len(seen) == 6
    assert seen == sorted(set(seen), reverse=True)


def test_the_auditors_own_looks_are_entries_too(gateway: Gateway) -> None:
    answer = gateway.staff("AUD-1").get(ENTRIES, params={"person": f"crn:{gateway.hero.crn}"})
    entry = gateway.entry(answer)
    assert (entry["staff"], entry["action"], entry["purpose"]) == ("AUD-1", "read-audit", "audit")
    assert len(entry["persons"]) == 1


def test_an_entry_is_proved_to_be_in_the_log_by_somebody_else(gateway: Gateway) -> None:
    entry = look(gateway, "OM-13-1")
    answer = gateway.staff("AUD-1").get(f"{ENTRIES}/{entry}/proof")
    assert answer.status_code == 200
    proof = answer.json()["data"]
    verifier = Verifier.parse((log_directory(gateway.data_dir) / "vkey").read_text().strip())
    checkpoint = verify_proof(proof, verifier)
    assert checkpoint.size == proof["size"] > proof["index"]
    leaf = json.loads(proof["leaf"])
    salted = base64.b64decode(proof["salt"]) + proof["sealed"].encode()
    assert leaf["digest"] == hashlib.sha256(salted).hexdigest()
    assert leaf["id"] == entry
    assert gateway.hero.crn not in proof["leaf"]


@pytest.mark.parametrize("path", [f"{ENTRIES}/nothing", f"{ENTRIES}/nothing/proof"])
def test_an_unknown_entry_is_a_problem(gateway: Gateway, path: str) -> None:
    answer = gateway.staff("AUD-1").get(path)
    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:mappa-gateway:problem:no-such-entry",
    )


@pytest.mark.parametrize("staff", ["OM-13-1", "PP-13-1", "VLO-13-1", "MA-13-1"])
def test_nobody_else_reads_the_log(gateway: Gateway, staff: str) -> None:
    entry = look(gateway, "OM-13-1")
    agent = gateway.staff(staff, purpose="audit")
    for path in (ENTRIES, f"{ENTRIES}/{entry}", f"{ENTRIES}/{entry}/proof"):
        assert agent.get(path).status_code == 403


@pytest.mark.parametrize(
    "filters", [{"since": "yesterday"}, {"limit": 0}, {"limit": 1000}, {"staff": "x" * 65}]
)
def test_bad_filters_are_problems(gateway: Gateway, filters: dict[str, Any]) -> None:
    answer = gateway.staff("AUD-1").get(ENTRIES, params=filters)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert gateway.staff("AUD-1").get(ENTRIES, params={"cursor": "x"}).status_code == 400


def test_a_log_that_lags_says_so_instead_of_proving_nothing(own_gateway: Gateway) -> None:
    own_gateway.services.integrator.stop()
    auditor = own_gateway.staff("AUD-1")
    entry = auditor.get(ENTRIES).headers["audit-entry"]
    answer = auditor.get(f"{ENTRIES}/{entry}/proof")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
