"""Where the prisoner is held and until when, with the contradictions real records hold."""

import re
from datetime import date

from adapters.reading import Node
from schemas.custody import Alert, Custody, SentenceDates, TemporaryRelease

PSEUDO_PRISONS = frozenset({"OUT", "TRN"})
"""Outside and in transfer: where a person without a prison is said to be."""
_PRISON = re.compile(r"[A-Z]{3}")
_STATUSES = frozenset({"ACTIVE IN", "ACTIVE OUT", "ACTIVE TRN", "INACTIVE OUT", "INACTIVE TRN"})
_SENTENCED = frozenset({"SENTENCED", "RECALL", "INDETERMINATE_SENTENCE", "CONVICTED_UNSENTENCED"})
_LEGAL_STATUSES = _SENTENCED | {
    "DEAD",
    "CIVIL_PRISONER",
    "IMMIGRATION_DETAINEE",
    "REMAND",
    "UNKNOWN",
    "OTHER",
}


def custody(node: Node, alerts: list[Alert]) -> Custody | None:
    """The custody record of one prisoner. What contradicts itself is kept and warned about.

    `None` for a search row that says nothing of custody: an empty record would stand in front of
    what is known. The flag for restricted patients is always sent and says nothing by itself.
    """
    prison, elsewhere = place(node["prisonId"])
    temporary = node["releaseOnTemporaryLicenceDate"].day()
    record = Custody(
        prison=prison,
        prison_name=node["prisonName"].text() if prison else None,
        location_code=elsewhere,
        status=_code(node["status"], _STATUSES),
        booking_number=node["bookNumber"].text(),
        restricted_patient=node["restrictedPatient"].flag(),
        legal_status=_code(node["legalStatus"], _LEGAL_STATUSES),
        indeterminate=node["indeterminateSentence"].flag(),
        recalled=node["recall"].flag(),
        release=node["releaseDate"].day(),
        confirmed_release=node["confirmedReleaseDate"].day(),
        sentence_dates=_sentence_dates(node),
        temporary_releases=[TemporaryRelease(start=temporary)] if temporary else [],
        alerts=alerts,
    )
    _check_place(node, record)
    _check_sentence(node, record)
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


def _sentence_dates(node: Node) -> SentenceDates | None:
    dates = SentenceDates(
        sentence_start=node["sentenceStartDate"].day(),
        conditional_release=node["conditionalReleaseDate"].day(),
        automatic_release=node["automaticReleaseDate"].day(),
        non_parole=node["nonParoleDate"].day(),
        parole_eligibility=node["paroleEligibilityDate"].day(),
        post_recall_release=node["postRecallReleaseDate"].day(),
        licence_expiry=node["licenceExpiryDate"].day(),
        sentence_expiry=node["sentenceExpiryDate"].day(),
        supervision_start=node["topupSupervisionStartDate"].day(),
        supervision_expiry=node["topupSupervisionExpiryDate"].day(),
        home_detention_curfew_eligibility=node["homeDetentionCurfewEligibilityDate"].day(),
        home_detention_curfew_actual=node["homeDetentionCurfewActualDate"].day(),
        tariff=node["tariffDate"].day(),
    )
    return dates if dates != SentenceDates() else None


def _check_place(node: Node, record: Custody) -> None:
    inside = node["inOutStatus"].text()
    if record.status and inside and record.status.rpartition(" ")[2] != inside:
        node["status"].warn("contradiction")
    if inside == "IN" and record.location_code in PSEUDO_PRISONS:
        node["prisonId"].warn("contradiction")
    if inside == "IN" and record.restricted_patient:
        node["restrictedPatient"].warn("contradiction")
    if inside == "IN" and (node["locationDescription"].text() or "").startswith("Outside"):
        node["locationDescription"].warn("contradiction")


def _check_sentence(node: Node, record: Custody) -> None:
    convicted, legal = node["convictedStatus"].text(), record.legal_status
    clash = {"Remand": _SENTENCED, "Convicted": frozenset({"REMAND"})}
    if legal in clash.get(convicted or "", ()):
        node["convictedStatus"].warn("contradiction")
    if record.recalled is False and legal == "RECALL":
        node["recall"].warn("contradiction")
    if record.indeterminate and (record.release or record.confirmed_release):
        node["indeterminateSentence"].warn("contradiction")
    if (dates := record.sentence_dates) is not None:
        _in_order(
            node["homeDetentionCurfewActualDate"],
            dates.home_detention_curfew_eligibility,
            dates.home_detention_curfew_actual,
        )
        _in_order(node["licenceExpiryDate"], dates.licence_expiry, dates.sentence_expiry)
        _in_order(node["sentenceExpiryDate"], dates.sentence_start, dates.sentence_expiry)


def _in_order(node: Node, earlier: date | None, later: date | None) -> None:
    if earlier and later and earlier > later:
        node.warn("contradiction")
