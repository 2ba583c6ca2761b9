"""Scores and needs of OASys and its interface: tools and generations are kept apart."""

from adapters.oasys import ADAPTER
from schemas.rosh import Rosh
from tests.adapters.mutation import codes, sample
from tests.adapters.oasys_answers import only, read


def test_generations_of_a_tool_are_separate_scores() -> None:
    scores = only(sample(ADAPTER, "predictors"), Rosh).scores
    assert [(s.tool, s.score) for s in scores if s.tool.startswith("OSP")] == [
        ("OSP/C", 1.1), ("OSP/I", 0.3), ("OSP/DC", 0.9), ("OSP/IIC", 0.2),
    ]  # fmt: skip
    assert [(s.scale, s.score, s.band) for s in scores if s.tool == "OGRS3"] == [
        ("1 year", 11, None), ("2 years", 20, "Low"),
    ]  # fmt: skip
    assert [(s.score, s.static_or_dynamic) for s in scores if s.tool == "SNSV"] == [
        (0.7, "STATIC"), (0.8, "DYNAMIC"),
    ]  # fmt: skip
    assert {s.tool for s in scores} >= {"RSR", "OGP", "OGRS4/G"}
    assert "OVP" not in {s.tool for s in scores}


def test_a_figure_that_was_not_calculated_is_no_score() -> None:
    new = {"ogp2Yr2": 4.5, "ogp2Band": "Medium", "ogp2Calculated": "N"}
    people = read({"assessments": [{"OGRS": {}, "newActuarialPredictors": new}]})
    assert only(people, Rosh).scores == []
    assert codes(people[0]) == {"contradiction"}


def test_predictors_of_the_interface_are_told_apart_by_their_time() -> None:
    first, second, third = sample(ADAPTER, "arns-predictors")
    refs = [person.records[0].source_ref for person in (first, second, third)]
    assert refs[0] == "predictors-20240702T154010Z"
    assert len(set(refs)) == 3
    tools = [[s.tool for s in only([person], Rosh).scores] for person in (first, second, third)]
    assert tools == [["OGRS3", "OGRS3", "RSR", "OSP/I", "OSP/DC"], ["ARP"], ["RSR", "OSP/C"]]
    (undated,) = read({"completedDate": None, "rsrPercentageScore": 1})
    assert undated.records[0].source_ref == "predictors"


def test_arms_content_is_a_score_for_each_factor() -> None:
    content = {"overallLevel": "HIGH", "opportunity": "MEDIUM", "hostileOrientation": None}
    row = {"assessmentPk": 1, "dateCompleted": "2024-07-02T16:40:10", "ARMS": content}
    found = only(read({"assessments": [row]}), Rosh)
    assert [(s.tool, s.scale, s.band, str(s.assessed_on)) for s in found.scores] == [
        ("ARMS", None, "HIGH", "2024-07-02"),
        ("ARMS", "risk: opportunity", "MEDIUM", "2024-07-02"),
    ]


def test_a_programme_needs_calculation_is_a_document_of_its_own() -> None:
    given = {"rsrPercentageScore": 0.72, "ospCdcScoreLevel": "Low", "ospIiicScoreLevel": None}
    told = {"crn": "X710001", "assessments": [{"assessmentPk": 71, "rsrOspData": given}]}
    (person,) = read(told)
    [mapped] = person.records
    assert mapped.source_ref == "71/needs-calculation"
    assert isinstance(mapped.record, Rosh)
    assert [(s.tool, s.score, s.band) for s in mapped.record.scores] == [
        ("RSR", 0.72, None), ("OSP/CDC", None, "Low"),
    ]  # fmt: skip


def test_needs_keep_what_was_not_scored_apart_from_nought() -> None:
    found = only(sample(ADAPTER, "needs"), Rosh).needs
    assert [(one.area, one.score, one.linked_to_reoffending) for one in found] == [
        ("ACCOMMODATION", 0, "NO"),
        ("EDUCATION_TRAINING_AND_EMPLOYABILITY", 3, "DK"),
        ("FINANCE", None, "YES"),
        ("DRUG_MISUSE", None, None),
    ]


def test_generations_of_needs_are_told_apart() -> None:
    found = only(sample(ADAPTER, "needs-san"), Rosh).needs
    assert [(one.tool, one.area, one.score, one.strength) for one in found] == [
        ("OASys", "ACCOMMODATION", None, None),
        ("SAN", "ACCOMMODATION", 1, "YES"),
        ("SAN", "FINANCE", None, None),
    ]
    lists, one = sample(ADAPTER, "arns-needs")
    assert [(n.area, n.status, n.score) for n in only([lists], Rosh).needs] == [
        ("DRUG_MISUSE", "IDENTIFIED_NEED", 8),
        ("ACCOMMODATION", "NOT_IDENTIFIED_NEED", 0),
        ("FINANCE", "UNANSWERED_NEED", None),
    ]
    assert [(n.tool, n.status) for n in only([one], Rosh).needs] == [("SAN", "IDENTIFIED_NEED")]


def test_needs_without_their_scores_are_answers_alone() -> None:
    row = {"assessmentPk": 1, "drugLinkedToHarm": "[No]", "drugLinkedToReoffending": "[Yes]"}
    (need,) = only(read({"assessments": [row]}), Rosh).needs
    assert (need.area, need.linked_to_harm, need.linked_to_reoffending, need.score) == (
        "DRUG_MISUSE", "NO", "YES", None,
    )  # fmt: skip


def test_the_summary_indicators_hold_scores_needs_and_other_risks() -> None:
    found: Rosh = only(sample(ADAPTER, "indicators"), Rosh)
    assert [(s.tool, s.scale, s.score, s.band) for s in found.scores] == [
        ("OGRS3", "1 year", 29, None),
        ("OGRS3", "2 years", 45, "L"),
        ("OGP", "1 year", 20, None),
        ("OGP", "2 years", 31, "L"),
    ]
    assert [(n.area, n.score) for n in found.needs] == [
        ("ACCOMMODATION", 0), ("THINKING_AND_BEHAVIOUR", 7),
    ]  # fmt: skip
    assert found.other_risks == {
        "escape-current": "YES", "sexual-offence-ever": "NO", "risk-to-others": "M",
    }  # fmt: skip


def test_a_figure_beside_a_flag_that_it_was_not_calculated_is_no_score() -> None:
    part = {"ovp1Year": 4, "ovpNC": "Y"}
    people = read({"assessments": [{"ogpOvp": part, "furtherInformation": {}}]})
    assert (only(people, Rosh).scores, codes(people[0])) == ([], {"contradiction"})


def test_answers_for_other_services_are_read() -> None:
    tier, predictors, older, timeline, head = sample(ADAPTER, "arns-others")
    assert [(n.area, n.severity) for n in only([tier], Rosh).needs] == [
        ("ACCOMMODATION", "STANDARD")
    ]
    assert [s.tool for s in only([predictors], Rosh).scores] == ["RSR", "OSP/DC", "OGP2"]
    assert [(s.tool, s.band) for s in only([older], Rosh).scores] == [
        ("OGRS3", None), ("OGRS3", "Medium"), ("OVP", None), ("OVP", "High"),
        ("RSR", "High"), ("OSP/I", "Low"),
    ]  # fmt: skip
    assert codes(timeline) == {"not-yet-determined"}
    assert only([head], Rosh).status == "COMPLETE"


def test_scores_beside_several_assessments_belong_to_none() -> None:
    rows = [{"assessmentPk": pk, "dateCompleted": "2024-01-01T10:00:00"} for pk in (1, 2)]
    (person,) = read({"tierPredictors": {"rsr": {"rsrPercentageScore": 1}}, "assessments": rows})
    assert codes(person) == {"contradiction"}
    assert only([person], Rosh).scores[0].assessed_on is None
