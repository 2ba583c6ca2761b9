"""Finding persons: only those the asker may see, and only they are counted."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.demo.cast import AREAS
from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person
from gateway.routes import search as search_routes
from tests.gateway.world import Gateway


def search(agent: Agent, **wanted: Any) -> httpx.Response:
    return agent.call("POST", "/v1/persons/search", content=json.dumps(wanted))


def test_a_surname_finds_the_person_and_their_record(gateway: Gateway) -> None:
    hero = gateway.hero
    found = search(gateway.responsible("OM"), surname=hero.surname.lower(), forename="kel")
    assert found.status_code == 200
    hits = found.json()["data"]
    assert [h["record"]["name"]["surname"] for h in hits] == [hero.surname]
    assert found.json()["meta"]["count"] == 1
    assert gateway.entry(found)["persons"] == [hits[0]["id"]]


def test_an_identifier_in_any_spelling_finds_the_person(gateway: Gateway) -> None:
    year, serial = gateway.hero.pnc.split("/")
    short = f"{year[2:]}/{serial.lstrip('0')}"
    found = search(gateway.responsible("PP"), identifiers=[{"scheme": "pnc", "value": short}])
    assert found.json()["meta"]["count"] == 1


def test_a_stranger_finds_and_counts_nobody(gateway: Gateway) -> None:
    found = search(gateway.staff("OM-46-1"), surname=gateway.hero.surname)
    assert gateway.hero.crn not in found.text
    assert (found.json()["data"], found.json()["meta"]["count"]) == ([], 0)


def test_pages_go_on_where_the_last_one_ended(gateway: Gateway) -> None:
    officer, wanted = gateway.staff("PP-13-1"), []
    for number in range(3):
        twin = delius_person(gateway.hero) | {"surname": "Pagesworth"}
        twin["otherIds"] = {"crn": f"X9101{number:02d}"}
        gateway.push("delius", json.dumps(twin).encode())
    cursor = None
    while True:
        page = search(officer, surname="Pagesworth", limit=2, cursor=cursor).json()
        wanted += [hit["id"] for hit in page["data"]]
        if (cursor := page["meta"]["cursor"]) is None:
            break
    assert len(wanted) == len(set(wanted)) == 3


def test_a_search_that_stops_early_says_how_to_go_on(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_routes, "PAGE_READ", 5)
    monkeypatch.setattr(search_routes, "MOST_PAGES", 1)
    crowd = []
    for number in range(12):
        one = delius_person(replace(gateway.hero, area=AREAS[2])) | {"surname": "Crowdworth"}
        one["otherIds"] = {"crn": f"X9102{number:02d}"}
        one["offenderManagers"] = []
        crowd.append(one)
    gateway.push("delius", json.dumps(crowd).encode())
    agent, cursors = gateway.staff("PP-13-1"), []
    page = search(agent, surname="Crowdworth").json()
    while page["meta"]["cursor"]:
        assert page["data"] == []
        cursors.append(page["meta"]["cursor"])
        page = search(agent, surname="Crowdworth", cursor=cursors[-1]).json()
    assert len(set(cursors)) == 2


def test_date_of_birth_narrows(gateway: Gateway) -> None:
    hero = gateway.hero
    agent = gateway.responsible("PP")
    right = search(agent, surname=hero.surname, dateOfBirth=hero.born.isoformat())
    wrong = search(agent, surname=hero.surname, dateOfBirth="1900-01-01")
    assert (right.json()["meta"]["count"], wrong.json()["meta"]["count"]) == (1, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"forename": "Kelvin"}',
        b'{"surname": 5}',
        b'{"identifiers": [{"scheme": "nino", "value": "QQ123456C"}]}',
        b'{"identifiers": [{"scheme": "pnc", "value": "2001/0171310S"}]}',
        b'{"surname": "a", "limit": 1000}',
    ],
)
def test_a_bad_search_is_a_problem_that_echoes_nothing(gateway: Gateway, body: bytes) -> None:
    answer = gateway.responsible("PP").call("POST", "/v1/persons/search", content=body)
    assert answer.status_code == 422
    assert "Kelvin" not in answer.text
    assert "QQ123456C" not in answer.text


def test_a_vlo_does_not_search(gateway: Gateway) -> None:
    assert search(gateway.responsible("VLO"), surname="a").status_code == 403
