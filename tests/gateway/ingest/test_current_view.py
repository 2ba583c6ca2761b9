"""One current view per person and kind: chosen by rule, changes dated, disagreement shown."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.demo.payloads import (
    cvl_licence,
    delius_person,
    delius_supervision,
    mappa_minutes,
    nomis_allocation,
    nomis_prisoner,
    oasys_rosh,
    vcms_case,
    visor_nominal,
)
from gateway.demo.people import Character
from gateway.ingest.compose import Source, choose, compose
from schemas import Kind, Record
from schemas.case_team import CaseTeam
from schemas.mappa import MappaRegistration
from tests.gateway.ingest.cases import ask, known, push, read
from tests.gateway.world import Gateway


def data(gateway: Gateway, person: Character, what: str = "", staff: str = "PP-13-1") -> Any:
    return read(gateway, f"crn:{person.crn}", what, staff)["data"]


def registered(
    gateway: Gateway, person: Character, level: int, category: int = 2, since: str | None = None
) -> None:
    """Delius registers the person at a level."""
    payload = delius_supervision(replace(person, level=level, category=category))
    payload["payload"]["mappaDetail"]["startDate"] = since
    push(gateway, "delius", payload)


def test_a_change_of_level_or_category_is_dated_history_with_both_values(
    gateway: Gateway,
) -> None:
    person = known(gateway)
    registered(gateway, person, 1, since="2026-01-10")
    assert data(gateway, person, "mappa")["history"] == []
    registered(gateway, person, 2, since="2026-02-11")
    registered(gateway, person, 2, since="2026-02-11")
    registered(gateway, person, 2, category=3, since="2026-03-12")
    held = data(gateway, person, "mappa")
    assert (held["category"], held["level"]) == (3, 2)
    assert held["history"] == [
        {
            "effective": "2026-02-11",
            "categoryFrom": 2,
            "categoryTo": 2,
            "levelFrom": 1,
            "levelTo": 2,
            "system": "delius",
        },
        {
            "effective": "2026-03-12",
            "categoryFrom": 2,
            "categoryTo": 3,
            "levelFrom": 2,
            "levelTo": 2,
            "system": "delius",
        },
    ]


def test_a_change_of_anything_else_is_no_change_of_level(gateway: Gateway) -> None:
    person = known(gateway)
    registered(gateway, person, 2, since="2026-01-10")
    registered(gateway, person, 2, since="2026-01-11")
    assert data(gateway, person, "mappa")["history"] == []
    assert read(gateway, f"crn:{person.crn}", "mappa")["meta"]["version"] == 2


def test_two_systems_that_name_two_levels_are_shown_side_by_side(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "visor", visor_nominal(replace(person, level=3, category=1)))
    assert data(gateway, person, "mappa")["level"] == 3
    registered(gateway, person, 2, category=1)
    answer = read(gateway, f"crn:{person.crn}", "mappa")
    assert (answer["data"]["level"], answer["meta"]["source"]) == (2, "delius")
    (other,) = answer["data"]["disagreements"]
    assert (other["system"], other["category"], other["level"]) == ("visor", 1, 3)
    registered(gateway, person, 3, category=1)
    assert data(gateway, person, "mappa")["disagreements"] == []


def test_the_meetings_decision_outranks_what_case_systems_say(gateway: Gateway) -> None:
    person = known(gateway, level=3)
    push(gateway, "mappa", mappa_minutes(person))
    registered(gateway, person, 1, category=1)
    answer = read(gateway, f"crn:{person.crn}", "mappa")
    assert (answer["data"]["level"], answer["meta"]["source"]) == (3, "mappa")
    assert [view["system"] for view in answer["data"]["disagreements"]] == ["delius"]


def test_two_overall_risks_are_shown_side_by_side(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "oasys", oasys_rosh(person))
    push(gateway, "delius", register(person, "RHRH"))
    answer = read(gateway, f"crn:{person.crn}", "rosh")
    assert answer["meta"]["source"] == "oasys"
    assert [(v["system"], v["overall"]) for v in answer["data"]["disagreements"]] == [
        ("delius", "HIGH")
    ]
    assert answer["data"]["flags"][0]["code"] == "RHRH", "gaps are filled from the other documents"


def register(person: Character, code: str) -> dict[str, Any]:
    """One active registration of Delius."""
    risk = {"code": code, "description": "As registered", "startDate": "2026-02-03"}
    return {
        "subject": f"crn:{person.crn}",
        "payload": {"mappaDetail": None, "supervisions": [], "dynamicRisks": [risk]},
    }


def test_the_team_is_what_every_system_says_of_its_own(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "visor", visor_nominal(person))
    push(gateway, "vcms", vcms_case(person))
    push(gateway, "nomis", nomis_allocation(person))
    members = data(gateway, person, "case-team")["members"]
    assert {m["agency"] for m in members} == {"probation", "police", "prison", "victim-liaison"}
    row = delius_person(person)
    row["offenderManagers"][0]["staff"]["code"] = "PP-13-2"
    push(gateway, "delius", row)
    changed = data(gateway, person, "case-team")["members"]
    assert [m for m in changed if m["agency"] != "probation"] == [
        m for m in members if m["agency"] != "probation"
    ]
    assert [m["staffId"] for m in changed if m["agency"] == "probation"] == ["PP-13-2"]


def test_the_system_of_record_decides_whatever_came_last(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "nomis", nomis_prisoner(replace(person, surname="Wexcomb")))
    answer = read(gateway, f"crn:{person.crn}")
    assert (answer["data"]["name"]["surname"], answer["meta"]["source"]) == ("Wexcombe", "delius")
    assert {one["system"] for one in answer["data"]["identifiers"]} == {"delius", "nomis"}


def test_one_systems_views_of_a_person_fill_each_others_gaps(gateway: Gateway) -> None:
    person = known(gateway)
    address = {"streetName": "Larch Row", "town": "Wexley", "from": "2026-01-02"}
    push(
        gateway,
        "delius",
        {"subject": f"crn:{person.crn}", "payload": {"contactDetails": {"addresses": [address]}}},
    )
    held = data(gateway, person)
    assert held["name"]["surname"] == "Wexcombe"
    assert held["addresses"][0]["lines"] == ["Larch Row", "Wexley"]


def test_a_licence_in_force_comes_before_a_newer_one_that_is_not(gateway: Gateway) -> None:
    person = known(gateway, in_custody=False)
    active = cvl_licence(person)
    push(gateway, "cvl", active)
    draft = cvl_licence(replace(person, number=person.number + 5_000)) | {
        "statusCode": "IN_PROGRESS",
        "createdDateTime": "2026-06-02T10:00:00",
        "approvedDateTime": None,
    }
    push(gateway, "cvl", draft)
    now = data(gateway, person, "licence")
    assert now["licenceId"] == str(active["id"])
    assert data(gateway, person, "licence-conditions")["conditions"] == now["conditions"]
    assert len(data(gateway, person, "licences")) == 2
    push(gateway, "cvl", active | {"statusCode": "INACTIVE"})
    gone = ask(gateway, f"crn:{person.crn}", "licence-conditions")
    assert (gone.status_code, gone.json()["type"].rpartition(":")[2]) == (404, "nothing-held")


def test_a_view_changes_its_version_only_where_what_is_shown_changes(gateway: Gateway) -> None:
    person = known(gateway)
    before = read(gateway, f"crn:{person.crn}", "case-team")
    row = delius_person(person) | {"gender": "Not specified"}
    push(gateway, "delius", row)
    after = read(gateway, f"crn:{person.crn}", "case-team")
    for meta in (before["meta"], after["meta"]):
        meta.pop("auditEntry")
    assert after == before


def source(system: str, record: Record, record_id: str = "1", **facts: Any) -> Source:
    stated: dict[str, Any] = {"standing": 0, "written_at": None, "received_at": "2026"} | facts
    return Source(record_id, system, record, **stated)


def test_equals_are_told_apart_the_same_way_each_time() -> None:
    one, other = (source("vcms", CaseTeam(), record_id) for record_id in "12")
    assert choose(Kind.CASE_TEAM, [one, other]) is choose(Kind.CASE_TEAM, [other, one]) is other


def test_a_system_that_is_not_of_record_comes_last_and_counts_where_it_is_alone() -> None:
    stranger = source("vcms", MappaRegistration(level=1), written_at="2027")
    police = source("visor", MappaRegistration(level=2), written_at="2020")
    assert choose(Kind.MAPPA, [stranger, police]) is police
    assert choose(Kind.MAPPA, [stranger]) is stranger


def test_a_record_of_another_kind_is_never_composed() -> None:
    wrong = source("delius", CaseTeam())
    with pytest.raises(TypeError, match="person"):
        compose(Kind.PERSON, wrong, [wrong])
