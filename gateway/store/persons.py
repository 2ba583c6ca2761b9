"""Queries about persons: who is meant, how the asker is linked to them, who may be found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, or_, select

from gateway.clock import today
from gateway.store.tables import Assignment, LimitedUser, Person, PersonArea, PersonIdentifier
from schemas.identifiers import Scheme, canonical

_P: Any = Person.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]
_A: Any = PersonArea.__table__  # type: ignore[attr-defined]
_S: Any = Assignment.__table__  # type: ignore[attr-defined]
_L: Any = LimitedUser.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person and the asker's link to them, as the store has it at this moment."""

    id: str
    assigned: bool
    area: bool
    prison: str | None
    category: int | None
    level: int | None
    excluded: bool
    restricted: bool
    named_excluded: bool
    named_restricted: bool


@dataclass(frozen=True, slots=True)
class Seeker:
    """The asker as the store must know them: `users` are the names limited access may use."""

    agency: str
    staff: str | None
    area: str | None
    users: tuple[str, ...]


def _named(mode: str) -> Any:
    return exists().where(
        _L.c.person_id == _P.c.id,
        _L.c.mode == mode,
        _L.c.user_name.in_(bindparam("users", expanding=True)),
    )


def _state() -> Select[Any]:
    return select(
        _P.c.id,
        exists().where(
            _S.c.person_id == _P.c.id,
            _S.c.agency == bindparam("agency"),
            _S.c.staff_id == bindparam("staff"),
            _S.c.starts <= bindparam("today"),
            _S.c.ends >= bindparam("today"),
        ),
        exists().where(
            _A.c.person_id == _P.c.id,
            _A.c.agency == bindparam("agency"),
            _A.c.area == bindparam("area"),
        ),
        _P.c.prison,
        _P.c.category,
        _P.c.level,
        _P.c.excluded,
        _P.c.restricted,
        _named("excluded"),
        _named("restricted"),
    )


_BY_ID = _state().where(_P.c.id == bindparam("ref"))
_BY_IDENTIFIER = (
    _state()
    .join(_I, _I.c.person_id == _P.c.id)
    .where(_I.c.scheme == bindparam("scheme"), _I.c.value == bindparam("ref"))
    .order_by(_I.c.disputed, _P.c.id)
)


def _asker(seeker: Seeker) -> dict[str, Any]:
    return {
        "agency": seeker.agency,
        "staff": seeker.staff or "",
        "area": seeker.area or "",
        "users": [*seeker.users, "*"],
        "today": today(),
    }


def find(connection: Connection, ref: str, seeker: Seeker) -> list[PersonState]:
    """Whom `ref` may name: a gateway id, or `scheme:value` (a PNC with `-` for its `/`).

    More than one only where an identifier is disputed; its holder comes first.
    """
    scheme, _, value = ref.partition(":")
    if not value:
        rows = connection.execute(_BY_ID, _asker(seeker) | {"ref": ref})
        return [PersonState(*row) for row in rows]
    if scheme not in Scheme.__members__.values():
        return []
    if scheme in ("pnc", "cro"):
        value = value.replace("-", "/")
    spelling = canonical(Scheme(scheme), value)
    if spelling is None:
        return []
    named = _asker(seeker) | {"scheme": scheme, "ref": spelling}
    return [PersonState(*row) for row in connection.execute(_BY_IDENTIFIER, named)]


def fold(name: str) -> str:
    """A name as the search compares it: case folded, white space collapsed."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to search by. At least an identifier, or a surname."""

    surname: str | None = None
    forename: str | None = None
    date_of_birth: date | None = None
    identifiers: Sequence[tuple[str, str]] = ()


def search(
    connection: Connection, criteria: Criteria, seeker: Seeker, after: str, limit: int
) -> list[PersonState]:
    """Persons that match, in id order after `after`. The policy decides which may be named."""
    query = _state().where(_P.c.id > after).order_by(_P.c.id).limit(limit)
    if criteria.identifiers:
        pairs = [and_(_I.c.scheme == s, _I.c.value == v) for s, v in criteria.identifiers]
        query = query.where(_P.c.id.in_(select(_I.c.person_id).where(or_(*pairs))))
    if criteria.surname:
        query = query.where(_P.c.surname == fold(criteria.surname))
    if criteria.forename:
        query = query.where(
            func.substr(_P.c.forename, 1, len(fold(criteria.forename))) == fold(criteria.forename)
        )
    if criteria.date_of_birth:
        query = query.where(_P.c.date_of_birth == criteria.date_of_birth.isoformat())
    return [PersonState(*row) for row in connection.execute(query, _asker(seeker))]


def caseload(connection: Connection, agency: str, staff: str) -> list[str]:
    """Ids of the persons whose case team names this member of staff today."""
    day = today()
    rows: Iterable[Any] = connection.execute(
        select(_S.c.person_id)
        .where(_S.c.agency == agency, _S.c.staff_id == staff, _S.c.starts <= day, _S.c.ends >= day)
        .order_by(_S.c.person_id)
        .distinct()
    )
    return [row[0] for row in rows]
