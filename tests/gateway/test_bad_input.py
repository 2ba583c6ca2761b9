"""Bad input of every kind gets a 4xx problem, is kept or refused explicitly, and is never a 500."""

import json

import pytest

from gateway.demo.payloads import cvl_licence, delius_person
from tests.gateway.world import Gateway

BOMB = b"""<?xml version="1.0"?><!DOCTYPE n [<!ENTITY a "aaaaaaaaaa">%s]><n>&b9;</n>""" % b"".join(
    b'<!ENTITY b%d "%s">' % (n, b"&a;" * 10 if n == 0 else b"&b%d;" % (n - 1) * 10)
    for n in range(10)
)
EXTERNAL = b'<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><n>&x;</n>'
KEPT = {
    "truncated JSON": ("delius", b'{"otherIds": {"crn": "X1'),
    "empty body": ("delius", b""),
    "not UTF-8": ("oasys", b"\xff\xfe\x00{"),
    "null byte": ("delius", b'{"surname": "a\x00b"}'),
    "escaped null": ("delius", b'{"otherIds": {"crn": "X999001"}, "surname": "a\\u0000b"}'),
    "lone surrogate": ("delius", b'{"otherIds": {"crn": "X999002"}, "surname": "\\ud800"}'),
    "a number": ("nomis", b"5"),
    "null": ("cvl", b"null"),
    "text": ("oasys", b'"hello"'),
    "NaN": ("delius", b'{"otherIds": {"crn": "X999003"}, "age": NaN}'),
    "unknown shape": ("nomis", b'{"hello": 1}'),
    "duplicate keys": ("delius", b'{"otherIds": {"crn": "X999004", "crn": "X999005"}}'),
    "deep nesting": ("delius", b"[" * 5000 + b"]" * 5000),
    "XML bomb": ("visor", BOMB),
    "external entity": ("visor", EXTERNAL),
    "truncated XML": ("visor", b"<nominal"),
    "XML for JSON": ("mappa", b"<nominal/>"),
    "JSON for XML": ("visor", b"{}"),
    "empty batch": ("delius", b"[]"),
    "batch without end": ("delius", b"[{}"),
    "schema broken": ("vcms", b'{"system": "vcms", "person": {}, "cases": 5}'),
    "bad date in a schema": ("mappa", b'{"meeting": {"date": "31/02/2026"}}'),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_cannot_be_mapped_is_a_problem_and_kept_whole(gateway: Gateway, name: str) -> None:
    system, body = KEPT[name]
    answer = gateway.push(system, body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    item = answer.json()["items"][0]
    assert item["outcome"] == "quarantined"
    assert item["reason"]["code"]
    assert gateway.entry(answer)["outcome"] == "quarantined"
    again = gateway.push(system, body)
    assert again.json()["items"][0]["quarantine"] == item["quarantine"]


def test_too_large_a_body_is_refused_explicitly(gateway: Gateway) -> None:
    before = gateway.entries()
    answer = gateway.push("delius", b'"' + b"a" * 10_000_000 + b'"')
    assert answer.status_code == 413
    assert gateway.entries() == before + 1
    assert gateway.entry(answer)["client"] == "probation-systems"


def test_too_many_payloads_are_refused_before_anybody_waits_for_them(gateway: Gateway) -> None:
    answer = gateway.push("delius", b"[" + b"1," * 200 + b"1]")
    assert answer.status_code == 413
    assert answer.json()["type"].endswith("too-many-payloads")


def test_an_unknown_system_is_refused(gateway: Gateway) -> None:
    answer = gateway.system("delius").call("POST", "/v1/ingest/nothing", content=b"{}")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Subject": "nobody"}, "bad-subject"),
        ({"Subject": "crn:"}, "bad-subject"),
        ({"Purpose-Of-Use": "x" * 5000}, "unknown-purpose"),
        ({"Idempotency-Key": "k" * 201}, "invalid-request"),
    ],
)
def test_bad_headers_are_problems(gateway: Gateway, headers: dict[str, str], code: str) -> None:
    answer = gateway.push("delius", b"{}", **headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["type"].endswith(code)


@pytest.mark.parametrize(
    "ref", ["crn:", ":", "pnc:%00", "crn:X1' OR 1=1", "%F0%9F%92%A9", "x" * 60, "nino:QQ123456C"]
)
def test_a_bad_reference_is_just_not_found(gateway: Gateway, ref: str) -> None:
    answer = gateway.responsible("PP").get(f"/v1/persons/{ref}/mappa")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("person-not-found")


def test_a_bad_date_costs_the_field_and_not_the_payload(gateway: Gateway) -> None:
    payload = delius_person(gateway.people[1]) | {"dateOfBirth": "31/02/1980"}
    payload["otherIds"] = {"crn": "X999010"}
    answer = gateway.push("delius", json.dumps(payload).encode())
    assert answer.status_code == 200
    assert "unreadable-date" in {w["code"] for w in answer.json()["items"][0]["warnings"]}


def test_an_unknown_path_and_method_are_problems_too(gateway: Gateway) -> None:
    assert gateway.http.get(f"{gateway.base_url}/v2").json()["status"] == 404
    wrong = gateway.http.delete(f"{gateway.base_url}/v1/audit/entries")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "application/problem+json")


def test_wrong_types_everywhere_never_break_the_service(gateway: Gateway) -> None:
    licence = cvl_licence(gateway.people[1]) | {"prisonNumber": "A9990ZZ", "crn": "X999011"}
    wrong: list[object] = [None, [], {}, -1, 10**30, "\u202e", True, [[[]]]]
    for key in licence:
        for value in wrong:
            body = json.dumps(licence | {key: value}).encode()
            assert gateway.push("cvl", body).status_code in (200, 422)
