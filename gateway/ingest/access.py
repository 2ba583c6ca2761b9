"""What authorisation must know of a person, taken from the records as they arrive.

These rows are read fresh on every request; nothing of them is cached.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from gateway.ingest.compose import Source
from gateway.store.persons import fold
from gateway.store.query import Query, run
from gateway.store.tables import Assignment, LimitedUser, Person, PersonArea
from schemas import Kind, Record
from schemas.case_team import CaseTeam, TeamMember
from schemas.custody import Custody
from schemas.kinds import Agency
from schemas.limited_access import LimitedAccess
from schemas.mappa import MappaRegistration
from schemas.person import Person as PersonRecord

SPEAKS_FOR = {
    "delius": Agency.PROBATION,
    "visor": Agency.POLICE,
    "nomis": Agency.PRISON,
    "vcms": Agency.VICTIM_LIAISON,
}
"""Whose staff each system may give access to (config). No agency opens another's door."""

_P: Any = Person.__table__  # type: ignore[attr-defined]
_A: Any = PersonArea.__table__  # type: ignore[attr-defined]
_S: Any = Assignment.__table__  # type: ignore[attr-defined]
_L: Any = LimitedUser.__table__  # type: ignore[attr-defined]

_WHOSE: Any = bindparam("whose")
_DROP_AREAS = Query(delete(_A).where(_A.c.person_id == _WHOSE, _A.c.source == bindparam("kind")))
_DROP_ASSIGNMENTS = Query(delete(_S).where(_S.c.person_id == _WHOSE))
_DROP_LIMITS = Query(delete(_L).where(_L.c.person_id == _WHOSE))
_ADD = {table: Query(table.insert()) for table in (_A, _S, _L)}


@lru_cache(16)
def _update_person(columns: tuple[str, ...]) -> Query:
    fresh = {name: bindparam(name, type_=_P.c[name].type) for name in columns}
    return Query(update(_P).where(_P.c.id == _WHOSE).values(fresh))


def note(connection: Connection, person: str, record: Record, sources: Sequence[Source]) -> None:
    """Bring the person's row, areas, assignments and limited access in line with a new record."""
    match record:
        case PersonRecord():
            _identity(connection, person, record)
        case Custody():
            _set(connection, person, prison=record.prison)
        case MappaRegistration():
            _set(connection, person, category=record.category, level=record.level)
            _areas(connection, person, Kind.MAPPA, [(Agency.MAPPA, record.area)])
        case CaseTeam():
            members = [member for source in sources for member in _vouched(source)]
            _assign(connection, person, members)
            areas = [(m.agency, m.area) for m in members if not m.end]
            _areas(connection, person, Kind.CASE_TEAM, areas)
        case LimitedAccess():
            _limit(connection, person, sources)


def _set(connection: Connection, person: str, **values: Any) -> None:
    run(connection, _update_person(tuple(values)), values | {"whose": person})


def _add(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        run(connection, _ADD[table], row)


def _identity(connection: Connection, person: str, record: PersonRecord) -> None:
    _set(
        connection,
        person,
        surname=fold(record.name.surname) if record.name.surname else None,
        forename=fold(" ".join(record.name.forenames)) or None,
        date_of_birth=record.date_of_birth.isoformat() if record.date_of_birth else None,
    )


def _vouched(source: Source) -> list[TeamMember]:
    """The members a system may give access to: those of its own agency.

    Whom it names of another agency is shown in the case team, and opens nothing.
    """
    agency = SPEAKS_FOR.get(source.system)
    team = source.record
    return [m for m in team.members if m.agency == agency] if isinstance(team, CaseTeam) else []


def _areas(
    connection: Connection, person: str, kind: Kind, areas: Sequence[tuple[Agency, str | None]]
) -> None:
    """Each kind keeps its own links; an area counts for its own agency's staff alone."""
    run(connection, _DROP_AREAS, {"whose": person, "kind": kind.value})
    rows = [
        {"person_id": person, "agency": agency.value, "area": area, "source": kind.value}
        for agency, area in dict.fromkeys(areas)
        if area
    ]
    _add(connection, _A, rows)


def _assign(connection: Connection, person: str, members: Sequence[TeamMember]) -> None:
    run(connection, _DROP_ASSIGNMENTS, {"whose": person})
    rows = {
        (member.agency, member.staff_id, member.start): {
            "person_id": person,
            "agency": member.agency.value,
            "staff_id": member.staff_id,
            "starts": member.start.isoformat() if member.start else "0000-01-01",
            "ends": member.end.isoformat() if member.end else "9999-12-31",
        }
        for member in members
        if member.staff_id and member.allocated is not False
    }
    _add(connection, _S, rows.values())


def _limit(connection: Connection, person: str, sources: Sequence[Source]) -> None:
    """The newest flags decide, with the newest list of users.

    Every statement writes the document `current`, so it comes first whatever the clock says: two
    statements of one batch may bear the same time. Where no list says who is excluded, or the
    list names nobody, everybody is (`*`): the gateway cannot tell them apart. A restricted case
    without a list names nobody and is closed to all the same.
    """
    ordered = sorted(sources, key=_statement_then_time, reverse=True)
    limits = [s.record for s in ordered if isinstance(s.record, LimitedAccess)]
    excluded, restricted = limits[0].excluded, limits[0].restricted
    _set(connection, person, excluded=excluded, restricted=restricted)
    lists = (x.excluded_users for x in limits if x.excluded_users is not None)
    barred = next(lists, None) or ["*"]
    alone = next((x.restricted_to_users for x in limits if x.restricted_to_users is not None), [])
    named = {("excluded", user.lower()) for user in barred if excluded}
    named |= {("restricted", user.lower()) for user in alone if restricted}
    run(connection, _DROP_LIMITS, {"whose": person})
    rows = [{"person_id": person, "mode": mode, "user_name": user} for mode, user in named]
    _add(connection, _L, rows)


def _statement_then_time(source: Source) -> tuple[bool, str]:
    return source.source_ref == "current", source.received_at
