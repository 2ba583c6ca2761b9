"""Queries about audit entries: appending, finding, and feeding the log."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from gateway.store.query import Query, Reader, run
from gateway.store.tables import AuditEntry, AuditHead, AuditSubject

_E: Any = AuditEntry.__table__  # type: ignore[attr-defined]
_S: Any = AuditSubject.__table__  # type: ignore[attr-defined]
_H: Any = AuditHead.__table__  # type: ignore[attr-defined]
CHUNKS = (64, 16, 4, 1)
"""Rows of one statement, so that few statements fit every group."""


class NewEntry(NamedTuple):
    """An entry to be committed: the columns of `audit_entry` but its number, and its persons."""

    id: str
    time: str
    agency: str
    client: str
    staff: str | None
    operation: str
    outcome: str
    salt: str
    sealed: str
    persons: tuple[str, ...]


_TAKE = Query(
    update(_H).where(_H.c.id == 1).values(size=_H.c.size + bindparam("more")).returning(_H.c.size)
)


@lru_cache(2 * len(CHUNKS))
def _insert(table: Any, rows: int) -> Query:
    names = [column.name for column in table.columns]
    values: list[dict[str, Any]] = [
        {name: bindparam(f"{name}_{row}") for name in names} for row in range(rows)
    ]
    return Query(table.insert().values(values))


def append(connection: Connection, new: Sequence[NewEntry]) -> None:
    """Commit entries with the transaction, in this order, under the numbers that come next."""
    size: int = run(connection, _TAKE, {"more": len(new)}).fetchone()[0]
    numbered = list(enumerate(new, size - len(new) + 1))
    _insert_all(connection, _E, [(seq, *entry[:-1]) for seq, entry in numbered])
    about = [(person, seq) for seq, entry in numbered for person in dict.fromkeys(entry.persons)]
    _insert_all(connection, _S, about)


def _insert_all(connection: Connection, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    done = 0
    for chunk in CHUNKS:
        while len(rows) - done >= chunk:
            values = [value for row in rows[done : done + chunk] for value in row]
            run(connection, _insert(table, chunk), values)
            done += chunk


class Stored(NamedTuple):
    """An entry as it is kept; its position in the log is `seq - 1`."""

    seq: int
    salt: str
    sealed: str


_ONE = Query(select(_E.c.seq, _E.c.salt, _E.c.sealed).where(_E.c.id == bindparam("id")))


async def one(store: Reader, entry_id: str) -> Stored | None:
    """An entry by its id."""
    rows = await store.rows(_ONE, {"id": entry_id})
    return Stored(*rows[0]) if rows else None


class Filters(NamedTuple):
    """What an auditor may search by; `since` and `until` are ISO times, `until` exclusive."""

    persons: tuple[str, ...] | None = None
    staff: str | None = None
    agency: str | None = None
    operation: str | None = None
    outcome: str | None = None
    since: str | None = None
    until: str | None = None


async def find(store: Reader, filters: Filters, before: int, limit: int) -> list[Stored]:
    """Entries newest first, with sequence numbers below `before`."""
    if filters.persons == ():
        return []
    given = {name: value for name, value in filters._asdict().items() if value is not None}
    persons = given.pop("persons", None)
    named = given | {f"person_{n}": person for n, person in enumerate(persons or ())}
    query = _find(frozenset(given), None if persons is None else len(persons))
    rows = await store.rows(query, named | {"before": before, "limit": limit})
    return [Stored(*row) for row in rows]


@lru_cache(256)
def _find(given: frozenset[str], persons: int | None) -> Query:
    query = select(_E.c.seq, _E.c.salt, _E.c.sealed).where(_E.c.seq < bindparam("before"))
    for name in given - {"since", "until"}:
        query = query.where(_E.c[name] == bindparam(name))
    if "since" in given:
        query = query.where(_E.c.time >= bindparam("since"))
    if "until" in given:
        query = query.where(_E.c.time < bindparam("until"))
    if persons == 1:  # from the person's side, newest first: the index ends the search
        subject = _S.c.person_id == bindparam("person_0")
        query = query.join(_S, _S.c.seq == _E.c.seq).where(subject, _S.c.seq < bindparam("before"))
        return Query(query.order_by(_S.c.seq.desc()).limit(bindparam("limit")))
    if persons is not None:
        wanted: list[Any] = [bindparam(f"person_{n}") for n in range(persons)]
        query = query.where(_E.c.seq.in_(select(_S.c.seq).where(_S.c.person_id.in_(wanted))))
    return Query(query.order_by(_E.c.seq.desc()).limit(bindparam("limit")))
