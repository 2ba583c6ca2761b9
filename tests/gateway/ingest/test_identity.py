"""People are never merged silently: valid identifiers link, doubt keeps apart and asks a human."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from gateway.demo.payloads import delius_person, nomis_prisoner, visor_nominal
from gateway.demo.people import Character
from tests.gateway.ingest.cases import (
    ask,
    encoded,
    known,
    person_of,
    plan,
    pnc_of,
    push,
    read,
    somebody,
)
from tests.gateway.world import Gateway


def pushed(gateway: Gateway, system: str, payload: Any) -> str:
    """The person one payload was filed under."""
    (item,) = push(gateway, system, payload)
    return person_of(item)


def reviews(gateway: Gateway, person: str) -> set[tuple[str | None, str]]:
    """The other person and the reason of every review of this one."""
    query = "SELECT other_person_id, reason FROM identity_review WHERE person_id = :p"
    with gateway.reading() as connection:
        return {(row[0], row[1]) for row in connection.execute(text(query), {"p": person})}


def named(gateway: Gateway, one: str, other: str) -> set[str]:
    """Why it was asked whether two persons are one."""
    told = [(one, reviews(gateway, other)), (other, reviews(gateway, one))]
    return {reason for who, found in told for about, reason in found if about == who}


def held(gateway: Gateway, system: str, payload: Any) -> None:
    """The payload is kept whole, and nothing of it filed, until somebody decides."""
    answer = gateway.push(system, encoded(payload))
    assert answer.status_code == 422
    (item,) = answer.json()["items"]
    assert (item["reason"]["code"], item["records"]) == ("ambiguous-person", [])


def prisoner(person: Character, **changes: Any) -> dict[str, Any]:
    return nomis_prisoner(person) | changes


def search_row(person: Character, **identifiers: str | None) -> dict[str, Any]:
    """A Delius row with other identifiers than the person's own."""
    row = delius_person(person)
    row["otherIds"] |= identifiers
    return row


def test_three_systems_that_name_valid_identifiers_join_in_one_person(gateway: Gateway) -> None:
    person = somebody()
    year, serial = person.pnc.split("/")
    spellings: Iterator[str] = iter([f"{year[2:]}/{serial.lstrip('0')}", year + serial])
    first = pushed(gateway, "delius", search_row(person, pncNumber=next(spellings)))
    unlinked = prisoner(person, croNumber=None, pncNumber=next(spellings))
    assert pushed(gateway, "nomis", unlinked) == first
    nominal = visor_nominal(replace(person, crn=""))
    assert "<scheme>crn</scheme><value></value>" in nominal
    assert pushed(gateway, "visor", nominal) == first
    assert reviews(gateway, first) == set()
    held = read(gateway, f"crn:{person.crn}")["data"]["identifiers"]
    named = {(one["scheme"], one["value"], one["system"]) for one in held if one["verified"]}
    assert {("pnc", person.pnc, system) for system in ("delius", "nomis", "visor")} <= named
    assert ("visor", person.visor, "visor") in named


def test_a_system_that_knows_more_later_adds_its_identifiers(gateway: Gateway) -> None:
    person = somebody()
    bare = search_row(person, nomsNumber=None, pncNumber=None, croNumber=None)
    first = pushed(gateway, "delius", bare)
    assert ask(gateway, f"noms:{person.noms}").status_code == 404
    assert pushed(gateway, "delius", delius_person(person)) == first
    assert read(gateway, f"noms:{person.noms}")["data"] == read(gateway, first)["data"]


def test_one_pnc_on_two_men_with_two_dates_of_birth_keeps_them_apart(gateway: Gateway) -> None:
    one = known(gateway)
    other = somebody(pnc=one.pnc, born=date(1988, 9, 10))
    first = read(gateway, f"crn:{one.crn}")["meta"]["id"]
    second = pushed(gateway, "delius", delius_person(other))
    assert read(gateway, f"crn:{one.crn}")["meta"]["id"] == first
    assert read(gateway, f"crn:{one.crn}")["data"]["dateOfBirth"] == one.born.isoformat()
    assert read(gateway, f"crn:{other.crn}")["data"]["dateOfBirth"] == "1988-09-10"
    by_pnc = read(gateway, f"pnc:{one.pnc.replace('/', '-')}")["data"]
    assert by_pnc["dateOfBirth"] == one.born.isoformat(), "it stays with who had it first"
    assert {reason for _, reason in reviews(gateway, second)} == {"date-of-birth-differs"}
    assert pushed(gateway, "delius", delius_person(other)) == second


def test_a_police_record_under_a_pnc_goes_to_whom_the_date_of_birth_fits(
    gateway: Gateway,
) -> None:
    one = known(gateway)
    other = somebody(pnc=one.pnc, born=date(1988, 9, 10))
    second = pushed(gateway, "delius", delius_person(other))
    about_other = visor_nominal(replace(other, crn=""))
    assert pushed(gateway, "visor", about_other) == second


def test_a_second_crn_under_one_prison_number_stays_a_second_person_and_is_found_again(
    gateway: Gateway,
) -> None:
    one = known(gateway)
    other = somebody(noms=one.noms, pnc=one.pnc, cro=one.cro, surname="Netherwell")
    first = read(gateway, f"crn:{one.crn}")
    second = pushed(gateway, "delius", delius_person(other))
    assert read(gateway, f"crn:{one.crn}") | {"meta": {}} == first | {"meta": {}}
    assert reviews(gateway, second) == {
        (pushed(gateway, "delius", delius_person(one)), "another-identifier-of-the-same-system")
    }
    married = replace(other, surname="Overbury")
    assert pushed(gateway, "delius", delius_person(married)) == second
    supervision = {"subject": f"crn:{other.crn}", "payload": {"mappaDetail": {"level": 2}}}
    assert pushed(gateway, "delius", supervision) == second
    assert pushed(gateway, "oasys", plan(other, None, "Weekly.")) == second
    assert read(gateway, f"noms:{one.noms}")["data"]["name"]["surname"] == one.surname


def test_a_corrected_date_of_birth_from_the_own_system_stays_one_person(gateway: Gateway) -> None:
    person = somebody()
    first = pushed(gateway, "delius", delius_person(person))
    corrected = replace(person, born=date(1971, 3, 2))
    assert pushed(gateway, "delius", delius_person(corrected)) == first
    assert read(gateway, f"crn:{person.crn}")["data"]["dateOfBirth"] == "1971-03-02"
    assert reviews(gateway, first) == set()


def test_another_systems_date_of_birth_is_no_correction(gateway: Gateway) -> None:
    person = somebody()
    first = pushed(gateway, "delius", delius_person(person))
    second = pushed(gateway, "nomis", prisoner(person, dateOfBirth="1960-01-01"))
    assert second != first
    assert reviews(gateway, second) == {(first, "date-of-birth-differs")}
    assert pushed(gateway, "nomis", prisoner(person, dateOfBirth="1960-01-01")) == second
    assert read(gateway, f"noms:{person.noms}")["data"]["dateOfBirth"] == "1971-02-03"


def test_a_push_that_carries_identifiers_of_two_persons_is_held(gateway: Gateway) -> None:
    one, other = known(gateway), known(gateway)
    first = pushed(gateway, "delius", delius_person(one))
    second = pushed(gateway, "delius", delius_person(other))
    before = read(gateway, first)["data"]
    held(gateway, "delius", search_row(one, pncNumber=other.pnc) | {"surname": "Changed"})
    assert read(gateway, first)["data"] == before, "nothing of it is filed"
    assert named(gateway, first, second) == {"another-identifier-of-the-same-system"}
    assert read(gateway, f"pnc:{other.pnc.replace('/', '-')}")["meta"]["source"] == "delius"
    assert pushed(gateway, "visor", visor_nominal(replace(other, crn=""))) == second


def test_a_prisoner_whose_numbers_name_two_persons_is_held(gateway: Gateway) -> None:
    one, other = known(gateway), known(gateway)
    first = pushed(gateway, "delius", delius_person(one))
    second = pushed(gateway, "delius", delius_person(other))
    held(gateway, "nomis", prisoner(one, pncNumber=other.pnc, croNumber=None))
    assert named(gateway, first, second) == {"another-identifier-of-the-same-system"}


def test_identifiers_of_two_persons_from_a_system_without_its_own_are_quarantined(
    gateway: Gateway,
) -> None:
    one, other = known(gateway), known(gateway)
    first = pushed(gateway, "delius", delius_person(one))
    record: dict[str, Any] = {
        "firstName": one.forename,
        "lastName": one.surname,
        "dateOfBirth": one.born.isoformat(),
        "identifiers": {"crns": [one.crn], "pncs": [other.pnc], "prisonNumbers": [], "cros": []},
    }
    answer = gateway.push("cpr", encoded(record))
    assert answer.status_code == 422
    (item,) = answer.json()["items"]
    assert item["reason"]["code"] == "ambiguous-person"
    assert (item["records"], answer.json()["counts"]) == ([], {"quarantined": 1})
    for value in (one.crn, other.pnc, one.surname):
        assert value not in answer.text
    record["identifiers"] |= {"pncs": [one.pnc]}
    assert pushed(gateway, "cpr", record) == first


def test_an_ambiguous_payload_leaves_its_neighbours_in_the_batch_alone(gateway: Gateway) -> None:
    one, other = known(gateway), known(gateway)
    good = {
        "lastName": one.surname,
        "dateOfBirth": one.born.isoformat(),
        "identifiers": {"crns": [one.crn]},
    }
    bad = good | {"identifiers": {"crns": [one.crn, other.crn]}}
    items = push(gateway, "cpr", [good, bad, good | {"lastName": "Changed"}])
    assert [item["outcome"] for item in items] == ["created", "quarantined", "updated"]


def test_a_payload_with_malformed_identifiers_alone_makes_a_person_each_time_it_changes(
    gateway: Gateway,
) -> None:
    nobody = somebody(crn="Y12", noms="", pnc="2001/1", cro="1/1", surname="Tolverne")
    (item,) = push(gateway, "delius", delius_person(nobody))
    assert item["outcome"] == "created"
    assert "unverified-identifier" in {one["code"] for one in item["warnings"]}
    first = person_of(item)
    assert reviews(gateway, first) == {(None, "no-verified-identifier")}
    (again,) = push(gateway, "delius", delius_person(nobody))
    assert (again["outcome"], person_of(again)) == ("unchanged", first)
    changed = delius_person(replace(nobody, surname="Tolvern"))
    assert pushed(gateway, "delius", changed) != first
    held = read(gateway, first)["data"]["identifiers"]
    assert {(one["value"], one["verified"]) for one in held} >= {("Y12", False)}
    assert ask(gateway, "crn:Y12").status_code == 404


def test_a_wrong_check_letter_does_not_link(gateway: Gateway) -> None:
    one = known(gateway)
    letter = "A" if one.pnc[-1] != "A" else "B"
    stranger = somebody(crn="Y13", noms="", cro="", pnc=one.pnc[:-1] + letter)
    assert pushed(gateway, "delius", delius_person(stranger)) != pushed(
        gateway, "delius", delius_person(one)
    )


def test_a_payload_that_says_nothing_makes_nobody(gateway: Gateway) -> None:
    before = persons(gateway)
    for subject in ("crn:Y14", "crn:Y000000"):
        empty: dict[str, Any] = {"subject": subject, "payload": {"mappaDetail": {}}}
        (item,) = push(gateway, "delius", empty)
        assert (item["outcome"], item["records"]) == ("unchanged", [])
    assert persons(gateway) == before


def persons(gateway: Gateway) -> int:
    with gateway.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM person")).scalar_one())


def test_a_third_claimant_of_one_number_is_kept_apart_from_both(gateway: Gateway) -> None:
    shared = pnc_of(499_999)
    people = [
        somebody(pnc=shared, born=born)
        for born in (date(1970, 1, 1), date(1980, 1, 1), date(1990, 1, 1))
    ]
    ids = [pushed(gateway, "delius", delius_person(one)) for one in people]
    assert len(set(ids)) == len(people)
    nameless = [visor_nominal(replace(one, crn="")) for one in people]
    assert [pushed(gateway, "visor", one) for one in nameless] == ids


@pytest.mark.parametrize("corrected", ["1960-05-05", "1971-02-03"])
def test_a_correction_finds_its_person_although_another_system_had_the_number_first(
    gateway: Gateway, corrected: str
) -> None:
    person = somebody()
    police = pushed(gateway, "visor", visor_nominal(person))
    row = delius_person(person) | {"dateOfBirth": "1960-01-01"}
    probation = pushed(gateway, "delius", row)
    assert probation != police
    assert pushed(gateway, "delius", row | {"dateOfBirth": corrected}) == probation
    assert reviews(gateway, probation) >= {(police, "date-of-birth-differs")}


def test_two_who_turn_out_to_be_one_are_left_to_a_human(gateway: Gateway) -> None:
    person = somebody()
    bare = search_row(person, nomsNumber=None, pncNumber=None, croNumber=None)
    probation = pushed(gateway, "delius", bare)
    prison = pushed(gateway, "nomis", prisoner(person, pncNumber=None, croNumber=None))
    assert prison != probation
    held(gateway, "delius", delius_person(person))
    assert named(gateway, probation, prison) == {"identifiers-name-two-persons"}


def test_probation_may_name_a_person_by_another_agencys_number(gateway: Gateway) -> None:
    person = known(gateway)
    first = pushed(gateway, "delius", delius_person(person))
    about = {"subject": f"noms:{person.noms}", "payload": {"mappaDetail": {"level": 2}}}
    assert pushed(gateway, "delius", about) == first


def test_first_named_by_the_police_a_person_is_joined_by_their_own_system(
    gateway: Gateway,
) -> None:
    person = somebody()
    first = pushed(gateway, "visor", visor_nominal(person))
    assert pushed(gateway, "delius", delius_person(person)) == first


def test_two_own_numbers_of_two_persons_are_nobody_in_particular(gateway: Gateway) -> None:
    one, other = known(gateway), known(gateway)
    answer = gateway.push("delius", encoded(search_row(one, previousCrn=other.crn)))
    assert answer.status_code == 422
    assert answer.json()["items"][0]["reason"]["code"] == "ambiguous-person"


def test_a_first_prison_record_that_names_two_is_held(gateway: Gateway) -> None:
    one, other = known(gateway), somebody()
    first = pushed(gateway, "delius", delius_person(one))
    second = pushed(gateway, "delius", search_row(other, nomsNumber=None))
    held(gateway, "nomis", prisoner(one, pncNumber=other.pnc, croNumber=None))
    assert named(gateway, first, second) == {"identifiers-name-two-persons"}
