"""What readers get and what policies know of a person, composed anew from the records.

Whoever was merged into a person is part of them here: their records are read together, and their
limits add up. Nothing is remembered from before, so that a decision taken back leaves no trace.

The limits of those whom a split has parted count for both: the split says whose the records are,
not whom their system would keep out. They count until that system says so of each itself.
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
    if kind is Kind.LIMITED_ACCESS:
        _limit(ledger, person)
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


def _limit(ledger: Ledger, person: str) -> None:
    ids, found = list(ledger.members(person)), {person: None}
    for one in ids:
        found[ledger.answers(one)] = None
        ids += [other for other, _ in ledger.parted(one) if other not in ids]
    for one in found:
        heads = [head for member in ledger.members(one) for head in _limits(ledger, member)]
        sources = {head.version.id: _source(head, Kind.LIMITED_ACCESS) for head in heads}
        access.limit(ledger, one, list(sources.values()))


def _limits(ledger: Ledger, person: str, before: tuple[str, ...] = ()) -> list[Head]:
    """What is said of an id, and of those parted from it by systems that have not spoken since."""
    own = ledger.heads(person, Kind.LIMITED_ACCESS)
    found = list(own)
    for other, moment in ledger.parted(person):
        if other not in before:
            said = {h.document.system for h in own if h.version.received_at > moment}
            theirs = _limits(ledger, other, (*before, person))
            found += [head for head in theirs if head.document.system not in said]
    return found


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
