"""Kinds that several documents add up to: readers get one log and one list of stays."""

from datetime import UTC, date, datetime

from gateway.ingest.compose import Source, compose
from schemas import Record
from schemas.contacts import Contact, Contacts, VisorContact
from schemas.residence import Residence, Stay


def sources(*records: Record) -> list[Source]:
    """Documents of one system, oldest first."""
    return [
        Source(str(day), "delius", record, 0, None, f"2026-03-{day:02}T00:00:00.000000Z", str(day))
        for day, record in enumerate(records, 1)
    ]


def joined(*records: Record) -> Record:
    documents = sources(*records)
    return compose(records[0].kind, documents[-1], documents)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 9, tzinfo=UTC)


def test_parts_of_a_log_are_one_log_newest_first() -> None:
    early, late = Contact(reference="1", at=at(1)), Contact(reference="2", at=at(5))
    undated = Contact(notes="No day was given")
    held = joined(Contacts(other_contacts=[early, undated]), Contacts(other_contacts=[late, early]))
    assert held == Contacts(other_contacts=[late, early, undated])


def test_the_newer_document_says_what_a_contact_is_and_whether_it_is_marked() -> None:
    before = Contacts(visor_contacts=[VisorContact(reference="1", at=at(1), notes="First")])
    after = Contacts(other_contacts=[Contact(reference="1", at=at(1), notes="Corrected")])
    assert joined(before, after) == after
    assert joined(after, before) == before


def test_stays_are_joined_by_reference_or_by_premises_and_start() -> None:
    old = Stay(premises="Fold Lane", start=date(2026, 1, 2), end=date(2026, 2, 1))
    open_ended = Stay(premises="Mill House", start=date(2026, 2, 1))
    ended = open_ended.model_copy(update={"end": date(2026, 3, 1)})
    unknown = Stay(room="4")
    named = Stay(reference="r", room="1")
    moved = Stay(reference="r", room="2")
    held = joined(
        Residence(stays=[old, open_ended, unknown, named]),
        Residence(stays=[ended, unknown, moved]),
    )
    assert isinstance(held, Residence)
    assert held.stays[:2] == [ended, old]
    assert sorted(held.stays[2:], key=str) == sorted([unknown, moved], key=str)
