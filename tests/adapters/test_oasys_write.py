"""What OASys is told of a case: its own answers, nothing invented, nothing of others."""

import json
from datetime import UTC, datetime
from typing import Any

from adapters.oasys import ADAPTER
from adapters.oasys.write import write
from adapters.testing.roundtrip import read_all
from adapters.writing import Case
from schemas.kinds import Kind
from schemas.rosh import Rosh, RoshLevel

PERSON = {"identifiers": [{"scheme": "crn", "value": "X710001", "verified": True}]}
ON = "2024-07-02T15:40:10Z"


def written(**documents: Any) -> Any:
    named = {Kind(kind.replace("_", "-")): told for kind, told in documents.items()}
    return json.loads(write(Case("r", datetime(2026, 3, 1, tzinfo=UTC), named)))


def rosh(**facts: Any) -> list[Any]:
    answers: list[Any] = written(person=PERSON, rosh=facts)[1:]
    return answers


def test_a_group_that_was_not_assessed_is_null_and_the_overall_level_the_assessors_own() -> None:
    levels = {"overall": "HIGH", "inCustody": {"staff": "VERY_HIGH", "public": None}}
    row, answer = rosh(assessedOn=ON, **levels)
    assert row["assessments"][0]["riskStaffCustody"] == "Very High"
    assert row["assessments"][0]["riskPublicCustody"] is None
    assert row["assessments"][0]["riskPublicCommunity"] is None
    assert answer["subject"] == "crn:X710001"
    assert answer["payload"]["summary"] == {
        "overallRiskLevel": "HIGH",
        "riskInCommunity": {},
        "riskInCustody": {"VERY_HIGH": ["Staff"]},
    }
    people = read_all(ADAPTER, json.dumps([row, answer]).encode())
    read = [m.record for p in people for m in p.records]
    assert [r.overall for r in read if isinstance(r, Rosh)] == [None, RoshLevel.HIGH]


def test_times_are_londons_without_a_zone() -> None:
    (row,) = rosh(assessedOn=ON)
    assert row["assessments"][0]["dateCompleted"] == "2024-07-02T16:40:10"
    assert row["probNumber"] == "X710001"


def test_scores_of_another_day_are_an_answer_of_their_own_and_of_others_none() -> None:
    own = {"tool": "RSR", "score": 1.5, "band": "Low", "staticOrDynamic": "STATIC"}
    scores = [
        own | {"assessedOn": "2024-07-02"},
        own | {"assessedOn": "2023-01-05", "score": 2.5},
        own | {"system": "delius", "score": 9},
        {"tool": "RM2000", "scale": "S", "band": "HIGH", "assessedBy": "police"},
        {"tool": "ARP", "score": 18.5, "band": "LOW", "assessedOn": "2024-07-02"},
    ]
    first, newer, older = rosh(assessedOn=ON, scores=scores)
    assert first["assessments"][0]["RSR"]["rsrPercentageScore"] == 1.5
    assert newer["payload"]["output"] == {
        "allReoffendingPredictor": {"score": 18.5, "band": "LOW", "staticOrDynamic": None}
    }
    assert older["assessments"] == [
        {
            "dateCompleted": "2023-01-05",
            "RSR": {
                "rsrPercentageScore": 2.5,
                "scoreLevel": "Low",
                "rsrStaticOrDynamic": "STATIC",
            },
        }
    ]
    assert "RM2000" not in json.dumps([first, newer, older])


def test_what_has_no_place_is_left_out() -> None:
    (row,) = rosh(
        selfHarm={"asked": "yes"},
        otherRisks={"asked": "yes"},
        needs=[{"tool": "OASys", "area": "PETS", "score": 1}],
        flags=[{"code": "RCCO"}],
    )
    assert "asked" not in json.dumps(row)
    assert "PETS" not in json.dumps(row)
    assert "RCCO" not in json.dumps(row)


def test_a_plan_whose_text_was_withheld_has_its_headings_without_text() -> None:
    (person, row) = written(person=PERSON, risk_management_plan={"assessmentId": "0071"})
    assert person["assessments"] == []
    (plan,) = row["assessments"]
    assert plan["assessmentPk"] == "0071", "zeros before a number are kept"
    assert plan["contingencyPlans"] is None
    assert plan["laterWIPAssessmentExists"] is None


def test_a_case_without_documents_is_an_empty_array() -> None:
    assert written() == []
