"""Queries about pushes: the quarantine, the idempotency keys, the identity reviews."""

import hashlib
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from gateway.store.ledger import Ledger
from gateway.store.query import Query, Reader
from gateway.store.tables import IdempotentPush, IdentityReview, Quarantined
from gateway.store.upsert import insert

_Q: Any = Quarantined.__table__  # type: ignore[attr-defined]
_K: Any = IdempotentPush.__table__  # type: ignore[attr-defined]
_R: Any = IdentityReview.__table__  # type: ignore[attr-defined]


_INSERT: Any = insert(_Q)
_FRESH = {
    key: _INSERT.excluded[key]
    for key in ("reason", "detail", "pointer", "released_at", "review_id")
}
_QUARANTINE = Query(_INSERT.on_conflict_do_update(index_elements=["id"], set_=_FRESH))
_REVIEW = Query(insert(_R).on_conflict_do_nothing(index_elements=["id"]))


def quarantine(ledger: Ledger, **values: Any) -> str:
    """Keep an unmappable payload; the same bytes about the same subject are kept once.

    Returns the quarantine id, which is derived from system, bytes and subject.
    """
    name = "\n".join((values["system"], values["raw_hash"], values["subject"] or ""))
    identity = hashlib.sha256(name.encode()).hexdigest()[:32]
    ledger.later(_QUARANTINE, identity, id=identity, released_at=None, **values)
    return identity


class Kept(NamedTuple):
    """A quarantined payload."""

    id: str
    system: str
    client: str
    subject: str | None
    received_at: str
    reason: str
    detail: str
    pointer: str
    raw_hash: str


_KEPT = select(*(_Q.c[name] for name in Kept._fields))
_ONE = Query(_KEPT.where(_Q.c.id == bindparam("id")))


@lru_cache(64)
def _waiting(systems: int | None) -> Query:
    query = _KEPT.where(_Q.c.released_at.is_(None), _Q.c.id > bindparam("after"))
    if systems is not None:
        query = query.where(_Q.c.system.in_([bindparam(f"system_{n}") for n in range(systems)]))
    return Query(query.order_by(_Q.c.id).limit(bindparam("limit")))


async def quarantined(
    store: Reader, systems: tuple[str, ...] | None, after: str, limit: int
) -> list[Kept]:
    """Payloads still waiting, in id order after `after`; `systems` limits them (`None`: all)."""
    query = _waiting(None if systems is None else len(systems))
    named = {f"system_{n}": system for n, system in enumerate(systems or ())}
    rows = await store.rows(query, named | {"after": after, "limit": limit})
    return [Kept(*row) for row in rows]


async def one_quarantined(store: Reader, identity: str) -> Kept | None:
    """A quarantined payload, released or not."""
    rows = await store.rows(_ONE, {"id": identity})
    return Kept(*rows[0]) if rows else None


def release(connection: Connection, identity: str, moment: str) -> None:
    """Note that a payload left the quarantine."""
    connection.execute(update(_Q).where(_Q.c.id == identity).values(released_at=moment))


def remembered(connection: Connection, client: str, key: str) -> Row[Any] | None:
    """The answer given to this client's idempotency key before, if any."""
    query = select(_K).where(_K.c.client == client, _K.c.key == key)
    return connection.execute(query).first()


def remember(connection: Connection, **values: Any) -> None:
    """Keep the answer to an idempotency key."""
    connection.execute(_K.insert(), values)


def review(
    ledger: Ledger, person: str, other: str | None, reason: str, moment: str, **found: Any
) -> str:
    """Ask a human whether two persons are one; asked once per pair and reason. Returns its id.

    `found` is what the linkage found: `weight` and `evidence`.
    """
    name = "\n".join((*sorted((person, other or "")), reason))
    identity = hashlib.sha256(name.encode()).hexdigest()[:32]
    fresh = dict.fromkeys(_R.columns.keys()) | {"version": 0} | found
    values = {"id": identity, "person_id": person, "other_person_id": other, "reason": reason}
    ledger.later(_REVIEW, identity, **fresh | values | {"created_at": moment})
    return identity
