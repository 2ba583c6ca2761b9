"""Answers about a prison term: its key dates, of a prisoner whom another answer describes."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of
from adapters.nomis.dates import PLACES, sentence_dates
from adapters.reading import Node
from schemas.custody import Custody, TemporaryRelease
from schemas.identifiers import Scheme


def is_term(node: Node) -> bool:
    """By the term it is about: the latest of a prisoner, or a booking with nothing but dates."""
    return node.has("prisonerNumber", "latestPrisonTerm") or _is_booking(node)


def _is_booking(node: Node) -> bool:
    """The dates of a whole booking; one of its sentences alone has no date of release."""
    whose = node.has("bookingId") and not node.has_any("lastName", "sentenceSequence")
    return whose and node.has_any(*(set(PLACES.values()) - {"sentenceStartDate"}))


def term(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the key dates of the latest term. It says nothing of where the person is."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    latest = node["latestPrisonTerm"]
    dates = latest["keyDates"] if latest else node
    temporary = dates["releaseOnTemporaryLicenceDate"].day()
    record = Custody(
        booking_number=latest["bookNumber"].text(),
        additional_days_awarded=dates["additionalDaysAwarded"].integer(),
        release=dates["releaseDate"].day(),
        confirmed_release=dates["confirmedReleaseDate"].day(),
        sentence_dates=sentence_dates(dates),
        temporary_releases=[TemporaryRelease(start=temporary)] if temporary else [],
    )
    return MappedPerson(identifiers, [MappedRecord(record, "sentence-dates")], node.cautions)
