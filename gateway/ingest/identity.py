"""Whose record is it? Exact, verified identifiers link; everything else asks a human.

People are never merged silently: an identifier that two persons claim, or one whose date of
birth contradicts, leaves an identity review and keeps the records apart.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from adapters.base import AdapterError, MappedPerson
from gateway.store import pushes, records
from gateway.store.tables import Person, PersonIdentifier
from gateway.store.upsert import insert
from schemas.identifiers import LINKING, Scheme
from schemas.person import Person as PersonRecord

_P: Any = Person.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]

OWN_SCHEME = {
    "delius": Scheme.CRN,
    "oasys": Scheme.CRN,
    "vcms": Scheme.CRN,
    "mappa": Scheme.CRN,
    "nomis": Scheme.NOMS,
    "cvl": Scheme.NOMS,
    "visor": Scheme.VISOR,
}
"""The scheme in which each system names people beyond doubt."""


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
    holders = _holders(connection, claim.identifiers)
    fitting, doubtful = _by_birth(connection, claim, holders)
    if not claim.identifiers:
        known = records.person_of_payload(connection, claim.system, raw_hash, content_hash)
        person = known or _create(connection, moment)
        if not known:
            pushes.review(connection, person, None, "no-verified-identifier", moment)
        return person
    person = _choose(claim, fitting, holders) or _create(connection, moment)
    for other in (doubtful | fitting) - {person}:
        reason = "date-of-birth-differs" if other in doubtful else "identifiers-name-two-persons"
        pushes.review(connection, person, other, reason, moment)
    _claim(connection, person, claim.identifiers)
    return person


def _holders(
    connection: Connection, identifiers: list[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    if not identifiers:
        return {}
    pairs = [and_(_I.c.scheme == s, _I.c.value == v) for s, v in identifiers]
    rows = connection.execute(select(_I.c.scheme, _I.c.value, _I.c.person_id).where(or_(*pairs)))
    return {(scheme, value): person for scheme, value, person in rows}


def _by_birth(
    connection: Connection, claim: Claim, holders: dict[tuple[str, str], str]
) -> tuple[set[str], set[str]]:
    """Holders whose date of birth fits, and those whose does not.

    The sending system's own identifier is beyond doubt: there a new date is a correction.
    """
    if not holders or claim.date_of_birth is None:
        return set(holders.values()), set()
    own = {p for (scheme, _), p in holders.items() if scheme == OWN_SCHEME.get(claim.system)}
    query = select(_P.c.id, _P.c.date_of_birth).where(_P.c.id.in_(set(holders.values())))
    doubtful = {
        person
        for person, born in connection.execute(query)
        if born not in (None, claim.date_of_birth)
        and not (person in own and records.holds(connection, person, claim.system))
    }
    return set(holders.values()) - doubtful, doubtful


def _choose(claim: Claim, fitting: set[str], holders: dict[tuple[str, str], str]) -> str | None:
    if len(fitting) <= 1:
        return next(iter(fitting), None)
    own = OWN_SCHEME.get(claim.system)
    chosen = {p for (scheme, _), p in holders.items() if scheme == own and p in fitting}
    if len(chosen) == 1:
        return chosen.pop()
    raise AdapterError("ambiguous-person", "its identifiers name more than one known person")


def _create(connection: Connection, moment: str) -> str:
    person = str(uuid.uuid4())
    connection.execute(
        _P.insert(),
        {"id": person, "created_at": moment, "excluded": False, "restricted": False},
    )
    return person


def _claim(connection: Connection, person: str, identifiers: list[tuple[str, str]]) -> None:
    """Give the person every identifier nobody holds yet; a held one stays where it is."""
    rows = [{"scheme": s, "value": v, "person_id": person} for s, v in identifiers]
    connection.execute(insert(_I).on_conflict_do_nothing(), rows)
