"""Every Delius payload of the upstream folder: what becomes of it, each warning, and its facts.

The folder is not part of this repository; without it there is nothing to read.
"""

import json
from typing import Any, NamedTuple

import pytest

from adapters.base import AdapterError, MappedPerson
from adapters.delius import ADAPTER
from tests.adapters.mutation import SHARED, SUBJECT, read_all


class Outcome(NamedTuple):
    """What becomes of one file: each person's numbers, documents, cautions; facts by path.

    A number with `?` is kept and not verified. A path begins with the place of the person and the
    name of the document: `0.mappa/current.level`.
    """

    people: list[str]
    documents: list[set[str]]
    cautions: list[set[tuple[str, str]]]
    facts: dict[str, Any]


def at(code: str, start: str, *places: str) -> set[tuple[str, str]]:
    return {(code, f"{start}/{place}") for place in places}


_ROW = "/content/0"
_PLACEHOLDERS = at(
    "placeholder", "", "age", "gender", "middleNames/0", "contactDetails/phoneNumbers/0/number",
    "contactDetails/emailAddresses/0", "offenderProfile/ethnicity", "offenderProfile/nationality",
    "offenderProfile/religion", "offenderAliases/0/firstName", "offenderAliases/0/surname",
    "offenderAliases/0/middleNames/0",
)  # fmt: skip
_BAD_NUMBERS = at("unverified-identifier", "/otherIds", "pncNumber", "croNumber")
_NO_NAME = at("placeholder", "", "firstName", "surname")
_BAD_DETAILS = at(
    "unverified-identifier", "/personalDetails/identifiers", "pncNumber", "croNumber", "nomsNumber"
)
_ADDRESS = "contactDetails/addresses/0/"
_BODY = "/mappings/3/response/jsonBody"
_RECALLED = {
    "0.custody/current.recalled": True,
    "0.custody/current.confirmedRelease": None,
    "0.custody/current.prison": None,
    "0.custody/current.prisonName": None,
    "0.custody/current.sentenceDates.licenceExpiry": "2020-06-25",
    "0.custody/current.sentenceDates.sentenceExpiry": "2020-06-28",
}
EXPECTED = {
    "delius/GetOffenderResponse": Outcome(
        ["crn:A123123 pnc:2004/13116M? cro:123456/24A? noms:G2996UX"],
        [{"person/current", "limited-access/current"}],
        [_PLACEHOLDERS | _BAD_NUMBERS],
        {
            "0.person/current.name": {"forenames": ["Matt"], "surname": "Nolan"},
            "0.person/current.gender": None,
            "0.person/current.aliases": [],
            "0.limited-access/current.restricted": False,
            "0.limited-access/current.excluded": False,
        },
    ),
    "delius/GetOffenderResponseLao": Outcome(
        [
            "crn:A123456 pnc:2004/13116M? cro:123456/24A? noms:G2996UX",
            "crn:A123123 pnc:2004/13116M? cro:123456/24A? noms:G2996UX",
        ],
        [{"person/unnamed", "limited-access/current"}] * 2,
        [_PLACEHOLDERS | _NO_NAME | _BAD_NUMBERS] * 2,
        {
            "0.person/unnamed.name": {"forenames": [], "surname": None},
            "0.limited-access/current.restricted": False,
            "1.limited-access/current.restricted": True,
            "1.limited-access/current.restrictedToUsers": None,
        },
    ),
    "delius/GetAccessLimitationsResponse": Outcome(
        ["crn:X710001"],
        [{"limited-access/current", "limited-access/named-users"}],
        [set()],
        {
            "0.limited-access/current.excluded": False,
            "0.limited-access/current.restricted": True,
            "0.limited-access/current.restrictedToUsers": ["someone@justice.gov.uk"],
        },
    ),
    "delius/GetAddressesResponse": Outcome(
        ["crn:X710001"],
        [{"person/addresses"}],
        [set()],
        {
            "0.person/addresses.addresses.0.start": "2026-01-23",
            "0.person/addresses.addresses.0.end": "2026-01-23",
            "0.person/addresses.addresses.0.postcode": "NE1 1AB",
        },
    ),
    "delius/GetPersonIdentifierResponse": Outcome(
        ["crn:X777776 noms:AA1234Z?"],
        [{"person/identifiers"}],
        [at("unverified-identifier", "", "nomsId")],
        {},
    ),
    "delius/GetOffendersResponse": Outcome(
        ["crn:X595043 pnc:2018/0123456X? noms:G2996UX"],
        [{"person/current", "case-team/current", "limited-access/current"}],
        [
            at("unverified-identifier", "/otherIds", "pncNumber")
            | at("placeholder", "/offenderManagers/0", "fromDate")
        ],
        {
            "0.case-team/current.members.0.staffId": None,
            "0.case-team/current.members.0.allocated": False,
            "0.case-team/current.members.0.start": None,
            "0.limited-access/current.excluded": False,
            "0.limited-access/current.restricted": False,
        },
    ),
    "delius/PaginatedOffenderSearchResponse": Outcome(
        ["crn:A123456 pnc:2012/0052494Q cro:123456/24A? noms:G5555TT"],
        [{"person/current", "case-team/current", "mappa/current", "limited-access/current"}],
        [
            at("unverified-identifier", f"{_ROW}/otherIds", "croNumber")
            | at("not-yet-determined", f"{_ROW}/mappa", "category", "level")
            | at("limited-access", _ROW, "accessDenied")
            | at("contradiction", "", "totalElements")
            | at(
                "placeholder",
                _ROW,
                "otherIds/previousCrn",
                "otherIds/mostRecentPrisonerNumber",
                "previousSurname",
                "contactDetails/phoneNumbers/0/number",
                "contactDetails/emailAddresses/0",
                "offenderProfile/nationality",
                "offenderProfile/secondaryNationality",
                "offenderProfile/religion",
                "offenderProfile/offenderLanguages/primaryLanguage",
                "mappa/probationArea/code",
                "mappa/notes",
                "mappa/categoryDescription",
                "mappa/levelDescription",
                "exclusionMessage",
                "restrictionMessage",
                f"{_ADDRESS}addressNumber",
                f"{_ADDRESS}buildingName",
                f"{_ADDRESS}streetName",
                f"{_ADDRESS}district",
                f"{_ADDRESS}town",
                f"{_ADDRESS}county",
                f"{_ADDRESS}postcode",
                f"{_ADDRESS}type/description",
                f"{_ADDRESS}type/code",
            )
        ],
        {
            "0.person/current.status": "deleted-at-source",
            "0.case-team/current.members": [],
            "0.mappa/current.category": None,
            "0.mappa/current.categoryCode": "0",
            "0.mappa/current.level": None,
            "0.limited-access/current.excluded": True,
            "0.limited-access/current.restricted": True,
        },
    ),
    "delius/GetSupervisionsResponse": Outcome(
        ["crn:X710001"],
        [{"case-team/current", "mappa/current", "rosh/registrations"}],
        [
            at("placeholder", "/mappaDetail", "startDate", "reviewDate", "notes")
            | at("placeholder", "/mappaDetail", "levelDescription", "categoryDescription")
            | at("placeholder", "/supervisions/1/additionalOffences/1", "date")
        ],
        {
            "0.mappa/current.category": 1,
            "0.mappa/current.level": 1,
            "0.mappa/current.start": None,
            "0.rosh/registrations.overall": None,
            "0.rosh/registrations.flags.0.code": "RCCO",
            "0.rosh/registrations.flags.1.code": "WRSM",
            "0.case-team/current.members.0.staffId": "JohnSmithUsername",
        },
    ),
    "delius/X000001-risk": Outcome(
        ["crn:X000001"],
        [
            {
                "rosh/widget",
                "rosh/predictors-20240930T110742Z",
                "rosh/predictors-20241122T090000Z",
                "rosh/predictors-20241209T081333Z",
                "rosh/predictors-20241101T185633Z",
                "rosh/risk-flags",
                "person/summary",
                "mappa/current",
            }
        ],
        [
            at("not-yet-determined", _BODY, "mappa/category")
            | at("contradiction", _BODY, "riskFlags/0/levelDescription")
            | at("contradiction", _BODY, *(f"removedRiskFlags/{row}" for row in range(3)))
            | at("contradiction", _BODY, "removedRiskFlags/0/id")
            | at("truncated", _BODY, "riskFlags/2/riskNotes")
            | {("unmapped-body", f"/mappings/{row}/response/jsonBody") for row in range(4, 12)}
        ],
        {
            "0.mappa/current.category": None,
            "0.mappa/current.categoryCode": "0",
            "0.mappa/current.level": 2,
            "0.rosh/widget.overall": "VERY_HIGH",
            "0.rosh/risk-flags.flags.0.level": "HIGH",
            "0.rosh/risk-flags.flags.3.level": "INFORMATION_ONLY",
            "0.rosh/risk-flags.flags.4.end": "2022-11-18",
            "0.rosh/predictors-20241209T081333Z.scores.7.tool": "OSP/C",
            "0.rosh/predictors-20241209T081333Z.scores.9.tool": "OSP/DC",
        },
    ),
    "delius/overview": Outcome(
        ["crn:X000001 pnc:GD123TEF? cro:AB123XYZ? noms:JG123POE? booking:MV123EDR"],
        [{"person/details", "rosh/register-flags", "custody/current"}],
        [
            _BAD_DETAILS
            | at("contradiction", "/activeConvictions/0", "mainOffence/date")
            | at("contradiction", "/activeConvictions/0/additionalOffences", *("0/date", "1/date"))
            | at("contradiction", "/activeConvictions/0/additionalOffences", "2/date")
        ],
        _RECALLED
        | {
            "0.rosh/register-flags.overall": None,
            "0.rosh/register-flags.flags.0.description": "Very High RoSH",
        },
    ),
    "delius/recommendation-model-X098084": Outcome(
        ["crn:X098084 pnc:GD123TEF? cro:AB123XYZ? noms:ABCDEF123? booking:MV123EDR"],
        [{"person/details", "mappa/current", "custody/current"}],
        [
            _BAD_DETAILS
            | at("not-yet-determined", "/mappa", "category")
            | at("contradiction", "/activeConvictions/0/mainOffence", "date")
            | at("contradiction", "/activeCustodialConvictions/0", "mainOffence/date")
            | at("contradiction", "/activeCustodialConvictions/0", "sentence/startDate")
        ],
        _RECALLED
        | {
            "0.mappa/current.category": None,
            "0.mappa/current.level": 1,
            "0.mappa/current.start": "2021-02-10",
            "0.custody/current.sentenceDates.sentenceStart": "2022-04-26",
        },
    ),
    "delius/contact-history": Outcome(
        ["crn:X098092"],
        [{"person/details", "contacts/unnumbered"}],
        [set()],
        {
            "0.person/details.name": {"forenames": ["Charles"], "surname": "Edwin"},
            "0.contacts/unnumbered.visorContacts": [],
            "0.contacts/unnumbered.otherContacts.0.typeCode": "ERGR",
            "0.contacts/unnumbered.otherContacts.0.at": "2022-06-03T07:00:00Z",
            "0.contacts/unnumbered.otherContacts.8.at": "2022-03-03T00:00:00Z",
            "0.contacts/unnumbered.otherContacts.5.sensitive": False,
        },
    ),
    "events/domain-calculation-event": Outcome(
        ["crn:X373878"],
        [{"contacts/event-042e7973-ca2d-551d-916b-21f1f9eb3a54"}],
        [at("placeholder", "/Message", "occurredAt")],
        {
            "0.contacts/event-042e7973-ca2d-551d-916b-21f1f9eb3a54.otherContacts.0.at": None,
            "0.contacts/event-042e7973-ca2d-551d-916b-21f1f9eb3a54.otherContacts.0.outcomeCode": (
                "BRE01"
            ),
        },
    ),
}
REFUSED = {
    "delius/GETOffenderDocumentList": ("no-record", "/response/jsonBody"),
    "delius/GetPersonExistsResponse": ("no-record", ""),
    "delius/X000001-user-access": ("per-user-answer", "/mappings/0/response/jsonBody"),
    "delius/lao": ("per-user-answer", "/mappings/0/response/jsonBody"),
    "events/prison-offender-events.prisoner.merged": ("no-record", ""),
}
"""Three persons' files, an answer about nobody's record, what one user may see, another system."""


@pytest.mark.parametrize("name", EXPECTED if SHARED.exists() else [])
def test_each_file_becomes_what_is_expected(name: str) -> None:
    people = read(name)
    expected = EXPECTED[name]
    assert [numbers(one) for one in people] == expected.people
    documents = [{f"{m.record.kind}/{m.source_ref}" for m in one.records} for one in people]
    assert documents == expected.documents
    cautions = [{(one.code, one.pointer) for one in person.cautions} for person in people]
    assert cautions == expected.cautions
    assert {path: fact(people, path) for path in expected.facts} == expected.facts


@pytest.mark.parametrize("name", REFUSED if SHARED.exists() else [])
def test_what_is_no_record_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(AdapterError) as error:
        read(name)
    assert (error.value.code, error.value.pointer) == REFUSED[name]


def test_every_file_is_expected() -> None:
    there = {f"delius/{path.stem}" for path in (SHARED / "delius").glob("*.json")}
    assert there <= EXPECTED.keys() | REFUSED.keys()


def read(name: str) -> list[MappedPerson]:
    """Split and read; only where a payload names nobody is it pushed with a subject."""
    raw = (SHARED / f"{name}.json").read_bytes()
    try:
        return read_all(ADAPTER, raw)
    except AdapterError as error:
        if error.code != "no-subject":
            raise
        return read_all(ADAPTER, raw, SUBJECT)


def numbers(person: MappedPerson) -> str:
    return " ".join(
        f"{one.scheme}:{one.value}{'' if one.verified else '?'}" for one in person.identifiers
    )


def fact(people: list[MappedPerson], path: str) -> Any:
    """What a record says at a path; a list of nothing but a name is told without the dates."""
    place, _, rest = path.partition(".")
    document, *steps = rest.split(".")
    [record] = [
        m.record for m in people[int(place)].records
        if f"{m.record.kind}/{m.source_ref}" == document
    ]  # fmt: skip
    value = json.loads(record.model_dump_json(by_alias=True))
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if steps[-1] == "name":
        value.pop("dateOfBirth")
    return value
