"""Alerts as answers of their own, of both generations, and events of the prison service."""

import json
from typing import Any

import pytest

from adapters.base import AdapterError, MappedPerson
from adapters.nomis import ADAPTER
from schemas.custody import Custody
from schemas.mappa import MappaRegistration
from tests.adapters.mutation import codes, read_all, sample


def alert(code: str = "P33", number: str = "A4821QX", **changes: Any) -> dict[str, Any]:
    """An alert as the alerts service gives it."""
    named = {"alertTypeCode": "P", "code": code, "description": "Sample"}
    return {"prisonNumber": number, "alertCode": named, "isActive": True} | changes


def row(code: str = "P33", **changes: Any) -> dict[str, Any]:
    """An alert as NOMIS gives it."""
    told = {"offenderNo": "A4821QX", "alertType": "P", "alertCode": code, "active": True}
    return told | changes


def read(payload: Any) -> list[MappedPerson]:
    return read_all(ADAPTER, json.dumps(payload).encode())


def custody(person: MappedPerson) -> Custody:
    [found] = [m.record for m in person.records if isinstance(m.record, Custody)]
    return found


def registration(person: MappedPerson) -> MappaRegistration:
    [found] = [m.record for m in person.records if isinstance(m.record, MappaRegistration)]
    return found


@pytest.mark.parametrize(
    "payload",
    [
        alert(activeFrom="2026-02-03"),
        [alert(activeFrom="2026-02-03")],
        {"content": [alert(activeFrom="2026-02-03")]},
        row(dateCreated="2026-02-03"),
        [row(dateCreated="2026-02-03")],
    ],
)
def test_an_alert_states_category_and_level_in_every_form(payload: Any) -> None:
    [person] = read(payload)
    assert [m.source_ref for m in person.records] == ["alerts", "current"]
    stated = registration(person)
    assert (stated.category, stated.level, stated.level_code) == (1, 2, "P33")
    assert str(stated.start) == "2026-02-03"
    assert not person.cautions


def test_a_list_of_alerts_is_one_record_and_a_batch_of_people_is_not() -> None:
    raw = json.dumps([row("P33"), row("XNR", alertType="X")]).encode()
    assert [item.raw for item in ADAPTER.split(raw)] == [raw]
    [person] = read([row("P33"), row("XNR", alertType="X")])
    assert [one.code for one in custody(person).alerts] == ["P33", "XNR"]
    assert len(ADAPTER.split(json.dumps([row(), {"prisonerNumber": "A4821QX"}]).encode())) == 2


def test_alerts_of_several_people_are_kept_apart() -> None:
    first, second = read({"content": [alert(), alert("SOR", "A9113LK", isActive="x")]})
    assert first.identifiers[0].value == "A4821QX"
    assert second.identifiers[0].value == "A9113LK"
    assert (codes(first), codes(second)) == (set(), {"unreadable-value", "unknown-code"})


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"activeTo": "2020-01-01"}, "contradiction"),
        ({"activeTo": "2129-09-14"}, "placeholder"),
        (
            {"activeFrom": "2030-01-01", "activeTo": "2029-01-01", "isActive": False},
            "contradiction",
        ),
    ],
)
def test_days_of_an_alert_that_cannot_be(changes: dict[str, Any], caution: str) -> None:
    [person] = read(alert(**changes))
    assert codes(person) == {caution}


@pytest.mark.parametrize("end", ["2020-01-01", "2026-11-20", "2090-01-01"])
def test_an_active_alert_with_an_end_is_one_side_whatever_day_it_is_read(end: str) -> None:
    [person] = read(alert(activeFrom="2019-02-03", activeTo=end))
    stated = registration(person)
    assert (stated.category, stated.level, str(stated.end)) == (None, None, end)
    assert [(v.category, v.level) for v in stated.disagreements] == [(1, 2)]
    assert codes(person) == {"contradiction"}


def test_an_alert_without_an_end_stands_before_one_that_may_be_over() -> None:
    [same] = read([row("P33"), row("P33", dateExpires="2020-01-01")])
    assert (registration(same).level, registration(same).disagreements) == (2, [])
    [other] = read([row("P33"), row("P44", dateExpires="2020-01-01")])
    assert (registration(other).category, registration(other).level) == (1, None)
    assert [v.level for v in registration(other).disagreements] == [2, 3]


def test_alerts_that_share_a_category_only_state_that_and_show_both() -> None:
    [person] = read(sample_rows())
    stated = registration(person)
    assert (stated.category, stated.level, stated.category_code) == (2, None, None)
    assert [(v.system, v.level) for v in stated.disagreements] == [("nomis", 2), ("nomis", 3)]
    assert codes(person) == {"contradiction"}


def sample_rows() -> list[dict[str, Any]]:
    return [row("P88"), row("P77")]


def test_a_page_that_holds_less_than_it_counts_says_so() -> None:
    [person] = read({"content": [alert()], "totalElements": 9})
    assert codes(person) == {"truncated"}


@pytest.mark.parametrize("inside", [True, False])
def test_a_merge_names_who_stays_and_who_is_gone(inside: bool) -> None:
    told = {"additionalInformation": {"nomsNumber": "A4821QX", "removedNomsNumber": "A0907ZB"}}
    [person] = read({"Message": json.dumps(told)} if inside else {"Message": told})
    assert [one.value for one in person.identifiers] == ["A4821QX"]
    assert [one.value for one in person.merged] == ["A0907ZB"]
    assert person.records == []


@pytest.mark.parametrize(
    ("stays", "gone", "meant", "code"),
    [
        ("A4821QX", "A4821QX", "A4821QX", "merge-contradicts"),
        ("A4821QX", "A0907ZB", "A0907ZB", "merge-contradicts"),
        ("A4821QX", "somebody", "A4821QX", "unverified-merge"),
        ("", "A0907ZB", "", "unverified-merge"),
    ],
)
def test_a_merge_that_is_not_beyond_doubt_is_refused(
    stays: str, gone: str, meant: str, code: str
) -> None:
    told = {
        "eventType": "prison-offender-events.prisoner.merged",
        "personReference": {"identifiers": [{"type": "NOMS", "value": meant}]},
        "additionalInformation": {"nomsNumber": stays, "removedNomsNumber": gone},
    }
    with pytest.raises(AdapterError, match=code):
        read(told)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"eventType": "OFFENDER-UPDATED", "offenderIdDisplay": "A4821QX"}, "event-without-record"),
        ({"Message": '{"eventType": "prisoner.released"}'}, "event-without-record"),
        ({"Message": "{"}, "not-json"),
        ({"status": 404, "userMessage": "Not found"}, "error-body"),
        ({"data": [{"value": "P", "label": "MAPPA"}]}, "reference-data"),
        ({"name": "lastName", "type": "String", "fuzzySearch": True}, "reference-data"),
        ({"alertTypeCode": "P", "code": "P33", "isActive": True}, "reference-data"),
    ],
)
def test_what_is_no_record_is_refused_by_name(payload: Any, code: str) -> None:
    with pytest.raises(AdapterError) as error:
        read(payload)
    assert error.value.code == code


def test_nomis_itself_gives_the_same_prisoner() -> None:
    [person] = sample(ADAPTER, "of-nomis")
    held = custody(person)
    assert (held.prison, held.prison_name) == ("MDI", "Moorland (HMP & YOI)")
    assert held.sentence_dates is not None
    assert str(held.sentence_dates.conditional_release) == "2027-08-06"
    assert held.additional_days_awarded == 5
    assert codes(person) == {"not-yet-determined"}


def test_key_dates_alone_say_nothing_of_where_the_person_is() -> None:
    [person] = sample(ADAPTER, "term")
    assert custody(person).standing == 0
    assert [m.source_ref for m in person.records] == ["sentence-dates"]
    assert str(custody(person).temporary_releases[0].start) == "2026-12-01"


def test_rows_of_places_and_of_matches_are_prisoners() -> None:
    told = {"prisonerNumber": "A4821QX", "firstName": "TOBIAS", "lastName": "QUILLFEATHER"}
    born = {"dateOfBirth": "1982-11-19"}
    [match] = read({"matches": [{"prisoner": told | born}], "matchedBy": "NAME"})
    [dates] = read(told | born | {"sentenceDetail": {"tariffDate": "2026-05-05"}})
    assert {m.source_ref for m in dates.records} == {"sentence-dates"}
    [place] = read({"locations": [told | {"prisonId": "LEI", "lastPrisonId": "LEI"}]})
    assert [m.source_ref for m in match.records] == ["current"]
    assert [m.source_ref for m in place.records] == ["location", "location"]
    assert custody(place).prison == "LEI"


@pytest.mark.parametrize(
    ("code", "name", "contradicts"),
    [
        ("MDI", "HMP Leeds", True),
        ("MDI", "Moorland (HMP & YOI)", False),
        ("MDI", "Somewhere", False),
        ("QQI", "HMP Leeds", False),
    ],
)
def test_a_prison_under_another_prisons_name_is_warned_about(
    code: str, name: str, contradicts: bool
) -> None:
    told = {"prisonerNumber": "A4821QX", "lastName": "A", "prisonId": code, "prisonName": name}
    [person] = read(told)
    assert (codes(person) == {"contradiction"}) == contradicts
