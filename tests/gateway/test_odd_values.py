"""What the two stores would take differently comes out alike: as what it says, or as refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.demo import payloads
from gateway.demo.people import Character
from tests.gateway.ingest.cases import encoded, known, person_of, push, read, somebody
from tests.gateway.world import Gateway

NUL = "a\x00b"
PAYLOADS: dict[str, tuple[str, Callable[[Character], Any]]] = {
    made.__name__: (made.__name__.partition("_")[0], made)
    for made in (
        payloads.delius_person,
        payloads.delius_supervision,
        payloads.oasys_plan,
        payloads.oasys_rosh,
        payloads.nomis_prisoner,
        payloads.nomis_allocation,
        payloads.cvl_licence,
        payloads.vcms_case,
        payloads.mappa_minutes,
    )
}
NUMBERS = [2**31, -(2**31) - 1, 2**63, 10**30, 1e300, 0.5, True]


def changed(node: Any, turn: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    """The same JSON with one part changed, for each part in turn."""
    yield from turn(node)
    if isinstance(node, dict):
        for key, value in node.items():
            yield from (node | {key: other} for other in changed(value, turn))
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from ([*node[:n], other, *node[n + 1 :]] for other in changed(value, turn))


def with_nul(node: Any) -> Iterator[Any]:
    if isinstance(node, str):
        yield node + "\x00"
    if isinstance(node, dict):
        yield node | {NUL: "c"}


def with_numbers(node: Any) -> Iterator[Any]:
    if isinstance(node, int | float):
        yield from NUMBERS


@pytest.mark.parametrize("turn", [with_nul, with_numbers])
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_and_no_number_of_a_payload_is_beyond_the_store(
    gateway: Gateway, name: str, turn: Callable[[Any], Iterator[Any]]
) -> None:
    """What cannot be mapped is kept whole in quarantine; nothing is a failure."""
    system, made = PAYLOADS[name]
    person = known(gateway)
    for payload in changed(made(person), turn):
        answer = gateway.push(system, encoded(payload), Subject=f"crn:{person.crn}")
        assert answer.status_code in (200, 422), (answer.status_code, json.dumps(payload))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/persons/a%00b/mappa",
        "/v1/persons/crn:X1%00/mappa",
        "/v1/persons/crn:Y000001/risk-management-plans/a%00b",
    ],
)
def test_a_null_character_in_a_reference_is_just_not_found(gateway: Gateway, path: str) -> None:
    answer = gateway.staff("PP-13-1").get(path)
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(
    "path", ["/v1/audit/entries/a%00b", "/v1/audit/entries/a%00b/proof", "/v1/quarantine/a%00b/x"]
)
def test_a_null_character_in_an_id_is_just_not_found(gateway: Gateway, path: str) -> None:
    assert gateway.staff("AUD-1").get(path).status_code == 404


@pytest.mark.parametrize("name", ["person", "staff", "agency", "operation", "outcome"])
@pytest.mark.parametrize("value", [NUL, "crn:X\x00"])
def test_a_null_character_in_a_filter_finds_nothing(
    gateway: Gateway, name: str, value: str
) -> None:
    answer = gateway.staff("AUD-1").get("/v1/audit/entries", params={name: value})
    assert answer.status_code in (200, 422)
    assert answer.json().get("data", []) == []


@pytest.mark.parametrize("cursor", [NUL, "-1", str(2**63), str(2**62), "9" * 60, "1.5", "\ud83d"])
@pytest.mark.parametrize("path", ["/v1/audit/entries", "/v1/quarantine", "/v1/persons/{}/licences"])
def test_a_cursor_nobody_gave_out_is_refused_or_leads_nowhere(
    gateway: Gateway, path: str, cursor: str
) -> None:
    agents = {"/v1/audit/entries": "AUD-1", "/v1/quarantine": None}
    staff = agents.get(path, "PP-13-1")
    agent = gateway.staff(staff) if staff else gateway.system("delius")
    path = path.format(f"crn:{gateway.hero.crn}")
    sent = cursor.encode("utf-8", "surrogatepass")
    answer = agent.get(path, params={"cursor": sent})
    assert answer.status_code in (200, 400, 422), answer.text


@pytest.mark.parametrize("field", ["surname", "forename", "cursor"])
@pytest.mark.parametrize("value", ['"a\\u0000b"', '"\\ud800"', '"\\ud83d\\ude00"', '"%_"'])
def test_odd_characters_in_a_search_are_no_failure(
    gateway: Gateway, field: str, value: str
) -> None:
    body = f'{{"surname": "Nobody", "{field}": {value}}}'
    agent = gateway.staff("PP-13-1")
    answer = agent.call("POST", "/v1/persons/search", content=body.encode())
    assert answer.status_code in (200, 422)
    assert answer.json().get("data", []) == []


@pytest.mark.parametrize("key", ["\u00e9", "%00", "\u00ff" * 200])
def test_an_idempotency_key_may_hold_any_character_of_a_header(gateway: Gateway, key: str) -> None:
    body = encoded(payloads.delius_person(somebody()))
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answers = [
        gateway.system("delius").call("POST", "/v1/ingest/delius", content=body, headers=headers)
        for _ in range(2)
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].content == answers[1].content


def test_names_of_any_script_are_found_whatever_their_case(gateway: Gateway) -> None:
    for surname, typed in (("Straße", "STRASSE"), ("Öztürk", "ÖZTÜRK"), ("Łoś", "łoŚ")):
        person = payloads.delius_person(somebody(surname=surname))
        (item,) = push(gateway, "delius", person)
        found = gateway.staff("PP-13-1").call(
            "POST", "/v1/persons/search", content=json.dumps({"surname": typed})
        )
        assert person_of(item) in [hit["id"] for hit in found.json()["data"]], surname


def test_an_emoji_and_a_control_character_come_back_as_they_were_sent(gateway: Gateway) -> None:
    person = known(gateway)
    plan = payloads.oasys_plan(person)
    plan["assessments"][0]["supervision"] = said = "Weekly \U0001f4c5\u0085\u202e\u0007 call."
    push(gateway, "oasys", plan)
    held = read(gateway, f"crn:{person.crn}", "risk-management-plan")
    assert held["data"]["supervision"] == said
