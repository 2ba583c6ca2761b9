"""Every payload of prisons, of the core person record and every event of the upstream folder."""

import pytest

from tests.adapters.outcomes import Outcome, check, files, present, refusal

_LARSEN = {
    ("unreadable-value", "identifiers/0/type"),
    ("contradiction", "prisonName"),
    ("contradiction", "alerts/0/active"),
    ("contradiction", "restrictedPatient"),
    ("contradiction", "locationDescription"),
    ("contradiction", "indeterminateSentence"),
}
_LARSENS_NUMBERS = "pnc:2012/0394773H cro:029906/12J booking:38412A"
_WHOLE = ["person/current", "custody/current"]
_BAD_NUMBERS = {("unverified-identifier", "/pncNumber"), ("unverified-identifier", "/croNumber")}
_DOE = {
    ("unverified-identifier", "/identifiers/pncs/0"),
    ("unverified-identifier", "/identifiers/cros/0"),
}


def at(start: str, cautions: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(code, f"{start}/{place}") for code, place in cautions}


EXPECTED = {
    "nomis/PrisonerByIdResponse": Outcome(
        [f"noms:G2996UX {_LARSENS_NUMBERS}"],
        [_WHOLE],
        at("", _LARSEN),
        {
            "0.person/current.name.forenames": ["Robert", "John", "James"],
            "0.person/current.addresses.0.noFixedAbode": True,
            "0.person/current.telephoneNumbers": ["01141234567"],
            "0.person/current.interpreterRequired": True,
            "0.custody/current.prison": "MDI",
            "0.custody/current.prisonName": "HMP Leeds",
            "0.custody/current.status": "ACTIVE IN",
            "0.custody/current.locationDescription": "Outside - released from Leeds",
            "0.custody/current.indeterminate": True,
            "0.custody/current.release": "2023-05-02",
            "0.custody/current.hospitalCode": "HAZLWD",
            "0.custody/current.temporaryReleases.0.start": "2023-05-01",
            "0.custody/current.alerts.0.active": True,
            "0.custody/current.alerts.0.expired": True,
        },
    ),
    "nomis/AttributeSearch": Outcome(
        [f"noms:A1234AA {_LARSENS_NUMBERS}"],
        [_WHOLE],
        at("/content/0", _LARSEN)
        | {("contradiction", "/numberOfElements"), ("contradiction", "/totalElements")},
        {"0.custody/current.sentenceDates.homeDetentionCurfewEnd": "2023-05-02"},
    ),
    "nomis/GetPrisonersResponse": Outcome(
        [
            "noms:A7796DY cro:03/123113123?",
            "noms:G9347GV pnc:1995/0289622B cro:059042/95V booking:WD7266",
            "noms:A5043DY booking:38287A",
            "noms:A5083DY pnc:2003/0011985X booking:38334A",
        ],
        [["person/current"], _WHOLE, _WHOLE, _WHOLE],
        {
            ("contradiction", "/numberOfElements"),
            ("unverified-identifier", "/content/0/croNumber"),
            ("retired-code", "/content/1/alerts/1/alertCode"),
        },
        {
            "1.custody/current.alerts.1.code": "PC2",
            "2.custody/current.legalStatus": "UNKNOWN",
            "3.custody/current.prison": None,
            "3.custody/current.locationCode": "TRN",
            "3.custody/current.recalled": True,
            "3.custody/current.imprisonmentStatus": "FTR_ORA",
        },
    ),
    "nomis/GetAlertsResponse": Outcome(
        ["noms:G2996UX"],
        [["custody/alerts"]],
        {("contradiction", "/0/active")},
        {
            "0.custody/alerts.alerts.0": {
                "code": "XNR",
                "type": "X",
                "description": "Not For Release",
                "active": True,
                "expired": False,
                "start": "2022-08-01",
                "end": "2023-08-01",
            },
            "0.custody/alerts.prison": None,
        },
    ),
    "nomis/GetPrisonTimelineForPersonResponse": Outcome(
        ["noms:A7748DZ"],
        [["custody/prison-timeline"]],
        {("contradiction", "/prisonPeriod")},
        {
            "0.custody/prison-timeline.prison": "BLI",
            "0.custody/prison-timeline.bookingNumber": "47829A",
            "0.custody/prison-timeline.release": None,
        },
    ),
    "nomis/prisonerA7089EY": Outcome(
        ["noms:A7089EY pnc:2012/0394773H cro:029906/12J booking:V61585"],
        [_WHOLE],
        {
            ("placeholder", "/personalCareNeeds/0/endDate"),
            ("contradiction", "/convictedStatus"),
            ("contradiction", "/homeDetentionCurfewActualDate"),
            ("contradiction", "/licenceExpiryDate"),
            ("contradiction", "/indeterminateSentence"),
            ("retired-code", "/alerts/0/alertCode"),
        },
        {
            "0.custody/current.convictedStatus": "Remand",
            "0.custody/current.legalStatus": "SENTENCED",
            "0.custody/current.alerts.0.code": "PL1",
            "0.custody/current.sentenceDates.homeDetentionCurfewEligibility": "2020-12-20",
            "0.custody/current.sentenceDates.homeDetentionCurfewActual": "2019-06-22",
            "0.custody/current.sentenceDates.licenceExpiry": "2026-04-15",
            "0.custody/current.sentenceDates.sentenceExpiry": "2026-04-05",
            "0.custody/current.additionalDaysAwarded": 27,
        },
    ),
    "nomis/prisonerA7090BF": Outcome(
        ["noms:A7090BF pnc:12/394773W? cro:29906/12L? booking:V61587"],
        [_WHOLE],
        _BAD_NUMBERS,
        {
            "0.custody/current.prison": None,
            "0.custody/current.locationCode": "OUT",
            "0.custody/current.restrictedPatient": True,
            "0.custody/current.supportingPrison": "MDI",
            "0.custody/current.hospital": "Hazelwood House",
            "0.custody/current.dischargedToHospital": "2020-02-03",
            "0.custody/current.sentenceDates.actualParole": "2020-02-03",
            "0.custody/current.temporaryReleases.0.start": "2019-08-01",
        },
    ),
    "nomis/prisonerA9999RA": Outcome(
        ["noms:A9999RA pnc:12/394773W? cro:29991/11L? booking:V61587"],
        [_WHOLE],
        _BAD_NUMBERS,
        {"0.custody/current.hospitalCode": "HOLFRD", "0.custody/current.prison": None},
    ),
    "nomis/getRestrictedPatient_A9999RA": Outcome(
        ["noms:A9999RA"],
        [["custody/restricted-patient"]],
        set(),
        {
            "0.custody/restricted-patient.locationCode": "HOLFRD",
            "0.custody/restricted-patient.lastPrison": "DNI",
            "0.custody/restricted-patient.dischargedToHospital": "2020-02-04",
        },
    ),
    "events/prison-offender-events.prisoner.merged": Outcome(
        ["noms:B8888CC merged:A7777BB"], [[]], set(), {}
    ),
    "cpr/core-person-record-response": Outcome(
        ["crn:A123123 noms:G2996UX pnc:2000/1234567A? cro:123456/00A?"],
        [["person/current"]],
        _DOE | {("duplicate-key", "")},
        {
            "0.person/current.gender": "Male",
            "0.person/current.addresses.0.postcode": "SW1H 9AJ",
            "0.person/current.nationalities": ["GB"],
        },
    ),
    "cpr/core-person-record-response-incorrect-ids": Outcome(
        ["crn:A999999 noms:X9999XX pnc:2000/1234567A? cro:123456/00A?"],
        [["person/current"]],
        _DOE,
        {"0.person/current.name.surname": "Doe"},
    ),
}
REFUSED = {"events/domain-calculation-event": ("event-without-record", "/Message")}


@pytest.mark.parametrize("name", present(EXPECTED))
def test_an_upstream_payload_becomes_exactly_this(name: str) -> None:
    check("cpr" if name.startswith("cpr") else "nomis", name, EXPECTED[name])


@pytest.mark.parametrize("name", present(REFUSED))
def test_what_is_no_record_is_refused_with_its_reason(name: str) -> None:
    assert refusal("nomis", name) == REFUSED[name]


def test_every_file_is_in_the_table() -> None:
    assert files("nomis", "events", "cpr") <= EXPECTED.keys() | REFUSED.keys()
