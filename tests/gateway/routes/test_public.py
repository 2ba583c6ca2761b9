"""What needs no caller: health, the public log in C2SP form, the token endpoint, the docs."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from audit.checkpoint import open_checkpoint
from audit.merkle import leaf_hash
from audit.note import Verifier
from gateway.integrator import log_directory
from tests.gateway.world import Gateway


def get(gateway: Gateway, path: str) -> httpx.Response:
    return gateway.http.get(gateway.base_url + path)


def test_health_says_live_and_ready(gateway: Gateway) -> None:
    assert get(gateway, "/health/live").json() == {"status": "live"}
    assert get(gateway, "/health/ready").json() == {
        "status": "ready",
        "store": "ok",
        "log": "ok",
    }


def test_anybody_can_check_the_log_from_its_public_files(gateway: Gateway) -> None:
    vkey = (log_directory(gateway.data_dir) / "vkey").read_text().strip()
    note = get(gateway, "/tlog/checkpoint").content
    checkpoint = open_checkpoint(note, Verifier.parse(vkey))
    assert checkpoint.size > 0
    width = min(checkpoint.size, 256)
    suffix = f".p/{width}" if width < 256 else ""
    tile = get(gateway, f"/tlog/tile/0/000{suffix}").content
    bundle = get(gateway, f"/tlog/tile/entries/000{suffix}").content
    length = int.from_bytes(bundle[:2])
    assert tile[:32] == leaf_hash(bundle[2 : 2 + length])
    assert gateway.hero.crn.encode() not in bundle


def test_an_entry_is_under_a_checkpoint_within_a_second_of_its_commit(gateway: Gateway) -> None:
    gateway.responsible("OM").get(f"/v1/persons/crn:{gateway.hero.crn}/mappa")
    wanted = gateway.entries()
    start = time.monotonic()
    while int(get(gateway, "/tlog/checkpoint").text.splitlines()[1]) < wanted:
        assert time.monotonic() - start < 5
        time.sleep(0.02)


@pytest.mark.parametrize(
    "path",
    ["../vkey", "..%2fvkey", "0/000/../../checkpoint", "0/999", "entries/", "x", "9/000", "0/00a"],
)
def test_nothing_but_tiles_is_served(gateway: Gateway, path: str) -> None:
    answer = get(gateway, f"/tlog/tile/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_sealed_entries_are_not_public(gateway: Gateway) -> None:
    assert (log_directory(gateway.data_dir) / "entries").exists()
    for path in ("/tlog/entries/000.jsonl", "/tlog/tile/entries/000.jsonl"):
        assert get(gateway, path).status_code == 404


def test_the_docs_page_needs_no_other_host(gateway: Gateway) -> None:
    page = get(gateway, "/docs")
    assert page.status_code == 200
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    assert all(link.startswith("/docs/assets/") for link in links)
    assert all(get(gateway, link).status_code == 200 for link in links)


def test_the_committed_openapi_file_is_what_is_served(gateway: Gateway) -> None:

    committed = Path(__file__).parents[3] / "openapi" / "openapi.json"
    assert json.loads(committed.read_text()) == get(gateway, "/openapi.json").json()


def test_every_operation_has_a_name_a_summary_and_typed_refusals(gateway: Gateway) -> None:
    described = get(gateway, "/openapi.json").json()
    operations = [op for item in described["paths"].values() for op in item.values()]
    names = [op["operationId"] for op in operations]
    assert len(set(names)) == len(names)
    assert all(op["summary"] for op in operations)
    for path, item in described["paths"].items():
        if path.startswith("/v1"):
            for op in item.values():
                assert {"401", "403", "503"} <= op["responses"].keys(), path
                assert op["security"] == [{"accessToken": []}]
    assert described["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_of_the_description_leads_somewhere(gateway: Gateway) -> None:
    described = get(gateway, "/openapi.json").json()
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


@pytest.mark.parametrize(
    ("prefix", "path", "operation"),
    [
        ("VLO", "licence-conditions", "getLicenceConditions"),
        ("VLO", "mappa-minutes", "getMappaMinutes"),
        ("VLO", "victim-contact", "getVictimContact"),
        ("OM", "licence-conditions", "getLicenceConditions"),
        ("OM", "risk-management-plan", "getRiskManagementPlan"),
        ("OM", "rosh", "getRosh"),
        ("PP", "case-team", "getCaseTeam"),
    ],
)
def test_an_answer_is_what_a_generated_client_expects(
    gateway: Gateway, prefix: str, path: str, operation: str
) -> None:
    described = get(gateway, "/openapi.json").json()
    operations = {o["operationId"]: o for p in described["paths"].values() for o in p.values()}
    content = operations[operation]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"] | {"components": described["components"]}
    answer = gateway.responsible(prefix).get(f"/v1/persons/crn:{gateway.hero.crn}/{path}")
    assert answer.status_code == 200
    jsonschema_rs.validator_for(schema).validate(answer.json())


def test_a_refusal_is_what_a_generated_client_expects(gateway: Gateway) -> None:
    described = get(gateway, "/openapi.json").json()
    schema = described["components"]["schemas"]["ProblemDocument"]
    answer = gateway.staff("OM-46-1").get(f"/v1/persons/crn:{gateway.hero.crn}/rosh")
    jsonschema_rs.validator_for(schema).validate(answer.json())


def test_a_client_gets_a_token_and_its_keys_are_published(gateway: Gateway) -> None:
    agent = gateway.responsible("OM")
    assert agent.token().count(".") == 2
    metadata = get(gateway, "/.well-known/oauth-authorization-server").json()
    assert metadata["token_endpoint"] == f"{gateway.base_url}/oauth/token"
    keys = gateway.http.get(metadata["jwks_uri"]).json()["keys"]
    assert keys
    assert not any("d" in key for key in keys)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"grant_type": "password"}, 400),
        ({"grant_type": "client_credentials"}, 401),
        ({"grant_type": "client_credentials", "client_assertion": "a.b.c"}, 401),
    ],
)
def test_bad_token_requests_are_oauth_errors(
    gateway: Gateway, form: dict[str, str], status: int
) -> None:
    answer = gateway.http.post(f"{gateway.base_url}/oauth/token", data=form)
    assert answer.status_code == status
    assert answer.json().keys() == {"error"}


def test_a_field_given_twice_is_refused(gateway: Gateway) -> None:
    answer = gateway.http.post(
        f"{gateway.base_url}/oauth/token",
        content="grant_type=client_credentials&grant_type=password",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_without_the_embedded_issuer_tokens_come_from_elsewhere(tmp_path: Path) -> None:
    with Gateway.running(tmp_path / "data", people=0, embedded_issuer=False) as gateway:
        for path in ("/.well-known/oauth-authorization-server", "/v1/quarantine"):
            assert get(gateway, path).status_code in (401, 404)
        assert gateway.http.post(f"{gateway.base_url}/oauth/token").status_code == 404
        assert get(gateway, "/oauth/jwks").json() == {"keys": []}


def test_answers_are_not_stored_by_caches(gateway: Gateway) -> None:
    answer = gateway.responsible("OM").get(f"/v1/persons/crn:{gateway.hero.crn}/mappa")
    assert answer.headers["cache-control"] == "no-store"
