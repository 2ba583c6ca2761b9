"""Every OASys payload of the upstream folder: what becomes of it, each warning, and its facts.

The folder is not part of this repository; without it there is nothing to read.
"""

from typing import Any, NamedTuple

import pytest

from adapters.oasys import ADAPTER
from tests.adapters.mutation import SHARED, SUBJECT, read_all

_NEWER = {("newer-assessment", f"/assessments/{row}") for row in range(5)}
_ACTUARIAL = "/assessments/4/newActuarialPredictors"
_EARLY_SIGNATURE = ("contradiction", "/assessments/0/assessorSignedDate")
_EMPTY_PLAN = (
    "assessmentType", "assessmentStatus", "keyInformationCurrentSituation",
    "furtherConsiderationsCurrentSituation", "supervision", "monitoringAndControl",
    "interventionsAndTreatment", "victimSafetyPlanning", "contingencyPlans",
)  # fmt: skip


class Outcome(NamedTuple):
    """What one file becomes: its documents, all its cautions, and facts by path."""

    documents: list[tuple[str, str]]
    cautions: set[tuple[str, str]]
    facts: dict[str, Any]


EXPECTED = {
    "ordsRiskManagementPlan": Outcome(
        [("risk-management-plan", "676026")],
        {
            ("contradiction", "/assessments/0/latestWIPDate"),
            ("contradiction", "/assessments/0/latestPartCompUnsignedDate"),
            ("contradiction", "/assessments/0/latestCompleteDate"),
        },
        {
            "0.newerInProgress": False,
            "0.supervision": None,
            "0.contingencyPlans": None,
            "0.completed": "2020-11-05T10:56:37Z",
        },
    ),
    "GetRiskManagementPlanResponse": Outcome(
        [("risk-management-plan", "0")],
        {
            ("unverified-identifier", "/crn"),
            ("limited-access", "/limitedAccessOffender"),
            ("newer-assessment", "/riskManagementPlan/0"),
            *(("placeholder", f"/riskManagementPlan/0/{name}") for name in _EMPTY_PLAN),
        },
        {"0.supervision": None, "0.newerCompleted": True, "0.completed": "2024-05-04T00:04:20Z"},
    ),
    "GetRisksResponse": Outcome(
        [("rosh", "current")],
        {
            ("contradiction", "/summary/riskInCommunity"),
            ("contradiction", "/summary/overallRiskLevel"),
        },
        {
            "0.overall": "HIGH",
            "0.inCustody.staff": "VERY_HIGH",
            "0.inCommunity.prisoners": "LOW",
            "0.selfHarm.custody": "DK",
            "0.otherRisks.escape": "YES",
        },
    ),
    "ordsAssessmentRoshSummary": Outcome(
        [("rosh", "9630348")],
        {_EARLY_SIGNATURE},
        {
            "0.overall": None,
            "0.inCustody.staff": "VERY_HIGH",
            "0.imminence": "riskImminence",
            "0.increasingCircumstances": "riskIncreaseFactors",
        },
    ),
    "ordsAssessmentRoshFull": Outcome(
        [("rosh", "9630348/full")],
        {_EARLY_SIGNATURE},
        {
            "0.inCommunity": None,
            "0.selfHarm.custody-current": "NA",
            "0.otherRisks.breach-of-trust-current": "DK",
            "0.selfHarm.suicide-current": "YES",
        },
    ),
    "ordsAssessmentRoshScreening": Outcome(
        [("rosh", "screening")],
        set(),
        {"0.assessmentId": None, "0.selfHarm.self-harm": "DK"},
    ),
    "ordsRiskPredictors": Outcome(
        [("rosh", f"{pk}/predictors") for pk in (9635350, 9630348, 9634348, 9635352, 9635353)],
        {
            *_NEWER,
            ("contradiction", "/timeline/6/completedDate"),
            ("contradiction", f"{_ACTUARIAL}/ogp2Calculated"),
            ("contradiction", f"{_ACTUARIAL}/ovp2Calculated"),
            ("contradiction", f"{_ACTUARIAL}/snsvDynamicCalculated"),
        },
        {
            "1.scores.0.tool": "RSR",
            "0.scores.7.tool": "OSP/C",
            "3.scores.7.tool": "OSP/DC",
            "4.scores.-1.staticOrDynamic": "STATIC",
        },
    ),
    "ordsAssessmentTimeline": Outcome(
        [("rosh", "timeline")],
        set(),
        {
            "0.overall": None,
            "0.assessments.8": {
                "assessmentId": "6661347",
                "type": "LAYER3",
                "status": "OPEN",
                "initiated": None,
                "completed": None,
            },
        },
    ),
    "ordsAssessmentIncompleteTimeline": Outcome(
        [("rosh", "timeline")],
        {("not-yet-determined", "/timeline")},
        {"0.assessments.0.status": "OPEN", "0.assessedOn": None},
    ),
    "ordsAssessmentOffenceNoCompleteAssessments": Outcome(
        [("rosh", "timeline")],
        {("not-yet-determined", "/timeline")},
        {"0.assessments.0.status": "LOCKED_INCOMPLETE", "0.offenceAnalysis": None},
    ),
    "ordsAssessmentOffence": Outcome(
        [("rosh", "9635351/offences")],
        {("newer-assessment", "/assessments/0")},
        {
            "0.offenceAnalysis.offences.0.code": "028",
            "0.offenceAnalysis.offences.0.subCode": "00",
            "0.offenceAnalysis.offences.1.committed": "2021-12-25",
            "0.newerAssessmentExists": True,
        },
    ),
    "ordsAssessmentSection1": Outcome(
        [("person", "current"), ("rosh", "9621383/predictors")],
        {
            ("unverified-identifier", "/pnc"),
            ("unknown-code", "/gender"),
            ("newer-assessment", "/assessments/0"),
        },
        {"0.gender": "2", "1.scores.0.band": "Not Applicable", "1.scores.0.score": None},
    ),
    "ordsCriminogenicNeeds": Outcome(
        [("rosh", "9630348/needs")],
        set(),
        {
            "0.needs.0.score": 0,
            "0.needs.1.area": "EDUCATION_TRAINING_AND_EMPLOYABILITY",
            "0.needs.2.score": None,
            "0.needs.5.linkedToHarm": None,
        },
    ),
    "assessmentSummaryIndicators": Outcome(
        [("rosh", "9630348/indicators")],
        set(),
        {
            "0.inCustody.prisoners": "MEDIUM",
            "0.inCommunity.prisoners": None,
            "0.scores.1": {
                "tool": "OGRS3",
                "scale": "2 years",
                "score": 74,
                "band": "M",
                "staticOrDynamic": None,
                "assessedBy": None,
                "assessedOn": "2024-11-28",
                "system": None,
            },
            "0.otherRisks.risk-to-others": "M",
        },
    ),
}
NAMES_NOBODY = {"GetRisksResponse", "ordsCriminogenicNeeds"}
THERE = sorted((SHARED / "oasys").glob("*.json"))


@pytest.mark.parametrize("path", THERE, ids=lambda path: path.stem)
def test_an_upstream_payload_becomes_exactly_this(path: Any) -> None:
    expected = EXPECTED[path.stem]
    subject = SUBJECT if path.stem in NAMES_NOBODY else None
    (person,) = read_all(ADAPTER, path.read_bytes(), subject)
    assert [(r.record.kind.value, r.source_ref) for r in person.records] == expected.documents
    assert {(c.code, c.pointer) for c in person.cautions} == expected.cautions
    documents = [r.record.model_dump(mode="json", by_alias=True) for r in person.records]
    assert {path: fact(documents, path) for path in expected.facts} == expected.facts


def fact(value: Any, path: str) -> Any:
    """What stands at `0.inCustody.staff`."""
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def test_every_file_is_in_the_table() -> None:
    assert {path.stem for path in THERE} <= EXPECTED.keys()
