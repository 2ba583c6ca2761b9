"""Where each canonical field stands in Delius's answers, and which of them are written."""

from collections.abc import Iterator

from adapters.writing import Line, Way
from schemas.kinds import Kind

_KNOWN = "beside a category or a level"
_WORKED_OUT = "worked out from the form and the check letter"
_FIVE = "five places in order; which line is street or town is not known, a sixth joins the fifth"
_SPOKEN = "one name: parted at its last space"
_ROLES = "responsible-officer, partner, or prison-offender-manager"
_OWN = "of probation and prison; members of other agencies are not written"
_NUMBER = "written as the number"
_REGISTERED = "the RoSH registration among the flags; another system's level is not written as one"
_ONE_EACH = "one of each of crn, pnc, cro, noms and booking; a second crn as previousCrn"
_LINES: dict[Kind, dict[str, tuple[str, str]]] = {
    Kind.PERSON: {
        "name.forenames": ("firstName and middleNames", ""),
        "name.surname": ("surname", ""),
        "aliases[].forenames": ("offenderAliases[].firstName and middleNames", ""),
        "aliases[].surname": ("offenderAliases[].surname", ""),
        "aliases[].dateOfBirth": ("offenderAliases[].dateOfBirth", "beside a name only"),
        "dateOfBirth": ("dateOfBirth", ""),
        "gender": ("gender", ""),
        "identifiers[].scheme": ("the name of a member of otherIds", _ONE_EACH),
        "identifiers[].value": ("otherIds", _ONE_EACH),
        "addresses[].lines": ("contactDetails.addresses[].buildingName … county", _FIVE),
        "addresses[].postcode": ("contactDetails.addresses[].postcode", ""),
        "addresses[].noFixedAbode": ("contactDetails.addresses[].noFixedAbode", ""),
        "addresses[].type": ("contactDetails.addresses[].type.description", ""),
        "addresses[].start": ("contactDetails.addresses[].from", ""),
        "addresses[].end": ("contactDetails.addresses[].to", ""),
        "telephoneNumbers": ("contactDetails.phoneNumbers[].number", ""),
        "emailAddresses": ("contactDetails.emailAddresses", ""),
        "ethnicity": ("offenderProfile.ethnicity", ""),
        "nationalities": ("offenderProfile.nationality and secondaryNationality", "two at most"),
        "religion": ("offenderProfile.religion", ""),
        "language": ("offenderProfile.offenderLanguages.primaryLanguage", ""),
        "interpreterRequired": ("offenderProfile.offenderLanguages.requiresInterpreter", ""),
        "status": ("softDeleted", ""),
    },
    Kind.CASE_TEAM: {
        "members[].agency": ("offenderManagers[].isPrisonOffenderManager", _OWN),
        "members[].role": ("offenderManagers[].isResponsibleOfficer", _ROLES),
        "members[].staffId": ("offenderManagers[].staff.code", "not of an unallocated post"),
        "members[].name": ("offenderManagers[].staff.forenames and surname", _SPOKEN),
        "members[].team": ("offenderManagers[].team.description", ""),
        "members[].teamCode": ("offenderManagers[].team.code", ""),
        "members[].area": ("offenderManagers[].probationArea.code", "beside a name or a team"),
        "members[].allocated": ("offenderManagers[].staff.unallocated", "the other way round"),
        "members[].start": ("offenderManagers[].fromDate", ""),
        "members[].end": ("offenderManagers[].toDate", ""),
        "members[].telephone": ("offenderManagers[].staff.phoneNumber", ""),
        "members[].email": ("offenderManagers[].staff.email", ""),
        "members[].teamTelephone": ("offenderManagers[].team.telephone", ""),
        "members[].teamEmail": ("offenderManagers[].team.emailAddress", ""),
    },
    Kind.MAPPA: {
        "category": ("mappa.category", ""),
        "level": ("mappa.level", ""),
        "start": ("mappa.startDate", _KNOWN),
        "reviewDue": ("mappa.reviewDate", _KNOWN),
        "area": ("mappa.probationArea.code", _KNOWN),
        "notes": ("mappa.notes", _KNOWN),
    },
    Kind.ROSH: {
        "flags[].code": ("registrations[].type.code", ""),
        "flags[].description": ("registrations[].type.description", ""),
        "flags[].level": ("registrations[].registerLevel.description", ""),
        "flags[].start": ("registrations[].startDate", ""),
        "flags[].reviewDue": ("registrations[].nextReviewDate", ""),
        "flags[].end": ("registrations[].endDate", ""),
        "flags[].notes": ("registrations[].notes", ""),
    },
}
_CONTACT = {
    "reference": "id",
    "at": "contactDate",
    "typeCode": "type.code",
    "type": "type.description",
    "outcomeCode": "outcome.code",
    "outcome": "outcome.description",
    "description": "description",
    "notes": "notes",
    "sensitive": "sensitive",
    "writtenBy": "officer.name",
}
_WIDGET = "the risk widget of ARNS in a stub mapping"
_GROUPS = ("children", "public", "knownAdult", "staff", "prisoners")
_SCORE = "the predictors of ARNS in a stub mapping"
_ONLY_IN: dict[Kind, dict[str, tuple[str, str]]] = {
    Kind.PERSON: {"identifiers[].verified": ("", _WORKED_OUT)},
    Kind.MAPPA: {
        "categoryCode": ("mappa.category", _NUMBER),
        "levelCode": ("mappa.level", _NUMBER),
        "end": ("registrations[].endDate", "of the register; the answers about one have no place"),
    },
    Kind.ROSH: {
        "overall": ("registrations[].type.code", _REGISTERED),
        "overallCode": ("registrations[].type.code", _REGISTERED),
        "assessedOn": ("assessedOn", _WIDGET),
        **{f"inCommunity.{group}": ("riskInCommunity", _WIDGET) for group in _GROUPS},
        **{f"inCustody.{group}": ("riskInCustody", _WIDGET) for group in _GROUPS},
        "scores[].tool": ("ogrsScore, rsrScore", ""),
        "scores[].score": ("ogrsScore, rsrScore", ""),
        "scores[].scale": ("…Score", _SCORE),
        "scores[].band": ("…ScoreLevel", _SCORE),
        "scores[].staticOrDynamic": ("staticOrDynamic", _SCORE),
        "scores[].assessedOn": ("completedDate", _SCORE),
        "status": ("status", _SCORE),
        "assessmentType": ("assessmentType", _SCORE),
    },
    Kind.LIMITED_ACCESS: {
        "excluded": ("currentExclusion, or excludedFrom holds anybody", ""),
        "restricted": ("currentRestriction, or restrictedTo holds anybody", ""),
        "excludedUsers": ("excludedFrom[].email", ""),
        "restrictedToUsers": ("restrictedTo[].email", ""),
        "exclusionMessage": ("exclusionMessage", ""),
        "restrictionMessage": ("restrictionMessage", ""),
    },
    Kind.CUSTODY: {
        "recalled": ("lastRelease.recallDate", "where there is one"),
        "release": ("sentence.expectedReleaseDate", ""),
        "confirmedRelease": ("lastRelease.releaseDate", "unless recalled since"),
        "sentenceDates.sentenceStart": ("activeCustodialConvictions[].sentence.startDate", ""),
        "sentenceDates.licenceExpiry": ("activeConvictions[].sentence.licenceExpiryDate", ""),
        "sentenceDates.sentenceExpiry": ("activeConvictions[].sentence.sentenceExpiryDate", ""),
    },
}


def _all() -> Iterator[Line]:
    for table, way in ((_LINES, Way.BOTH), (_ONLY_IN, Way.IN)):
        for kind, fields in table.items():
            yield from (Line(kind, f, place, way, note) for f, (place, note) in fields.items())
    for part, mark in (("visorContacts", "true"), ("otherContacts", "false or absent")):
        note = f"where visorContact is {mark}"
        for field, place in _CONTACT.items():
            yield Line(Kind.CONTACTS, f"{part}[].{field}", f"content[].{place}", note=note)


LINES = tuple(_all())
