"""Filing mapped records as versions and refreshing what readers and policies see."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from adapters.base import AdapterError, MappedPerson, MappedRecord
from gateway.clock import stamp
from gateway.ingest import access
from gateway.ingest.compose import Source, choose, compose, conditions
from gateway.ingest.identity import Claim, link
from gateway.store import records
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


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one record of a payload."""

    record_id: str
    person: str
    kind: Kind
    version: int
    outcome: Outcome


def file_person(connection: Connection, mapped: MappedPerson, origin: Origin) -> list[Filed]:
    """File every record of one person; raises `AdapterError` where whose they are is unclear.

    A payload that says nothing of a person makes nobody known.
    """
    if not mapped.records:
        return []
    bodies = [(r, dump(r.record)) for r in mapped.records]
    first = _digest(bodies[0][1])
    claim = Claim.of(mapped, origin.system)
    moment = stamp(origin.received_at)
    person = link(connection, claim, origin.raw_hash, first, moment)
    filed = [_file(connection, person, record, body, origin) for record, body in bodies]
    for kind in {f.kind for f in filed if f.outcome in ("created", "updated")}:
        refresh(connection, person, kind)
    return filed


def dump(record: Record) -> bytes:
    """The record as stored: camelCase JSON."""
    return record.model_dump_json(by_alias=True).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _file(
    connection: Connection, person: str, mapped: MappedRecord, body: bytes, origin: Origin
) -> Filed:
    kind = mapped.record.kind
    key = {
        "person_id": person,
        "kind": kind.value,
        "system": origin.system,
        "source_ref": mapped.source_ref,
    }
    if mapped.written_at and mapped.written_at > origin.received_at + CLOCKS_DIFFER:
        raise AdapterError(
            "written-in-the-future", "its source says it was written later than now; mend the clock"
        )
    written_at = stamp(mapped.written_at) if mapped.written_at else None
    digest = _digest(body)
    earlier = records.document(connection, **key)
    newest = next((row for row in earlier if row.status == "current"), None)
    for row in earlier:
        same = row.content_hash == digest
        if same and (row is newest or (written_at and row.written_at == written_at)):
            return Filed(row.id, person, kind, row.version, "unchanged")
    late = newest and written_at and newest.written_at and written_at < newest.written_at
    identity, version = str(uuid.uuid4()), len(earlier) + 1
    records.add_version(
        connection,
        **key,
        id=identity,
        version=version,
        status="historical" if late else "current",
        written_at=written_at,
        received_at=stamp(origin.received_at),
        adapter_version=origin.adapter_version,
        client=origin.client,
        standing=mapped.record.standing,
        raw_hash=origin.raw_hash,
        content_hash=digest,
        body=body,
    )
    outcome: Outcome = "historical" if late else "updated" if newest else "created"
    return Filed(identity, person, kind, version, outcome)


def refresh(connection: Connection, person: str, kind: Kind) -> None:
    """Compose anew what readers get for this kind, and what policies know of the person."""
    sources = [_source(row, kind) for row in records.heads(connection, person, kind)]
    chosen = choose(kind, sources)
    past = records.lineage(connection, person, kind, chosen.system) if kind is Kind.MAPPA else ()
    record = compose(kind, chosen, sources, [_source(row, kind) for row in past])
    _show(connection, person, chosen, record)
    if isinstance(record, Licence):
        _show(connection, person, chosen, conditions(record))
    access.note(connection, person, record, sources)


def _show(connection: Connection, person: str, chosen: Source, record: Record) -> None:
    records.set_current(
        connection,
        person_id=person,
        kind=record.kind.value,
        record_id=chosen.record_id,
        source=chosen.system,
        source_ref=chosen.source_ref,
        written_at=chosen.written_at,
        received_at=chosen.received_at,
        body=dump(record),
    )


def _source(row: Any, kind: Kind) -> Source:
    return Source(
        record_id=row.id,
        system=row.system,
        record=RECORDS[kind].model_validate_json(row.body),
        standing=row.standing,
        written_at=row.written_at,
        received_at=row.received_at,
        source_ref=row.source_ref,
    )


def summary(filed: Iterable[Filed]) -> Outcome:
    """One word for a payload: the most telling outcome of its records."""
    outcomes = {f.outcome for f in filed}
    order: tuple[Outcome, ...] = ("created", "updated", "historical")
    return next((o for o in order if o in outcomes), "unchanged")
