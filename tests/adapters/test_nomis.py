"""What prisons send: custody, alerts and the MAPPA level some of them state."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.base import AdapterError, MappedPerson, parse_subject
from adapters.nomis import ADAPTER
from adapters.nomis.alerts import MAPPA_ALERTS, RETIRED_ALERTS
from schemas import Kind, Record
from schemas.case_team import CaseTeam
from schemas.custody import Custody
from schemas.mappa import MappaRegistration
from schemas.person import Person

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "adapters" / "nomis" / "samples"


def sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    return loaded


def read(payload: Any, subject: str | None = None) -> list[MappedPerson]:
    about = parse_subject(subject) if subject else None
    return list(ADAPTER.read(json.dumps(payload).encode(), about))


def alone(payload: Any) -> MappedPerson:
    [person] = read(payload)
    return person


def prisoner(**changes: Any) -> dict[str, Any]:
    return {"prisonerNumber": "A4821QX", "lastName": "QUILLFEATHER"} | changes


def record(person: MappedPerson, model: type[Record]) -> Any:
    [found] = [one.record for one in person.records if isinstance(one.record, model)]
    return found


def kinds(person: MappedPerson) -> list[Kind]:
    return [one.record.kind for one in person.records]


def codes(person: MappedPerson) -> set[tuple[str, str]]:
    return {(caution.code, caution.pointer) for caution in person.cautions}


def test_a_prisoner_is_a_person_in_custody_with_a_registration() -> None:
    person = alone(sample("prisoner"))
    assert kinds(person) == [Kind.PERSON, Kind.CUSTODY, Kind.MAPPA]
    assert {one.source_ref for one in person.records} == {"current"}
    assert {one.written_at for one in person.records} == {None}


def test_the_person_has_all_names_addresses_and_numbers_once() -> None:
    person: Person = record(alone(sample("prisoner")), Person)
    assert person.name.forenames == ["TOBIAS", "REN", "ALDOUS"]
    assert person.aliases[0].date_of_birth == date(1982, 11, 20)
    assert person.telephone_numbers == ["07700900111", "01632960111"]
    assert person.addresses[0].type == "primary"
    assert (person.language, person.interpreter_required) == ("ENG", False)


def test_every_usable_identifier_is_kept_in_canonical_spelling() -> None:
    values = [one.value for one in alone(sample("prisoner")).identifiers]
    assert values == [
        "A4821QX",
        "2004/0458912C",
        "204518/04C",
        "61204K",
        "2011/0073311C",
        "118802/11D",
    ]


def test_an_identifier_of_several_types_at_once_is_none() -> None:
    person = alone(prisoner(identifiers=[{"type": "PNC, CRO, DL, NINO", "value": "04/458912C"}]))
    assert len(person.identifiers) == 1
    assert codes(person) == {("unreadable-value", "/identifiers/0/type")}


def test_a_long_unpadded_pnc_is_valid_and_stands_in_for_a_missing_one() -> None:
    person = alone(prisoner(pncNumberCanonicalLong="2004/458912C"))
    assert person.identifiers[1].value == "2004/0458912C"
    assert person.identifiers[1].verified


def test_numbers_merged_into_the_prisoners_own_are_said_to_be_gone() -> None:
    rows = [{"type": "MERGED", "value": value} for value in ("A4821QY", "4821", "A4821QX")]
    person = alone(prisoner(prisonerNumber="A4821QX", identifiers=rows))
    assert [one.value for one in person.merged] == ["A4821QY"]
    assert ("unverified-identifier", "/identifiers/1/value") in codes(person)
    assert alone(prisoner(prisonerNumber="4821", identifiers=rows[:1])).merged == []
    row = prisoner(prisonerNumber="A4821QX", identifiers=rows)
    assert [one.merged for one in read({"content": [row]})] == [person.merged]


def test_nomis_itself_has_other_words_for_the_person() -> None:
    alias = {"firstName": "Ari", "lastName": "Fell", "dob": "1980-02-03"}
    found = record(
        alone(
            prisoner(
                aliases=[alias], languages=None, language="Polish", interpreterRequired=True,
                categoryCode="C", category="Cat C",
            )
        ),
        Person,
    )  # fmt: skip
    assert [str(one.date_of_birth) for one in found.aliases] == ["1980-02-03"]
    assert (found.language, found.interpreter_required) == ("Polish", True)


def test_a_booking_with_nothing_but_dates_is_about_the_subject() -> None:
    dates = {"bookingId": 71, "licenceExpiryDate": "2031-02-04", "sentenceExpiryDate": "2031-02-03"}
    (person,) = read(dates, "noms:A4821QX")
    [mapped] = person.records
    assert mapped.source_ref == "sentence-dates"
    assert codes(person) == {("contradiction", "/licenceExpiryDate")}
    with pytest.raises(AdapterError) as error:
        read({"bookingId": 71, "sentenceSequence": 1, "sentenceStartDate": "2031-02-03"})
    assert error.value.code == "unsupported-shape"


def test_an_establishments_list_never_stands_before_the_prisoner() -> None:
    row = {"establishmentCode": "LEI", "nomsId": "A4821QX", "givenName1": "Ari", "lastName": "Fell"}
    told = {"dateOfBirth": "1980-02-03", "communityStatus": "ACTIVE IN", "categoryCode": "C"}
    person = alone(row | told)
    assert {one.source_ref for one in person.records} == {"establishment"}
    held = record(person, Custody)
    assert (held.prison, held.status, held.security_category) == ("LEI", "ACTIVE IN", "C")
    assert record(person, Person).name.forenames == ["Ari"]


def test_a_bad_check_letter_costs_the_identifier_only() -> None:
    person = alone(prisoner(pncNumber="04/458912D"))
    assert not person.identifiers[1].verified
    assert codes(person) == {("unverified-identifier", "/pncNumber")}
    assert Kind.PERSON in kinds(person)


@pytest.mark.parametrize(("code", "stated"), MAPPA_ALERTS.items())
def test_a_live_mappa_alert_states_category_and_level(code: str, stated: tuple[int, int]) -> None:
    alert = {"alertType": "P", "alertCode": code, "active": True, "expired": False}
    person = alone(prisoner(alerts=[alert]))
    mappa: MappaRegistration = record(person, MappaRegistration)
    assert (mappa.category, mappa.level) == stated
    assert (mappa.category_code, mappa.level_code) == (code, code)
    assert (("not-yet-determined", "/alerts") in codes(person)) == (stated[1] is None)


@pytest.mark.parametrize("code", sorted(RETIRED_ALERTS))
def test_a_retired_alert_stays_an_alert(code: str) -> None:
    alert = {"alertType": "P", "alertCode": code, "active": True, "expired": False}
    person = alone(prisoner(alerts=[alert]))
    assert Kind.MAPPA not in kinds(person)
    assert codes(person) == {("retired-code", "/alerts/0/alertCode")}
    assert record(person, Custody).alerts[0].code == code


@pytest.mark.parametrize(
    "state",
    [
        {"active": False, "expired": False},
        {"active": True, "expired": True},
        {"active": False, "expired": True},
        {"active": None, "expired": False},
    ],
)
def test_an_alert_that_is_not_live_states_nothing(state: dict[str, Any]) -> None:
    person = alone(prisoner(alerts=[{"alertType": "P", "alertCode": "P88"} | state]))
    assert Kind.MAPPA not in kinds(person)


def test_alerts_that_contradict_each_other_are_shown_and_not_settled() -> None:
    alerts = [
        {"alertType": "P", "alertCode": code, "active": True, "expired": False}
        for code in ("P22", "P44")
    ]
    person = alone(prisoner(alerts=alerts))
    mappa: MappaRegistration = record(person, MappaRegistration)
    assert (mappa.category, mappa.level, mappa.level_code) == (1, None, None)
    assert [(v.category, v.level) for v in mappa.disagreements] == [(1, 1), (1, 3)]
    assert codes(person) == {("contradiction", "/alerts")}
    assert len(record(person, Custody).alerts) == 2


def test_an_alert_without_a_code_is_left_out_with_a_caution() -> None:
    person = alone(prisoner(status="ACTIVE IN", alerts=[{"alertType": "H"}]))
    assert record(person, Custody).alerts == []
    assert codes(person) == {("unreadable-value", "/alerts/0/alertCode")}


def test_unknown_codes_are_kept_verbatim() -> None:
    person = alone(sample("unknown-code"))
    custody: Custody = record(person, Custody)
    assert (custody.alerts[0].code, custody.legal_status) == ("P777", "AWAITING_WEIGHING")
    assert {p for c, p in codes(person) if c == "unknown-code"} == {
        "/alerts/0/alertCode",
        "/legalStatus",
    }


def test_an_alert_has_its_days_where_the_source_gives_them() -> None:
    alert = {"alertCode": "P33", "active": True, "dateCreated": "2024-02-03"}
    person = alone(prisoner(alerts=[alert | {"dateExpires": "2129-09-14"}]))
    assert record(person, MappaRegistration).start == date(2024, 2, 3)
    assert codes(person) == {("placeholder", "/alerts/0/dateExpires")}


@pytest.mark.parametrize("code", ["OUT", "TRN"])
def test_outside_and_in_transfer_are_no_prison(code: str) -> None:
    custody: Custody = record(alone(prisoner(prisonId=code, prisonName="Elsewhere")), Custody)
    assert (custody.prison, custody.prison_name, custody.location_code) == (None, None, code)


def test_a_prison_code_of_no_known_form_is_kept_as_a_place() -> None:
    person = alone(prisoner(prisonId="LEEDS"))
    assert record(person, Custody).prison is None
    assert record(person, Custody).location_code == "LEEDS"
    assert codes(person) == {("unknown-code", "/prisonId")}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"status": "ACTIVE IN", "inOutStatus": "OUT"}, "/status"),
        ({"inOutStatus": "IN", "prisonId": "OUT"}, "/prisonId"),
        ({"inOutStatus": "IN", "restrictedPatient": True}, "/restrictedPatient"),
        ({"inOutStatus": "IN", "locationDescription": "Outside - x"}, "/locationDescription"),
        ({"convictedStatus": "Remand", "legalStatus": "SENTENCED"}, "/convictedStatus"),
        ({"convictedStatus": "Convicted", "legalStatus": "REMAND"}, "/convictedStatus"),
        ({"recall": False, "legalStatus": "RECALL"}, "/recall"),
        ({"indeterminateSentence": True, "releaseDate": "2030-01-01"}, "/indeterminateSentence"),
        (
            {
                "homeDetentionCurfewEligibilityDate": "2030-02-01",
                "homeDetentionCurfewActualDate": "2030-01-01",
            },
            "/homeDetentionCurfewActualDate",
        ),
        (
            {"licenceExpiryDate": "2030-02-01", "sentenceExpiryDate": "2030-01-01"},
            "/licenceExpiryDate",
        ),
        (
            {"sentenceStartDate": "2030-02-01", "sentenceExpiryDate": "2030-01-01"},
            "/sentenceExpiryDate",
        ),
    ],
)
def test_a_contradiction_is_kept_and_warned_about(changes: dict[str, Any], pointer: str) -> None:
    assert codes(alone(prisoner(**changes))) == {("contradiction", pointer)}


def test_a_status_that_is_not_known_contradicts_nothing() -> None:
    odd = alone(prisoner(status="INACTIVE_OUT", inOutStatus="OUT", prisonId="OUT", prisonName=None))
    assert codes(odd) == {("unknown-code", "/status")}
    wordy = alone(prisoner(status="ACTIVE IN", inOutStatus="ACTIVE IN"))
    assert codes(wordy) == {("unknown-code", "/inOutStatus")}
    gone = alone(prisoner(status="INACTIVE OUT", inOutStatus="OUT", prisonId="LEI"))
    assert ("contradiction", "/prisonId") in codes(gone)
    assert record(gone, Custody).prison == "LEI"


def test_a_placeholder_day_is_no_day() -> None:
    person = alone(prisoner(status="ACTIVE IN", sentenceExpiryDate="2129-09-14"))
    assert record(person, Custody).sentence_dates is None
    assert codes(person) == {("placeholder", "/sentenceExpiryDate")}


def test_a_row_that_says_nothing_of_custody_leaves_what_is_known() -> None:
    assert kinds(alone(prisoner(restrictedPatient=False))) == [Kind.PERSON]


def test_every_row_of_a_page_is_a_person_with_its_own_cautions() -> None:
    first, second = read(sample("page"))
    totals = {("contradiction", "/numberOfElements"), ("contradiction", "/totalElements")}
    assert codes(first) - totals == {("unverified-identifier", "/content/0/croNumber")}
    assert totals < codes(second)
    assert not any(pointer.startswith("/content/0") for _, pointer in codes(second))


def test_a_page_of_several_cannot_be_about_one() -> None:
    with pytest.raises(AdapterError, match="subject-mismatch"):
        read(sample("page"), "crn:X123456")
    one = sample("page")
    one["content"] = one["content"][:1]
    [person] = read(one, "crn:X123456")
    assert "X123456" in {identifier.value for identifier in person.identifiers}


def test_an_empty_page_names_nobody() -> None:
    with pytest.raises(AdapterError, match="no-subject"):
        read({"content": []})


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_restricted_patient_is_in_no_prison(wrapped: bool) -> None:
    payload = sample("restricted-patient")
    [mapped] = alone(payload if wrapped else payload["response"]["jsonBody"]).records
    assert isinstance(mapped.record, Custody)
    assert (mapped.record.prison, mapped.record.location_code) == (None, "ELMFRD")
    assert mapped.record.restricted_patient is True
    assert mapped.source_ref == "restricted-patient"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        None,
        "A4821QX",
        [{"offenderNo": "A4821QX", "movementType": "TAP"}],
        [{"offenderNo": "A4821QX", "alertCode": "XNR"}, {"alertCode": "XNR"}],
        {"content": [{"alertCode": "XNR"}]},
        {"prisonerNumber": "A4821QX"},
    ],
)
def test_other_shapes_are_refused_whole(payload: Any) -> None:
    with pytest.raises(AdapterError, match="unsupported-shape"):
        read(payload)


def test_wrong_types_cost_their_own_value_only() -> None:
    payload = copy.deepcopy(sample("prisoner"))
    payload |= {"aliases": 4, "alerts": "P88", "languages": {}, "recall": [], "prisonId": {}}
    person = alone(payload)
    assert kinds(person) == [Kind.PERSON, Kind.CUSTODY]
    assert {p for c, p in codes(person) if c == "unreadable-value"} >= {
        "/aliases",
        "/alerts",
        "/languages",
        "/recall",
        "/prisonId",
    }


def test_an_allocation_names_the_prison_offender_managers() -> None:
    payload = {
        "primary_pom": {"staff_id": 700131, "name": "DUARTE, ANSELM"},
        "secondary_pom": {"staff_id": "700132"},
        "prison": "LEI",
        "from": "2026-01-12",
    }
    [person] = read(payload, "noms:A4821QX")
    members = record(person, CaseTeam).members
    assert [(m.staff_id, m.role) for m in members] == [
        ("700131", "prison-offender-manager"),
        ("700132", "prison-offender-manager-coworking"),
    ]
    assert members[0].start == date(2026, 1, 12)
    assert {one.source_ref for one in person.records} == {"allocation"}


def test_an_allocation_to_nobody_clears_the_managers() -> None:
    [person] = read({"primary_pom": None, "prisonerNumber": "A4821QX"})
    assert record(person, CaseTeam).members == []
