"""Domain events of Delius: which hold a fact about a person, and in what they are delivered."""

import json
from typing import Any

import pytest

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.delius import ADAPTER
from schemas.contacts import Contacts
from schemas.identifiers import Scheme
from schemas.mappa import MappaRegistration
from schemas.rosh import Rosh
from tests.adapters.mutation import codes, read_all, sample

WHO = {"identifiers": [{"type": "CRN", "value": "X710001"}, {"type": "OTHER", "value": "7"}]}


def event(kind: str, **info: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "occurredAt": "2024-06-14T10:16:59+01:00",
        "additionalInformation": info,
        "personReference": WHO,
    }


def registration(kind: str = "added", **info: Any) -> dict[str, Any]:
    told = {"registrationId": "7", "registerTypeCode": "RCCO"}
    return event(f"probation-case.registration.{kind}", **(told | info))


def read(payload: Any, subject: Subject | None = None) -> list[MappedPerson]:
    return read_all(ADAPTER, json.dumps(payload).encode(), subject)


def refusal(payload: Any) -> str:
    with pytest.raises(AdapterError) as error:
        read(payload)
    return error.value.code


def records(people: list[MappedPerson], model: type[Any]) -> list[Any]:
    return [m.record for person in people for m in person.records if isinstance(m.record, model)]


def test_a_mappa_registration_comes_with_its_codes_and_javas_dates() -> None:
    people = sample(ADAPTER, "event-registration")
    [mappa] = records(people, MappaRegistration)
    assert (mappa.category, mappa.level, str(mappa.start)) == (1, 2, "2024-06-14")
    assert {m.written_at.isoformat() for m in people[0].records if m.written_at} == {
        "2024-06-14T09:16:59+00:00"
    }
    assert not codes(people[0])


def test_a_registration_without_codes_is_a_flag_alone() -> None:
    people = read(registration(registerTypeCode="MAPP", registrationLevelCode=""))
    assert records(people, MappaRegistration) == []
    assert [one.code for one in records(people, Rosh)[0].flags] == ["MAPP"]


def test_a_registration_of_the_rosh_family_gives_the_level() -> None:
    [rosh] = records(read(registration(registerTypeCode="RHRH")), Rosh)
    assert rosh.overall == "HIGH"


def test_the_end_of_a_registration_is_its_flag_with_an_end() -> None:
    ended = registration("deregistered", deregistrationDate="Fri Jun 14 00:00:00 BST 2024")
    (person,) = read(ended)
    [flag] = person.records[0].record.flags  # type: ignore[attr-defined]
    assert (person.records[0].source_ref, str(flag.end)) == ("registration-7", "2024-06-14")


def test_the_end_of_one_mappa_registration_says_nothing_of_another() -> None:
    day = "Fri Jun 14 00:00:00 BST 2024"
    ended = registration("deregistered", registerTypeCode="MAPP", deregistrationDate=day)
    assert refusal(ended) == "no-record"
    assert refusal(registration("deregistered")) == "no-record"


def test_a_merge_names_the_number_that_is_gone() -> None:
    (person,) = sample(ADAPTER, "event-merge")
    assert [i.value for i in person.identifiers] == ["X710001"]
    assert [(i.value, i.verified) for i in person.merged] == [("X710009", True)]
    assert refusal(event("probation-case.merge.completed", sourceCRN="X710009")) == "no-record"


def test_a_matched_booking_adds_its_numbers() -> None:
    kind = "probation-case.prison-identifier.added"
    (person,) = read(event(kind, bookingNumber="71010A"))
    assert [(i.scheme, i.value) for i in person.identifiers] == [
        (Scheme.CRN, "X710001"),
        (Scheme.BOOKING, "71010A"),
    ]


def test_a_breach_is_a_line_of_the_log_and_a_hole_is_no_time() -> None:
    (person,) = sample(ADAPTER, "event-breach")
    [log] = records([person], Contacts)
    [entry] = log.other_contacts
    assert (entry.type_code, entry.outcome_code, entry.at) == (
        "enforcement.breach.concluded", "BRE01", None,
    )  # fmt: skip
    assert codes(person) == {"placeholder"}


@pytest.mark.parametrize(
    "announced",
    [
        event("probation-case.personal-details.updated"),
        event("probation-case.deleted.gdpr"),
        event("probation-case.unmerge.completed", reactivatedCRN="X710009"),
        {"offenderId": 1, "crn": "X710001", "sourceId": 11174, "eventDatetime": "2021-01-20"},
    ],
    ids=["changed", "deleted", "unmerged", "older"],
)
def test_an_event_that_only_announces_is_refused(announced: dict[str, Any]) -> None:
    assert refusal(announced) == "no-record"
    assert refusal({"MessageId": "m", "Message": json.dumps(announced)}) == "no-record"


def test_envelopes_of_every_kind_are_opened() -> None:
    inner = {"MessageId": "inner", "Message": json.dumps(registration())}
    queued = {"messageId": "outer", "body": json.dumps(inner)}
    for payload in (registration(), inner, queued, {"Records": [queued]}, {"Messages": [inner]}):
        assert records(read(payload), Rosh)[0].flags[0].code == "RCCO"


def test_of_several_messages_those_that_hold_nothing_leave_a_caution() -> None:
    other = event("probation-case.personal-details.updated")
    batch = [{"MessageId": "1", "Body": json.dumps(one)} for one in (other, registration())]
    (person,) = read({"Messages": batch})
    assert [(c.code, c.pointer) for c in person.cautions] == [("unmapped-body", "/Messages/0/Body")]


def test_an_envelope_with_something_else_inside_is_refused_as_what_it_is() -> None:
    assert refusal({"MessageId": "1", "Message": "no JSON"}) == "not-json"
    assert refusal({"MessageId": "1", "Message": "[1]"}) == "no-record"
