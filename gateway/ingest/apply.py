"""Filing mapped records as versions and refreshing what readers and policies see."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from adapters.base import AdapterError, MappedPerson, MappedRecord
from gateway.clock import stamp
from gateway.ingest import access
from gateway.ingest.compose import Source, choose, compose, conditions
from gateway.ingest.identity import Claim, link
from gateway.randomness import RANDOM
from gateway.store.filed import Document, Version
from gateway.store.ledger import Head, Ledger, Pair
from schemas import RECORDS, Kind, Record
from schemas.licence import Licence

CLOCKS_DIFFER = timedelta(days=1)
"""A later time would make every true record after it history."""

Outcome = Literal["created", "updated", "unchanged", "historical"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a payload came from: kept with every version."""

    system: str
    adapter_version: str
    client: str
    raw_hash: str
    received_at: datetime
    moment: str = field(init=False)
    """The same, written once for all that is filed."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "moment", stamp(self.received_at))


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one record of a payload."""

    record_id: str
    person: str
    kind: Kind
    version: int
    outcome: Outcome


def expected(mapped: Iterable[MappedPerson], system: str) -> tuple[list[Pair], set[Kind]]:
    """What filing these will look at: for `Ledger.expect`."""
    people = [person for person in mapped if person.records]
    pairs = [pair for person in people for pair in Claim.of(person, system).identifiers]
    return pairs, {one.record.kind for person in people for one in person.records}


def file_person(ledger: Ledger, mapped: MappedPerson, origin: Origin) -> list[Filed]:
    """File every record of one person; raises `AdapterError` where whose they are is unclear.

    A payload that says nothing of a person makes nobody known.
    """
    if not mapped.records:
        return []
    bodies = [(r, dump(r.record)) for r in mapped.records]
    first = _digest(bodies[0][1])
    claim = Claim.of(mapped, origin.system)
    person = link(ledger, claim, origin.raw_hash, first, origin.moment)
    filed = [_file(ledger, person, record, body, origin) for record, body in bodies]
    for kind in {f.kind for f in filed if f.outcome in ("created", "updated")}:
        refresh(ledger, person, kind)
    return filed


def dump(record: Record) -> bytes:
    """The record as stored: camelCase JSON."""
    return record.model_dump_json(by_alias=True).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _file(ledger: Ledger, person: str, mapped: MappedRecord, body: bytes, origin: Origin) -> Filed:
    kind = mapped.record.kind
    document = Document(person, kind.value, origin.system, mapped.source_ref)
    if mapped.written_at and mapped.written_at > origin.received_at + CLOCKS_DIFFER:
        raise AdapterError(
            "written-in-the-future", "its source says it was written later than now; mend the clock"
        )
    written_at = stamp(mapped.written_at) if mapped.written_at else None
    digest = _digest(body)
    earlier = ledger.document(document)
    newest = next((row for row in earlier if row.status == "current"), None)
    for row in earlier:
        same = row.content_hash == digest
        if same and (row is newest or (written_at and row.written_at == written_at)):
            return Filed(row.id, person, kind, row.version, "unchanged")
    late = newest and written_at and newest.written_at and written_at < newest.written_at
    version = Version(
        id=RANDOM.uuid(),
        version=len(earlier) + 1,
        status="historical" if late else "current",
        written_at=written_at,
        received_at=origin.moment,
        standing=mapped.record.standing,
        content_hash=digest,
        body=body,
        record=mapped.record,
    )
    ledger.add_version(
        document,
        version,
        adapter_version=origin.adapter_version,
        client=origin.client,
        raw_hash=origin.raw_hash,
    )
    outcome: Outcome = "historical" if late else "updated" if newest else "created"
    return Filed(version.id, person, kind, version.version, outcome)


def refresh(ledger: Ledger, person: str, kind: Kind) -> None:
    """Compose anew what readers get for this kind, and what policies know of the person."""
    sources = [_source(head, kind) for head in ledger.heads(person, kind)]
    chosen = choose(kind, sources)
    past = ledger.lineage(person, kind, chosen.system) if kind is Kind.MAPPA else ()
    record = compose(kind, chosen, sources, [_source(head, kind) for head in past])
    _show(ledger, person, chosen, record)
    if isinstance(record, Licence):
        _show(ledger, person, chosen, conditions(record))
    access.note(ledger, person, record, sources)


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
    )


def summary(filed: Iterable[Filed]) -> Outcome:
    """One word for a payload: the most telling outcome of its records."""
    outcomes = {f.outcome for f in filed}
    order: tuple[Outcome, ...] = ("created", "updated", "historical")
    return next((o for o in order if o in outcomes), "unchanged")
