"""Real upstream payloads, where they are at hand, go in over HTTP: mapped, warned, never guessed.

The folder is not part of this repository; without it these tests are skipped.
"""

import json
from pathlib import Path

import pytest

from tests.gateway.world import Gateway

SAMPLES = Path(__file__).parents[3] / "shared" / "upstream" / "samples"
SUBJECT = {"Subject": "crn:X123456"}
PRISONER = {"Subject": "noms:A1234AA"}
EXPECTED: dict[str, tuple[str, dict[str, str]]] = {
    "delius/GetOffenderResponse.json": ("delius", {}),
    "delius/GetOffenderResponseLao.json": ("delius", {}),
    "delius/GetOffendersResponse.json": ("delius", {}),
    "delius/PaginatedOffenderSearchResponse.json": ("delius", {}),
    "delius/GetSupervisionsResponse.json": ("delius", SUBJECT),
    "delius/GetAccessLimitationsResponse.json": ("delius", {"Subject": "crn:X123457"}),
    "delius/GetAddressesResponse.json": ("delius", SUBJECT),
    "delius/GetPersonIdentifierResponse.json": ("delius", {}),
    "delius/X000001-risk.json": ("delius", {}),
    "delius/overview.json": ("delius", {}),
    "delius/contact-history.json": ("delius", {}),
    "events/domain-calculation-event.json": ("delius", {}),
    "delius/recommendation-model-X098084.json": ("delius", {}),
    "oasys/ordsRiskManagementPlan.json": ("oasys", {}),
    "oasys/GetRiskManagementPlanResponse.json": ("oasys", {}),
    "oasys/GetRisksResponse.json": ("oasys", SUBJECT),
    "oasys/ordsAssessmentRoshSummary.json": ("oasys", {}),
    "oasys/ordsAssessmentRoshFull.json": ("oasys", {}),
    "oasys/ordsAssessmentRoshScreening.json": ("oasys", {}),
    "oasys/ordsRiskPredictors.json": ("oasys", {}),
    "nomis/PrisonerByIdResponse.json": ("nomis", {}),
    "nomis/GetPrisonersResponse.json": ("nomis", {}),
    "nomis/AttributeSearch.json": ("nomis", {}),
    "nomis/prisonerA7089EY.json": ("nomis", {}),
    "nomis/prisonerA7090BF.json": ("nomis", {}),
    "nomis/prisonerA9999RA.json": ("nomis", {}),
    "nomis/GetPrisonTimelineForPersonResponse.json": ("nomis", {}),
    "nomis/getRestrictedPatient_A9999RA.json": ("nomis", {}),
    "nomis/GetAlertsResponse.json": ("nomis", {}),
    "events/prison-offender-events.prisoner.merged.json": ("nomis", {}),
    "ppud/get-offender-X098092.json": ("ppud", {}),
    "oasys/assessmentSummaryIndicators.json": ("oasys", {}),
    "oasys/ordsAssessmentSection1.json": ("oasys", {}),
    "oasys/ordsAssessmentIncompleteTimeline.json": ("oasys", {}),
    "oasys/ordsAssessmentOffence.json": ("oasys", {}),
    "oasys/ordsAssessmentOffenceNoCompleteAssessments.json": ("oasys", {}),
    "oasys/ordsAssessmentTimeline.json": ("oasys", {}),
    "oasys/ordsCriminogenicNeeds.json": ("oasys", SUBJECT),
    "cvl/licence-by-id.json": ("cvl", {}),
    "cvl/sar-api-response.json": ("cvl", PRISONER),
    "cpr/core-person-record-response.json": ("cpr", {}),
    "cpr/core-person-record-response-incorrect-ids.json": ("cpr", {}),
}
NOT_TAKEN = {
    "cvl/policyV3.json": "policy-document",
    "delius/GETOffenderDocumentList.json": "no-record",
    "delius/GetPersonExistsResponse.json": "no-record",
    "delius/X000001-user-access.json": "per-user-answer",
    "delius/lao.json": "per-user-answer",
    "ppud/reference-mappa-levels.json": "reference-data",
}
"""Not a record of one person, or an answer about one user: kept whole in quarantine for this
reason."""
OTHER_SYSTEMS = {"events"}
WARNED = {
    "delius/GetOffenderResponse.json": {"unverified-identifier", "placeholder"},
    "delius/GetSupervisionsResponse.json": {"placeholder"},
    "delius/X000001-risk.json": {"not-yet-determined"},
    "oasys/ordsRiskManagementPlan.json": {"contradiction"},
    "oasys/GetRisksResponse.json": {"contradiction"},
    "nomis/prisonerA7090BF.json": {"unverified-identifier"},
    "cvl/licence-by-id.json": {"unverified-identifier", "placeholder"},
    "cpr/core-person-record-response.json": {"unverified-identifier"},
}
HELD = "ambiguous-person"
"""The samples were written by many hands, and some give the numbers of two of the others to one
person. Whichever comes after those two is held, as it should be."""
pytestmark = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the upstream samples are not beside the repository"
)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_upstream_payload_is_mapped_and_never_refused(gateway: Gateway, name: str) -> None:
    system, headers = EXPECTED[name]
    items = gateway.push(system, (SAMPLES / name).read_bytes(), **headers).json()["items"]
    kept = [item["reason"] for item in items if item["outcome"] == "quarantined"]
    assert {reason["code"] for reason in kept} <= {HELD}, kept
    if kept:
        return
    warned = {warning["code"] for item in items for warning in item["warnings"]}
    assert WARNED.get(name, set()) <= warned
    again = gateway.push(system, (SAMPLES / name).read_bytes(), **headers)
    assert {item["outcome"] for item in again.json()["items"]} <= {"unchanged", "historical"}


def test_every_upstream_payload_is_expected_somewhere() -> None:
    there = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*.json")}
    ours = {name for name in there if name.partition("/")[0] not in OTHER_SYSTEMS}
    assert ours <= EXPECTED.keys() | NOT_TAKEN.keys()


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_no_record_is_kept_with_its_reason(gateway: Gateway, name: str) -> None:
    answer = gateway.push(name.partition("/")[0], (SAMPLES / name).read_bytes())
    reasons = [item["reason"]["code"] for item in answer.json()["items"]]
    assert set(reasons) == {NOT_TAKEN[name]}


@pytest.mark.parametrize("name", EXPECTED)
def test_no_answer_about_an_upstream_payload_repeats_a_name(gateway: Gateway, name: str) -> None:
    system, headers = EXPECTED[name]
    content = (SAMPLES / name).read_bytes()
    answer = gateway.push(system, content, **headers).text
    names = {v for v in _values(json.loads(content)) if len(v) > 8 and " " in v}
    assert not [n for n in names if n in answer]


def _values(value: object) -> list[str]:
    if isinstance(value, dict):
        return [v for part in value.values() for v in _values(part)]
    if isinstance(value, list):
        return [v for part in value for v in _values(part)]
    return [value] if isinstance(value, str) else []
