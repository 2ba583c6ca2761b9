"""What the older interface, the tiering service, practitioners and the searches are told."""

import json
from typing import Any

import pytest

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.delius import ADAPTER
from schemas.case_team import CaseTeam
from schemas.contacts import Contacts
from schemas.custody import Custody
from schemas.kinds import Agency
from schemas.mappa import MappaRegistration
from schemas.person import Person
from schemas.rosh import Rosh, RoshLevel
from tests.adapters.mutation import SUBJECT, codes, read_all, sample, samples


def read(payload: Any, subject: Subject | None = SUBJECT) -> list[MappedPerson]:
    return read_all(ADAPTER, json.dumps(payload).encode(), subject)


def records(people: list[MappedPerson], model: type[Any]) -> list[Any]:
    return [m.record for person in people for m in person.records if isinstance(m.record, model)]


def row(code: str, **told: Any) -> dict[str, Any]:
    return {"registrationId": 1, "type": {"code": code}, "startDate": "2024-02-05", **told}


def mapp(level: str, **told: Any) -> dict[str, Any]:
    return row("MAPP", registerLevel={"code": level}, registerCategory={"code": "M1"}, **told)


def test_the_register_gives_flags_level_and_the_mappa_registration_that_stands() -> None:
    people = sample(ADAPTER, "register")
    [rosh], [mappa] = records(people, Rosh), records(people, MappaRegistration)
    assert (rosh.overall, rosh.overall_code) == (RoshLevel.VERY_HIGH, "RVHR")
    assert [(f.code, str(f.end)) for f in rosh.flags if f.end] == [
        ("MAPP", "2023-01-01"), ("WEAP", "2020-02-06"),
    ]  # fmt: skip
    assert (mappa.category, mappa.level, mappa.area, mappa.end) == (1, 2, "N54", None)
    assert not codes(people[0])


def test_two_mappa_registrations_at_once_are_a_contradiction_and_the_newer_counts() -> None:
    people = read({"registrations": [mapp("M3"), mapp("M1", startDate="2020-01-01")]})
    assert [one.level for one in records(people, MappaRegistration)] == [3]
    assert codes(people[0]) == {"contradiction"}


def test_of_registrations_that_all_ended_the_newest_is_shown_with_its_end() -> None:
    people = read({"registrations": [mapp("M2", active=False, endDate="2024-03-03")]})
    assert [str(one.end) for one in records(people, MappaRegistration)] == ["2024-03-03"]


def test_a_historic_registration_is_a_flag_and_never_a_mappa_registration() -> None:
    people = read({"registrations": [mapp("M2") | {"type": {"code": "HREG"}}]})
    assert records(people, MappaRegistration) == []


@pytest.mark.parametrize(
    ("told", "warned", "kept"),
    [
        ({"active": True, "endDate": "2024-03-03"}, {"contradiction"}, 1),
        ({"active": False}, {"unreadable-value"}, 0),
        ({"active": False, "endDate": "2024-03-03"}, set(), 1),
    ],
)
def test_a_registration_that_says_both_is_kept_and_one_that_only_vanished_is_not(
    told: dict[str, Any], warned: set[str], kept: int
) -> None:
    (person,) = read({"registrations": [row("RCCO", **told)]})
    assert (codes(person), len(records([person], Rosh)[0].flags)) == (warned, kept)


def test_a_level_that_has_ended_is_no_level() -> None:
    people = read({"registrations": [row("RHRH", active=False, endDate="2024-03-03")]})
    assert records(people, Rosh)[0].overall is None


def test_registrations_in_words_give_no_level() -> None:
    [rosh] = records(read({"registrations": ["Very High RoSH", "Weapons"]}), Rosh)
    assert (rosh.overall, [flag.description for flag in rosh.flags]) == (
        None, ["Very High RoSH", "Weapons"],
    )  # fmt: skip


def test_a_list_of_registrations_is_one_answer_and_one_alone_a_document_of_its_own() -> None:
    rows = [row("RCCO"), mapp("M2")]
    assert len(ADAPTER.split(json.dumps(rows).encode())) == 1
    assert [m.source_ref for m in read(rows)[0].records] == ["register", "current"]
    assert [m.source_ref for m in read(rows[0])[0].records] == ["registration-1"]
    for other in ({"crn": "X710001", "nomsId": "A7101BC"}, {"registrationId": "\x00"}):
        assert len(ADAPTER.split(json.dumps([row("RCCO"), other]).encode())) == 2


def test_the_tiering_services_view_gives_registrations_and_scores() -> None:
    people = sample(ADAPTER, "tier")
    flags, scores = records(people, Rosh)
    assert flags.overall == RoshLevel.HIGH
    assert [(one.tool, one.score) for one in scores.scores] == [("OGRS", 41), ("RSR", 2.75)]
    assert [one.level for one in records(people, MappaRegistration)] == [2]


def test_all_managers_are_one_team_of_two_agencies() -> None:
    [team] = records(read_all(ADAPTER, json.dumps(managers()).encode(), SUBJECT), CaseTeam)
    assert [(m.agency, m.role, m.staff_id) for m in team.members] == [
        (Agency.PROBATION, "responsible-officer", "N54A101"),
        (Agency.PRISON, "prison-offender-manager", "LEIA001"),
    ]
    assert (team.members[0].email, team.members[0].team_email) == (
        "ines.castellane@probation.example", "quayside@probation.example",
    )  # fmt: skip


def managers() -> list[dict[str, Any]]:
    [file] = [path for path in samples("delius") if path.stem == "managers"]
    rows: list[dict[str, Any]] = json.loads(file.read_text())
    return rows


def test_a_manager_who_is_not_responsible_is_a_partner() -> None:
    one = managers()[0] | {"isResponsibleOfficer": False}
    [team] = records(read(one), CaseTeam)
    assert [m.role for m in team.members] == ["partner"]


def test_the_practitioner_of_a_case() -> None:
    told = {"code": "N54A101", "name": {"surname": "Castellane"}, "unallocated": True}
    [team] = records(read(told | {"provider": {"code": "N54"}}), CaseTeam)
    assert [(m.staff_id, m.allocated, m.area) for m in team.members] == [(None, False, "N54")]


def test_the_practitioners_view_of_a_person_leaves_relatives_out() -> None:
    people = sample(ADAPTER, "case-view")
    [person] = records(people, Person)
    assert person.addresses[0].lines == ["8 LARCH RISE", "Netherby"]
    assert "Taken" not in str(people)
    [team] = records(people, CaseTeam)
    assert [(m.name, m.staff_id) for m in team.members] == [("Ines Castellane", None)]


def test_a_summary_names_the_person_beside_the_name() -> None:
    told = {"name": {"surname": "Ashgrove"}, "crn": "X710001"}
    (person,) = read(told, None)
    assert [(i.value, m.source_ref) for i in person.identifiers for m in person.records] == [
        ("X710001", "summary")
    ]
    assert [m.source_ref for m in read(told | {"otherAddressCount": 0})[0].records] == ["case-view"]


def test_the_caseload_says_who_manages_and_since_when() -> None:
    [team] = records(sample(ADAPTER, "caseload-page"), CaseTeam)
    assert [(m.staff_id, str(m.start)) for m in team.members] == [("N54A101", "2024-02-05")]


def test_a_match_is_the_person_who_was_found() -> None:
    people = sample(ADAPTER, "match")
    assert [one.status for one in records(people, Person)] == ["deleted-at-source"]


def test_a_row_that_names_nobody_costs_itself_alone() -> None:
    rows = [{"otherIds": {"crn": "X710001"}}, {"otherIds": {}}, 7]
    (person,) = read({"content": rows}, None)
    assert {(c.code, c.pointer) for c in person.cautions} == {
        ("unmapped-body", "/content/1"), ("unreadable-value", "/content/2"),
    }  # fmt: skip


def test_a_row_whose_name_is_kept_back_does_not_hide_the_name_that_is_known() -> None:
    (person,) = read({"otherIds": {"crn": "X710001"}, "accessDenied": True}, None)
    assert [m.source_ref for m in person.records] == ["unnamed"]
    assert codes(person) == {"limited-access"}


def test_recalled_since_the_last_release_and_held_nowhere_that_is_known() -> None:
    [custody] = records(sample(ADAPTER, "recall-view"), Custody)
    assert (custody.recalled, custody.confirmed_release, custody.prison) == (True, None, None)
    assert str(custody.sentence_dates.sentence_start) == "2021-10-01"


def test_conditions_that_cannot_be_told_from_those_that_name_a_victim_are_not_taken() -> None:
    (person,) = sample(ADAPTER, "recall-view")
    assert {(c.code, c.pointer) for c in person.cautions} == {
        ("unmapped-body", "/activeConvictions/0/licenceConditions")
    }


@pytest.mark.parametrize(
    ("release", "recall", "expected", "warned"),
    [
        ("2024-01-01", None, ("2024-01-01", None), set()),
        ("2024-01-01", "2024-02-01", (None, True), set()),
        ("2024-01-01", "2023-02-01", ("2024-01-01", None), {"contradiction"}),
        (None, "2024-02-01", (None, True), set()),
    ],
)
def test_release_and_recall(
    release: str | None, recall: str | None, expected: tuple[Any, Any], warned: set[str]
) -> None:
    (person,) = read({"lastRelease": {"date": release}, "lastRecall": {"date": recall}})
    [custody] = records([person], Custody)
    day = str(custody.confirmed_release) if custody.confirmed_release else None
    assert ((day, custody.recalled), codes(person)) == (expected, warned)


def sentence(**dates: str) -> dict[str, Any]:
    return {"sentence": {"isCustodial": True, **dates}}


def test_dates_on_which_two_sentences_differ_stay_unknown() -> None:
    rows = [sentence(licenceExpiryDate="2026-01-01"), sentence(licenceExpiryDate="2027-01-01")]
    (person,) = read({"personalDetails": {}, "activeConvictions": rows})
    assert records([person], Custody) == []
    assert codes(person) == {"contradiction"}


def test_a_licence_that_outlasts_the_sentence_is_kept_with_a_caution() -> None:
    dates = {"licenceExpiryDate": "2026-06-29", "sentenceExpiryDate": "2026-06-28"}
    (person,) = read({"personalDetails": {}, "activeConvictions": [sentence(**dates)]})
    [custody] = records([person], Custody)
    assert str(custody.sentence_dates.licence_expiry) == "2026-06-29"
    assert codes(person) == {"contradiction"}


def test_a_proposal_expects_a_release() -> None:
    assert [str(c.release) for c in records(sample(ADAPTER, "proposal"), Custody)] == ["2025-02-03"]


@pytest.mark.parametrize(
    ("mark", "value", "visor"),
    [("visorContact", True, 1), ("visorContact", "Y", 1), ("visorContact", None, 0),
     ("isVisorContact", "true", 1), ("visor", "No", 0)],
)  # fmt: skip
def test_a_contact_is_visors_only_where_the_flag_says_so(mark: str, value: Any, visor: int) -> None:
    told = {"contactDate": "2024-06-14", "notes": "Marked for ViSOR", mark: value}
    [log] = records(read(told), Contacts)
    assert (len(log.visor_contacts), len(log.other_contacts)) == (visor, 1 - visor)


def test_a_page_of_contacts_keeps_each_under_its_number_and_reads_no_level_from_it() -> None:
    people = sample(ADAPTER, "contact-page")
    assert {m.source_ref for m in people[0].records} == {"contact-71000101", "contact-71000102"}
    assert records(people, MappaRegistration) == []
    [visor, other] = records(people, Contacts)
    assert visor.visor_contacts[0].at.isoformat() == "2024-06-14T09:15:00+00:00"
    assert other.other_contacts[0].notes is None


def test_contacts_of_two_persons_on_one_page_are_two_logs() -> None:
    rows = [{"crn": crn, "date": "2024-06-14", "type": "Call"} for crn in ("X710001", "X710002")]
    people = read({"content": rows, "totalResults": 1}, None)
    assert [p.identifiers[0].value for p in people] == ["X710001", "X710002"]
    assert codes(people[0]) == {"contradiction"}


def test_an_empty_page_of_the_log_says_that_nothing_is_logged() -> None:
    (person,) = read({"content": [], "totalResults": 0})
    assert records([person], Contacts) == [Contacts()]


def test_the_search_gives_day_and_time_of_day_apart() -> None:
    [log] = records(sample(ADAPTER, "contact-search"), Contacts)
    assert log.other_contacts[0].at.isoformat() == "2024-06-14T08:30:00+00:00"


def test_notes_in_parts_are_one_and_a_cut_one_says_so() -> None:
    people = sample(ADAPTER, "activity-log")
    [log] = records(people, Contacts)
    assert log.other_contacts[0].notes == "Invented: first part.\n\nSecond part."
    assert codes(people[0]) == {"truncated"}
    alert = {"crn": "X710001", "type": {}, "date": "2024-06-14", "alertNote": {"note": "Alone"}}
    assert records(read(alert), Contacts)[0].other_contacts[0].notes == "Alone"


def test_a_schedule_is_part_of_the_log() -> None:
    visit = {"id": 3, "officerName": {"forename": "Ines"}, "startDateTime": "2024-06-14T09:00:00"}
    told = {"personSummary": {"crn": "X710001"}, "personSchedule": {"appointments": [visit]}}
    for payload in (told, {"personSummary": {"crn": "X710001"}, "appointment": visit}):
        [log] = records(read(payload), Contacts)
        assert log.other_contacts[0].written_by == "Ines"


def test_a_flag_on_its_own_is_a_document_of_its_own() -> None:
    flag = {"id": 3, "description": "Weapons", "riskNote": {"note": "Invented"}}
    told = {"personSummary": {"crn": "X710001"}, "riskFlag": flag}
    (person,) = read(told)
    assert [m.source_ref for m in person.records] == ["summary", "risk-flag-3"]
    removed = told | {"riskFlag": flag | {"removed": True}}
    assert [m.source_ref for m in read(removed)[0].records] == ["summary"]


_CASE: dict[str, Any] = {
    "crn": "X710001",
    "name": {"forename": "Orla", "middleNames": ["May"], "surname": "Fenn"},
    "profile": {"ethnicity": "White", "nationality": "Irish", "religion": "None"},
    "manager": {"team": {"code": "N54A01", "name": "Tyne"}},
    "currentExclusion": False,
    "currentRestriction": True,
}


def test_a_case_has_mappa_the_register_and_its_limits_beside_the_person() -> None:
    beside = {"registrations": [{"code": "RHRH"}], "mappaDetail": {"level": 2, "category": 1}}
    (person,) = read({"case": _CASE, **beside}, None)
    assert [(m.record.kind.value, m.source_ref) for m in person.records] == [
        ("person", "summary"), ("case-team", "current"), ("limited-access", "current"),
        ("mappa", "current"), ("rosh", "register"),
    ]  # fmt: skip
    [found], [stated] = records([person], Person), records([person], MappaRegistration)
    assert found.name.forenames == ["Orla", "May"]
    assert (found.ethnicity, found.nationalities, found.religion) == ("White", ["Irish"], "None")
    assert (stated.category, stated.level) == (1, 2)
    assert not codes(person)


def test_a_view_of_practitioners_says_at_least_who_it_is_about() -> None:
    summary = {"crn": "X710001", "name": {"forename": "Orla", "surname": "Fenn"}}
    held = {"sentence": {"licenceConditions": [{"id": 1}]}}
    (person,) = read({"personSummary": summary, **held}, None)
    assert [m.source_ref for m in person.records] == ["summary"]
    assert {(c.code, c.pointer) for c in person.cautions} == {
        ("unmapped-body", "/sentence/licenceConditions")
    }


def test_a_summary_may_say_how_to_reach_the_person() -> None:
    reach = {"telephone": "01632 960901", "mobile": "07700 900123", "email": "o@example.com"}
    told = {"crn": "X710001", "name": {"forename": "Orla"}, "contactDetails": reach}
    [found] = records(read(told, None), Person)
    assert found.telephone_numbers == ["01632 960901", "07700 900123"]
    assert found.email_addresses == ["o@example.com"]


def test_cases_and_finds_by_address_are_persons_each() -> None:
    several = read({"cases": [_CASE, {**_CASE, "crn": "X710002"}]}, None)
    assert [len(one.records) for one in several] == [3, 3]
    place = {"addressNumber": "7", "streetName": "Quay", "postcode": "ZZ1 1ZZ"}
    row = {"person": {"crn": "X710003", "dob": "1980-02-03"}, "address": place, "matchScore": 9}
    [found] = records(read({"personAddresses": [row]}, None), Person)
    assert (str(found.date_of_birth), found.addresses[0].lines) == ("1980-02-03", ["7 Quay"])


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"status": 404, "message": "x"}, "error-body"),
        ({"status": 403, "errorCode": 1, "userMessage": "x", "moreInfo": None}, "error-body"),
        ({"userExcluded": False, "userRestricted": True}, "per-user-answer"),
        ({"access": []}, "per-user-answer"),
        ({"crn": "X710001", "existsInDelius": True}, "no-record"),
        ({"numberOfDocuments": "0", "documents": []}, "no-record"),
        ({"probationReferenceData": {}}, "no-record"),
        ({"username": "ines", "roles": []}, "no-record"),
        ({"personSummary": {}, "contactId": 1, "relationshipType": "GP"}, "no-record"),
    ],
)
def test_what_is_no_record_of_a_person_is_refused_by_name(
    payload: dict[str, Any], code: str
) -> None:
    with pytest.raises(AdapterError) as error:
        read(payload)
    assert error.value.code == code


def test_an_answer_of_the_wrong_type_keeps_what_can_be_read() -> None:
    told = {
        "personalDetails": {"name": "text", "dateOfBirth": [1], "gender": "Male"},
        "mainAddress": "here",
        "communityManager": 7,
        "mappa": "M2",
    }
    (person,) = read(told)
    assert [m.source_ref for m in person.records] == ["details"]
    assert records([person], Person)[0].gender == "Male"
    places = ("personalDetails/name", "personalDetails/dateOfBirth", *list(told)[1:])
    assert {(c.code, c.pointer) for c in person.cautions} == {
        ("unreadable-value", f"/{place}") for place in places
    }
