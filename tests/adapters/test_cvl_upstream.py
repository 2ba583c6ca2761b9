"""Every payload of the licence system in the upstream folder: outcome, warnings, facts."""

import pytest

from tests.adapters.outcomes import Outcome, check, files, present, refusal

EXPECTED = {
    "cvl/licence-by-id": Outcome(
        ["noms:A1234AA crn:X12345?"],
        [["licence/1234"]],
        {
            ("unverified-identifier", "/crn"),
            ("placeholder", "/conditions/AP/additional/0/text"),
        },
        {
            "0.licence/1234.policyVersion": "2.1",
            "0.licence/1234.status": "IN_PROGRESS",
            "0.licence/1234.inForce": False,
            "0.licence/1234.created": "2022-07-27T14:00:00Z",
            "0.licence/1234.conditions.4.type": "exclusion-zone",
            "0.licence/1234.conditions.5.type": "exclusion-zone",
            "0.licence/1234.conditions.6.type": "exclusion-zone",
            "0.licence/1234.conditions.7.category": None,
            "0.licence/1234.conditions.7.electronicMonitoring": ["CURFEW"],
            "0.licence/1234.conditions.8.type": "restriction-zone",
        },
    ),
    "cvl/sar-api-response": Outcome(
        ["noms:A1234AA"],
        [["licence/1", "licence/2", "licence/3"]],
        {
            ("contradiction", "/licences/1/approvedDate"),
            ("unclassified-map", "/licences/1/additionalLicenceConditions/3"),
        },
        {
            "0.licence/1.type": "AP",
            "0.licence/1.status": "IN_PROGRESS",
            "0.licence/1.created": "2019-03-01T14:00:00Z",
            "0.licence/1.conditions.2.text": "condition 1",
            "0.licence/1.conditions.2.type": "bespoke",
            "0.licence/1.appointmentTimeType": "Immediate upon release",
            "0.licence/2.approved": "2024-08-11T10:22:00Z",
            "0.licence/2.start": "2022-02-25",
            "0.licence/2.appointmentTime": "2022-02-25T10:00:00Z",
            "0.licence/3.licenceKind": "HDC_VARIATION",
            "0.licence/3.curfew.0.fromDay": "First night",
            "0.licence/3.curfew.1": {
                "fromDay": "Monday",
                "fromTime": "19:00:00",
                "untilDay": "Tuesday",
                "untilTime": "07:00:00",
            },
            "0.licence/3.curfewAddress": (
                "1 Some Address, Off Some Road, Some Town, Some County, AB1 2CD"
            ),
        },
    ),
}
REFUSED = {"cvl/policyV3": ("policy-document", "")}


@pytest.mark.parametrize("name", present(EXPECTED))
def test_an_upstream_payload_becomes_exactly_this(name: str) -> None:
    check("cvl", name, EXPECTED[name])


@pytest.mark.parametrize("name", present(REFUSED))
def test_what_is_no_licence_is_refused_with_its_reason(name: str) -> None:
    assert refusal("cvl", name) == REFUSED[name]


def test_every_file_is_in_the_table() -> None:
    assert files("cvl") <= EXPECTED.keys() | REFUSED.keys()
