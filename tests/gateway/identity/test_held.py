"""What names two persons is held whole, and filed as somebody with the right role decides."""

from dataclasses import replace

import pytest

from adapters.registry import ADAPTERS
from gateway.demo.payloads import delius_person, mappa_minutes, nomis_prisoner
from tests.gateway.identity.cases import (
    asked,
    body,
    decide,
    done,
    held,
    merge,
    steward,
    two,
)
from tests.gateway.ingest.cases import ask, encoded, known, person_of, push, read
from tests.gateway.world import Gateway


def test_a_held_payload_waits_for_a_review_and_is_filed_once_they_are_one(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    item = held(gateway, one, other)
    review = asked(steward(gateway), first, second)
    assert (review["waiting"], review["decision"]) == (1, None)
    decided = decide(steward(gateway), review["id"], "same")
    assert done(decided)["persons"] == [first], "who has been known longer answers"
    entry = gateway.entry(decided)
    assert (entry["operation"], entry["outcome"]) == ("combination", "merged")
    assert set(entry["persons"]) == {first, second}
    assert read(gateway, first)["data"]["name"]["forenames"] == ["Heldwyn"]
    listed = gateway.staff("MA-13-1", "system-update").get("/v1/quarantine?limit=200").json()
    assert item["quarantine"] not in {waiting["id"] for waiting in listed["data"]}


def test_two_decided_to_be_different_stay_so_and_what_waited_goes_to_its_own(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)
    assert done(decide(steward(gateway), review["id"], "different"))["decision"] == "different"
    assert read(gateway, first)["data"]["name"]["forenames"] == ["Heldwyn"]
    assert read(gateway, second)["data"]["name"]["forenames"] == [other.forename]
    assert merge(steward(gateway), first, second).status_code == 409
    row = delius_person(replace(one, forename="Again"))
    row["otherIds"]["pncNumber"] = other.pnc
    assert person_of(push(gateway, "delius", row)[0]) == first, "it is not asked again"


def test_what_is_held_can_be_given_to_one_of_the_two_and_taken_back(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    before = [body(gateway, ref) for ref in (first, second)]
    review = asked(steward(gateway), first, second)
    linked = decide(steward(gateway), review["id"], "link", person=second)
    assert done(linked)["decision"] == "link"
    assert gateway.entry(linked)["outcome"] == "linked"
    assert read(gateway, second)["data"]["name"]["forenames"] == ["Heldwyn"]
    assert body(gateway, first) == before[0]
    done(decide(steward(gateway), review["id"], "undo"))
    assert [body(gateway, ref) for ref in (first, second)] == before


def test_a_system_without_numbers_of_its_own_needs_to_be_told_whose_it_is(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    record = {
        "firstName": "Corewyn",
        "lastName": one.surname,
        "dateOfBirth": one.born.isoformat(),
        "identifiers": {"crns": [one.crn], "pncs": [other.pnc], "prisonNumbers": [], "cros": []},
    }
    assert gateway.push("cpr", encoded(record)).status_code == 422
    review = asked(steward(gateway), first, second)["id"]
    assert decide(steward(gateway), review, "link").status_code == 409, "say whose"
    done(decide(steward(gateway), review, "different"))
    assert asked(steward(gateway), first, second)["waiting"] == 1, "it may be either's still"
    done(decide(steward(gateway), review, "link", person=second))
    filed = steward(gateway).get(f"/v1/identity/persons/{second}/records").json()["data"]
    assert {row["system"] for row in filed} == {"delius", "cpr"}
    undone = done(decide(steward(gateway), review, "undo"))
    assert undone["decision"] == "different", "what held before holds again"
    assert done(decide(steward(gateway), review, "undo"))["decision"] is None


def test_a_record_of_nobody_known_can_be_linked(gateway: Gateway) -> None:
    one, first, _, _ = two(gateway)
    row = delius_person(replace(one, crn="Z12", noms="", pnc="2001/1", cro="", forename="Lone"))
    alone = person_of(push(gateway, "delius", row)[0])
    review = asked(steward(gateway), alone)
    assert review["reason"] == "no-verified-identifier"
    done(decide(steward(gateway), review["id"], "link", person=f"crn:{one.crn}"))
    assert ask(gateway, alone).headers["location"] == f"/v1/persons/{first}"
    done(decide(steward(gateway), review["id"], "undo"))
    assert ask(gateway, alone).status_code == 200


def test_what_is_about_several_people_is_not_filed_under_one(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    third = known(gateway)
    rows = [
        nomis_prisoner(one) | {"pncNumber": other.pnc, "croNumber": None},
        nomis_prisoner(third),
    ]
    page = encoded({"content": rows, "totalElements": 2})
    assert gateway.push("nomis", page).json()["items"][0]["reason"]["code"] == "ambiguous-person"
    review = asked(steward(gateway), first, second)["id"]
    refused = decide(steward(gateway), review, "link", person=second)
    assert refused.status_code == 409
    assert "one by one" in refused.json()["detail"]
    assert gateway.push("nomis", encoded(rows[0])).status_code == 422
    done(decide(steward(gateway), review, "link", person=second))
    filed = steward(gateway).get(f"/v1/identity/persons/{second}/records").json()["data"]
    assert [row["system"] for row in filed] == ["delius", "nomis"]
    assert asked(steward(gateway), first, second)["waiting"] == 1, "the page goes on waiting"


def test_what_cannot_be_filed_is_not_let_out_of_the_quarantine(gateway: Gateway) -> None:
    one, first, other, second = two(gateway, level=2)
    minutes = mappa_minutes(one) or {}
    minutes |= {"person": {"crn": one.crn, "pnc": other.pnc}, "issued": "2099-01-01"}
    assert gateway.push("mappa", encoded(minutes)).status_code == 422
    review = asked(steward(gateway), first, second)["id"]
    assert decide(steward(gateway), review, "link", person=second).status_code == 409
    left = asked(steward(gateway), first, second)
    assert (left["decision"], left["waiting"]) == (None, 1)


def test_a_record_of_nobody_known_is_not_linked_to_somebody_else(gateway: Gateway) -> None:
    one, first, _, second = two(gateway)
    row = delius_person(replace(one, crn="Z13", noms="", pnc="2001/1", cro="", forename="Alone"))
    alone = person_of(push(gateway, "delius", row)[0])
    agent = steward(gateway)
    review = asked(agent, alone)["id"]
    merged = done(merge(agent, alone, second))["id"]
    done(decide(agent, merged, "undo"))
    done(decide(agent, merged, "different"))
    assert decide(agent, review, "link", person=second).status_code == 409
    done(merge(agent, first, second, survivor=first))
    assert decide(agent, review, "link", person=first).status_code == 409, "they are one now"


def test_a_payload_whose_adapter_is_gone_goes_on_waiting(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, first, other, second = two(gateway)
    item = held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    monkeypatch.delitem(ADAPTERS, "delius")
    refused = decide(steward(gateway), review, "same")
    assert (refused.status_code, refused.json()["type"][-10:]) == (409, "no-adapter")
    path = f"/v1/quarantine/{item['quarantine']}/replay"
    assert gateway.staff("MA-13-1", "system-update").call("POST", path).status_code == 409
