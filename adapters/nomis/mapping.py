"""Where each canonical field has its place in a prisoner, as NOMIS and prisoner search have it.

The tables are what the writer writes by; the reader knows more spellings of the same places.
"""

from adapters.nomis.dates import PLACES
from adapters.writing import Line, Way
from schemas.custody import SentenceDates
from schemas.kinds import Kind

PERSON = {
    "dateOfBirth": "dateOfBirth",
    "gender": "gender",
    "ethnicity": "ethnicity",
    "religion": "religion",
}
CUSTODY = {
    "prisonName": "prisonName",
    "locationDescription": "locationDescription",
    "status": "status",
    "inOutStatus": "inOutStatus",
    "received": "receptionDate",
    "admitted": "lastAdmissionDate",
    "lastPrison": "lastPrisonId",
    "securityCategory": "category",
    "restrictedPatient": "restrictedPatient",
    "supportingPrison": "supportingPrisonId",
    "hospitalCode": "dischargedHospitalId",
    "hospital": "dischargedHospitalDescription",
    "dischargedToHospital": "dischargeDate",
    "legalStatus": "legalStatus",
    "convictedStatus": "convictedStatus",
    "imprisonmentStatus": "imprisonmentStatus",
    "imprisonmentStatusDescription": "imprisonmentStatusDescription",
    "mostSeriousOffence": "mostSeriousOffence",
    "indeterminate": "indeterminateSentence",
    "additionalDaysAwarded": "additionalDaysAwarded",
    "recalled": "recall",
    "release": "releaseDate",
    "confirmedRelease": "confirmedReleaseDate",
}
ALERT = {
    "code": "alertCode",
    "type": "alertType",
    "description": "alertCodeDescription",
    "active": "active",
    "expired": "expired",
    "start": "dateCreated",
    "end": "dateExpires",
}
_NUMBERS = "NOMS, PNC, CRO and booking numbers; a CRN only as the subject of the payload"
_STATED = "stated by an alert; a registration from elsewhere becomes none"
_POM = "prison offender managers, read from an allocation"
_TEAM = {
    "agency": "",
    "role": "primary_pom, secondary_pom, manager",
    "staffId": "staff_id, code",
    "name": "name, forename, surname",
    "teamCode": "prison",
    "start": "from",
}

LINES = (
    *(Line(Kind.PERSON, field, place) for field, place in PERSON.items()),
    Line(Kind.PERSON, "name.forenames", "firstName, middleNames", note="no spaces in middle names"),
    Line(Kind.PERSON, "name.surname", "lastName"),
    Line(Kind.PERSON, "aliases[].forenames", "aliases.firstName, aliases.middleNames"),
    Line(Kind.PERSON, "aliases[].surname", "aliases.lastName"),
    Line(Kind.PERSON, "aliases[].dateOfBirth", "aliases.dateOfBirth"),
    Line(Kind.PERSON, "identifiers[].scheme", "prisonerNumber, identifiers.type", note=_NUMBERS),
    Line(Kind.PERSON, "identifiers[].value", "prisonerNumber, pncNumber, croNumber, bookNumber"),
    Line(Kind.PERSON, "identifiers[].verified", "", note="worked out from the number"),
    Line(Kind.PERSON, "addresses[].lines", "addresses.fullAddress", note="one line"),
    Line(Kind.PERSON, "addresses[].postcode", "addresses.postalCode"),
    Line(Kind.PERSON, "addresses[].noFixedAbode", "addresses.noFixedAddress"),
    Line(Kind.PERSON, "addresses[].type", "addresses.primaryAddress", note="primary or nothing"),
    Line(Kind.PERSON, "addresses[].start", "addresses.startDate"),
    Line(Kind.PERSON, "addresses[].end", "addresses.endDate", Way.IN, "NOMIS itself only"),
    Line(Kind.PERSON, "telephoneNumbers", "phoneNumbers.number", note="each once"),
    Line(Kind.PERSON, "emailAddresses", "emailAddresses.email", note="each once"),
    Line(Kind.PERSON, "nationalities", "nationality", note="the first"),
    Line(Kind.PERSON, "language", "languages.code", note="the main language"),
    Line(Kind.PERSON, "interpreterRequired", "languages.interpreterRequested"),
    *(Line(Kind.CUSTODY, field, place) for field, place in CUSTODY.items()),
    Line(Kind.CUSTODY, "prison", "prisonId", note="three letters"),
    Line(Kind.CUSTODY, "locationCode", "prisonId", note="where there is no prison: OUT, TRN"),
    Line(Kind.CUSTODY, "bookingNumber", "bookNumber", note="also an identifier"),
    *(
        Line(Kind.CUSTODY, f"sentenceDates.{SentenceDates.model_fields[field].alias}", place)
        for field, place in PLACES.items()
    ),
    Line(
        Kind.CUSTODY,
        "temporaryReleases[].start",
        "releaseOnTemporaryLicenceDate",
        note="the first, without type and end",
    ),
    *(Line(Kind.CUSTODY, f"alerts[].{field}", f"alerts.{at}") for field, at in ALERT.items()),
    *(
        Line(Kind.MAPPA, field, "alerts", Way.IN, _STATED)
        for field in ("category", "categoryCode", "level", "levelCode", "start", "end")
    ),
    *(
        Line(Kind.MAPPA, f"disagreements[].{field}", "alerts", Way.IN, "alerts that contradict")
        for field in ("system", "category", "level", "start")
    ),
    *(
        Line(Kind.CASE_TEAM, f"members[].{field}", place, Way.IN, _POM)
        for field, place in _TEAM.items()
    ),
)
