"""Whose record is it? Exact, verified identifiers link; everything else asks a human.

People are never merged silently: an identifier that two persons claim, or one whose date of
birth contradicts, leaves an identity review and keeps the records apart.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from adapters.base import AdapterError, MappedPerson
from gateway.store import pushes, records
from gateway.store.query import Query, run
from gateway.store.tables import Person, PersonIdentifier
from gateway.store.upsert import insert
from schemas.identifiers import LINKING, Scheme
from schemas.person import Person as PersonRecord

_P: Any = Person.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]

Pair = tuple[str, str]

OWN_SCHEME = {"delius": Scheme.CRN, "nomis": Scheme.NOMS, "visor": Scheme.VISOR}
"""The scheme in which a system that gives out identifiers names its own people beyond doubt.
Two identifiers of such a scheme are two records at the source, and stay two persons here."""


_INSERT = insert(_I)
_CLAIM = Query(
    _INSERT.on_conflict_do_update(
        index_elements=["scheme", "value", "person_id"],
        set_={"disputed": _INSERT.excluded.disputed},
    )
)
_CREATE = Query(_P.insert())


@lru_cache(64)
def _claimed(identifiers: int) -> Query:
    pairs = [
        and_(_I.c.scheme == bindparam(f"scheme_{n}"), _I.c.value == bindparam(f"value_{n}"))
        for n in range(identifiers)
    ]
    return Query(select(_I.c.scheme, _I.c.value, _I.c.person_id, _I.c.disputed).where(or_(*pairs)))


@dataclass(frozen=True, slots=True)
class Claim:
    """What one payload says of who it is about."""

    system: str
    identifiers: list[tuple[str, str]]
    date_of_birth: str | None

    @classmethod
    def of(cls, mapped: MappedPerson, system: str) -> "Claim":
        """The verified linking identifiers of a mapped person and their date of birth."""
        found = {(i.scheme, i.value) for i in mapped.identifiers if i.verified}
        people = [r.record for r in mapped.records if isinstance(r.record, PersonRecord)]
        born = next((p.date_of_birth for p in people if p.date_of_birth), None)
        return cls(
            system,
            sorted((s, v) for s, v in found if s in LINKING),
            born.isoformat() if born else None,
        )


def link(
    connection: Connection, claim: Claim, raw_hash: str, content_hash: str, moment: str
) -> str:
    """The person this payload belongs to, created if nobody is known by its identifiers.

    Raises `AdapterError` where the identifiers name several persons and none of them is the
    sending system's own: that goes to quarantine, because a choice would be a guess.
    """
    if not claim.identifiers:
        return _unidentified(connection, claim.system, raw_hash, content_hash, moment)
    holders, disputed = _known(connection, claim.identifiers)
    claimants = {person for _, person in disputed}
    doubts = _doubts(connection, claim, holders, {*holders.values(), *claimants})
    fitting = set(holders.values()) - doubts.keys() or claimants - doubts.keys()
    person = (
        _filed_before(connection, claim.system, [*holders.items(), *disputed])
        or _choose(claim, fitting, holders)
        or _create(connection, moment)
    )
    for other in {*holders.values()} - {person}:
        reason = doubts.get(other, "identifiers-name-two-persons")
        pushes.review(connection, person, other, reason, moment)
    _claim(connection, person, claim, _without_squatters(connection, claim, holders, person))
    return person


def _unidentified(
    connection: Connection, system: str, raw_hash: str, content_hash: str, moment: str
) -> str:
    known = records.person_of_payload(connection, system, raw_hash, content_hash)
    if known:
        return known
    person = _create(connection, moment)
    pushes.review(connection, person, None, "no-verified-identifier", moment)
    return person


def _known(
    connection: Connection, identifiers: Sequence[Pair]
) -> tuple[dict[Pair, str], list[tuple[Pair, str]]]:
    """Who holds each identifier, and who else's records have claimed which."""
    named = {f"scheme_{n}": str(scheme) for n, (scheme, _) in enumerate(identifiers)}
    named |= {f"value_{n}": value for n, (_, value) in enumerate(identifiers)}
    rows = run(connection, _claimed(len(identifiers)), named).fetchall()
    holders = {(s, v): person for s, v, person, disputed in rows if not disputed}
    return holders, [((s, v), person) for s, v, person, disputed in rows if disputed]


def _filed_before(
    connection: Connection, system: str, named: Sequence[tuple[Pair, str]]
) -> str | None:
    """The one person whose records this system sent under its own identifier before, also where
    another system's record had the identifier first."""
    own = OWN_SCHEME.get(system)
    persons = {person for (scheme, _), person in named if scheme == own}
    found = {person for person in persons if records.holds(connection, person, system)}
    return found.pop() if len(found) == 1 else None


def _doubts(
    connection: Connection, claim: Claim, holders: Mapping[Pair, str], persons: set[str]
) -> dict[str, str]:
    """Why a person may not be the one meant, by person.

    Under the sending system's own identifier there is no doubt: a new date of birth from a system
    that knows the person is a correction.
    """
    own = OWN_SCHEME.get(claim.system)
    named = {person for (scheme, _), person in holders.items() if scheme == own}
    doubts = {}
    for person in persons:
        if person in named and records.holds(connection, person, claim.system):
            continue
        if own and person not in named and _has_other(connection, person, own, claim):
            doubts[person] = "another-identifier-of-the-same-system"
        born = connection.execute(select(_P.c.date_of_birth).where(_P.c.id == person)).scalar()
        if born and claim.date_of_birth and born != claim.date_of_birth:
            doubts[person] = "date-of-birth-differs"
    return doubts


def _has_other(connection: Connection, person: str, own: Scheme, claim: Claim) -> bool:
    """Whether the person has an identifier of the system's own, but not the one claimed."""
    if not any(scheme == own for scheme, _ in claim.identifiers):
        return False
    query = select(_I.c.value).where(_I.c.person_id == person, _I.c.scheme == own)
    mine = {value for scheme, value in claim.identifiers if scheme == own}
    held = set(connection.execute(query).scalars())
    return bool(held) and held.isdisjoint(mine)


def _choose(claim: Claim, fitting: set[str], holders: Mapping[Pair, str]) -> str | None:
    if len(fitting) <= 1:
        return next(iter(fitting), None)
    own = OWN_SCHEME.get(claim.system)
    chosen = {p for (scheme, _), p in holders.items() if scheme == own and p in fitting}
    if len(chosen) == 1:
        return chosen.pop()
    raise AdapterError("ambiguous-person", "its identifiers name more than one known person")


def _create(connection: Connection, moment: str) -> str:
    person = str(uuid.uuid4())
    fresh = dict.fromkeys(_P.columns.keys()) | {"id": person, "created_at": moment}
    run(connection, _CREATE, fresh | {"excluded": False, "restricted": False})
    return person


def _without_squatters(
    connection: Connection, claim: Claim, holders: Mapping[Pair, str], person: str
) -> dict[Pair, str]:
    """The holders, but for those who got the sender's own identifier from another system.

    A system's own identifier belongs to the person it names; the earlier claim becomes disputed.
    """
    own, kept = OWN_SCHEME.get(claim.system), dict(holders)
    for pair, holder in holders.items():
        is_theirs = pair[0] != own or records.holds(connection, holder, claim.system)
        if holder != person and not is_theirs:
            row = (_I.c.scheme == pair[0]) & (_I.c.value == pair[1])
            connection.execute(update(_I).where(row).values(disputed=True))
            del kept[pair]
    return kept


def _claim(connection: Connection, person: str, claim: Claim, holders: Mapping[Pair, str]) -> None:
    """Give the person every identifier nobody holds yet; a claim on a held one is disputed."""
    for pair in claim.identifiers:
        disputed = holders.get(pair, person) != person
        row = {"scheme": str(pair[0]), "value": pair[1], "person_id": person, "disputed": disputed}
        run(connection, _CLAIM, row)
