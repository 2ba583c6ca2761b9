"""What Delius sends, and the traps in it."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.delius import ADAPTER
from schemas.case_team import CaseTeam
from schemas.identifiers import Scheme
from schemas.limited_access import LimitedAccess
from schemas.mappa import MappaRegistration
from schemas.person import Person
from schemas.rosh import Rosh, RoshLevel
from tests.adapters.mutation import (
    SUBJECT,
    check_never_breaks,
    codes,
    mutated,
    read_all,
    sample,
    samples,
)


def one(people: list[MappedPerson], model: type[Any], ref: str = "current") -> Any:
    """The one record of this model and source reference of the first person."""
    found = [
        m.record for m in people[0].records if isinstance(m.record, model) and m.source_ref == ref
    ]
    assert len(found) == 1
    return found[0]


def read(payload: Any, subject: Subject | None = SUBJECT) -> list[MappedPerson]:
    return read_all(ADAPTER, json.dumps(payload).encode(), subject)


def mappa(**fields: Any) -> tuple[MappaRegistration, set[str]]:
    people = sample(ADAPTER, "supervisions", mappaDetail=fields)
    return one(people, MappaRegistration), codes(people[0])


def test_a_search_row_gives_person_team_registration_and_access() -> None:
    people = sample(ADAPTER, "search-page")
    person: Person = one(people, Person)
    assert (person.name.forenames, person.name.surname) == (["Tobias", "Wren"], "Ashgrove")
    assert [alias.surname for alias in person.aliases] == ["Ash", "Alder"]
    assert person.identifiers == people[0].identifiers
    assert all(i.verified and i.system == "delius" for i in person.identifiers)
    assert person.status == "current"
    assert one(people, MappaRegistration).area == "N54"
    assert [i.value for i in people[1].identifiers] == ["X710002"]
    assert not codes(people[0]) | codes(people[1])


def test_a_batch_of_rows_and_a_page_say_the_same() -> None:
    assert sample(ADAPTER, "search-rows") == sample(ADAPTER, "search-page")


def test_only_active_managers_are_on_the_team() -> None:
    team: CaseTeam = one(sample(ADAPTER, "search-page"), CaseTeam)
    assert [(m.staff_id, m.allocated, m.area) for m in team.members] == [("N54A101", True, "N54")]


@pytest.mark.parametrize(
    "staff",
    [
        {"code": "N54A101", "forenames": "Ines", "surname": "Castellane", "unallocated": True},
        {"code": "N54A101", "forenames": "Unallocated", "surname": "Staff"},
        {"code": "N54UATU", "forenames": "Any", "surname": "Body"},
    ],
)
def test_a_placeholder_manager_is_shown_without_access(staff: dict[str, Any]) -> None:
    row = {"otherIds": {"crn": "X710001"}, "offenderManagers": [{"staff": staff, "active": True}]}
    (member,) = one(read(row), CaseTeam).members
    assert (member.staff_id, member.allocated) == (None, False)
    assert member.name


def test_an_empty_list_of_managers_says_that_nobody_is_responsible() -> None:
    rows = [{"staff": {"code": "A"}, "softDeleted": True}, {"active": True}]
    row = {"otherIds": {"crn": "X710001"}, "offenderManagers": rows}
    assert one(read(row), CaseTeam).members == []


def test_the_community_manager_is_known_by_user_name() -> None:
    (member,) = one(sample(ADAPTER, "supervisions"), CaseTeam).members
    assert (member.role, member.staff_id) == ("responsible-officer", "InesCastellaneNPS")
    assert (member.email, member.team_telephone, member.area) == (
        "ines.castellane@probation.example", "01632 960100", "N54",
    )  # fmt: skip
    manager = {"code": "N54UATU", "name": {"forename": "Unallocated"}, "allocated": True}
    (member,) = one(sample(ADAPTER, "supervisions", communityManager=manager), CaseTeam).members
    assert (member.staff_id, member.allocated) == (None, False)


def test_an_answer_without_a_manager_leaves_the_team_alone() -> None:
    (person,) = sample(ADAPTER, "supervisions", communityManager=None)
    assert not any(isinstance(m.record, CaseTeam) for m in person.records)


def test_without_a_user_name_the_staff_code_counts() -> None:
    (member,) = one(sample(ADAPTER, "details"), CaseTeam).members
    assert (member.staff_id, member.team, member.area) == ("N54A101", "Quayside team", "N54")


def test_category_0_and_level_0_are_not_yet_determined() -> None:
    for category, level in ((0, 0), ("X9", "M0")):
        found, warned = mappa(category=category, level=level)
        assert (found.category, found.level) == (None, None)
        assert (found.category_code, found.level_code) == (str(category), str(level))
        assert "not-yet-determined" in warned


def test_level_and_category_may_both_be_1() -> None:
    found, warned = mappa(category=1, level=1)
    assert (found.category, found.level) == (1, 1)
    assert not warned


def test_category_3_at_level_1_is_kept_with_a_caution() -> None:
    found, warned = mappa(category="M3", level="M1")
    assert (found.category, found.level) == (3, 1)
    assert warned == {"category-3-level-1"}


def test_an_unknown_category_or_level_is_kept_verbatim() -> None:
    found, warned = mappa(category="Z7", level=4)
    assert (found.category, found.category_code, found.level, found.level_code) == (
        None, "Z7", None, "4",
    )  # fmt: skip
    assert warned == {"unknown-code"}


def test_a_category_is_never_read_from_a_note() -> None:
    found: MappaRegistration = one(sample(ADAPTER, "details"), MappaRegistration)
    assert found.notes
    assert "Category 3" in found.notes
    assert (found.category, found.level) == (None, None)


def test_a_description_that_names_another_level_is_a_contradiction() -> None:
    for description in ("MAPPA Level 3", "M3 Desc", "X9 Desc"):
        found, warned = mappa(level=2, levelDescription=description, category=1)
        assert (found.level, warned) == (2, {"contradiction"})
    assert mappa(level=0, levelDescription="M0", category=0, categoryDescription="X9 Desc")[1] == {
        "not-yet-determined"
    }


def test_placeholders_are_no_registration() -> None:
    (person,) = sample(ADAPTER, "supervisions", mappaDetail={"level": "string", "category": None})
    assert not any(isinstance(m.record, MappaRegistration) for m in person.records)
    assert codes(person) == {"placeholder"}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("RLRH", RoshLevel.LOW),
        ("rmrh", RoshLevel.MEDIUM),
        ("RHRH", RoshLevel.HIGH),
        ("RVHR", RoshLevel.VERY_HIGH),
        ("RvRh", RoshLevel.VERY_HIGH),
    ],
)
def test_the_rosh_family_gives_the_overall_level(code: str, level: RoshLevel) -> None:
    people = sample(ADAPTER, "supervisions", dynamicRisks=[{"code": code}])
    rosh: Rosh = one(people, Rosh, "registrations")
    assert (rosh.overall, rosh.overall_code) == (level, code)
    assert not codes(people[0])


def test_other_registrations_are_flags_and_give_no_level() -> None:
    people = sample(ADAPTER, "supervisions", dynamicRisks=[{"code": "RCCO"}, {"code": "QQQQ"}, 5])
    rosh: Rosh = one(people, Rosh, "registrations")
    assert ([flag.code for flag in rosh.flags], rosh.overall) == (["RCCO", "QQQQ"], None)
    assert codes(people[0]) == {"unknown-code", "unreadable-value"}


def test_an_unknown_code_of_the_rosh_family_is_kept_as_the_overall_code() -> None:
    people = sample(ADAPTER, "supervisions", dynamicRisks=[{"code": "RXHR"}])
    rosh: Rosh = one(people, Rosh, "registrations")
    assert (rosh.overall, rosh.overall_code) == (None, "RXHR")
    assert codes(people[0]) == {"unknown-code"}


def test_two_levels_at_once_are_a_contradiction_and_the_later_counts() -> None:
    rows = [{"code": "RHRH", "startDate": "2024-02-02"}, {"code": "RMRH"}]
    people = sample(ADAPTER, "supervisions", dynamicRisks=rows)
    assert one(people, Rosh, "registrations").overall == RoshLevel.HIGH
    assert codes(people[0]) == {"contradiction"}


def test_inactive_registrations_are_history() -> None:
    people = sample(ADAPTER, "details")
    rosh: Rosh = one(people, Rosh, "rosh-history")
    assert (rosh.overall, len(rosh.flags)) == (RoshLevel.VERY_HIGH, 1)
    flags: Rosh = one(people, Rosh, "register-flags")
    assert [(flag.code, flag.description) for flag in flags.flags] == [(None, "Weapons")]


def test_stub_mappings_are_unwrapped_body_by_body() -> None:
    people = sample(ADAPTER, "risk-flags-stub")
    assert len(people) == 1
    assert [i.value for i in people[0].identifiers] == ["X710001"]
    assert codes(people[0]) == {"unmapped-body", "contradiction"}
    widget: Rosh = one(people, Rosh, "widget")
    assert widget.in_community
    assert widget.in_community.known_adult == RoshLevel.MEDIUM
    assert widget.in_community.staff is None
    ended = [flag.end for flag in one(people, Rosh, "risk-flags").flags]
    assert ended[0] is None
    assert str(ended[1]) == "2023-01-05"


def test_a_stub_answer_of_its_own_and_a_body_about_nobody() -> None:
    body = {"overallRisk": "LOW", "riskInCommunity": {}}
    answer: dict[str, Any] = {"request": {"url": "/risks/A7101BC"}, "response": {"jsonBody": body}}
    (person,) = read(answer, None)
    assert [(i.scheme, i.value) for i in person.identifiers] == [(Scheme.NOMS, "A7101BC")]
    with pytest.raises(AdapterError, match="unsupported-shape"):
        read(answer | {"request": {"urlPattern": "/risks/.*"}}, None)


def test_risk_flags_that_contradict_themselves_are_kept() -> None:
    payload = {
        "personSummary": {"crn": "X710001"},
        "riskFlags": [
            {"level": "HIGH", "levelDescription": "Medium", "createdDate": "2024-01-01",
             "riskNotes": [{"note": "x", "hasNoteBeenTruncated": True}]},
        ],
        "removedRiskFlags": [
            {"createdDate": "2024-01-02", "removalHistory": [{"removalDate": "2023-01-02"}]},
            {"description": "no date of removal"},
        ],
    }  # fmt: skip
    (person,) = read(payload)
    flags = one([person], Rosh, "risk-flags").flags
    assert [flag.level for flag in flags] == ["HIGH", None]
    assert codes(person) == {"contradiction", "truncated", "unreadable-value"}


def access(**flags: Any) -> tuple[list[LimitedAccess], set[str]]:
    (person,) = read({"otherIds": {"crn": "X710001"}, **flags})
    found = [m.record for m in person.records if isinstance(m.record, LimitedAccess)]
    return found, codes(person)


def test_the_flags_of_limited_access_decide_never_the_message() -> None:
    assert access(restrictionMessage="x", exclusionMessage="y")[0] == []
    (open_,), _ = access(
        currentRestriction=False, currentExclusion=False, restrictionMessage="still here"
    )
    assert (open_.excluded, open_.restricted) == (False, False)
    (closed,), _ = access(currentRestriction=True, currentExclusion=None)
    assert (closed.restricted, closed.restricted_to_users) == (True, None)
    (unread,), warned = access(currentRestriction="perhaps")
    assert unread.restricted
    assert warned == {"unreadable-value"}
    assert access(accessDenied=True) == ([], {"limited-access"})


def test_lists_of_users_decide_by_holding_anybody() -> None:
    people = sample(ADAPTER, "access-limitations")
    found: LimitedAccess = one(people, LimitedAccess)
    assert found == one(people, LimitedAccess, "named-users")
    assert (found.excluded, found.excluded_users) == (True, ["barred@probation.example"])
    assert (found.restricted, found.restricted_to_users) == (False, [])


def test_a_list_that_does_not_say_who_closes_the_case() -> None:
    for users in ([{"email": "string"}], "all", [7]):
        found: LimitedAccess = one(read({"restrictedTo": users}), LimitedAccess)
        assert (found.restricted, found.restricted_to_users) == (True, None)


def test_case_details_name_the_prison_number_and_the_users() -> None:
    people = sample(ADAPTER, "case-details")
    assert one(people, LimitedAccess).restricted_to_users == ["ines.castellane@probation.example"]
    scores = one(people, Rosh, "scores").scores
    assert [(score.tool, score.score) for score in scores] == [("OGRS", 41), ("RSR", 2.75)]
    (bare,) = sample(ADAPTER, "case-details", limitedAccess=None, ogrsScore=None, rsrScore=None)
    assert [m.source_ref for m in bare.records] == ["summary"]


def test_documents_that_know_less_never_replace_the_fuller_person() -> None:
    refs = {
        name: next(m.source_ref for m in sample(ADAPTER, name)[0].records)
        for name in ("search-page", "details", "summaries", "addresses", "identifiers")
    }
    assert len(set(refs.values())) == len(refs)
    assert refs["search-page"] == "current"


def test_addresses_are_the_subjects() -> None:
    (address,) = one(sample(ADAPTER, "addresses"), Person, "addresses").addresses
    assert address.lines == ["Heron House", "8 Larch Rise", "Netherby"]
    bad = {"contactDetails": {"addresses": [{"from": "2024-02-02", "to": "2024-02-01"}]}}
    assert codes(read(bad)[0]) == {"contradiction"}


def test_a_person_of_placeholders_is_still_a_person() -> None:
    row = {
        "firstName": "string", "surname": "string", "dateOfBirth": "1900-01-01", "age": -2147483648,
        "otherIds": {"crn": "X710001", "pncNumber": "2011/0045678A",
                     "nomsNumber": "", "croNumber": None},
        "softDeleted": True,
    }  # fmt: skip
    (person,) = read(row, None)
    record: Person = one([person], Person, "unnamed")
    assert (record.name.surname, record.date_of_birth) == (None, None)
    assert record.status == "deleted-at-source"
    assert [(i.value, i.verified) for i in person.identifiers] == [
        ("X710001", True),
        ("2011/0045678A", False),
    ]
    assert codes(person) == {"placeholder", "unverified-identifier"}


@pytest.mark.parametrize("path", samples("delius"), ids=lambda p: p.stem)
def test_no_caution_repeats_a_value(path: Any) -> None:
    with contextlib.suppress(AdapterError):
        for person in read_all(ADAPTER, path.read_bytes(), SUBJECT):
            assert "X710001" not in str(person.cautions)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated("delius"), st.sampled_from([SUBJECT, None]))
def test_no_json_ever_breaks_the_adapter(raw: bytes, subject: Subject | None) -> None:
    check_never_breaks(ADAPTER, raw, subject)
