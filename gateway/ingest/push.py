"""One push: cut into payloads, mapped, filed or quarantined, answered item by item."""

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from adapters.base import Adapter, AdapterError, Item, MappedPerson, Subject
from gateway.clock import now, stamp
from gateway.drafts import Done
from gateway.errors import Problem, overloaded
from gateway.ingest.apply import Filed, Origin, expected, file_person, summary
from gateway.ingest.identity import HeldError, Linked
from gateway.store import pushes
from gateway.store.ledger import Ledger

MOST_PAYLOADS = 200
MOST_WAITING = 32
"""Pushes that may wait for their mapping: far fewer than requests in flight, so that however many
are sent, there is room for those who read."""
_MAPPING = ThreadPoolExecutor(1, "mapping")
_PLACES = threading.BoundedSemaphore(MOST_WAITING)
NULL = rb"\u0000"
"""As JSON writes it. XML has no such character, and not every database could keep it."""


@dataclass(frozen=True, slots=True)
class Push:
    """What a client sent: `whole` is the body as it came, `subject` the one of the header."""

    adapter: Adapter
    client: str
    whole: bytes
    subject: Subject | None = None
    idempotency_key: str | None = None
    issuer: str = ""
    entry: str | None = None
    """The audit entry of what is filed."""

    @property
    def keeper(self) -> str:
        """Whose idempotency key it is: client names are unique within an issuer only."""
        return f"{self.issuer} {self.client}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A payload after its adapter: the people in it, or why it cannot be mapped."""

    item: Item
    people: Sequence[MappedPerson]
    error: AdapterError | None = None


def map_push(push: Push) -> list[Mapped]:
    """Run the adapter over every payload; pure, so it may run on any thread.

    A body that cannot even be cut is one payload, whole, with its error.
    """
    try:
        items = push.adapter.split(push.whole)
    except AdapterError as error:
        return [Mapped(Item(push.whole, push.subject), (), error)]
    if len(items) > MOST_PAYLOADS:
        raise Problem(
            413,
            "too-many-payloads",
            "Too many payloads in one push",
            f"Send at most {MOST_PAYLOADS} at a time: everybody's reads wait while they are filed.",
            outcome="invalid",
        )
    return [map_item(push, item) for item in items]


async def map_in_turn(push: Push) -> list[Mapped]:
    """The same on a thread of its own, one push at a time. Mapping keeps the interpreter busy: many
    at once would be done no sooner, and every reader would wait for each of them in turn.

    Raises `Problem` (503) where too many wait already: the client keeps its body and comes back.
    """
    if not _PLACES.acquire(blocking=False):
        raise overloaded()
    try:
        return await asyncio.get_running_loop().run_in_executor(_MAPPING, map_push, push)
    finally:
        _PLACES.release()


def map_item(push: Push, item: Item) -> Mapped:
    """Run the adapter over one payload."""
    if push.subject and not item.subject:
        item = replace(item, subject=push.subject)
    if NULL in item.raw:
        return Mapped(
            item, (), AdapterError("null-character", "no text holds the character U+0000")
        )
    try:
        return Mapped(item, push.adapter.read(item.raw, item.subject))
    except AdapterError as error:
        return Mapped(item, (), error)


def file_push(connection: Connection, push: Push, mapped: Sequence[Mapped]) -> Done:
    """File a mapped push in the caller's transaction and say what became of each payload.

    A retry under the same `Idempotency-Key` gets the first answer again and changes nothing.
    """
    if push.idempotency_key and (again := _replayed(connection, push)):
        return again
    ledger = Ledger(connection)
    results = file_all(ledger, push, mapped)
    ledger.write()
    counts = Counter(result["outcome"] for result, _ in results)
    filed = [f for _, parts in results for f in parts]
    answer = {"items": [result for result, _ in results], "counts": dict(counts)}
    done = _done(answer, counts, filed, ledger.concerned)
    if push.idempotency_key:
        pushes.remember(
            connection,
            client=push.keeper,
            key=push.idempotency_key,
            request_hash=_request_hash(push),
            status=done.status,
            answer=done.body,
            created_at=stamp(now()),
        )
    return done


def file_all(
    ledger: Ledger, push: Push, mapped: Sequence[Mapped], decided: Linked | None = None
) -> list[tuple[dict[str, Any], list[Filed]]]:
    """Decide on every payload: what the answer says of it, and the records it became. `decided`:
    whom a human said that they are about."""
    people = [person for one in mapped for person in one.people]
    ledger.expect(*expected(people, push.adapter.system), push.adapter.system)
    return [_file_item(ledger, push, index, one, decided) for index, one in enumerate(mapped)]


def _done(
    answer: dict[str, Any], counts: Counter[str], filed: Sequence[Filed], concerned: Iterable[str]
) -> Done:
    refused = counts.keys() == {"quarantined"}
    if refused:
        answer = {
            "type": "urn:mappa-gateway:problem:quarantined",
            "title": "Nothing could be mapped; everything is kept in quarantine",
            "status": 422,
            "detail": "Correct what each item's reason says and push again, or ask for a replay.",
        } | answer
    return Done(
        status=422 if refused else 200,
        body=orjson.dumps(answer),
        outcome="quarantined" if refused else "pushed",
        persons=list(dict.fromkeys([*(f.person for f in filed), *concerned])),
        records=[{"id": f.record_id, "kind": f.kind.value, "version": f.version} for f in filed],
        media_type="application/problem+json" if refused else "application/json",
    )


def _file_item(
    ledger: Ledger, push: Push, index: int, mapped: Mapped, decided: Linked | None
) -> tuple[dict[str, Any], list[Filed]]:
    raw_hash = ledger.keep_raw(mapped.item.raw)
    error, filed, merged = mapped.error, list[Filed](), False
    if error is None:
        ledger.mark()
        try:
            adapter = push.adapter
            origin = Origin(
                adapter.system, adapter.version, push.client, raw_hash, now(), push.entry
            )
            people = [file_person(ledger, one, origin, decided) for one in mapped.people]
            filed = [record for records, _ in people for record in records]
            merged = any(merged for _, merged in people)
        except AdapterError as unclear:
            error, filed = unclear, []
            ledger.undo()
    if error is not None:
        return _quarantine(ledger, push, index, mapped.item, raw_hash, error), []
    cautions = [c for person in mapped.people for c in person.cautions]
    return {
        "index": index,
        "outcome": summary(filed, merged=merged),
        "records": [
            {
                "id": f.record_id,
                "person": f.person,
                "kind": f.kind,
                "version": f.version,
                "outcome": f.outcome,
            }
            for f in filed
        ],
        "warnings": [{"code": c.code, "pointer": mapped.item.placed(c.pointer)} for c in cautions],
    }, filed


def _quarantine(
    ledger: Ledger,
    push: Push,
    index: int,
    item: Item,
    raw_hash: str,
    error: AdapterError,
) -> dict[str, Any]:
    pointer = item.placed(error.pointer)
    identity = pushes.quarantine(
        ledger,
        system=push.adapter.system,
        client=push.client,
        subject=f"{item.subject.scheme}:{item.subject.value}" if item.subject else None,
        received_at=stamp(now()),
        reason=error.code,
        detail=error.detail,
        pointer=pointer,
        raw_hash=raw_hash,
        review_id=_reviewed(ledger, error),
    )
    reason = {"code": error.code, "detail": error.detail, "pointer": pointer}
    return {
        "index": index,
        "outcome": "quarantined",
        "quarantine": identity,
        "reason": reason,
        "records": [],
        "warnings": [],
    }


def _reviewed(ledger: Ledger, error: AdapterError) -> str | None:
    """The review that a payload about two persons waits for."""
    if not isinstance(error, HeldError):
        return None
    return pushes.review(ledger, *error.persons, error.reason, stamp(now()))


def _replayed(connection: Connection, push: Push) -> Done | None:
    row = pushes.remembered(connection, push.keeper, push.idempotency_key or "")
    if row is None:
        return None
    if row.request_hash != _request_hash(push):
        raise Problem(
            422,
            "idempotency-key-reused",
            "This Idempotency-Key was used for another request",
            "Use a new key for a new request.",
            outcome="invalid",
        )
    problem = row.status >= 400
    again = [r for item in orjson.loads(row.answer)["items"] for r in item["records"]]
    return Done(
        status=row.status,
        body=row.answer,
        outcome="replayed",
        persons=list(dict.fromkeys(r["person"] for r in again)),
        records=[{"id": r["id"], "kind": r["kind"], "version": r["version"]} for r in again],
        headers={"Idempotency-Replayed": "true"},
        media_type="application/problem+json" if problem else "application/json",
    )


def _request_hash(push: Push) -> str:
    subject = f"{push.subject.scheme}:{push.subject.value}" if push.subject else ""
    head = f"{push.adapter.system}\n{subject}\n".encode()
    return hashlib.sha256(head + push.whole).hexdigest()
