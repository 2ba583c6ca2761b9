"""What the licence system sends: one licence in three spellings, and who may see which part."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.base import AdapterError, MappedPerson, parse_subject
from adapters.cvl import ADAPTER
from adapters.cvl.codes import STATUSES
from schemas.case_team import CaseTeam
from schemas.conditions import IN_FORCE
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.licence import (
    AdditionalCondition,
    CurfewPeriod,
    Licence,
    NoContactCondition,
    StandardCondition,
    ZoneCondition,
)
from schemas.person import Person

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "adapters" / "cvl" / "samples"

NO_CONTACT = "4858cd8b-bca6-4f11-b6ee-439e27216d7d"
ANY_VICTIM = "d5998ca1-62a2-4409-88cd-3137d893c2a0"
ZONE_BY_MAP = "0f9a20f4-35c7-4c77-8af8-f200f153fa11"
RESTRICTION = "005d70e4-a247-4f82-b8b3-6d294a0f5051"
REUSED = "9ae2a336-3491-4667-aaed-dd852b09b4b9"


def sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    return loaded


def read(payload: Any, subject: str | None = None) -> list[MappedPerson]:
    about = parse_subject(subject) if subject else None
    return list(ADAPTER.read(json.dumps(payload).encode(), about))


def alone(payload: Any) -> MappedPerson:
    [person] = read(payload)
    return person


def licence_of(person: MappedPerson) -> Licence:
    [found] = [one.record for one in person.records if isinstance(one.record, Licence)]
    return found


def codes(person: MappedPerson) -> set[tuple[str, str]]:
    return {(caution.code, caution.pointer) for caution in person.cautions}


def public(conditions: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    ap = {"standard": [], "additional": conditions or [], "bespoke": []}
    return {
        "id": 1,
        "licenceType": "AP",
        "policyVersion": "V4_0",
        "prisonNumber": "A4821QX",
        "conditions": {"AP": ap, "PSS": {"standard": [], "additional": []}},
    } | changes


def internal(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "typeCode": "AP",
        "statusCode": "ACTIVE",
        "version": "3.0",
        "nomsId": "A4821QX",
    } | changes


def one_condition(policy: str | None, **row: Any) -> tuple[Any, MappedPerson]:
    person = alone(public([{"text": "Sample."} | row], policyVersion=policy))
    [condition] = licence_of(person).conditions
    return condition, person


def test_a_public_licence_has_zoneless_london_times_in_utc() -> None:
    person = alone(sample("public-licence"))
    licence = licence_of(person)
    assert licence.created == datetime(2027, 4, 2, 8, 30, tzinfo=UTC)
    assert (licence.policy_version, licence.version) == ("4.0", "2.0")
    assert (licence.status, licence.in_force, licence.type) == ("ACTIVE", True, "AP_PSS")
    [mapped] = person.records
    assert mapped.source_ref == "70412"
    assert mapped.written_at == licence.updated


def test_a_licence_never_updated_is_as_old_as_its_making() -> None:
    [mapped] = alone(public(createdDateTime="2026-01-05T09:00:00Z")).records
    assert mapped.written_at == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_each_condition_has_the_class_that_decides_who_reads_it() -> None:
    kinds = [type(one) for one in licence_of(alone(sample("public-licence"))).conditions]
    assert kinds == [
        StandardCondition,
        NoContactCondition,
        ZoneCondition,
        AdditionalCondition,
        AdditionalCondition,
        AdditionalCondition,
        StandardCondition,
    ]


def test_the_internal_version_is_the_policys() -> None:
    licence = licence_of(alone(sample("internal-licence")))
    assert (licence.policy_version, licence.version) == ("3.0", None)
    licence = licence_of(alone(internal(policyVersion="4.0", licenceVersion="1.2")))
    assert (licence.policy_version, licence.version) == ("4.0", "1.2")


def test_the_internal_licence_names_person_and_supervisor() -> None:
    person = alone(sample("internal-licence"))
    assert [one.source_ref for one in person.records] == ["8123", "current", "current"]
    named, team = person.records[1].record, person.records[2].record
    assert isinstance(named, Person)
    assert named.date_of_birth == date(1971, 1, 30)
    assert isinstance(team, CaseTeam)
    [officer] = team.members
    assert (officer.agency, officer.role) == (Agency.PROBATION, "responsible-officer")
    assert (officer.staff_id, officer.team_code) == ("com-ib", "N55FRN")


def test_an_inactive_licence_gives_nobody_access() -> None:
    person = alone(internal(statusCode="INACTIVE", comUsername="com-ib"))
    assert [type(one.record) for one in person.records] == [Licence]


def test_every_identifier_is_kept_and_a_short_crn_costs_nothing_else() -> None:
    person = alone(sample("internal-licence"))
    found = {one.scheme: one.verified for one in person.identifiers}
    assert found == {
        Scheme.NOMS: True,
        Scheme.CRN: False,
        Scheme.PNC: True,
        Scheme.BOOKING: True,
    }
    assert {("unverified-identifier", "/crn"), ("placeholder", "/cro")} <= codes(person)


def test_words_become_codes() -> None:
    first, second = (licence_of(person) for person in read(sample("access-answer")))
    assert (first.type, first.status, first.in_force) == ("AP_PSS", "TIMED_OUT", False)
    assert (second.type, second.status, second.in_force) == ("AP", "ACTIVE", True)


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_in_force_follows_from_the_status(status: str) -> None:
    licence = licence_of(alone(public(statusCode=status)))
    assert licence.in_force == (status in IN_FORCE)


@pytest.mark.parametrize("status", ["HALF_DONE", None])
def test_an_unknown_status_is_not_known_to_be_in_force(status: str | None) -> None:
    licence = licence_of(alone(public(statusCode=status)))
    assert (licence.status, licence.in_force) == (status, None)


def test_unknown_codes_are_kept_verbatim() -> None:
    person = alone(sample("unknown-code"))
    licence = licence_of(person)
    [condition] = licence.conditions
    assert isinstance(condition, AdditionalCondition)
    assert (licence.type, licence.licence_kind) == ("AP_XYZ", "SPRING_RELEASE")
    assert condition.data == {"type": "HOVERING_ZONE"}
    assert condition.electronic_monitoring == ["KITE"]
    assert {code for code, _ in codes(person)} == {"unknown-code"}
    assert len(person.cautions) == 5


def test_curfew_may_cross_midnight_and_the_first_night_has_no_weekday() -> None:
    licence = licence_of(read(sample("access-answer"))[0])
    assert licence.curfew == [
        CurfewPeriod(from_day="First night", from_time="18:00:00", until_time="08:00:00"),
        CurfewPeriod(
            from_day="Monday", from_time="19:00:00", until_day="Tuesday", until_time="07:00:00"
        ),
    ]
    assert licence.curfew_address == "4 Millwheel Yard, Farnby, FB2 9QZ"


def test_bespoke_conditions_may_be_bare_texts() -> None:
    bespoke = licence_of(read(sample("access-answer"))[0]).conditions[2]
    assert isinstance(bespoke, AdditionalCondition)
    assert (bespoke.type, bespoke.text) == ("bespoke", "Sample: hand in the boat key.")


def test_an_answer_about_several_people_keeps_them_apart() -> None:
    first, second = read(sample("access-answer"))
    assert first.identifiers[0].value != second.identifiers[0].value
    assert not any(pointer.startswith("/licences/0") for _, pointer in codes(second))
    with pytest.raises(AdapterError, match="subject-mismatch"):
        read(sample("access-answer"), "crn:X123456")


def test_licences_of_one_person_are_documents_of_one_person() -> None:
    payload = sample("access-answer")
    payload["licences"][1]["prisonNumber"] = payload["licences"][0]["prisonNumber"]
    [person] = read(payload, "crn:X123456")
    assert [one.source_ref for one in person.records] == ["901", "902"]
    assert [one.value for one in person.identifiers] == ["A4821QX", "X123456"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            public(approvedDateTime="2027-01-01T09:00:00", licenceStartDate="2025-01-01"),
            {("contradiction", "/approvedDateTime")},
        ),
        (
            internal(approvedDate="01/01/2027", licenceStartDate="01/01/2025", isVariation=True),
            set(),
        ),
        (
            internal(
                approvedDate="01/01/2027",
                licenceStartDate="01/01/2025",
                statusCode="VARIATION_APPROVED",
            ),
            set(),
        ),
        (
            internal(licenceExpiryDate="01/01/2024", licenceStartDate="01/01/2025"),
            {("contradiction", "/licenceExpiryDate")},
        ),
        (
            internal(dateCreated="02/01/2025 10:00:00", dateLastUpdated="01/01/2025 10:00"),
            {("contradiction", "/dateLastUpdated")},
        ),
    ],
)
def test_orders_that_cannot_be_are_kept_and_warned_about(
    payload: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert codes(alone(payload)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("Yes", set()), ("Not applicable", set()), ("No", {("unknown-code", "/vloDiscussion")})],
)
def test_whether_victim_liaison_was_consulted_is_kept(
    answer: str, expected: set[tuple[str, str]]
) -> None:
    person = alone(internal(vloDiscussion=answer))
    assert licence_of(person).victim_liaison_consulted == answer
    assert codes(person) == expected


@pytest.mark.parametrize("missing", [None, "", True])
def test_a_licence_without_an_id_is_refused(missing: Any) -> None:
    with pytest.raises(AdapterError, match="no-licence-id"):
        read(public(id=missing))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        7,
        [{"licenceId": 1, "licenceType": "AP", "licenceStatus": "ACTIVE"}],
        {"licences": [{"licenceId": 1}]},
        {"licences": {}},
    ],
)
def test_what_is_no_licence_is_refused(payload: Any) -> None:
    with pytest.raises(AdapterError, match="unsupported-shape"):
        read(payload)


def test_an_answer_without_licences_names_nobody() -> None:
    with pytest.raises(AdapterError, match="no-subject"):
        read({"licences": []})


def test_wrong_types_cost_their_own_value_only() -> None:
    person = alone(internal(bespokeConditions=3, hdcInfo="x", additionalLicenceConditions={}))
    assert licence_of(person).conditions == []
    assert codes(person) == {
        ("unreadable-value", "/bespokeConditions"),
        ("unreadable-value", "/additionalLicenceConditions"),
        ("unreadable-value", "/hdcInfo"),
    }
    person = alone(public() | {"conditions": []})
    assert codes(person) == {("unreadable-value", "/conditions")}


def test_an_internal_licence_of_today_has_its_curfew_beside_its_own_fields() -> None:
    person = alone(sample("curfew-licence"))
    licence = licence_of(person)
    assert (licence.licence_kind, licence.variation_of, licence.in_force) == (
        "HDC_VARIATION",
        "8123",
        True,
    )
    assert licence.curfew == [
        CurfewPeriod(from_day="First night", from_time="15:00:00", until_time="07:00:00"),
        CurfewPeriod(
            from_day="Monday", from_time="19:00:00", until_day="Tuesday", until_time="07:00:00"
        ),
    ]
    assert licence.curfew_address == "4 Millwheel Yard, Farnby, FB2 9QZ"
    assert licence.appointment_address == "2 Sluice Road, Farnby, FB1 1AA"
    assert licence.appointment_contact == "01632 960222"
    monitored = licence.conditions[0]
    assert isinstance(monitored, AdditionalCondition)
    assert monitored.electronic_monitoring == ["CURFEW", "EXCLUSION_ZONE"]
    assert isinstance(licence.conditions[1], ZoneCondition)
    assert codes(person) == {("contradiction", "/licenceExpiryDate")}


def test_a_summary_is_a_document_beside_the_licence() -> None:
    first, second = (alone(one) for one in json.loads((SAMPLES / "summaries.json").read_bytes()))
    assert [one.source_ref for one in first.records] == ["8123-summary", "current", "current"]
    assert (licence_of(first).status, licence_of(first).in_force) == ("ACTIVE", True)
    assert [one.source_ref for one in second.records] == ["9001-summary"]
    assert codes(second) == {("truncated", "")}
    whole = licence_of(alone(internal(bespokeConditions=["Sample."])))
    assert licence_of(first).standing < whole.standing


@pytest.mark.parametrize(
    ("changes", "contradicts"),
    [
        ({"kind": "CRD", "isVariation": True}, True),
        ({"kind": "VARIATION", "isVariation": False}, True),
        ({"kind": "HDC_VARIATION", "isVariation": True}, False),
        ({"isVariation": True}, False),
    ],
)
def test_a_kind_that_contradicts_the_flag_of_a_variation_is_warned_about(
    changes: dict[str, Any], contradicts: bool
) -> None:
    found = codes(alone(internal(**changes)))
    assert (("contradiction", "/isVariation") in found) == contradicts


def test_the_older_subject_access_form_is_wrapped_once_more() -> None:
    row = {"id": 1, "typeCode": "All purpose", "statusCode": "In progress", "nomsId": "A4821QX"}
    versions = {"version": "2.1", "licenceVersion": "1.3"}
    person = alone({"content": {"licences": [row | versions], "auditEvents": []}})
    licence = licence_of(person)
    assert (licence.licence_id, licence.type, licence.status) == ("1", "AP", "IN_PROGRESS")
    assert (licence.policy_version, licence.version) == ("2.1", "1.3")
    assert not codes(person)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"version": "V3_0", "conditions": {"AP": {}, "PSS": {}}}, "policy-document"),
        (
            {"version": "1.0", "standardConditions": {}, "additionalConditions": {}},
            "policy-document",
        ),
        ({"fromVersion": "4.0", "toVersion": "4.1", "changes": []}, "policy-document"),
        ({"status": 404, "userMessage": "Not found: no such licence"}, "error-body"),
        ({"eventType": "licence.activated", "additionalInformation": {}}, "event-without-record"),
    ],
)
def test_policies_events_and_errors_are_refused_by_name(payload: Any, code: str) -> None:
    with pytest.raises(AdapterError, match=code):
        read(payload)
