"""Queries about records: versions with their provenance, and the views readers get."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal, or_, select

from gateway.store.query import Query, Reader
from gateway.store.tables import CurrentView, Person, RawPayload, RecordVersion
from schemas import Kind

_V: Any = RecordVersion.__table__  # type: ignore[attr-defined]
_C: Any = CurrentView.__table__  # type: ignore[attr-defined]
_R: Any = RawPayload.__table__  # type: ignore[attr-defined]
_P: Any = Person.__table__  # type: ignore[attr-defined]


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
    select(*VIEW).where(
        _C.c.person_id == bindparam("person"),
        _C.c.kind == bindparam("kind"),
        _C.c.record_id != literal(""),
    )
)
_PERSON: Any = bindparam("person")
GROUP = select(_P.c.id).where(or_(_P.c.id == _PERSON, _P.c.survivor == _PERSON))
"""The ids that a person's records are filed under: their own, and of those merged into them."""

_VERSION = select(
    _V.c.id,
    _V.c.version,
    _V.c.system,
    _V.c.written_at,
    _V.c.received_at,
    _V.c.body,
    _V.c.source_ref,
    _V.c.status,
).where(_V.c.person_id.in_(GROUP), _V.c.kind == bindparam("kind"))
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


_RAW = Query(select(_R.c.body).where(_R.c.hash == bindparam("digest")))


async def raw(store: Reader, digest: str) -> bytes:
    """The bytes kept under this hash."""
    rows = await store.rows(_RAW, {"digest": digest})
    return bytes(rows[0][0])
