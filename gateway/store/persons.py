"""Queries about persons: who is meant, how the asker is linked to them, who may be found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from gateway.clock import today
from gateway.store.query import Given, Query, Reader, Row, question
from gateway.store.records import VIEW, View
from gateway.store.tables import (
    Assignment,
    CurrentView,
    LimitedUser,
    Person,
    PersonArea,
    PersonIdentifier,
    RevokedToken,
)
from schemas.identifiers import Scheme, canonical

_P: Any = Person.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]
_A: Any = PersonArea.__table__  # type: ignore[attr-defined]
_S: Any = Assignment.__table__  # type: ignore[attr-defined]
_L: Any = LimitedUser.__table__  # type: ignore[attr-defined]
_C: Any = CurrentView.__table__  # type: ignore[attr-defined]
_R: Any = RevokedToken.__table__  # type: ignore[attr-defined]
STATE = 11
"""How many columns a `PersonState` takes."""
LAST = STATE + 1 + 7
"""After them: whether the token was withdrawn, and the seven columns of the view."""


class PersonState(NamedTuple):
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
    survivor: str | None = None
    """Who answers instead, where this person or the identifier asked by was merged into one."""

    @classmethod
    def of(cls, row: Row) -> "PersonState":
        """From a row of the store, where a truth may be a number."""
        id_, assigned, area, prison, category, level, *flags, survivor = row
        told = [bool(flag) for flag in flags]
        return cls(id_, bool(assigned), bool(area), prison, category, level, *told, survivor)  # type: ignore[arg-type, call-arg]


@dataclass(frozen=True, slots=True)
class Seeker:
    """The asker as the store must know them: `users` are the names limited access may use."""

    agency: str
    staff: str | None
    area: str | None
    users: tuple[str, ...]


MOST_USERS = 4
"""Names by which limited access may mean one asker, and `*`; a query has a place for each."""


_MERGED = ((_P.c.survivor != _P.c.id, _P.c.survivor),)
_ELSEWHERE = case(*_MERGED)


def _named(mode: str, given: Given) -> Any:
    users: list[Any] = [given[f"user_{n}"] for n in range(MOST_USERS)]
    listed = exists().where(
        _L.c.person_id == _P.c.id, _L.c.mode == literal(mode), _L.c.user_name.in_(users)
    )
    return and_(_P.c[mode], listed)


def _state(given: Given, survivor: Any = _ELSEWHERE) -> list[Any]:
    return [
        _P.c.id,
        exists().where(
            _S.c.person_id == _P.c.id,
            _S.c.agency == given["agency"],
            _S.c.staff_id == given["staff"],
            _S.c.starts <= given["today"],
            _S.c.ends >= given["today"],
        ),
        exists().where(
            _A.c.person_id == _P.c.id, _A.c.agency == given["agency"], _A.c.area == given["area"]
        ),
        _P.c.prison,
        _P.c.category,
        _P.c.level,
        _P.c.excluded,
        _P.c.restricted,
        _named("excluded", given),
        _named("restricted", given),
        survivor,
    ]


def _withdrawn(given: Given) -> Any:
    return exists().where(_R.c.issuer == given["issuer"], _R.c.token_id == given["token"])


def _held(given: Given) -> Any:
    return and_(_C.c.person_id == _P.c.id, _C.c.kind == given["kind"])


def _opening(given: Given, joined: Any, survivor: Any = _ELSEWHERE) -> Select[Any]:
    """One row at least, so that nobody can tell from the time it takes who is known here."""
    columns = given.select(*_state(given, survivor), _withdrawn(given), *VIEW)
    return columns.select_from(joined.outerjoin(_C, _held(given)))


def _by_id(given: Given) -> Select[Any]:
    return _opening(given, given.begin().outerjoin(_P, _P.c.id == given["ref"]))


def _by_identifier(given: Given) -> Select[Any]:
    named = and_(_I.c.scheme == given["scheme"], _I.c.value == given["ref"])
    joined = given.begin().outerjoin(_I, named).outerjoin(_P, _P.c.id == _I.c.person_id)
    here = func.coalesce(_P.c.survivor, _P.c.id)
    survivor = case((_I.c.merged, here), *_MERGED)
    return _opening(given, joined, survivor).order_by(_I.c.disputed, _P.c.id)


_BY_ID, _BY_IDENTIFIER = question(_by_id), question(_by_identifier)
_ONLY_WITHDRAWN = Query(select(_withdrawn(Given())))


def _asker(seeker: Seeker) -> dict[str, Any]:
    return _asker_on(seeker, today())


@lru_cache(4096)
def _asker_on(seeker: Seeker, day: str) -> dict[str, Any]:
    users = (*seeker.users, "*", *("*",) * MOST_USERS)
    return {
        "agency": seeker.agency,
        "staff": seeker.staff or "",
        "area": seeker.area or "",
        "today": day,
        **{f"user_{n}": users[n] for n in range(MOST_USERS)},
    }


class Token(NamedTuple):
    """What names a token for as long as it lives."""

    issuer: str
    id: str


NO_TOKEN = Token("", "")


class Opened(NamedTuple):
    """What the pipeline must know before it decides: whether the token was `withdrawn`, whom the
    path names, and what is held about each of the kind asked for."""

    withdrawn: bool
    persons: list[PersonState]
    views: list[View | None]


async def resolve(
    store: Reader, ref: str | None, seeker: Seeker, token: Token = NO_TOKEN, kind: str = ""
) -> Opened:
    """Whom `ref` may name: a gateway id, or `scheme:value` (a PNC with `-` for its `/`).

    More than one only where an identifier is disputed; its holder comes first. One read answers
    all that the pipeline must know, `kind` being the one whose current view is wanted.
    """
    told = {"issuer": token.issuer, "token": token.id}
    meant = _meant(ref) if ref is not None else None
    if meant is not None:
        query, named = meant
        rows = await store.rows(query, {**_asker(seeker), **told, **named, "kind": kind})
        known = [row for row in rows if row[0] is not None]
        states = [PersonState.of(row[:STATE]) for row in known]
        views = [View(*row[STATE + 1 : LAST]) if row[STATE + 1] else None for row in known]
        return Opened(bool(rows[0][STATE]), states, views)
    withdrawn = bool((await store.rows(_ONLY_WITHDRAWN, told))[0][0])
    return Opened(withdrawn, [], [])


async def followed(
    store: Reader, opened: Opened, seeker: Seeker, token: Token = NO_TOKEN, kind: str = ""
) -> Opened:
    """The same, with whoever was merged replaced by the person who answers for them."""
    known, views = list(opened.persons), list(opened.views)
    for n in range(len(known)):
        while known[n].survivor not in (None, known[n].id):
            there = await resolve(store, known[n].survivor, seeker, token, kind)
            (known[n],), (views[n],) = there.persons, there.views
        known[n] = known[n]._replace(survivor=None)
    return Opened(opened.withdrawn, known, views)


async def answering(store: Reader, state: PersonState, seeker: Seeker) -> PersonState:
    """Who answers for a person that a search found."""
    if state.survivor is None:
        return state
    return (await followed(store, Opened(False, [state], [None]), seeker)).persons[0]


async def one(store: Reader, person: str, seeker: Seeker) -> PersonState | None:
    """The person who answers for this gateway id."""
    found = await followed(store, await resolve(store, person, seeker), seeker)
    return found.persons[0] if found.persons else None


def _meant(ref: str) -> tuple[Query, dict[str, Any]] | None:
    scheme, _, value = ref.partition(":")
    if not value:
        return None if "\0" in ref else (_BY_ID, {"ref": ref})
    if scheme not in Scheme.__members__.values():
        return None
    if scheme in ("pnc", "cro"):
        value = value.replace("-", "/")
    spelling = canonical(Scheme(scheme), value)
    return (_BY_IDENTIFIER, {"scheme": scheme, "ref": spelling}) if spelling else None


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


async def search(
    store: Reader, criteria: Criteria, seeker: Seeker, after: str, limit: int
) -> list[PersonState]:
    """Persons that match, in id order after `after`. The policy decides which may be named."""
    forename = fold(criteria.forename) if criteria.forename else None
    born = criteria.date_of_birth.isoformat() if criteria.date_of_birth else None
    given = {
        "surname": fold(criteria.surname) if criteria.surname else None,
        "forename": forename,
        "forename_length": len(forename) if forename else None,
        "born": born,
    }
    named = {name: value for name, value in given.items() if value is not None}
    query = _search(frozenset(named), len(criteria.identifiers))
    for n, (scheme, value) in enumerate(criteria.identifiers):
        named |= {f"scheme_{n}": scheme, f"value_{n}": value}
    rows = await store.rows(query, _asker(seeker) | named | {"after": after, "limit": limit})
    return [PersonState.of(row) for row in rows]


@lru_cache(256)
def _search(given: frozenset[str], identifiers: int) -> Query:
    query = select(*_state(Given())).where(_P.c.id > bindparam("after")).order_by(_P.c.id)
    if identifiers:
        pairs = [
            and_(_I.c.scheme == bindparam(f"scheme_{n}"), _I.c.value == bindparam(f"value_{n}"))
            for n in range(identifiers)
        ]
        query = query.where(_P.c.id.in_(select(_I.c.person_id).where(or_(*pairs))))
    if "surname" in given:
        query = query.where(_P.c.surname == bindparam("surname"))
    if "forename" in given:
        start = func.substr(_P.c.forename, 1, bindparam("forename_length", type_=Integer))
        query = query.where(start == bindparam("forename"))
    if "born" in given:
        query = query.where(_P.c.date_of_birth == bindparam("born"))
    return Query(query.limit(bindparam("limit")))


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
