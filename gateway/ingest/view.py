"""What readers get and what policies know of a person, composed anew from the records.

Whoever was merged into a person is part of them here: their records are read together, and their
limits add up. Nothing is remembered from before, so that a decision taken back leaves no trace.
"""

from gateway.ingest import access
from gateway.ingest.compose import Source, choose, compose, conditions
from gateway.store.ledger import Head, Ledger
from schemas import RECORDS, Kind, Record
from schemas.licence import Licence


def dump(record: Record) -> bytes:
    """The record as stored: camelCase JSON."""
    return record.model_dump_json(by_alias=True).encode()


def refresh(ledger: Ledger, person: str, kind: Kind) -> bool:
    """Bring one kind in line, for the person who answers; whether anything of it is held."""
    members = ledger.members(person)
    sources = [_source(head, kind) for one in members for head in ledger.heads(one, kind)]
    if not sources:
        return False
    chosen = choose(kind, sources)
    past = []
    if kind is Kind.MAPPA:
        lineages = [ledger.lineage(one, kind, chosen.system) for one in members]
        past = [[_source(head, kind) for head in one] for one in lineages]
    record = compose(kind, chosen, sources, past)
    _show(ledger, person, chosen, record)
    if isinstance(record, Licence):
        _show(ledger, person, chosen, conditions(record))
    access.note(ledger, person, record, sources)
    return True


def recompute(ledger: Ledger, person: str) -> None:
    """Everything anew, for a person who answers and has gained or lost records."""
    access.forget(ledger, person)
    held = {kind for kind in RECORDS if refresh(ledger, person, kind)}
    if Kind.LICENCE in held:
        held.add(Kind.LICENCE_CONDITIONS)
    if Kind.PERSON not in held:
        access.unnamed(ledger, person)
    ledger.blank(person, set(Kind) - held)


def withdraw(ledger: Ledger, person: str) -> None:
    """Nobody is linked to somebody who does not answer, and nothing is shown of them."""
    access.forget(ledger, person)
    ledger.blank(person, Kind)


def _show(ledger: Ledger, person: str, chosen: Source, record: Record) -> None:
    same = record is chosen.record or record == chosen.record
    ledger.show(
        person,
        record.kind,
        record_id=chosen.record_id,
        source=chosen.system,
        source_ref=chosen.source_ref,
        written_at=chosen.written_at,
        received_at=chosen.received_at,
        body=chosen.body if same else dump(record),
    )


def _source(head: Head, kind: Kind) -> Source:
    document, version = head
    return Source(
        record_id=version.id,
        system=document.system,
        record=version.record or RECORDS[kind].model_validate_json(version.body),
        standing=version.standing,
        written_at=version.written_at,
        received_at=version.received_at,
        source_ref=document.source_ref,
        body=version.body,
        person=document.person_id,
    )
