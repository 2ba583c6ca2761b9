"""Where each canonical field has its place in a licence of the licence system's own interface.

That one holds most: the person, who supervises them, what was filled into a condition, and maps.
The tables are what the writer writes by; the reader knows more spellings of the same places.
"""

from adapters.writing import Line, Way
from schemas.identifiers import Scheme
from schemas.kinds import Kind

NUMBERS = {
    Scheme.NOMS: "nomsId",
    Scheme.CRN: "crn",
    Scheme.PNC: "pnc",
    Scheme.CRO: "cro",
    Scheme.BOOKING: "bookingNo",
}
PLAIN = {
    "licenceId": "id",
    "type": "typeCode",
    "licenceKind": "kind",
    "status": "statusCode",
    "policyVersion": "policyVersion",
    "version": "licenceVersion",
    "variationOf": "variationOf",
    "inSupervisionPeriod": "isInPssPeriod",
    "approvedBy": "approvedByName",
    "victimLiaisonConsulted": "vloDiscussion",
    "appointmentPerson": "appointmentPerson",
    "appointmentTimeType": "appointmentTimeType",
    "appointmentAddress": "appointmentAddress",
    "appointmentContact": "appointmentContact",
}
DAYS = {
    "start": "licenceStartDate",
    "expiry": "licenceExpiryDate",
    "supervisionStart": "topupSupervisionStartDate",
    "supervisionExpiry": "topupSupervisionExpiryDate",
}
TIMES = {
    "created": "dateCreated",
    "updated": "dateLastUpdated",
    "submitted": "submittedDate",
    "approved": "approvedDate",
    "superseded": "supersededDate",
    "appointmentTime": "appointmentTime",
}
OFFICER = {
    "staffId": "comUsername",
    "name": "responsibleComFullName",
    "email": "comEmail",
    "team": "probationTeamDescription",
    "teamCode": "probationTeamCode",
    "area": "probationAreaCode",
}
CONDITION = {
    "code": "code",
    "category": "category",
    "text": "text",
    "expandedText": "expandedText",
    "electronicMonitoring": "restrictions",
}
UPLOAD = {"filename": "filename", "mediaType": "fileType", "description": "description"}
CURFEW = {
    "fromDay": "fromDay",
    "fromTime": "fromTime",
    "untilDay": "untilDay",
    "untilTime": "untilTime",
}

_ONE = "the community offender manager only"
_SECONDS = "to the second, London time"
_CLASS = "by policy version and code; a zone also by its type"
_ONLY_LICENCE = "where the licence itself is not told"

LINES = (
    *(Line(Kind.LICENCE, field, place) for field, place in PLAIN.items()),
    *(Line(Kind.LICENCE, field, place) for field, place in DAYS.items()),
    *(Line(Kind.LICENCE, field, place, note=_SECONDS) for field, place in TIMES.items()),
    Line(Kind.LICENCE, "inForce", "statusCode", Way.IN, "follows from the status"),
    *(
        Line(Kind.LICENCE, f"curfew[].{field}", f"weeklyCurfewTimes.{place}")
        for field, place in CURFEW.items()
    ),
    Line(Kind.LICENCE, "curfewAddress", "curfewAddress.addressLine1", note="on one line"),
    Line(Kind.LICENCE, "conditions[].type", "…Conditions, type", note=_CLASS),
    Line(Kind.LICENCE, "conditions[].zoneExists", "type", note="so far as it is a zone"),
    Line(Kind.LICENCE, "conditions[].regime", "…LicenceConditions, …PssConditions"),
    *(
        Line(Kind.LICENCE, f"conditions[].{field}", f"…Conditions.{place}")
        for field, place in CONDITION.items()
    ),
    Line(Kind.LICENCE, "conditions[].data", "…Conditions.data", note="by field"),
    *(
        Line(Kind.LICENCE, f"conditions[].geometry[].{field}", f"…Conditions.uploadSummary.{place}")
        for field, place in UPLOAD.items()
    ),
    *(
        Line(Kind.LICENCE_CONDITIONS, field, (PLAIN | DAYS)[field], Way.OUT, _ONLY_LICENCE)
        for field in ("licenceId", "status", "policyVersion", "start", "expiry")
    ),
    *(
        Line(Kind.LICENCE_CONDITIONS, f"conditions[].{field}", f"…Conditions.{place}", Way.OUT)
        for field, place in CONDITION.items()
    ),
    Line(Kind.PERSON, "name.forenames", "forename, middleNames", note="no spaces in middle names"),
    Line(Kind.PERSON, "name.surname", "surname", note="without it, no person is read"),
    Line(Kind.PERSON, "dateOfBirth", "dateOfBirth"),
    Line(Kind.PERSON, "identifiers[].scheme", ", ".join(NUMBERS.values()), note="one of each"),
    Line(Kind.PERSON, "identifiers[].value", ", ".join(NUMBERS.values())),
    Line(Kind.PERSON, "identifiers[].verified", "", note="worked out from the number"),
    Line(Kind.CASE_TEAM, "members[].agency", "", note=_ONE),
    Line(Kind.CASE_TEAM, "members[].role", "", note=_ONE),
    *(Line(Kind.CASE_TEAM, f"members[].{field}", place) for field, place in OFFICER.items()),
)
