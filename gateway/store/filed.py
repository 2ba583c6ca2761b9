"""Statements about what is filed: whose identifiers, which versions, what readers get of them."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, literal, literal_column, select, update

from gateway.store.many import Many
from gateway.store.query import Query
from gateway.store.tables import (
    Assignment,
    CurrentView,
    IdentityDecision,
    IdentityReview,
    LimitedUser,
    Person,
    PersonArea,
    PersonIdentifier,
    RawPayload,
    RecordVersion,
)
from gateway.store.upsert import insert
from schemas import Kind, Record

_P: Any = Person.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]
_V: Any = RecordVersion.__table__  # type: ignore[attr-defined]
_C: Any = CurrentView.__table__  # type: ignore[attr-defined]
_R: Any = RawPayload.__table__  # type: ignore[attr-defined]
_W: Any = IdentityReview.__table__  # type: ignore[attr-defined]
_D: Any = IdentityDecision.__table__  # type: ignore[attr-defined]


class Document(NamedTuple):
    """What versions are versions of: one document of one system about one person."""

    person_id: str
    kind: str
    system: str
    source_ref: str


class Version(NamedTuple):
    """A version of a document. `record` is what `body` holds, where somebody has read it."""

    id: str
    version: int
    status: str
    written_at: str | None
    received_at: str
    standing: int
    content_hash: str
    body: bytes = b""
    record: Record | None = None


PERSON_COLUMNS: tuple[str, ...] = tuple(_P.columns.keys())
_KEY = [_V.c[name] for name in Document._fields]
_KNOWN = [_V.c[name] for name in Version._fields[:-2]]
_OF_KIND = _V.c.kind == bindparam("kind")
_OF_SYSTEM = _V.c.system == bindparam("system")

CLAIMS = Many(
    lambda among: select(_I.c.value, _I.c.person_id, _I.c.disputed).where(
        _I.c.scheme == bindparam("scheme"), among(_I.c.value)
    )
)
"""Who claims the identifiers of one scheme."""
NAMES = Many(
    lambda among: select(_I.c.person_id, _I.c.scheme, _I.c.value).where(among(_I.c.person_id))
)
PEOPLE = Many(lambda among: select(*_P.columns).where(among(_P.c.id)))
HOLDS = Many(
    lambda among: select(_P.c.id).where(
        among(_P.c.id),
        select(literal(1)).where(_V.c.person_id == _P.c.id, _OF_SYSTEM).exists(),
    )
)
"""Of these people, those about whom a system has ever sent anything."""
DOCUMENTS = Many(
    lambda among: (
        select(*_KEY, *_KNOWN)
        .where(among(_V.c.person_id), _OF_KIND, _OF_SYSTEM)
        .order_by(_V.c.version)
    )
)
HEADS = Many(
    lambda among: select(*_KEY, *_KNOWN, _V.c.body).where(
        among(_V.c.person_id), _OF_KIND, _V.c.status == literal("current")
    )
)
LINEAGE = Query(
    select(*_KEY, *_KNOWN, _V.c.body)
    .where(_V.c.person_id == bindparam("person"), _OF_KIND, _OF_SYSTEM)
    .where(_V.c.status != literal("historical"))
)
OF_PAYLOAD = Query(
    select(_V.c.person_id)
    .where(_V.c.raw_hash == bindparam("raw_hash"), _OF_SYSTEM)
    .where(_V.c.content_hash == bindparam("content_hash"))
    .limit(literal_column("1"))
)


def _upsert(table: Any, *keys: str) -> Query:
    statement = insert(table)
    fresh = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    return Query(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


def _upsert_view() -> Query:
    """The view's own version counts its changes."""
    statement = insert(_C)
    fresh = {column.name: statement.excluded[column.name] for column in _C.columns}
    upsert = statement.on_conflict_do_update(
        index_elements=["person_id", "kind"],
        set_=fresh | {"version": _C.c.version + 1},
        where=(_C.c.body != statement.excluded.body)
        | (_C.c.record_id != statement.excluded.record_id),
    )
    return Query(upsert)


KEEP_RAW = Query(insert(_R).on_conflict_do_nothing(index_elements=["hash"]))
KEEP_PERSON = _upsert(_P, "id")
_CLAIM = insert(_I)
CLAIM = Query(
    _CLAIM.on_conflict_do_update(
        index_elements=["scheme", "value", "person_id"],
        set_={"disputed": _CLAIM.excluded.disputed},
    )
)
MERGED = Query(
    update(_I)
    .where(*(_I.c[name] == bindparam(f"of_{name}") for name in ("scheme", "value", "person_id")))
    .values(merged=literal(True))
)
"""An identifier that its source has merged into another of the person's."""
MEMBERS = Query(select(_P.c.id).where(_P.c.survivor == bindparam("person")))
SPLITS = Query(
    select(_D.c.moved, _D.c.decided_at)
    .join(_W, (_W.c.id == _D.c.review_id) & (_W.c.version == _D.c.version))
    .where(_W.c.decision == literal("split"), _D.c.moved.is_not(None))
)
"""What the splits that hold have moved, and when."""
BLANK = Query(
    update(_C)
    .where(_C.c.person_id == bindparam("of_person"), _C.c.kind == bindparam("of_kind"))
    .where(_C.c.record_id != literal(""))
    .values(record_id=literal(""), body=literal(b""), version=_C.c.version + literal_column("1"))
)
"""Nothing of the kind is held any more; the view's version counts on."""
SUPERSEDE = Query(
    update(_V).where(_V.c.id == bindparam("old")).values(status=literal("superseded"))
)
ADD_VERSION = Query(_V.insert())
SHOW = _upsert_view()


class Links:
    """A table of what a record says of a person; new rows take the place of the old."""

    def __init__(self, model: Any, **given_by: str) -> None:
        table: Any = model.__table__
        dropped = delete(table).where(table.c.person_id == bindparam("whose"))
        for column, value in given_by.items():
            dropped = dropped.where(table.c[column] == literal(value))
        self.drop, self.add = Query(dropped), Query(table.insert())


AREAS = {kind: Links(PersonArea, source=kind.value) for kind in (Kind.MAPPA, Kind.CASE_TEAM)}
"""Each kind keeps its own links to areas."""
ASSIGNMENTS = Links(Assignment)
LIMITED_USERS = Links(LimitedUser)
