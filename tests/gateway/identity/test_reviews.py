"""Who is who is decided by the right role, on what it saw, with what it may see, for the record."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from gateway.demo.cast import AREAS
from gateway.demo.payloads import delius_person, mappa_minutes, nomis_prisoner
from tests.gateway.identity.cases import (
    REVIEWS,
    asked,
    body,
    decide,
    done,
    held,
    merge,
    split,
    steward,
    two,
)
from tests.gateway.ingest.cases import ask, encoded, known, person_of, push, read
from tests.gateway.ingest.test_limited_access import ASHA, RHYS, lists
from tests.gateway.world import Gateway

KENT = AREAS[2]


def test_after_a_merge_every_old_reference_answers_303_and_after_undo_itself(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    before = [body(gateway, ref) for ref in (first, second)]
    teams = [body(gateway, ref, "case-team") for ref in (first, second)]
    merged = done(merge(steward(gateway), first, second))
    pnc = f"pnc:{other.pnc}".replace("/", "-")
    for ref in (second, f"crn:{other.crn}", f"noms:{other.noms}", pnc):
        for what in ("", "/mappa", "/risk-management-plans?limit=1"):
            answer = gateway.staff("PP-13-1").get(f"/v1/persons/{ref}{what}")
            assert answer.status_code == 303, answer.text
            assert answer.headers["location"] == f"/v1/persons/{first}{what}"
            entry = gateway.entry(answer)
            assert (entry["outcome"], entry["status"]) == ("redirected", 303)
            assert {first, second} == set(entry["persons"])
    numbers = {i["value"] for i in read(gateway, f"crn:{one.crn}")["data"]["identifiers"]}
    assert {one.crn, other.crn} <= numbers
    done(decide(steward(gateway), merged["id"], "undo"))
    assert [body(gateway, ref) for ref in (first, second)] == before
    assert [body(gateway, ref, "case-team") for ref in (first, second)] == teams
    assert read(gateway, f"crn:{other.crn}")["meta"]["id"] == before[1]["meta"]["id"]


@pytest.mark.parametrize("what", ["/€", "/a\r\nSet-Cookie: b", "/50%", "?cursor=€"])
def test_a_redirect_holds_no_more_than_a_header_may(gateway: Gateway, what: str) -> None:
    _, first, _, second = two(gateway)
    done(merge(steward(gateway), first, second))
    asked_for = f"/mappa-minutes{quote(what, safe='/?=')}"
    answer = gateway.staff("PP-13-1").get(f"/v1/persons/{second}{asked_for}")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/v1/persons/{first}{asked_for}"
    assert "set-cookie" not in answer.headers
    assert gateway.entry(answer)["outcome"] == "redirected"


def test_who_may_not_know_the_person_gets_404_for_old_references_too(gateway: Gateway) -> None:
    _, first, other, second = two(gateway)
    done(merge(steward(gateway), first, second))
    stranger = gateway.staff("OM-46-2")
    for ref in (second, f"crn:{other.crn}", first):
        answer = stranger.get(f"/v1/persons/{ref}")
        assert answer.status_code == 404
        assert "location" not in answer.headers


def test_what_arrives_after_a_merge_stays_with_its_own_when_that_is_taken_back(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    merged = done(merge(steward(gateway), first, second))
    renamed = replace(other, forename="Later")
    assert person_of(push(gateway, "delius", delius_person(renamed))[0]) == first
    done(decide(steward(gateway), merged["id"], "undo"))
    assert read(gateway, second)["data"]["name"]["forenames"] == ["Later"]
    assert read(gateway, f"crn:{one.crn}")["data"]["name"]["forenames"] == [one.forename]


def test_an_exclusion_from_either_is_an_exclusion_from_both_while_they_are_one(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    push(gateway, "delius", lists(other, excluded=[ASHA]))
    review = done(merge(steward(gateway), first, second))
    assert seen(gateway, first) == [404, 200]
    push(gateway, "delius", lists(one))
    assert seen(gateway, first) == [404, 200], "the other's newer list does not lift it"
    done(decide(steward(gateway), review["id"], "undo"))
    assert [seen(gateway, ref) for ref in (first, second)] == [[200, 200], [404, 200]]


def test_a_restriction_of_either_restricts_both_and_of_both_admits_only_whom_both_do(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    review = done(merge(steward(gateway), first, second))
    push(gateway, "delius", lists(other, restricted=[RHYS]))
    assert seen(gateway, first) == [404, 200]
    push(gateway, "delius", lists(one, restricted=[ASHA]))
    assert seen(gateway, first) == [404, 404]
    assert decide(steward(gateway), review["id"], "undo", '"any"').status_code == 404
    push(gateway, "delius", [lists(one), lists(other)])
    done(decide(steward(gateway), review["id"], "undo"))
    assert [seen(gateway, ref) for ref in (first, second)] == [[200, 200], [200, 200]]


def seen(gateway: Gateway, ref: str) -> list[int]:
    """What Asha and Rhys, both of the person's area, are answered."""
    return [ask(gateway, ref, staff=f"PP-13-{n}").status_code for n in (1, 2)]


def test_an_administrator_decides_within_the_area(gateway: Gateway) -> None:
    one, first, other, second = two(gateway, level=2)
    administrator = gateway.staff("MA-13-1")
    assert merge(administrator, first, second).status_code == 404
    for person in (one, other):
        push(gateway, "mappa", mappa_minutes(person))
    assert merge(gateway.staff("MA-46-1"), first, second).status_code == 404
    review = done(merge(administrator, first, second))
    done(decide(administrator, review["id"], "undo"))


def test_access_follows_the_records_of_both_and_goes_back(gateway: Gateway) -> None:
    _, first, _, _ = two(gateway)
    away = known(gateway, area=KENT)
    other = person_of(push(gateway, "delius", delius_person(away))[0])
    assert ask(gateway, first, staff="PP-46-1").status_code == 404
    review = done(merge(steward(gateway), first, other))
    assert ask(gateway, first, staff="PP-46-1").status_code == 200
    done(decide(steward(gateway), review["id"], "undo"))
    assert ask(gateway, first, staff="PP-46-1").status_code == 404
    assert ask(gateway, other, staff="PP-46-1").status_code == 200


def test_of_two_deciders_the_second_is_told(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    state = steward(gateway).get(f"{REVIEWS}/{review}").headers["etag"]
    assert decide(steward(gateway), review, "same", state).status_code == 200
    late = decide(steward(gateway), review, "different", state)
    assert late.status_code == 412
    assert gateway.entry(late)["outcome"] == "conflict"
    assert ask(gateway, second).status_code == 303


def test_what_arrives_meanwhile_is_seen_before_it_is_decided(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    state = steward(gateway).get(f"{REVIEWS}/{review}").headers["etag"]
    known(gateway)
    again = steward(gateway).get(f"{REVIEWS}/{review}").headers["etag"]
    assert again == state, "what arrives about others changes nothing here"
    push(gateway, "delius", delius_person(replace(other, forename="Newly")))
    assert decide(steward(gateway), review, "same", state).status_code == 412


def test_the_evidence_says_what_agrees_and_shows_no_more_than_the_asker_may_see(
    gateway: Gateway,
) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    shown = steward(gateway).get(f"{REVIEWS}/{review}")
    data = shown.json()["data"]
    fields = {field["field"]: field["outcome"] for field in data["fields"]}
    assert fields["surname"] == fields["dateOfBirth"] == "agrees"
    assert fields["crn"] == fields["pnc"] == "differs"
    assert len(data["records"]) == 2
    for record in data["records"]:
        assert "telephoneNumbers" not in record["record"]
        assert "ethnicity" not in record["record"]
        assert {one["section"] for one in record["meta"]["withheld"]} == {"contact", "diversity"}
    entry = gateway.entry(shown)
    assert set(entry["persons"]) == {first, second}
    assert set(entry["released"]) == {"person/identity", "person/identifiers", "person/addresses"}


def test_a_review_about_somebody_the_asker_may_not_see_is_not_there(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    away = gateway.staff("MA-46-1")
    assert away.get(f"{REVIEWS}/{review}").status_code == 404
    assert review not in away.get(f"{REVIEWS}?limit=200").text
    assert decide(away, review, "same").status_code == 404
    assert merge(away, first, second).status_code == 404
    assert split(away, first, systems=["delius"]).status_code == 404


@pytest.mark.parametrize("staff", ["PP-13-1", "OM-13-1", "POM-13-1", "VLO-13-1", "AUD-1"])
def test_other_roles_decide_and_read_nothing_here(gateway: Gateway, staff: str) -> None:
    agent = gateway.staff(staff)
    assert agent.get(REVIEWS).status_code == 403
    assert agent.get(f"{REVIEWS}/none").status_code == 403
    assert decide(agent, "none", "same").status_code == 403
    assert merge(agent, "a", "b").status_code == 403
    assert split(agent, "a", systems=["b"]).status_code == 403


def test_a_steward_reads_who_people_are_and_nothing_else(gateway: Gateway) -> None:
    agent = steward(gateway)
    assert agent.get(f"/v1/persons/crn:{gateway.hero.crn}").status_code == 200
    for what in ("rosh", "mappa", "risk-management-plan", "licence", "custody"):
        assert agent.get(f"/v1/persons/crn:{gateway.hero.crn}/{what}").status_code == 403


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"decision": "same"}', {}, 428),
        (b'{"decision": "perhaps"}', {"If-Match": '"1"'}, 422),
        (b"{", {"If-Match": '"1"'}, 422),
        (b'{"decision": "same"}', {"If-Match": '"1"'}, 412),
    ],
)
def test_a_bad_decision_changes_nothing(
    gateway: Gateway, content: bytes, headers: dict[str, str], status: int
) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    path = f"{REVIEWS}/{review}/decision"
    answer = steward(gateway).call("POST", path, content=content, headers=headers)
    assert answer.status_code == status
    assert ask(gateway, second).status_code == 200


def test_a_decision_taken_must_be_taken_back_before_another(gateway: Gateway) -> None:
    _, first, _, second = two(gateway)
    review = done(merge(steward(gateway), first, second))["id"]
    for decision in ("same", "different"):
        assert decide(steward(gateway), review, decision).status_code == 409
    done(decide(steward(gateway), review, "undo"))
    assert decide(steward(gateway), review, "undo").status_code == 409
    assert done(decide(steward(gateway), review, "same", person=second))["persons"] == [second]
    shown = steward(gateway).get(f"{REVIEWS}/{review}").json()["data"]
    told = [(one["version"], one["decision"], one["decidedBy"]) for one in shown["decisions"]]
    assert told == [(1, "same", "IS-1"), (2, "undo", "IS-1"), (3, "same", "IS-1")]
    assert all(one["auditEntry"] for one in shown["decisions"])


def test_records_that_are_anothers_are_split_off_and_put_back(gateway: Gateway) -> None:
    person = known(gateway)
    ref = f"crn:{person.crn}"
    first = person_of(push(gateway, "delius", delius_person(person))[0])
    nominal = {"subject": ref, "payload": json.loads(encoded({"mappaDetail": {"level": 2}}))}
    push(gateway, "delius", nominal)
    push(gateway, "nomis", nomis_prisoner(person))
    before = [body(gateway, ref), body(gateway, ref, "custody")]
    agent = steward(gateway)
    filed = agent.get(f"/v1/identity/persons/{ref}/records").json()["data"]
    assert {row["system"] for row in filed} == {"delius", "nomis"}
    assert {row["kind"] for row in filed} == {"person"}, "kinds the asker may not read are not told"
    parted = split(
        agent, ref, systems=["nomis"], identifiers=[{"scheme": "noms", "value": person.noms}]
    )
    review = done(parted)
    assert gateway.entry(parted)["outcome"] == "split"
    (other,) = set(review["persons"]) - {first}
    found = agent.get(f"/v1/persons/noms:{person.noms}")
    assert found.json()["data"]["dateOfBirth"] == person.born.isoformat()
    assert found.json()["meta"]["source"] == "nomis"
    assert ask(gateway, ref, "custody").status_code == 404
    moved = person_of(push(gateway, "nomis", nomis_prisoner(replace(person, forename="Moved")))[0])
    assert moved == other, "its own number finds the new person"
    done(decide(agent, review["id"], "undo"))
    assert body(gateway, ref, "custody")["data"] == before[1]["data"]
    assert read(gateway, ref)["meta"]["id"] == before[0]["meta"]["id"]
    assert ask(gateway, other).headers["location"] == f"/v1/persons/{first}"


def test_not_all_of_a_person_can_be_split_off_nor_nothing(gateway: Gateway) -> None:
    _, first, _, _ = two(gateway)
    assert split(steward(gateway), first, systems=["delius"]).status_code == 409
    assert split(steward(gateway), first, systems=["nomis"]).status_code == 409
    assert split(steward(gateway), "crn:Z999999", systems=["nomis"]).status_code == 404


def test_a_search_by_an_absorbed_name_or_number_finds_the_survivor(gateway: Gateway) -> None:
    _, first, _, _ = two(gateway)
    other = known(gateway, surname="Absorbworth")
    second = person_of(push(gateway, "delius", delius_person(other))[0])
    done(merge(steward(gateway), first, second, survivor=first))
    by_number = {"identifiers": [{"scheme": "crn", "value": other.crn}]}
    for wanted in ({"surname": "Absorbworth"}, by_number):
        answer = gateway.staff("PP-13-1").call(
            "POST", "/v1/persons/search", content=json.dumps(wanted)
        )
        assert [hit["id"] for hit in answer.json()["data"]] == [first]


def test_the_auditor_finds_what_was_asked_about_either(gateway: Gateway) -> None:
    _, first, _, second = two(gateway)
    seen = [ask(gateway, ref).headers["audit-entry"] for ref in (first, second)]
    done(merge(steward(gateway), first, second))
    for ref in (first, second):
        listed = gateway.staff("AUD-1").get(f"/v1/audit/entries?person={ref}&limit=200").json()
        assert set(seen) <= {entry["id"] for entry in listed["data"]}


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({"identifiers": [{"scheme": "crn", "value": "nonsense"}]}, 422),
        ({"identifiers": [{"scheme": "crn", "value": "Y999999"}]}, 409),
        ({"records": ["no-record-of-theirs"]}, 409),
        ({"systems": ["nomis", "visor"]}, 409),
    ],
)
def test_a_split_takes_all_that_was_asked_or_nothing(
    gateway: Gateway, chosen: dict[str, Any], status: int
) -> None:
    person = known(gateway)
    push(gateway, "nomis", nomis_prisoner(person))
    ref = f"crn:{person.crn}"
    assert split(steward(gateway), ref, **({"systems": ["nomis"]} | chosen)).status_code == status
    filed = steward(gateway).get(f"/v1/identity/persons/{ref}/records").json()["data"]
    assert {row["system"] for row in filed} == {"delius", "nomis"}


def test_the_state_does_not_tell_how_much_is_filed(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    state = steward(gateway).get(f"{REVIEWS}/{review}").headers["etag"]
    assert len(state.strip('"')) == 32
    assert "-" not in state
