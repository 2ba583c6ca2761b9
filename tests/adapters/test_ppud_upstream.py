"""Every payload of PPUD in the upstream folder: outcome, warnings, facts."""

import pytest

from tests.adapters.outcomes import Outcome, check, files, present, refusal

_SENTENCES = [
    f"custody/sentence-4F6666656E64657249643D3136323931342653656E74656E636549643D31{rest}"
    for rest in (
        "3231303334G1366H1380",
        "3238393334G1375H1387",
        "3231303334G1366H1389",
        "3231303334G1366H1392",
        "3231303334G1366H1393",
        "3231303334G1366H1394",
        "3231303334G1366H1395",
        "3231303334G1366H1390",
        "3231303334G1366H1391",
    )
]
EXPECTED = {
    "ppud/get-offender-X098092": Outcome(
        ["noms:NOMS-01? cro:other? booking:XX4321"],
        [["person/current", "mappa/current", *_SENTENCES]],
        {
            ("unverified-identifier", "/offender/nomsId"),
            ("unverified-identifier", "/offender/croOtherNumber"),
            ("contradiction", "/offender/sentences/1/licenceExpiryDate"),
            ("contradiction", "/offender/sentences/1/sentenceExpiryDate"),
        },
        {
            "0.person/current.name.surname": "Bloggs",
            "0.person/current.addresses.0.postcode": "RH7 9ED",
            "0.mappa/current.level": 2,
            "0.mappa/current.levelCode": "Level 2 \u2013 Local Inter-Agency Management",
            "0.mappa/current.category": None,
            f"0.{_SENTENCES[1]}.sentenceDates.sentenceStart": "2010-09-01",
            f"0.{_SENTENCES[1]}.sentenceDates.licenceExpiry": "2005-06-13",
            f"0.{_SENTENCES[3]}.sentenceDates.tariff": "2025-09-20",
            f"0.{_SENTENCES[3]}.imprisonmentStatusDescription": "IPP",
        },
    ),
}
REFUSED = {"ppud/reference-mappa-levels": ("reference-data", "")}


@pytest.mark.parametrize("name", present(EXPECTED))
def test_an_upstream_payload_becomes_exactly_this(name: str) -> None:
    check("ppud", name, EXPECTED[name])


@pytest.mark.parametrize("name", present(REFUSED))
def test_what_is_nobody_is_refused_with_its_reason(name: str) -> None:
    assert refusal("ppud", name) == REFUSED[name]


def test_every_file_is_in_the_table() -> None:
    assert files("ppud") <= EXPECTED.keys() | REFUSED.keys()
