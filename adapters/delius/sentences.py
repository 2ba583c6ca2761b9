"""Sentence dates, release and recall, as far as the recall service and proposals see them.

The prison service is the source of these; probation's word is a document beside its own. Several
custodial sentences have no single date, so what differs between them stays unknown.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from adapters.base import MappedRecord
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.custody import Custody, SentenceDates

_DATES = {
    "sentence_start": "startDate",
    "licence_expiry": "licenceExpiryDate",
    "sentence_expiry": "sentenceExpiryDate",
}


def custody(node: Node) -> list[MappedRecord]:
    """Dates of the custodial sentences, and the last release with its recall.

    The institution of the last release is a name, at times `In the Community`, and no place.
    Licence conditions are left to the licence system: Delius's codes do not say which of them
    name a victim or draw a zone, so no policy could hold those back.
    """
    lists = [node["activeConvictions"], node["activeCustodialConvictions"]]
    convictions = [one for rows in lists for one in objects(rows)]
    for one in convictions:
        check(one)
        if one["licenceConditions"].value not in (None, []):
            one["licenceConditions"].warn("unmapped-body")
    sentences = [one["sentence"] for one in convictions if one["sentence"]["isCustodial"].flag()]
    dates = SentenceDates(**{field: _one(sentences, key) for field, key in _DATES.items()})
    released, recalled = _release(node)
    record = Custody(
        recalled=recalled,
        confirmed_release=released,
        sentence_dates=dates if dates != SentenceDates() else None,
    )
    return [MappedRecord(record, "current")] if record != Custody() else []


def expected_release(node: Node) -> list[MappedRecord]:
    """The release that a proposal expects."""
    day = node["expectedReleaseDate"].day()
    return [MappedRecord(Custody(release=day), "expected-release")] if day else []


def check(conviction: Node) -> None:
    """Dates that cannot be in their order: an offence after the sentence, a licence beyond it."""
    sentence = conviction["sentence"]
    start = sentence.first("startDate", "date").day()
    licence, end = sentence["licenceExpiryDate"].day(), sentence["sentenceExpiryDate"].day()
    _in_order(sentence.first("startDate", "date"), start, end)
    _in_order(sentence["licenceExpiryDate"], licence, end)
    _in_order(sentence["licenceStartDate"], sentence["licenceStartDate"].day(), licence)
    for offence in (conviction["mainOffence"], *objects(conviction["additionalOffences"])):
        _in_order(offence["date"], offence["date"].day(), end or start)


def _in_order(place: Node, earlier: date | None, later: date | None) -> None:
    if earlier and later and later < earlier:
        place.warn("contradiction")


def _one(sentences: Sequence[Node], key: str) -> date | None:
    """The one date that all name; the same conviction may stand in two lists."""
    told: Iterable[date | None] = (one[key].day() for one in sentences)
    days = {day for day in told if day}
    if len(days) > 1:
        sentences[-1][key].warn("contradiction")
    return days.pop() if len(days) == 1 else None


def _release(node: Node) -> tuple[date | None, bool | None]:
    """A release stands until the recall from it; a recall before the release says nothing."""
    release = node["lastRelease"]
    recall = release["recallDate"] if release["recallDate"] else node["lastRecall"]["date"]
    released, recalled = release.first("releaseDate", "date").day(), recall.day()
    if released and recalled and recalled < released:
        recall.warn("contradiction")
        return released, None
    return (None, True) if recalled else (released, None)
