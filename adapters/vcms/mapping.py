"""Where each canonical field stands in the scheme's table and in its JSON."""

from typing import Final

from adapters.writing import Line, Way
from schemas.kinds import Kind

_ENTRY = "an entry said twice is read once"
_CODE = "the word it came in; one that is not known stands here alone"
_VICTIM: Final = {
    "victimRef": ("Victim reference", "victimRef", "letters, digits and /_.-, one digit at least"),
    "status": ("Status", "status", ""),
    "statusCode": ("Status", "status", _CODE),
    "since": ("Status since", "statusSince", ""),
    "vloStaffId": ("VLO staff id", "vlo.staffId", ""),
    "vloName": ("VLO name", "vlo.name", ""),
    "vloTelephone": ("VLO telephone", "vlo.telephone", ""),
    "vloEmail": ("VLO email", "vlo.email", ""),
    "requests[].type": ("Request", "requests[].type", _ENTRY),
    "requests[].requested": ("Requested", "requests[].requested", ""),
    "requests[].outcome": ("Request outcome", "requests[].outcome", ""),
    "requests[].reason": (
        "Request reason",
        "requests[].reason",
        "a type that is not known is kept in front of it",
    ),
    "consultations[].decision": ("Consultation", "consultations[].decision", _ENTRY),
    "consultations[].answer": ("Consultation answer", "consultations[].answer", ""),
    "consultations[].answerCode": ("Consultation answer", "consultations[].answer", _CODE),
    "consultations[].consulted": ("Consulted", "consultations[].consulted", ""),
    "consultations[].outcome": ("Consultation outcome", "consultations[].outcome", ""),
    "informationGiven[].topic": ("Information given", "informationGiven[].topic", _ENTRY),
    "informationGiven[].given": ("Given", "informationGiven[].given", ""),
    "representations": (
        "Representations",
        "representations",
        "no text may hold a postcode, telephone number or e-mail address",
    ),
}
_MEMBER: Final = {
    "agency": ("", ""),
    "role": ("", ""),
    "staffId": ("VLO staff id", "vlo.staffId"),
    "name": ("VLO name", "vlo.name"),
    "telephone": ("VLO telephone", "vlo.telephone"),
    "email": ("VLO email", "vlo.email"),
}


def _place(column: str, member: str) -> str:
    return f"{column}; cases[].{member}" if column else ""


LINES: Final = (
    *(
        Line(Kind.VICTIM_CONTACT, f"victims[].{field}", _place(column, member), Way.BOTH, note)
        for field, (column, member, note) in _VICTIM.items()
    ),
    *(
        Line(
            Kind.CASE_TEAM,
            f"members[].{field}",
            _place(column, member),
            Way.IN,
            "each officer once" if column else "always the victim liaison officer",
        )
        for field, (column, member) in _MEMBER.items()
    ),
)
