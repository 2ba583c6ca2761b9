"""The contact log, as every interface tells it.

A contact that bears its number is a document of its own, so that it keeps its versions whichever
page it comes on. What a note says of level or category is text and never a code.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from adapters.base import MappedRecord
from adapters.delius.naming import nested_name, spoken
from adapters.reading import Node
from schemas.contacts import Contact, Contacts, VisorContact

_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_MARKS = ("visorContact", "isVisorContact", "visor")
_NOTES = ("appointmentNotes", "appointmentNote", "alertNotes", "alertNote")
WHEN = ("contactDate", "contactStart", "startDateTime", "date")


def log(rows: Iterable[Node]) -> list[MappedRecord]:
    """All entries of a list: those without a number are one document, `unnumbered`."""
    entries = [entry(row) for row in rows]
    numbered = [(f"contact-{one.reference}", [one]) for one in entries if one.reference]
    loose = [one for one in entries if not one.reference]
    documents = [*numbered, *([("unnumbered", loose)] if loose or not numbered else [])]
    return [MappedRecord(_contacts(some), ref) for ref, some in documents]


def _contacts(entries: list[Contact | VisorContact]) -> Contacts:
    return Contacts(
        visor_contacts=[one for one in entries if isinstance(one, VisorContact)],
        other_contacts=[one for one in entries if isinstance(one, Contact)],
    )


def entry(row: Node) -> Contact | VisorContact:
    """One contact. It is ViSOR's only where a flag says so."""
    type_, outcome = row["type"], row["outcome"]
    marked = row.first(*_MARKS).flag()
    return (VisorContact if marked else Contact)(
        reference=row.first("id", "contactId").text(),
        at=_when(row),
        type_code=_part(type_, "code") or row["typeCode"].text(),
        type=_part(type_, "description") or row["typeDescription"].text() or _word(type_),
        outcome_code=_part(outcome, "code") or row["outcomeCode"].text(),
        outcome=_part(outcome, "description") or row["outcomeDescription"].text() or _word(outcome),
        description=row["description"].text(),
        notes=_notes(row),
        sensitive=row.first("sensitive", "isSensitive").flag(),
        written_by=_officer(row),
    )


def _part(node: Node, key: str) -> str | None:
    return node[key].text() if isinstance(node.value, dict) else None


def _word(node: Node) -> str | None:
    return None if isinstance(node.value, dict) else node.text()


def _when(row: Node) -> datetime | None:
    """The search gives the day and the time of day apart; times are London's."""
    moment, clock = row.first(*WHEN), row["startTime"]
    if isinstance(moment.value, str) and _CLOCK.fullmatch(str(clock.value)):
        moment = Node(f"{moment.value[:10]}T{clock.value}", moment.pointer, moment.cautions)
    return moment.time()


def _notes(row: Node) -> str | None:
    noted = [note for key in _NOTES for note in _each(row[key])]
    if any(note["hasNoteBeenTruncated"].flag() for note in noted):
        row.warn("truncated")
    texts = [text for note in noted if (text := note.first("note", "notes").text())]
    return "\n\n".join(dict.fromkeys(texts)) or row["notes"].text()


def _each(node: Node) -> list[Node]:
    """A list of notes, or one alone."""
    return [node] if isinstance(node.value, dict) else list(node)


def _officer(row: Node) -> str | None:
    officer = row.first("officer", "staff", "officerName")
    return spoken(nested_name(officer["name"] if officer["name"] else officer))
