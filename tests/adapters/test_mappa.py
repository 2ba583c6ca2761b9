"""Minutes: every heading, what is missing said aloud, and the registration that was decided."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters.mappa
from adapters.base import AdapterError, MappedPerson, Subject
from adapters.mappa import ADAPTER
from schemas import Kind
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.mappa import MappaRegistration
from schemas.minutes import MappaMinutes
from schemas.rosh import RoshLevel

ROOM = Path(adapters.mappa.__file__).parent
SCHEMA = json.loads((ROOM / "schema.json").read_text("utf-8"))
SAMPLES = sorted((ROOM / "samples").glob("*.json"))
FULL = json.loads((ROOM / "samples" / "minutes.json").read_text("utf-8"))
UNKNOWN = json.loads((ROOM / "samples" / "unknown-code.json").read_text("utf-8"))


def read(whole: dict[str, Any], subject: Subject | None = None) -> MappedPerson:
    (person,) = ADAPTER.read(json.dumps(whole).encode(), subject)
    return person


def minutes(person: MappedPerson) -> MappaMinutes:
    found = person.records[0].record
    assert isinstance(found, MappaMinutes)
    return found


def registration(person: MappedPerson) -> MappaRegistration:
    found = person.records[1].record
    assert isinstance(found, MappaRegistration)
    return found


def codes(person: MappedPerson) -> set[tuple[str, str]]:
    return {(one.code, one.pointer) for one in person.cautions}


def refused(whole: dict[str, Any]) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        read(whole)
    return caught.value


def test_full_minutes_leave_no_field_of_the_record_empty_and_no_caution() -> None:
    person = read(FULL | {"levelDecision": FULL["levelDecision"] | {"dissentingViews": "One."}})
    record = minutes(person)
    assert [name for name, value in record if value in (None, [], {})] == []
    assert codes(person) == {("unreadable-date", "/actions/1/due")}
    assert record.attendance[2].agency is Agency.PRISON
    assert (record.attendance[2].presence, record.attendance[2].report_sent) == ("apologies", True)
    assert record.actions[0].due == date(2026, 3, 11)
    assert (record.actions[1].due, record.actions[1].due_words) == (None, "At the next meeting")
    assert record.previous_actions[0].outcome == "Done on 28 January"
    assert record.agency_updates["police"] == "Two home visits, both compliant."
    assert record.rosh_overall is RoshLevel.HIGH
    assert record.rosh is not None
    assert record.rosh.prisoners is None


def test_minutes_are_known_by_their_meeting_and_written_when_issued() -> None:
    document = read(FULL).records[0]
    assert (document.record.kind, document.source_ref) == (Kind.MINUTES, "MB-2026-0117")
    assert document.written_at == datetime(2026, 2, 27, tzinfo=UTC)
    for issued in (None, "1900-01-01", "soon"):
        unissued = read(FULL | {"issued": issued}).records[0]
        assert unissued.written_at == datetime(2026, 2, 18, tzinfo=UTC)


def test_a_decided_level_is_a_registration_dated_by_the_meeting() -> None:
    person = read(FULL | {"category": 2, "level": 2, "levelDecision": {"level": 3}})
    assert (person.records[1].source_ref, person.records[1].written_at) == (
        "current",
        datetime(2026, 2, 18, tzinfo=UTC),
    )
    found = registration(person)
    assert (found.category, found.level, found.area) == (2, 3, "Marlow")
    assert found.review_due == date(2026, 6, 10)
    assert minutes(person).level == 2


def test_without_a_decision_there_is_no_registration() -> None:
    assert len(read(FULL | {"levelDecision": {"rationale": "Deferred."}}).records) == 1


def test_category_3_has_no_level_1() -> None:
    person = read(FULL | {"category": 3, "levelDecision": {"level": 1}})
    assert (registration(person).category, registration(person).level) == (3, 1)
    assert ("category-3-level-1", "/levelDecision/level") in codes(person)


def test_a_missing_heading_is_none_and_said_so_but_an_empty_list_is_an_answer() -> None:
    bare = {key: FULL[key] for key in ("system", "meetingId", "meetingDate", "person")}
    person = read(bare | {"actions": [], "media": ""})
    record = minutes(person)
    assert (record.media, record.contingency, record.rosh) == (None, None, None)
    missing = {pointer for code, pointer in codes(person) if code == "missing-heading"}
    assert {"/media", "/contingency", "/disclosure/decision", "/levelDecision/level"} <= missing
    assert "/actions" not in missing
    assert len(missing) == 19


def test_unknown_codes_are_kept_word_for_word_with_a_caution() -> None:
    person = read(UNKNOWN)
    record = minutes(person)
    assert (record.attendance[0].agency, record.attendance[0].role) == (
        Agency.OTHER,
        "Adviser (harbour authority)",
    )
    assert record.attendance[1].agency is Agency.VICTIM_LIAISON
    assert (record.actions[0].agency, record.actions[0].owner) == (
        Agency.OTHER,
        "harbour authority",
    )
    assert set(record.agency_updates) == {"harbour authority", "police"}
    assert [(one.tool, one.scale, one.band) for one in record.scores] == [
        ("RoSH", "staff", "EXTREME"),
        ("RoSH", "overall", "SEVERE"),
    ]
    assert (registration(person).category_code, registration(person).level_code) == ("X9", "4")
    assert {pointer for code, pointer in codes(person) if code == "unknown-code"} == {
        "/category",
        "/levelDecision/level",
        "/attendance/0/agency",
        "/actions/0/agency",
        "/agencyUpdates",
        "/risk/overall",
        "/risk/groups/staff",
    }


def test_a_category_under_level_is_no_level_nor_a_level_under_category_a_category() -> None:
    said = {"category": "Level 3", "level": "Category 1", "levelDecision": {"level": "Category 2"}}
    person = read(FULL | said)
    record, found = minutes(person), registration(person)
    assert (record.category, record.level, record.level_decision) == (None, None, None)
    assert (found.category, found.category_code) == (None, "Level 3")
    assert (found.level, found.level_code) == (None, "Category 2")
    assert [(one.heading, one.text) for one in record.other_headings[-3:]] == [
        ("Category", "Level 3"),
        ("Level", "Category 1"),
        ("Level decided", "Category 2"),
    ]
    assert {pointer for code, pointer in codes(person) if code == "contradiction"} == {
        "/category",
        "/level",
        "/levelDecision/level",
    }


def test_a_referral_tells_level_and_category_apart_as_well() -> None:
    said = {"category": "L1", "levelRequested": "Category 2", "outcome": {"level": "cat 3"}}
    person = read(json.loads((ROOM / "samples" / "referral.json").read_text("utf-8")) | said)
    (mapped,) = person.records
    told = mapped.record.model_dump(include={"category", "level_requested", "level_decided"})
    words = mapped.record.model_dump(include={f"{name}_code" for name in told})
    assert (set(told.values()), set(words.values())) == ({None}, {"L1", "Category 2", "cat 3"})
    assert {pointer for code, pointer in codes(person) if code == "contradiction"} == {
        "/category",
        "/levelRequested",
        "/outcome/level",
    }


def test_a_group_above_the_overall_level_is_shown_and_said() -> None:
    person = read(FULL | {"risk": {"text": "…", "overall": "LOW", "groups": {"staff": "HIGH"}}})
    assert ("contradiction", "/risk/overall") in codes(person)


def test_two_spellings_of_one_agency_both_stay_and_a_silent_one_says_nothing() -> None:
    updates = {"police": "One.", "Police": "Two.", "health": None, "": "Three."}
    person = read(FULL | {"agencyUpdates": updates})
    assert minutes(person).agency_updates == {"police": "One.", "Police": "Two.", "": "Three."}


def test_an_attendance_or_action_without_agency_is_kept() -> None:
    rows = [{"agency": "", "presence": "absent"}]
    person = read(FULL | {"attendance": rows, "actions": [{"action": "", "owner": "DC Farrow"}]})
    assert minutes(person).attendance[0].agency is Agency.OTHER
    assert (minutes(person).actions[0].agency, minutes(person).actions[0].owner) == (
        None,
        "DC Farrow",
    )


@pytest.mark.parametrize("day", ["soon", "1900-01-01", ""])
def test_minutes_without_a_readable_day_cannot_be_kept(day: str) -> None:
    error = refused(FULL | {"meetingDate": day})
    assert (error.code, error.pointer) == ("unreadable-date", "/meetingDate")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"Jane Doe": 1}, ""),
        ({"agencyUpdates": {"Jane Doe": 1}}, "/agencyUpdates/*"),
        ({"attendance": [{"agency": "police", "presence": 4}]}, "/attendance/0/presence"),
        ({"meetingId": ""}, "/meetingId"),
        ({"risk": {"overall": 4}}, "/risk/overall"),
    ],
)
def test_what_breaks_the_schema_is_placed_and_never_repeated(
    changes: dict[str, Any], pointer: str
) -> None:
    error = refused(FULL | changes)
    assert (error.code, error.pointer) == ("schema", pointer)
    assert "Jane" not in str(error)


def test_other_shapes_and_other_subjects_are_refused() -> None:
    assert refused({"meetingId": "M1"}).code == "unsupported-shape"
    with pytest.raises(AdapterError, match="subject-mismatch"):
        read(FULL, Subject(Scheme.VISOR, "V/09/000001"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_schema_is_valid_says_it_is_ours_and_accepts_the_samples(sample: Path) -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert "own published schema" in SCHEMA["description"]
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(sample.read_text("utf-8")))


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.dictionaries(
    st.sampled_from(sorted(SCHEMA["$defs"]["minutes"]["properties"])),
    st.text() | JSON,
    min_size=1,
    max_size=3,
)


@given(st.binary() | MEMBERS.map(lambda changes: json.dumps(FULL | changes).encode()))
def test_arbitrary_input_gives_a_typed_error_or_a_reading(raw: bytes) -> None:
    for use in (ADAPTER.read, ADAPTER.split):
        try:
            use(raw)
        except AdapterError as error:
            assert error.code  # noqa: PT017
