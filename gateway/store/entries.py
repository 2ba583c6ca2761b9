"""Queries about audit entries: appending, finding, and feeding the log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from gateway.store.tables import AuditEntry, AuditSubject

_E: Any = AuditEntry.__table__  # type: ignore[attr-defined]
_S: Any = AuditSubject.__table__  # type: ignore[attr-defined]


_APPEND, _ABOUT = _E.insert(), _S.insert()


def append(connection: Connection, entry: dict[str, Any], persons: list[str]) -> int:
    """Write one entry; returns its sequence number (position in the log plus one)."""
    seq = int(connection.execute(_APPEND, entry).inserted_primary_key[0])  # type: ignore[index]
    if persons:
        rows = [{"seq": seq, "person_id": person} for person in dict.fromkeys(persons)]
        connection.execute(_ABOUT, rows)
    return seq


def after(connection: Connection, size: int, limit: int) -> list[Row[Any]]:
    """The entries not yet in a log of `size`, in log order."""
    return list(
        connection.execute(
            select(_E).where(_E.c.seq > bindparam("size")).order_by(_E.c.seq).limit(limit),
            {"size": size},
        )
    )


def one(connection: Connection, entry_id: str) -> Row[Any] | None:
    """An entry by its id."""
    return connection.execute(select(_E).where(_E.c.id == entry_id)).first()


@dataclass(frozen=True, slots=True)
class Filters:
    """What an auditor may search by; `since` and `until` are ISO times, `until` exclusive."""

    persons: tuple[str, ...] | None = None
    staff: str | None = None
    agency: str | None = None
    operation: str | None = None
    outcome: str | None = None
    since: str | None = None
    until: str | None = None


def find(connection: Connection, filters: Filters, before: int, limit: int) -> list[Row[Any]]:
    """Entries newest first, with sequence numbers below `before`."""
    query = select(_E.c.seq, _E.c.sealed).where(_E.c.seq < before)
    for name in ("staff", "agency", "operation", "outcome"):
        if (value := getattr(filters, name)) is not None:
            query = query.where(_E.c[name] == value)
    if filters.since:
        query = query.where(_E.c.time >= filters.since)
    if filters.until:
        query = query.where(_E.c.time < filters.until)
    if filters.persons is not None:
        about = select(_S.c.seq).where(_S.c.person_id.in_(filters.persons))
        query = query.where(_E.c.seq.in_(about))
    return list(connection.execute(query.order_by(_E.c.seq.desc()).limit(limit)))
