"""A case as Delius's own answers: what is in it, what stays out, and that it is read again."""

import json
from datetime import UTC, datetime
from typing import Any

from adapters.base import MappedPerson
from adapters.delius import ADAPTER
from adapters.writing import Case, Way
from schemas.contacts import Contacts
from schemas.kinds import Kind
from schemas.mappa import MappaRegistration
from schemas.rosh import Rosh
from tests.adapters.mutation import read_all

[FORM] = ADAPTER.exports
CRN = {"scheme": "crn", "value": "X710001", "verified": True}
NOMS = {"scheme": "noms", "value": "A7101BC", "verified": True}
NOBODY: dict[str, Any] = {"name": {}}


def written(**documents: Any) -> list[Any]:
    """The payloads of a case of these documents, by the name of their kind."""
    kinds = {Kind[name.upper()]: told for name, told in documents.items()}
    raw = FORM.write(Case("ref", datetime(2026, 3, 1, tzinfo=UTC), kinds))
    batch: list[Any] = json.loads(raw)
    return batch


def again(**documents: Any) -> list[MappedPerson]:
    return read_all(
        ADAPTER, json.dumps(written(person=NOBODY | {"identifiers": [CRN]}, **documents)).encode()
    )


def test_each_payload_names_its_subject_by_the_case_reference_first() -> None:
    batch = written(
        person=NOBODY | {"identifiers": [NOMS, CRN]},
        rosh={"flags": [{"code": "RCCO"}]},
        contacts={"otherContacts": [{"reference": "1"}]},
    )
    assert [one["subject"] for one in batch] == ["crn:X710001"] * 3


def test_an_unverified_number_is_carried_and_is_never_the_subject() -> None:
    bad = {"scheme": "crn", "value": "nonsense", "verified": False}
    [payload] = written(person=NOBODY | {"identifiers": [bad]})
    assert payload == {"otherIds": {"crn": "nonsense"}}


def test_without_a_number_the_payloads_stand_alone() -> None:
    assert written(person={}) == [{"otherIds": {}}]


def test_a_second_case_reference_is_the_previous_one() -> None:
    second = CRN | {"value": "X710009"}
    [payload] = written(person=NOBODY | {"identifiers": [second | {"verified": False}, CRN]})
    assert payload["payload"]["otherIds"] == {"crn": "X710001", "previousCrn": "X710009"}


def test_members_of_other_agencies_and_withheld_ones_are_not_written() -> None:
    team = {"members": [{"agency": "police", "role": "offender-manager", "name": "A B"}, {}]}
    [payload] = written(person=NOBODY, case_team=team)
    assert "offenderManagers" not in payload


def test_a_sixth_line_of_an_address_joins_the_fifth() -> None:
    [payload] = written(person=NOBODY | {"addresses": [{"lines": list("abcdef")}]})
    [address] = payload["contactDetails"]["addresses"]
    assert list(address.values()) == ["a", "b", "c", "d", "e, f"]


def test_a_registration_that_is_not_yet_determined_is_read_so_again() -> None:
    told = {"categoryCode": "X9", "levelCode": "M0", "start": "2024-02-05"}
    (person,) = again(mappa=told)
    [mappa] = [m.record for m in person.records if isinstance(m.record, MappaRegistration)]
    assert (mappa.category, mappa.category_code, mappa.level_code) == (None, "X9", "M0")
    assert mappa.level is None


def test_another_systems_level_of_risk_becomes_no_registration() -> None:
    assert len(written(person=NOBODY, rosh={"overall": "HIGH", "overallCode": "HIGH"})) == 1


def test_a_flag_of_the_mappa_register_is_read_as_a_flag_and_no_registration() -> None:
    people = again(rosh={"flags": [{"code": "MAPP", "level": "MAPPA Level 2"}]})
    records = [m.record for person in people for m in person.records]
    assert [r.flags[0].level for r in records if isinstance(r, Rosh)] == ["MAPPA Level 2"]
    assert not [r for r in records if isinstance(r, MappaRegistration)]


def test_the_mark_for_visor_goes_there_and_back() -> None:
    log = {
        "visorContacts": [{"reference": "1", "at": "2024-06-14T09:15:00Z", "writtenBy": "Ines C"}],
        "otherContacts": [{"notes": "Without a number"}],
    }
    records = [m.record for p in again(contacts=log) for m in p.records]
    logs = [r for r in records if isinstance(r, Contacts)]
    assert [len(one.visor_contacts) for one in logs] == [1, 0]
    assert [len(one.other_contacts) for one in logs] == [0, 1]
    assert logs[0].visor_contacts[0].written_by == "Ines C"


def test_what_delius_says_of_others_it_is_not_told_back() -> None:
    out = {line.kind for line in ADAPTER.lines if line.way is not Way.IN}
    assert not out & {Kind.LIMITED_ACCESS, Kind.CUSTODY}
    assert set(FORM.kinds) == out
