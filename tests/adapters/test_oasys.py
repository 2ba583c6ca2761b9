"""What OASys and its interface send, and the traps in it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import AdapterError, Subject
from adapters.oasys import ADAPTER
from schemas.person import Person
from schemas.plan import RiskManagementPlan
from schemas.rosh import Rosh, RoshLevel
from tests.adapters.mutation import (
    SUBJECT,
    check_never_breaks,
    codes,
    mutated,
    sample,
)
from tests.adapters.oasys_answers import only, read


def plan(**fields: Any) -> tuple[RiskManagementPlan, set[str]]:
    row = {"assessmentPk": 1, "supervision": "weekly", **fields}
    people = read({"assessments": [row]})
    return only(people, RiskManagementPlan), codes(people[0])


def risks(**summary: Any) -> tuple[Rosh, set[str]]:
    people = read({"overallRiskLevel": None, "riskInCommunity": None, **summary})
    return only(people, Rosh), codes(people[0])


def test_a_plan_keeps_its_headings_and_the_assessments_time() -> None:
    people = sample(ADAPTER, "plan")
    (mapped,) = people[0].records
    assert mapped.source_ref == "7100101"
    assert mapped.written_at == datetime(2024, 7, 2, 15, 40, 10, tzinfo=UTC)
    found = mapped.record
    assert isinstance(found, RiskManagementPlan)
    assert found.key_information == "Lives at approved premises; invented.\nWorks two days a week."
    assert found.contingency_plans == "Recall pack ready at the desk."
    assert found.standing == 1
    assert not codes(people[0])


def test_the_interface_gives_the_same_plan() -> None:
    ours = only(sample(ADAPTER, "arns-plans"), RiskManagementPlan)
    theirs = only(sample(ADAPTER, "plan"), RiskManagementPlan)
    assert ours == theirs.model_copy(update={"signed": None})


def test_a_missing_heading_is_none_and_an_older_name_is_read() -> None:
    found, _ = plan(supervision=None, keyConsiderationsCurrentSituation="older")
    assert (found.supervision, found.key_information) == (None, "older")


def test_several_assessments_are_several_plans() -> None:
    rows = [{"assessmentPk": pk, "supervision": "x", "initiationDate": "2024-01-01T10:00:00"}
            for pk in (2, 1)]  # fmt: skip
    (person,) = read({"assessments": [*rows, None]})
    assert [m.source_ref for m in person.records] == ["2", "1"]
    assert {m.written_at for m in person.records} == {datetime(2024, 1, 1, 10, tzinfo=UTC)}
    assert codes(person) == {"unreadable-value"}


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        ("laterWIPAssessmentExists", "newer_in_progress"),
        ("laterSignLockAssessmentExists", "newer_awaiting_signature"),
        ("laterPartCompAssessmentExists", "newer_part_completed"),
        ("laterPartCompUnsignedAssessmentExists", "newer_part_completed"),
        ("laterPartCompSignedAssessmentExists", "newer_part_completed"),
        ("laterCompleteAssessmentExists", "newer_completed"),
    ],
)
def test_a_newer_assessment_is_said_in_any_state(flag: str, field: str) -> None:
    for answer in (True, False):
        found, warned = plan(**{flag: answer})
        assert getattr(found, field) is answer
        assert warned == ({"newer-assessment"} if answer else set())
    assert getattr(plan()[0], field) is None


def test_a_later_date_beside_a_denying_flag_is_a_contradiction() -> None:
    found, warned = plan(
        dateCompleted="2020-11-05T10:56:37",
        laterWIPAssessmentExists=False,
        latestWIPDate="2022-07-21T15:43:58",
    )
    assert found.newer_in_progress is False
    assert warned == {"contradiction"}


@pytest.mark.parametrize(
    "fields",
    [
        {"dateCompleted": "2024-12-19T16:57:25", "assessorSignedDate": "2023-12-19T16:55:32"},
        {"dateCompleted": "2023-12-19T16:57:25", "initiationDate": "2024-12-19T16:55:32"},
    ],
)
def test_times_in_an_order_that_cannot_be_are_kept_and_warned_about(fields: Any) -> None:
    found, warned = plan(**fields)
    assert found.completed
    assert found.signed or found.initiated
    assert warned == {"contradiction"}


def test_a_timeline_that_dates_the_assessment_otherwise_is_a_contradiction() -> None:
    timeline = [{"assessmentPk": 7100101, "completedDate": "2024-07-03T16:40:10"}]
    assert codes(sample(ADAPTER, "plan", timeline=timeline)[0]) == {"contradiction"}


def test_limited_access_is_a_caution_because_oasys_does_not_say_for_whom() -> None:
    for name in ("plan", "arns-plans", "offending-history"):
        (person,) = sample(ADAPTER, name, limitedAccessOffender=True)
        assert codes(person) == {"limited-access"}
        assert person.records


def test_the_rosh_table_is_read_cell_by_cell() -> None:
    people = sample(ADAPTER, "rosh-summary")
    found: Rosh = only(people, Rosh)
    assert found.in_community
    assert found.in_custody
    assert found.in_community.known_adult == RoshLevel.VERY_HIGH
    assert found.in_custody.prisoners is None
    assert found.imminence == "When alone after drinking."
    assert found.increasing_circumstances == "Drinking; loss of work."
    assert found.reducing_factors == "Work.\n\nFamily visits."
    assert found.overall is None
    assert people[0].records[0].source_ref == "7100101"
    assert not codes(people[0])


def test_an_unassessed_table_is_none_and_an_unknown_level_is_a_caution() -> None:
    people = read({"assessments": [{"riskPublicCommunity": None, "riskStaffCustody": "Severe"}]})
    found: Rosh = only(people, Rosh)
    assert (found.in_community, found.in_custody, found.standing) == (None, None, 0)
    assert codes(people[0]) == {"unknown-code"}
    assert people[0].records[0].source_ref == "indicators"


def test_parts_of_one_assessment_are_documents_of_their_own() -> None:
    names = ("rosh-summary", "indicators", "rosh-full", "rosh-screening", "predictors")
    refs = [sample(ADAPTER, name)[0].records[0].source_ref for name in names]
    assert refs == [
        "7100101", "7100101/indicators", "7100101/full", "screening", "7100101/predictors",
    ]  # fmt: skip


def test_answers_on_risk_to_self_take_one_form() -> None:
    assert only(sample(ADAPTER, "rosh-full"), Rosh).self_harm == {
        "suicide-current": "YES",
        "self-harm-current": "DK",
        "custody-current": "NA",
        "suicide-and-self-harm-current-text": "Invented concern.",
    }
    assert only(sample(ADAPTER, "rosh-screening"), Rosh).self_harm == {
        "suicide": "NO", "self-harm": "DK", "custody": "YES",
    }  # fmt: skip
    people = read({"assessments": [{"concernsVulnerability": "Perhaps"}]})
    assert only(people, Rosh).self_harm == {"vulnerability": "Perhaps"}
    assert codes(people[0]) == {"unknown-code"}


def test_all_risks_of_the_interface() -> None:
    people = sample(ADAPTER, "arns-risks")
    found: Rosh = only(people, Rosh)
    assert (found.overall, found.nature) == (RoshLevel.VERY_HIGH, "Physical harm.")
    assert found.self_harm["self-harm"] == "YES"
    assert found.self_harm["hostel-current"] == "DK"
    assert found.self_harm["suicide-current-text"] == "Invented text."
    assert people[0].records[0].written_at == found.assessed_on
    assert not codes(people[0])
    assert sample(ADAPTER, "arns-summary")[0].records[0].source_ref == "summary"


@pytest.mark.parametrize("group", ["Known adult", "Know adult", "KNOWN_ADULT", "knownAdult"])
@pytest.mark.parametrize("level", ["Very High", "VERY_HIGH", "very high"])
def test_spellings_of_group_and_level(group: str, level: str) -> None:
    for table in ({level: [group]}, {group: level}):
        found, warned = risks(riskInCommunity=table)
        assert found.in_community
        assert found.in_community.known_adult == RoshLevel.VERY_HIGH
        assert not warned


def test_a_group_above_the_overall_level_is_a_contradiction_and_both_are_kept() -> None:
    found, warned = risks(overallRiskLevel="HIGH", riskInCustody={"VERY_HIGH": ["Staff"]})
    assert found.in_custody
    assert (found.overall, found.in_custody.staff) == (RoshLevel.HIGH, RoshLevel.VERY_HIGH)
    assert warned == {"contradiction"}


def test_a_group_named_twice_or_prisoners_in_the_community_are_contradictions() -> None:
    found, warned = risks(riskInCommunity={"HIGH": ["Staff"], "LOW": ["Staff"]})
    assert found.in_community
    assert (found.in_community.staff, warned) == (RoshLevel.HIGH, {"contradiction"})
    assert risks(riskInCommunity={"LOW": ["Prisoners"]})[1] == {"contradiction"}


def test_an_unknown_overall_level_or_group_is_kept_or_named() -> None:
    found, warned = risks(overallRiskLevel="Extreme", riskInCommunity={"LOW": ["Pets"]})
    assert (found.overall, found.overall_code, found.in_community) == (None, "Extreme", None)
    assert warned == {"unknown-code"}


def test_offending_history_names_the_person_and_its_sentences_are_not_read() -> None:
    found: Person = only(sample(ADAPTER, "offending-history"), Person)
    assert (found.name.surname, found.gender) == ("Ashgrove", "Male")
    assert [i.value for i in found.identifiers] == ["X710001", "A7101BC", "2011/0045678R"]
    (person,) = sample(ADAPTER, "offending-history", pnc="UNKNOWN PNC", gender="2", forename=None)
    assert codes(person) == {"unverified-identifier", "unknown-code"}
    assert [i.verified for i in person.identifiers] == [True, True, False]


def test_two_case_numbers_in_one_answer_are_a_contradiction() -> None:
    (person,) = sample(ADAPTER, "plan", crn="X710009")
    assert codes(person) == {"contradiction"}
    assert [i.value for i in person.identifiers] == ["X710009", "X710001"]


def test_stub_mappings_are_unwrapped_here_too() -> None:
    body = {"overallRisk": "LOW", "riskInCommunity": {"Public": "LOW"}}
    stub = {"mappings": [{"request": {"url": "/x/X710001"}, "response": {"jsonBody": [body, 3]}}]}
    (person,) = read(stub, None)
    assert codes(person) == {"unmapped-body"}
    assert person.records[0].source_ref == "widget"


def test_a_timeline_says_which_assessments_there_are_and_nothing_of_risk() -> None:
    people = sample(ADAPTER, "timeline")
    found: Rosh = only(people, Rosh)
    assert [(row.assessment_id, row.status) for row in found.assessments] == [
        ("7100101", "COMPLETE"), ("7100102", "OPEN"),
    ]  # fmt: skip
    assert (found.standing, codes(people[0])) == (0, set())
    assert codes(read({"crn": "X710001", "timeline": []})[0]) == {"not-yet-determined"}


@pytest.mark.parametrize(
    "body",
    [
        {"status": 404, "userMessage": "No assessment", "developerMessage": "none", "errorCode": 1},
        {"request": {"url": "/x"}, "response": {"status": 404, "jsonBody": {"message": "none"}}},
    ],
)
def test_an_error_is_never_a_person(body: Any) -> None:
    with pytest.raises(AdapterError):
        read(body)


def test_the_form_that_approved_premises_read_is_read_too() -> None:
    found = only(sample(ADAPTER, "plan-approved-premises"), RiskManagementPlan)
    assert found.key_information == "Lives alone.\n\nWorks."
    assert found.further_considerations == "Children nearby.\n\nAlso see the police."
    rosh: Rosh = only(sample(ADAPTER, "rosh-approved-premises"), Rosh)
    assert (rosh.increasing_circumstances, rosh.reducing_factors) == ("Drinking.", "Work.\nFamily.")
    offences = only(sample(ADAPTER, "offences-approved-premises"), Rosh).offence_analysis
    assert (offences.account, offences.other_motivation) == ("Invented.", "Money")


_HEAD = {"assessmentId": 7100401, "assessmentType": "LAYER3", "assessmentStatus": "OPEN"}


@pytest.mark.parametrize(
    ("part", "kind", "ref"),
    [
        ({"riskManagementPlan": {"supervision": "weekly"}}, "risk-management-plan", "7100401"),
        ({"rosh": {"riskPublicCommunity": "High"}}, "rosh", "7100401/indicators"),
        ({"roshSummary": {"whoAtRisk": "neighbours"}}, "rosh", "7100401"),
        ({"riskToTheIndividual": {"currentVulnerability": "debts"}}, "rosh", "7100401/concerns"),
    ],
)
def test_one_part_of_an_assessment_stands_under_its_own_name(
    part: dict[str, Any], kind: str, ref: str
) -> None:
    (person,) = read(_HEAD | part)
    [mapped] = person.records
    assert (mapped.record.kind.value, mapped.source_ref) == (kind, ref)
    assert not codes(person)


def test_a_list_of_assessments_without_their_answers_is_a_timeline() -> None:
    rows = [_HEAD | {"assessorName": "Ines Quill", "initiationDate": "2026-01-16T16:22:54"}]
    (person,) = read({"assessments": rows})
    [mapped] = person.records
    assert mapped.source_ref == "timeline"
    assert codes(person) == {"not-yet-determined"}


def test_what_is_said_of_victims_stands_apart_from_the_offences() -> None:
    found = only(sample(ADAPTER, "offences"), Rosh).offence_analysis
    assert (found.offences[0].code, found.account) == ("008", "Invented account.\nSecond line.")
    assert found.victims[0].relationship == "Stranger"


def test_an_open_assessment_never_stands_before_a_complete_one() -> None:
    levels = {"riskPublicCommunity": "High"}
    ranks = [
        only(read({"assessments": [levels | {"assessmentStatus": status}]}), Rosh).standing
        for status in ("COMPLETE", None, "OPEN", "LOCKED_INCOMPLETE")
    ]
    assert ranks == [2, 2, 1, 1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-31T00:59:59", "2024-03-31T00:59:59+00:00"),
        ("2024-03-31T02:00:00", "2024-03-31T01:00:00+00:00"),
        ("2024-10-27T00:30:00", "2024-10-26T23:30:00+00:00"),
        ("2024-10-27T02:30:00", "2024-10-27T02:30:00+00:00"),
    ],
)
def test_times_without_a_zone_are_londons_also_when_the_clocks_change(
    written: str, meant: str
) -> None:
    found, _ = plan(dateCompleted=written)
    assert found.completed == datetime.fromisoformat(meant)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated("oasys"), st.sampled_from([SUBJECT, None]))
def test_no_json_ever_breaks_the_adapter(raw: bytes, subject: Subject | None) -> None:
    check_never_breaks(ADAPTER, raw, subject)
