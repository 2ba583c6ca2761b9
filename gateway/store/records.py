"""Queries about records: versions with their provenance, and the views readers get."""

import hashlib
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, literal, literal_column, select, update

from gateway.store.query import Query, Reader, run
from gateway.store.tables import CurrentView, RawPayload, RecordVersion
from gateway.store.upsert import insert
from schemas import Kind

_V: Any = RecordVersion.__table__  # type: ignore[attr-defined]
_C: Any = CurrentView.__table__  # type: ignore[attr-defined]
_R: Any = RawPayload.__table__  # type: ignore[attr-defined]

DOCUMENT = ("person_id", "kind", "system", "source_ref")


class View(NamedTuple):
    """A stored document with what `meta` says of it; times are ISO text."""

    record_id: str
    version: int
    source: str
    written_at: str | None
    received_at: str
    body: bytes
    source_ref: str
    status: str = "current"


VIEW = (
    _C.c.record_id,
    _C.c.version,
    _C.c.source,
    _C.c.written_at,
    _C.c.received_at,
    _C.c.body,
    _C.c.source_ref,
)
"""The columns of a current view, in the order of `View`."""
_CURRENT = Query(
    select(*VIEW).where(_C.c.person_id == bindparam("person"), _C.c.kind == bindparam("kind"))
)

_VERSION = select(
    _V.c.id,
    _V.c.version,
    _V.c.system,
    _V.c.written_at,
    _V.c.received_at,
    _V.c.body,
    _V.c.source_ref,
    _V.c.status,
).where(_V.c.person_id == bindparam("person"), _V.c.kind == bindparam("kind"))
_PAGE = (
    _VERSION.order_by(
        func.coalesce(_V.c.written_at, _V.c.received_at).desc(), _V.c.received_at.desc(), _V.c.id
    )
    .offset(bindparam("offset"))
    .limit(bindparam("limit"))
)
_VERSIONS = {
    True: Query(_PAGE.where(_V.c.status == literal("current"))),
    False: Query(_PAGE),
}
_BY_ID = Query(_VERSION.where(_V.c.id == bindparam("id")))


async def current(store: Reader, person: str, kind: Kind) -> View | None:
    """What a reader gets for this person and kind, or `None` where nothing is held."""
    rows = await store.rows(_CURRENT, {"person": person, "kind": kind.value})
    return View(*rows[0]) if rows else None


async def versions(
    store: Reader, person: str, kind: Kind, *, newest_only: bool, offset: int, limit: int
) -> list[View]:
    """Versions, newest first by the source's own time; `newest_only` leaves one per document."""
    named = {"person": person, "kind": kind.value, "offset": offset, "limit": limit}
    return [View(*row) for row in await store.rows(_VERSIONS[newest_only], named)]


async def by_id(store: Reader, person: str, kind: Kind, record_id: str) -> View | None:
    """One version of one document of this person."""
    named = {"person": person, "kind": kind.value, "id": record_id}
    rows = await store.rows(_BY_ID, named)
    return View(*rows[0]) if rows else None


_KEEP_RAW = Query(insert(_R).on_conflict_do_nothing(index_elements=["hash"]))


def keep_raw(connection: Connection, raw: bytes) -> str:
    """Keep the bytes as they came; returns their SHA-256 in hex."""
    digest = hashlib.sha256(raw).hexdigest()
    run(connection, _KEEP_RAW, {"hash": digest, "body": raw})
    return digest


_RAW = Query(select(_R.c.body).where(_R.c.hash == bindparam("digest")))


async def raw(store: Reader, digest: str) -> bytes:
    """The bytes kept under this hash."""
    rows = await store.rows(_RAW, {"digest": digest})
    return bytes(rows[0][0])


_IS_DOCUMENT = [_V.c[name] == bindparam(f"of_{name}") for name in DOCUMENT]
_IS_KIND = [_V.c.person_id == bindparam("person"), _V.c.kind == bindparam("kind")]


class Known(NamedTuple):
    """A version of a document, without its body."""

    id: str
    version: int
    status: str
    written_at: str | None
    content_hash: str


class Held(NamedTuple):
    """A version that takes part in what readers get."""

    id: str
    system: str
    body: bytes
    standing: int
    written_at: str | None
    received_at: str
    source_ref: str


_HELD = select(*(_V.c[name] for name in Held._fields)).where(*_IS_KIND)
_OF_DOCUMENT = Query(
    select(*(_V.c[name] for name in Known._fields)).where(*_IS_DOCUMENT).order_by(_V.c.version)
)
_SUPERSEDE = Query(
    update(_V)
    .where(*_IS_DOCUMENT, _V.c.status == literal("current"))
    .values(status=literal("superseded"))
)
_ADD = Query(_V.insert())
_HEADS = Query(_HELD.where(_V.c.status == literal("current")))
_LINEAGE = Query(
    _HELD.where(_V.c.system == bindparam("system"), _V.c.status != literal("historical")).order_by(
        _V.c.received_at, _V.c.version
    )
)
_HOLDS = Query(
    select(literal(1))
    .where(_V.c.person_id == bindparam("person"), _V.c.system == bindparam("system"))
    .limit(literal_column("1"))
)


def document(connection: Connection, **key: str) -> list[Known]:
    """Every version of one document (`DOCUMENT` names the key), oldest first, without bodies."""
    named = {f"of_{name}": key[name] for name in DOCUMENT}
    return [Known(*row) for row in run(connection, _OF_DOCUMENT, named).fetchall()]


def add_version(connection: Connection, **values: Any) -> None:
    """Append a version; a `current` one supersedes its predecessor."""
    if values["status"] == "current" and values["version"] > 1:
        run(connection, _SUPERSEDE, {f"of_{name}": values[name] for name in DOCUMENT})
    run(connection, _ADD, values)


def heads(connection: Connection, person: str, kind: Kind) -> list[Held]:
    """The newest version of every document of this person and kind."""
    rows = run(connection, _HEADS, {"person": person, "kind": kind.value}).fetchall()
    return [Held(*row) for row in rows]


def lineage(connection: Connection, person: str, kind: Kind, system: str) -> list[Held]:
    """Every version one system ever gave of this kind that was current once, oldest first."""
    named = {"person": person, "kind": kind.value, "system": system}
    return [Held(*row) for row in run(connection, _LINEAGE, named).fetchall()]


def person_of_payload(
    connection: Connection, system: str, raw_hash: str, content_hash: str
) -> str | None:
    """Whom the very same bytes were filed under before, if they ever came."""
    query = select(_V.c.person_id).where(
        _V.c.raw_hash == raw_hash, _V.c.system == system, _V.c.content_hash == content_hash
    )
    return connection.execute(query.limit(1)).scalar()


def holds(connection: Connection, person: str, system: str) -> bool:
    """Whether this system has ever sent anything about the person."""
    return bool(run(connection, _HOLDS, {"person": person, "system": system}).fetchall())


def _upsert_view() -> Any:
    statement = insert(_C)
    fresh = {column.name: statement.excluded[column.name] for column in _C.columns}
    return statement.on_conflict_do_update(
        index_elements=["person_id", "kind"],
        set_=fresh | {"version": _C.c.version + 1},
        where=(_C.c.body != statement.excluded.body)
        | (_C.c.record_id != statement.excluded.record_id),
    )


_SET_CURRENT = Query(_upsert_view())


def set_current(connection: Connection, **values: Any) -> None:
    """Replace what readers get; the view's own version counts its changes."""
    run(connection, _SET_CURRENT, values | {"version": 1})
