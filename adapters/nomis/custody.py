"""Where the prisoner is held and until when, with the contradictions real records hold."""

import re

from adapters.json_adapter import objects
from adapters.nomis.alerts import alerts
from adapters.nomis.dates import sentence_dates
from adapters.nomis.prisons import named_otherwise
from adapters.reading import Node
from schemas.custody import Custody, TemporaryRelease

PSEUDO_PRISONS = frozenset({"OUT", "TRN"})
"""Outside and in transfer: where a person without a prison is said to be."""
_PRISON = re.compile(r"[A-Z]{3}")
_STATUSES = frozenset({"ACTIVE IN", "ACTIVE OUT", "ACTIVE TRN", "INACTIVE OUT", "INACTIVE TRN"})
_WHERE = frozenset({"IN", "OUT", "TRN"})
_SENTENCED = frozenset({"SENTENCED", "RECALL", "INDETERMINATE_SENTENCE", "CONVICTED_UNSENTENCED"})
_LEGAL_STATUSES = _SENTENCED | {
    "DEAD",
    "CIVIL_PRISONER",
    "IMMIGRATION_DETAINEE",
    "REMAND",
    "UNKNOWN",
    "OTHER",
}


def custody(node: Node) -> Custody | None:
    """The custody record of one prisoner. What contradicts itself is kept and warned about.

    `None` for a search row that says nothing of custody: an empty record would stand in front of
    what is known. The flag for restricted patients is always sent and says nothing by itself.
    """
    prison, elsewhere = place(
        node.first("prisonId", "agencyId", "agencyLocationId", "establishmentCode")
    )
    named = node.first("prisonName", "agencyLocationDesc")
    dates = node["sentenceDetail"] if node["sentenceDetail"] else node
    temporary = dates["releaseOnTemporaryLicenceDate"].day()
    record = Custody(
        prison=prison,
        prison_name=(named if named else node["assignedLivingUnit"]["agencyName"]).text()
        if prison
        else None,
        location_code=elsewhere,
        location_description=node["locationDescription"].text(),
        status=_code(node.first("status", "communityStatus"), _STATUSES),
        in_out_status=_code(node["inOutStatus"], _WHERE),
        booking_number=node.first("bookNumber", "bookingNo").text(),
        received=node["receptionDate"].day(),
        admitted=node.first("lastAdmissionDate", "admissionDate").day(),
        last_prison=node.first("lastPrisonId", "latestLocationId").text(),
        security_category=node.first("categoryCode", "category").text(),
        restricted_patient=node["restrictedPatient"].flag(),
        supporting_prison=node["supportingPrisonId"].text(),
        hospital_code=node["dischargedHospitalId"].text(),
        hospital=node["dischargedHospitalDescription"].text(),
        discharged_to_hospital=node["dischargeDate"].day(),
        legal_status=_code(node["legalStatus"], _LEGAL_STATUSES),
        convicted_status=node["convictedStatus"].text(),
        imprisonment_status=node["imprisonmentStatus"].text(),
        imprisonment_status_description=node.first(
            "imprisonmentStatusDescription", "imprisonmentStatusDesc"
        ).text(),
        most_serious_offence=node["mostSeriousOffence"].text(),
        indeterminate=node["indeterminateSentence"].flag(),
        additional_days_awarded=dates["additionalDaysAwarded"].integer(),
        recalled=node["recall"].flag(),
        release=dates["releaseDate"].day(),
        confirmed_release=dates["confirmedReleaseDate"].day(),
        sentence_dates=sentence_dates(dates),
        temporary_releases=[TemporaryRelease(start=temporary)] if temporary else [],
        alerts=alerts(node["alerts"]),
    )
    _check_place(node, record)
    _check_sentence(node, record)
    for need in objects(node["personalCareNeeds"]):
        need["endDate"].day()  # health is not kept, but the sender hears of a placeholder
    said = record.model_copy(update={"restricted_patient": record.restricted_patient or None})
    return record if said != Custody() else None


def place(node: Node) -> tuple[str | None, str | None]:
    """A prison code, or the code of somewhere else; a code of no known form is kept, warned."""
    code = node.text()
    if code is None or code in PSEUDO_PRISONS:
        return None, code
    if _PRISON.fullmatch(code):
        return code, None
    node.warn("unknown-code")
    return None, code


def _code(node: Node, known: frozenset[str]) -> str | None:
    code = node.text()
    if code is not None and code not in known:
        node.warn("unknown-code")
    return code


def _check_place(node: Node, record: Custody) -> None:
    inside = record.in_out_status
    if named_otherwise(record.prison, record.prison_name):
        node["prisonName"].warn("contradiction")
    if record.status in _STATUSES and inside in _WHERE and not record.status.endswith(inside):
        node["status"].warn("contradiction")
    if record.status == "INACTIVE OUT" and record.prison:
        node["prisonId"].warn("contradiction")
    if inside == "IN" and record.location_code in PSEUDO_PRISONS:
        node["prisonId"].warn("contradiction")
    if inside == "IN" and record.restricted_patient:
        node["restrictedPatient"].warn("contradiction")
    if inside == "IN" and (record.location_description or "").startswith("Outside"):
        node["locationDescription"].warn("contradiction")


def _check_sentence(node: Node, record: Custody) -> None:
    legal = record.legal_status
    clash = {"Remand": _SENTENCED, "Convicted": frozenset({"REMAND"})}
    if legal in clash.get(record.convicted_status or "", ()):
        node["convictedStatus"].warn("contradiction")
    if record.recalled is False and legal == "RECALL":
        node["recall"].warn("contradiction")
    if record.indeterminate and (record.release or record.confirmed_release):
        node["indeterminateSentence"].warn("contradiction")
