"""What authorisation must know of a person, taken from the records as they arrive.

These rows are read fresh on every request; nothing of them is cached.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.ingest.compose import Source
from gateway.store.filed import AREAS, ASSIGNMENTS, LIMITED_USERS
from gateway.store.ledger import Ledger
from gateway.store.persons import fold
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


def note(ledger: Ledger, person: str, record: Record, sources: Sequence[Source]) -> None:
    """Bring the person's row, areas, assignments and limited access in line with a new record."""
    match record:
        case PersonRecord():
            _identity(ledger, person, record)
        case Custody():
            ledger.change(person, prison=record.prison)
        case MappaRegistration():
            ledger.change(person, category=record.category, level=record.level)
            _areas(ledger, person, Kind.MAPPA, [(Agency.MAPPA, record.area)])
        case CaseTeam():
            members = [member for source in sources for member in _vouched(source)]
            _assign(ledger, person, members)
            areas = [(m.agency, m.area) for m in members if not m.end]
            _areas(ledger, person, Kind.CASE_TEAM, areas)


def _identity(ledger: Ledger, person: str, record: PersonRecord) -> None:
    ledger.change(
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
    ledger: Ledger, person: str, kind: Kind, areas: Sequence[tuple[Agency, str | None]]
) -> None:
    """Each kind keeps its own links; an area counts for its own agency's staff alone."""
    rows = [
        {"agency": agency.value, "area": area, "source": kind.value}
        for agency, area in dict.fromkeys(areas)
        if area
    ]
    ledger.relink(AREAS[kind], person, rows)


def _assign(ledger: Ledger, person: str, members: Sequence[TeamMember]) -> None:
    rows = {
        (member.agency, member.staff_id, member.start): {
            "agency": member.agency.value,
            "staff_id": member.staff_id,
            "starts": member.start.isoformat() if member.start else "0000-01-01",
            "ends": member.end.isoformat() if member.end else "9999-12-31",
        }
        for member in members
        if member.staff_id and member.allocated is not False
    }
    ledger.relink(ASSIGNMENTS, person, list(rows.values()))


def forget(ledger: Ledger, person: str) -> None:
    """Take back all that records have opened or closed; the names stay, for the search."""
    for links in (*AREAS.values(), ASSIGNMENTS, LIMITED_USERS):
        ledger.relink(links, person, [])
    nothing = dict.fromkeys(("prison", "category", "level"))
    ledger.change(person, **nothing, excluded=False, restricted=False)


def unnamed(ledger: Ledger, person: str) -> None:
    """No record says any more who the person is."""
    ledger.change(person, **dict.fromkeys(("surname", "forename", "date_of_birth")))


class Limits(NamedTuple):
    """Who is barred, and who alone is admitted; `None` where there is no such limit."""

    excluded: set[str] | None
    restricted: set[str] | None


def limit(ledger: Ledger, person: str, sources: Sequence[Source]) -> None:
    """Who may not know the person, or who alone may.

    Where several ids were found to be one person, the limits of each hold: whoever is barred
    from one is barred, and only those are admitted whom every restriction admits."""
    filed_under: dict[str, list[Source]] = {}
    for source in sources:
        filed_under.setdefault(source.person, []).append(source)
    limits = [_limits(one) for one in filed_under.values()]
    barred = [one.excluded for one in limits if one.excluded is not None]
    alone = [one.restricted for one in limits if one.restricted is not None]
    ledger.change(person, excluded=bool(barred), restricted=bool(alone))
    named = {("excluded", user) for user in set().union(*barred)}
    named |= {("restricted", user) for user in (set.intersection(*alone) if alone else ())}
    rows = [{"mode": mode, "user_name": user} for mode, user in sorted(named)]
    ledger.relink(LIMITED_USERS, person, rows)


def _limits(sources: Sequence[Source]) -> Limits:
    """The newest flags decide, with the newest list of users.

    Every statement writes the document `current`, so it comes first whatever the clock says: two
    statements of one batch may bear the same time. Where no list says who is excluded, or the
    list names nobody, everybody is (`*`): the gateway cannot tell them apart. A restricted case
    without a list names nobody and is closed to all the same.
    """
    ordered = sorted(sources, key=_statement_then_time, reverse=True)
    limits = [s.record for s in ordered if isinstance(s.record, LimitedAccess)]
    lists = (x.excluded_users for x in limits if x.excluded_users is not None)
    barred = next(lists, None) or ["*"]
    alone = next((x.restricted_to_users for x in limits if x.restricted_to_users is not None), [])
    return Limits(
        {user.lower() for user in barred} if limits[0].excluded else None,
        {user.lower() for user in alone} if limits[0].restricted else None,
    )


def _statement_then_time(source: Source) -> tuple[bool, str]:
    return source.source_ref == "current", source.received_at
