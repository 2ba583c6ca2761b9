"""Risk Matrix 2000 as a table and as JSON; what contradicts the tool is said, never corrected."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.rm2000 import ADAPTER, RM2000
from adapters.score_tables import member
from adapters.testing.roundtrip import read_all
from adapters.testing.tested import Candidate, outcome
from adapters.testing.values import WILD
from adapters.writing import Case
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.rosh import Rosh
from tests.adapters.mutation import codes, scalars

HEADER = "CRN,Agency,Assessment date,Sexual scale,Gender,Date of birth,Sexual conviction\n"
SAMPLES = Candidate.of("rm2000").home / "samples"


def table(*rows: str) -> list[MappedPerson]:
    return read_all(ADAPTER, (HEADER + "\n".join(rows)).encode())


def told(person: MappedPerson) -> list[tuple[Any, ...]]:
    (mapped,) = person.records
    assert isinstance(mapped.record, Rosh)
    assert not mapped.record.standing
    return [(s.scale, s.band, s.score, s.assessed_by) for s in mapped.record.scores]


def test_two_agencies_on_one_person_are_two_documents() -> None:
    police, probation, _ = read_all(ADAPTER, (SAMPLES / "assessments.csv").read_bytes())
    assert told(police) == [
        ("S", "High", None, "police"), ("V", "Low", None, "police"), ("C", "High", None, "police"),
    ]  # fmt: skip
    assert told(probation) == [
        ("S", "Very High", None, "probation"), ("C", "Very High", None, "probation"),
    ]  # fmt: skip
    refs = [person.records[0].source_ref for person in (police, probation)]
    assert refs == ["police/RM/1", "probation/2026-02-20"]
    assert police.records[0].written_at == datetime(2026, 1, 15, tzinfo=UTC)


def test_json_says_the_same_with_its_points() -> None:
    police, probation = read_all(ADAPTER, (SAMPLES / "assessments.json").read_bytes())
    assert told(police)[0] == ("S", "HIGH", 4, "police")
    assert [scale for scale, *_ in told(probation)] == ["S", "C"], "null was not assessed"
    assert codes(police) == codes(probation) == set()


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("Female,,", "Gender"),
        ("Not known,,", "Gender"),
        (",01/05/2010,", "Date of birth"),
        (",16/01/2008,", "Date of birth"),
        (",,No", "Sexual conviction"),
    ],
)
def test_who_the_tool_is_not_for_is_a_contradiction_and_the_result_stays(
    who: str, place: str
) -> None:
    (person,) = table(f"X720001,police,15/01/2026,HIGH,{who}")
    assert [(c.code, c.pointer) for c in person.cautions] == [
        ("contradiction", f"/row/2/column/{place}")
    ]
    assert told(person) == [("S", "HIGH", None, "police")]


@pytest.mark.parametrize("who", ["Male,15/01/2008,Yes", "m,,", "1,,true", ",,"])
def test_an_adult_man_or_one_of_whom_nothing_is_said_is_none(who: str) -> None:
    (person,) = table(f"X720001,police,15/01/2026,HIGH,{who}")
    assert person.cautions == []


def test_a_reference_that_a_spreadsheet_rounded_names_no_assessment() -> None:
    header = "CRN,Agency,Reference,Assessment date,Sexual scale\n"
    raw = header + "".join(f"X720001,police,1.2E+10,{day}/01/2026,HIGH\n" for day in (15, 16))
    people = read_all(ADAPTER, raw.encode())
    refs = [person.records[0].source_ref for person in people]
    assert refs == ["police/2026-01-15", "police/2026-01-16"]
    assert [codes(person) for person in people] == [{"spreadsheet-number"}] * 2
    row = {"crn": "X720001", "agency": "police", "assessmentDate": "2026-01-15"}
    raw = json.dumps(row | {"reference": "1.2E+10", "sexualScale": "HIGH"})
    (person,) = read_all(ADAPTER, raw.encode())
    assert (person.records[0].source_ref, codes(person)) == (refs[0], {"spreadsheet-number"})


def test_what_a_row_does_not_say_is_not_known() -> None:
    (person,) = table("X720001,,26-01-15,HIGH,,,")
    assert codes(person) == {"two-digit-year"}
    (mapped,) = person.records
    assert (mapped.source_ref, mapped.written_at) == ("unknown/undated", None)
    assert isinstance(mapped.record, Rosh)
    assert mapped.record.scores[0].assessed_on is None


def test_a_row_of_nobody_needs_a_subject() -> None:
    with pytest.raises(AdapterError, match="no-subject"):
        ADAPTER.read((HEADER + ",police,15/01/2026,HIGH,,,").encode())


@pytest.mark.parametrize("raw", [b"Name,Colour\nA,B\n", b"{}", b'{"agency": "police"}', b""])
def test_what_is_no_assessment_is_refused(raw: bytes) -> None:
    with pytest.raises(AdapterError):
        read_all(ADAPTER, raw)


def test_of_a_case_only_this_tools_scores_are_written() -> None:
    score = {"tool": "RM2000", "scale": "S", "band": "HIGH", "assessedBy": "police"}
    others = [
        {"tool": "OGRS3", "band": "LOW"},
        {"tool": "RM2000", "scale": "X", "band": "LOW"},
        score | {"scale": "V", "band": "=1+1", "score": 2.5},
    ]
    person = {"identifiers": [
        {"scheme": "crn", "value": "X720001", "verified": True},
        {"scheme": "pnc", "value": "bad", "verified": False},
    ]}  # fmt: skip
    documents: dict[Kind, dict[str, Any]] = {
        Kind.PERSON: person,
        Kind.ROSH: {"scores": [score, *others]},
    }
    raw = RM2000.write(Case("r", datetime(2026, 3, 1, tzinfo=UTC), documents))
    assert b"OGRS3" not in raw
    assert b"bad" not in raw
    assert b'"\'=1+1"' in raw
    (one,) = read_all(ADAPTER, raw)
    assert [i.value for i in one.identifiers] == ["X720001"]
    assert told(one) == [("S", "HIGH", None, "police"), ("V", "=1+1", 2.5, "police")]


COLUMNS = [column.name for column in RM2000.table.columns]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from([member(name) for name in COLUMNS]), scalars))
def test_no_json_ever_breaks_it(row: dict[str, Any]) -> None:
    outcome(ADAPTER, json.dumps(row).encode())


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), WILD), max_size=3))
def test_no_table_ever_breaks_it(rows: list[dict[str, str]]) -> None:
    outcome(ADAPTER, RM2000.table.write(rows))


def test_a_date_is_the_day_in_any_spelling() -> None:
    for text in ("15/01/2026", "2026-01-15", "15 Jan 2026"):
        (person,) = read_all(ADAPTER, f"{HEADER}X720001,police,{text},LOW,,,".encode())
        record = person.records[0].record
        assert isinstance(record, Rosh)
        assert record.scores[0].assessed_on == date(2026, 1, 15)


def test_a_subject_that_the_row_denies_is_refused() -> None:
    raw = (HEADER + "X720001,police,15/01/2026,HIGH,,,").encode()
    with pytest.raises(AdapterError, match="subject-mismatch"):
        ADAPTER.read(raw, Subject(Scheme.CRN, "X720002"))
