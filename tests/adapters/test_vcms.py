"""The Victim Contact Scheme: a victim is a reference, an officer is a person with a telephone."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters.vcms
from adapters.base import AdapterError, MappedPerson, Subject
from adapters.vcms import ADAPTER
from schemas import Kind
from schemas.case_team import CaseTeam
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.victim_contact import VictimContact

ROOM = Path(adapters.vcms.__file__).parent
SCHEMA = json.loads((ROOM / "schema.json").read_text("utf-8"))
SAMPLES = sorted((ROOM / "samples").glob("*.json"))
UNKNOWN = ROOM / "samples" / "unknown-code.json"


def payload(**changes: Any) -> dict[str, Any]:
    case = {"victimRef": "VR-1", "status": "OPTED_IN"}
    whole = {"system": "vcms", "writtenAt": "2026-01-01", "person": {"crn": "X417009"}}
    return whole | {"cases": [case]} | changes


def with_case(**changes: Any) -> dict[str, Any]:
    return payload(cases=[{"victimRef": "VR-1", "status": "OPTED_IN"} | changes])


def read(whole: dict[str, Any], subject: Subject | None = None) -> MappedPerson:
    (person,) = ADAPTER.read(json.dumps(whole).encode(), subject)
    return person


def contact(person: MappedPerson) -> VictimContact:
    found = person.records[0].record
    assert isinstance(found, VictimContact)
    return found


def team(person: MappedPerson) -> CaseTeam:
    found = person.records[1].record
    assert isinstance(found, CaseTeam)
    return found


def refused(whole: dict[str, Any]) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        read(whole)
    return caught.value


def test_a_payload_gives_the_scheme_and_its_officers() -> None:
    person = read(json.loads((ROOM / "samples" / "scheme.json").read_text("utf-8")))
    assert [(one.record.kind, one.source_ref, one.written_at) for one in person.records] == [
        (kind, "current", datetime(2026, 2, 11, 16, 20, tzinfo=UTC))
        for kind in (Kind.VICTIM_CONTACT, Kind.CASE_TEAM)
    ]
    first, second = contact(person).victims
    assert (first.victim_ref, first.status, first.since) == (
        "VR-88120",
        "opted-in",
        date(2025, 6, 30),
    )
    assert [one.type for one in first.requests] == ["no-contact", "exclusion-zone"]
    assert [one.topic for one in first.information_given] == ["SENTENCE", "CONTACT_CONDITIONS"]
    assert (second.status, second.requests) == ("opted-out", [])
    assert person.cautions == []
    assert {(one.scheme, one.verified, one.system) for one in person.identifiers} == {
        (scheme, True, "vcms") for scheme in (Scheme.CRN, Scheme.NOMS, Scheme.PNC)
    }


def test_an_officer_of_two_victims_is_one_member() -> None:
    person = read(json.loads((ROOM / "samples" / "scheme.json").read_text("utf-8")))
    (officer,) = team(person).members
    assert (officer.agency, officer.role, officer.staff_id) == (
        Agency.VICTIM_LIAISON,
        "victim-liaison-officer",
        "VLO-014",
    )
    assert officer.telephone == "01632 960114"


def test_a_case_without_officer_leaves_the_team_empty() -> None:
    assert team(read(with_case(vlo={"email": "desk@victims.example"}))).members == []


def test_unknown_codes_are_kept_word_for_word_with_a_caution() -> None:
    person = read(json.loads(UNKNOWN.read_text("utf-8")))
    (victim,) = contact(person).victims
    assert (victim.status, victim.status_code) == ("unknown", "PAUSED_AT_REQUEST")
    assert victim.information_given[0].topic == "TEMPORARY_ABSENCE"
    assert victim.requests[0].type == "other"
    (asked,) = victim.consultations
    assert (asked.answer, asked.answer_code, asked.outcome) == ("unknown", "NO", "NO_RESPONSE")
    assert victim.requests[0].reason == "type as received: NO_RESIDENCE_NEARBY"
    assert [(one.code, one.pointer) for one in person.cautions] == [
        ("unknown-code", "/cases/0/status"),
        ("unknown-code", "/cases/0/requests/0/type"),
        ("unknown-code", "/cases/0/consultations/0/answer"),
        ("unknown-code", "/cases/0/informationGiven/0/topic"),
    ]


def test_an_unknown_request_keeps_the_reason_it_came_with() -> None:
    person = read(with_case(requests=[{"type": "CURFEW", "reason": "Evenings"}]))
    assert contact(person).victims[0].requests[0].reason == "type as received: CURFEW\nEvenings"


def test_a_status_that_says_nothing_is_unknown_without_a_code() -> None:
    (victim,) = contact(read(with_case(status=""))).victims
    assert (victim.status, victim.status_code) == ("unknown", None)


@pytest.mark.parametrize("member", ["name", "address", "victimName", "Jane Doe"])
def test_there_is_no_place_for_a_victims_name_or_address(member: str) -> None:
    error = refused(with_case(**{member: "Jane Doe"}))
    assert (error.code, error.pointer) == ("schema", "/cases/0")
    assert "Jane" not in str(error)


@pytest.mark.parametrize(
    "text",
    ["Lives at ZZ1 1ZZ now", "zz11zz", "Ring 01632 960123", "ring +44 (0)1632 960123",
     "07700900123", "(01632) 960123", "write to nasrin@post.example"],
)  # fmt: skip
def test_contact_details_in_a_text_about_a_victim_are_refused_without_a_word_of_them(
    text: str,
) -> None:
    for case, pointer in (
        (with_case(representations=text), "/cases/0/representations"),
        (
            with_case(requests=[{"type": "OTHER", "reason": text}]),
            "/cases/0/requests/0/reason",
        ),
    ):
        error = refused(case)
        assert (error.code, error.pointer) == ("victim-contact-details", pointer)
        assert text not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "A zone of 5 miles",
        "Level 2, since 01-02-2026 10:30",
        "NOMS A4417CT",
        "VR-88120 and VR-2",
    ],
)
def test_ordinary_words_and_references_are_no_contact_details(text: str) -> None:
    assert contact(read(with_case(representations=text))).victims[0].representations == text


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Opted in", "opted-in"),
        ("opted-out", "opted-out"),
        ("NOT YET CONTACTED", "not-yet-contacted"),
    ],
)
def test_the_schemes_words_are_known_in_any_dress(word: str, status: str) -> None:
    (victim,) = contact(read(with_case(status=word))).victims
    assert (victim.status, victim.status_code) == (status, word)


@pytest.mark.parametrize(
    ("whole", "pointer", "detail"),
    [
        (with_case(victimRef="Doe"), "/cases/0/victimRef", "pattern"),
        (with_case(victimRef="Jane Doe"), "/cases/0/victimRef", "pattern"),
        (with_case(statusSince=5), "/cases/0/statusSince", "expected null or string"),
        (payload(cases=[{"victimRef": "VR-1"}]), "/cases/0", "status is required"),
        (payload(system="other"), "/system", "const"),
        (payload(person={"crn": {"Jane Doe": 1}}), "/person/crn", "expected null or string"),
    ],
)
def test_what_breaks_the_schema_is_placed_and_explained(
    whole: dict[str, Any], pointer: str, detail: str
) -> None:
    error = refused(whole)
    assert (error.code, error.pointer) == ("schema", pointer)
    assert detail in error.detail
    assert "Jane" not in str(error)


def test_the_subject_may_come_with_the_push_and_must_agree() -> None:
    subject = Subject(Scheme.CRN, "X417009")
    assert [one.value for one in read(payload(person={}), subject).identifiers] == ["X417009"]
    assert refused(payload(person={})).code == "no-subject"
    unverifiable = read(payload(person={"crn": "X1"}), Subject(Scheme.CRN, "X2"))
    assert {one.verified for one in unverifiable.identifiers} == {False}
    with pytest.raises(AdapterError, match="subject-mismatch"):
        read(payload(), Subject(Scheme.CRN, "X000001"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_schema_is_valid_says_it_is_ours_and_accepts_the_samples(sample: Path) -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert "is not public" in SCHEMA["description"]
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(sample.read_text("utf-8")))


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.binary() | JSON.map(lambda value: json.dumps(payload(cases=value)).encode()))
def test_arbitrary_input_gives_a_typed_error_or_a_reading(raw: bytes) -> None:
    for use in (ADAPTER.read, ADAPTER.split):
        try:
            use(raw)
        except AdapterError as error:
            assert error.code  # noqa: PT017


CASES = st.fixed_dictionaries(
    {"victimRef": st.from_regex(r"\A[A-Z][A-Z-]{0,9}[0-9]\Z"), "status": st.text()},
    optional={
        "statusSince": st.none() | st.text(),
        "vlo": st.fixed_dictionaries({}, optional={"staffId": st.text(), "name": st.text()}),
        "requests": st.lists(st.fixed_dictionaries({"type": st.text()}), max_size=2),
        "informationGiven": st.lists(st.fixed_dictionaries({"topic": st.text()}), max_size=2),
    },
)


@given(st.lists(CASES, max_size=3))
def test_whatever_the_words_are_each_victim_is_read(cases: list[dict[str, Any]]) -> None:
    try:
        person = read(payload(cases=cases))
    except AdapterError as error:
        assert error.code == "bad-character"  # noqa: PT017
    else:
        assert [one.victim_ref for one in contact(person).victims] == [
            one["victimRef"] for one in cases
        ]
