"""Residence in approved premises (DOMAIN.md §8): where, since when, and until when."""

from datetime import date
from typing import Annotated, ClassVar

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

STAY = Section("stay")
KEY_WORKER = Section("key-worker")
CURFEW = Section("curfew")
NOTES = Section("notes")


class Stay(Canonical):
    """One period in one premises. The address is that of the premises, never another's.

    A stay without `end` goes on, or the source has not said. `curfew` is as the source writes it.
    """

    reference: Annotated[str | None, STAY] = None
    premises: Annotated[str | None, STAY] = None
    premises_code: Annotated[str | None, STAY] = None
    address: Annotated[list[str], STAY] = []
    postcode: Annotated[str | None, STAY] = None
    telephone: Annotated[str | None, STAY] = None
    room: Annotated[str | None, STAY] = None
    status: Annotated[str | None, STAY] = None
    start: Annotated[date | None, STAY] = None
    expected_end: Annotated[date | None, STAY] = None
    end: Annotated[date | None, STAY] = None
    end_reason: Annotated[str | None, STAY] = None
    key_worker: Annotated[str | None, KEY_WORKER] = None
    key_worker_telephone: Annotated[str | None, KEY_WORKER] = None
    curfew: Annotated[str | None, CURFEW] = None
    notes: Annotated[str | None, NOTES] = None


class Residence(Record):
    """The stays a source names. Readers get those of all documents joined, newest first; of two
    with one premises and start (or one reference) the newer document's."""

    kind: ClassVar[Kind] = Kind.RESIDENCE

    stays: Annotated[list[Stay], PARTS] = []
