"""Filing mapped records as versions and refreshing what readers and policies see."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from adapters.base import AdapterError, MappedPerson, MappedRecord
from gateway.clock import stamp
from gateway.identity.source import merged_at_source
from gateway.ingest.identity import Claim, Linked, link
from gateway.ingest.view import dump, refresh
from gateway.randomness import RANDOM
from gateway.store.filed import Document, Version
from gateway.store.identity import By
from gateway.store.ledger import Ledger, Pair
from schemas import Kind

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
    entry: str | None = None
    """The audit entry that records its arrival."""
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
    people = [person for person in mapped if person.records or person.merged]
    claims = [Claim.of(person, system) for person in people]
    pairs = [pair for claim in claims for pair in (*claim.identifiers, *claim.merged)]
    return pairs, {one.record.kind for person in people for one in person.records}


def file_person(
    ledger: Ledger, mapped: MappedPerson, origin: Origin, decided: Linked | None = None
) -> tuple[list[Filed], bool]:
    """File every record of one person, and say whether their source has made two persons one;
    raises `AdapterError` where whose they are is unclear.

    A payload that says nothing of a person makes nobody known. `decided`: whom a human said that
    it is about, whatever it says itself.
    """
    claim = Claim.of(mapped, origin.system)
    if not mapped.records and not (claim.identifiers and claim.merged):
        return [], False
    bodies = [(r, dump(r.record)) for r in mapped.records]
    first = _digest(bodies[0][1]) if bodies else ""
    linked = decided or link(ledger, claim, origin.raw_hash, first, origin.moment)
    filed = [_file(ledger, linked, record, body, origin) for record, body in bodies]
    for kind in {f.kind for f in filed if f.outcome in ("created", "updated")}:
        refresh(ledger, linked.person, kind)
    if not claim.merged or decided:
        return filed, False
    by = By(origin.system, origin.entry, origin.moment)
    return filed, merged_at_source(ledger, linked, claim, by)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _file(
    ledger: Ledger, linked: Linked, mapped: MappedRecord, body: bytes, origin: Origin
) -> Filed:
    kind, person = mapped.record.kind, linked.person
    document = Document(linked.filed_under, kind.value, origin.system, mapped.source_ref)
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
        version=max((row.version for row in earlier), default=0) + 1,
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


def summary(filed: Iterable[Filed], *, merged: bool) -> Outcome:
    """One word for a payload: the most telling outcome of its records. One that has `merged`
    persons changes what is held of them, though it brings no record."""
    outcomes: set[Outcome] = {f.outcome for f in filed} | ({"updated"} if merged else set())
    order: tuple[Outcome, ...] = ("created", "updated", "historical")
    return next((o for o in order if o in outcomes), "unchanged")
