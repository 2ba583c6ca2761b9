"""The scheme as a table: a victim is a reference, said in as many rows as it takes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import adapters.vcms
from adapters.base import AdapterError, MappedPerson, Subject
from adapters.vcms import ADAPTER
from adapters.vcms.rows import TABLE
from adapters.vcms.write import write_csv, write_json
from adapters.writing import Case
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.victim_contact import VictimCase, VictimContact

SAMPLE = Path(adapters.vcms.__file__).parent / "samples" / "scheme.csv"
WRITTEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def table(*rows: dict[str, str], crn: str = "X417009") -> bytes:
    return TABLE.write(
        {"CRN": crn, "Victim reference": "VR-1", "Status": "OPTED_IN"} | row for row in rows
    )


def victims(person: MappedPerson) -> list[VictimCase]:
    found = person.records[0].record
    assert isinstance(found, VictimContact)
    return found.victims


def read(raw: bytes, subject: Subject | None = None) -> tuple[list[VictimCase], list[str]]:
    (person,) = ADAPTER.read(raw, subject)
    return victims(person), [f"{one.code} {one.pointer}" for one in person.cautions]


def refused(raw: bytes) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(raw)
    assert "Nasrin" not in str(caught.value)
    return caught.value


def test_the_rows_of_a_person_are_one_payload() -> None:
    one, other = ADAPTER.split(SAMPLE.read_bytes())
    assert (one.rows, other.rows) == ((1, 2, 3, 4), (1, 5))
    (person,) = ADAPTER.read(one.raw)
    assert person.records[0].written_at == datetime(2026, 2, 11, 16, 20, tzinfo=UTC)
    first, second = victims(person)
    assert (first.status, first.since) == ("opted-in", date(2025, 6, 30))
    assert [one.type for one in first.requests] == ["no-contact", "exclusion-zone"]
    assert [one.answer for one in first.consultations] == ["yes", "not-applicable"]
    assert [one.topic for one in first.information_given] == ["SENTENCE", "CONTACT_CONDITIONS"]
    assert (second.victim_ref, second.status) == ("VR-88121", "opted-out")
    assert person.cautions == []
    assert read(other.raw) == ([], [])


def test_entries_of_a_joined_export_are_read_once() -> None:
    rows = [
        {"Request": request, "Information given": topic, "Given": "2026-01-01"}
        for request in ("NO_CONTACT", "OTHER")
        for topic in ("SENTENCE", "RECALL")
    ]
    ((victim,), cautions) = read(table(*rows))
    assert (len(victim.requests), len(victim.information_given), cautions) == (2, 2, [])


def test_what_the_rows_contradict_each_other_in_is_unknown() -> None:
    ((victim,), cautions) = read(
        table({"Status since": "2026-01-01"}, {"Status": "OPTED_OUT", "Status since": "2026-01-01"})
    )
    assert (victim.status, victim.status_code, victim.since) == ("unknown", None, date(2026, 1, 1))
    assert cautions == [f"contradiction /row/{row}/column/Status" for row in (2, 3)]


def test_what_belongs_to_no_entry_is_pointed_at() -> None:
    (_, cautions) = read(table({"Request reason": "Fear"}))
    assert cautions == ["unmapped-body /row/2/column/Request reason"]


def test_a_telephone_that_lost_its_zero_is_kept_and_pointed_at() -> None:
    ((victim,), cautions) = read(table({"VLO telephone": "1632960114"}))
    assert victim.vlo_telephone == "1632960114"
    assert cautions == ["spreadsheet-number /row/2/column/VLO telephone"]


@pytest.mark.parametrize("reference", ["", "Nasrin", "03-Apr", "1.2E10", "Nasrin Doe 1"])
def test_a_victim_without_a_reference_is_refused(reference: str) -> None:
    error = refused(table({"Victim reference": reference}))
    assert (error.code, error.pointer) == ("schema", "/row/2/column/Victim reference")


@pytest.mark.parametrize("column", ["Victim name", "Address", "Telephone", "Nasrin"])
def test_a_column_for_who_the_victim_is_is_refused(column: str) -> None:
    raw = f"CRN,Victim reference,Status,{column}\nX417009,VR-1,OPTED_IN,Nasrin\n".encode()
    error = refused(raw)
    assert (error.code, error.pointer) == ("unknown-column", "/row/2/column/4")


@pytest.mark.parametrize("column", ["Request reason", "Representations", "Status", "Consultation"])
def test_contact_details_are_refused_in_any_column_but_the_officers(column: str) -> None:
    error = refused(table({column: "Nasrin, 07700 900123"}))
    assert (error.code, error.pointer) == ("victim-contact-details", f"/row/2/column/{column}")


def test_rows_that_name_nobody_are_about_the_subject_of_the_push() -> None:
    raw = table({}, {"Victim reference": "VR-2"}, crn="")
    (item,) = ADAPTER.split(raw)
    found, _ = read(item.raw, Subject(Scheme.CRN, "X417009"))
    assert [one.victim_ref for one in found] == ["VR-1", "VR-2"]
    assert refused(raw).code == "no-subject"


def case(**documents: object) -> Case:
    person = {
        "identifiers": [
            {"scheme": scheme, "value": value}
            for scheme, value in (
                ("crn", "X417009"), ("crn", "X417010"), ("cro", "123456/24A"), ("vcms", "VC-7"),
            )
        ]
    }  # fmt: skip
    return Case("ref", WRITTEN, {Kind.PERSON: person, Kind.VICTIM_CONTACT: documents})


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_what_is_written_names_the_person_and_the_time(write: object) -> None:
    assert callable(write)
    (person,) = ADAPTER.read(write(case(victims=[])))
    assert [(one.scheme, one.value) for one in person.identifiers] == [
        (Scheme.CRN, "X417009"),
        (Scheme.VCMS, "VC-7"),
    ]
    assert person.records[0].written_at == WRITTEN
    assert victims(person) == []


def test_requests_without_the_victim_are_written_and_cannot_be_pushed_back() -> None:
    """What a probation officer may see of the scheme: that conditions were asked for."""
    told = case(victims=[{"requests": [{"type": "no-contact"}], "vloName": "Marguerite Sowande"}])
    assert json.loads(write_json(told))["cases"] == [
        {"vlo": {"name": "Marguerite Sowande"}, "requests": [{"type": "NO_CONTACT"}]}
    ]
    assert refused(write_csv(told)).pointer == "/row/2/column/Victim reference"


def test_nothing_released_is_a_table_without_rows() -> None:
    assert refused(write_csv(case())).code == "empty-batch"
