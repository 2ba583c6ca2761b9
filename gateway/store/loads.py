"""Queries about how far the conversion of a file got."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from gateway.store.query import Query, run
from gateway.store.tables import LoadedFile
from gateway.store.upsert import insert

_L: Any = LoadedFile.__table__  # type: ignore[attr-defined]


class Key(NamedTuple):
    """What is loaded: the same content, for the same system, about the same subject if any."""

    file_hash: str
    system: str
    subject: str


class State(NamedTuple):
    """How far it got: payloads done, bytes of the rejects file, outcomes so far as JSON, and the
    version of the adapter that cut it."""

    position: int
    rejects_size: int
    counts: str
    finished_at: str | None
    version: str | None


_IS = [_L.c[name] == bindparam(name) for name in Key._fields]
_STATE = Query(select(*(_L.c[name] for name in State._fields)).where(*_IS))
_INSERT: Any = insert(_L)
_BEGIN = Query(
    _INSERT.on_conflict_do_update(
        index_elements=Key._fields,
        set_={name: _INSERT.excluded[name] for name in (*State._fields, "started_at")},
    )
)
_ADVANCE = Query(
    update(_L)
    .where(*_IS, _L.c.position == bindparam("before"))
    .values({name: bindparam(f"new_{name}", type_=_L.c[name].type) for name in State._fields})
    .returning(_L.c.position)
)


def state(connection: Connection, key: Key) -> State | None:
    """How far it got, if it was ever begun."""
    rows = run(connection, _STATE, key._asdict()).fetchall()
    return State(*rows[0]) if rows else None


def begin(connection: Connection, key: Key, moment: str, version: str) -> State:
    """Begin, or begin again."""
    fresh = State(0, 0, "{}", None, version)
    run(connection, _BEGIN, key._asdict() | fresh._asdict() | {"started_at": moment})
    return fresh


def advance(connection: Connection, key: Key, before: int, now: State) -> bool:
    """Go on from `before`; False, and nothing done, where it is no longer there."""
    fresh = {f"new_{name}": value for name, value in now._asdict().items()}
    return bool(run(connection, _ADVANCE, {**key._asdict(), "before": before, **fresh}).fetchall())
