"""A sentence and its dates. They may contradict: what cannot be is kept and warned about."""

from datetime import UTC, date, datetime, time

from adapters.base import MappedRecord
from adapters.reading import LONDON, Node
from schemas.custody import Custody, SentenceDates

_AFTER_SENTENCE = ("licenceExpiryDate", "sentenceExpiryDate", "releaseDate")


def sentence(node: Node, offender: Node) -> MappedRecord:
    """One sentence as a document of its own, as old as the day it was passed: of several, the
    last one passed is shown, and a prison's own record stands in front of all."""
    passed = node["dateOfSentence"].day()
    dates = SentenceDates(
        sentence_start=passed,
        licence_expiry=node["licenceExpiryDate"].day(),
        sentence_expiry=node["sentenceExpiryDate"].day(),
        tariff=node["tariffExpiryDate"].day(),
    )
    _check(node, passed, dates)
    record = Custody(
        location_description=offender["establishment"].text(),
        booking_number=offender["prisonNumber"].text(),
        security_category=offender["prisonerCategory"].text(),
        imprisonment_status_description=node["custodyType"].text(),
        most_serious_offence=node["offence"]["indexOffence"].text(),
        release=node["releaseDate"].day(),
        sentence_dates=dates if dates != SentenceDates() else None,
    )
    name = node["id"].text() or node.pointer.rpartition("/")[2]
    return MappedRecord(record, f"sentence-{name}", _midnight(passed) if passed else None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _check(node: Node, passed: date | None, dates: SentenceDates) -> None:
    for field in _AFTER_SENTENCE:
        day = node[field].day()
        if passed and day and day < passed:
            node[field].warn("contradiction")
    ends, expires = dates.licence_expiry, dates.sentence_expiry
    if ends and expires and ends > expires:
        node["licenceExpiryDate"].warn("contradiction")
