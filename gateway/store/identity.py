"""Queries about identity reviews, the decisions on them, and who is one with whom."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select, update

from gateway.store.ledger import Ledger
from gateway.store.query import Query, Reader, run
from gateway.store.records import GROUP
from gateway.store.tables import (
    CurrentView,
    IdentityDecision,
    IdentityReview,
    Person,
    Quarantined,
    RecordVersion,
)
from schemas import Kind

_R: Any = IdentityReview.__table__  # type: ignore[attr-defined]
_D: Any = IdentityDecision.__table__  # type: ignore[attr-defined]
_P: Any = Person.__table__  # type: ignore[attr-defined]
_V: Any = RecordVersion.__table__  # type: ignore[attr-defined]
_C: Any = CurrentView.__table__  # type: ignore[attr-defined]
_Q: Any = Quarantined.__table__  # type: ignore[attr-defined]
_O: Any = _P.alias("other")

APART = ("different", "link", "split")
"""Decisions which say that two persons are not one."""


class Review(NamedTuple):
    """A review; `person` and `other` are who answers now for the two ids it was opened about."""

    id: str
    person_id: str
    other_person_id: str | None
    reason: str
    created_at: str
    version: int
    decision: str | None
    weight: float | None
    evidence: str | None
    person: str
    other: str | None
    waiting: int
    """Payloads that are held for it."""
    records: int
    newest: str | None
    payload: str | None
    """How many record versions are filed about the two, the newest of them, and the digest of a
    payload, which nobody is told: part of the state that is decided on."""

    @property
    def state(self) -> str:
        """Names what a decision is based on; another as soon as anything of it has changed.

        A hash that nobody can try out: how much is filed of kinds they may not read is not theirs
        to know.
        """
        told = (self.version, self.person, self.other, *self[-4:])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


_PERSON = func.coalesce(_P.c.survivor, _P.c.id)
_OTHER = func.coalesce(_O.c.survivor, _O.c.id)
_G: Any = _P.alias("member")
_TWO = [_PERSON, _OTHER]
_MEMBERS = select(_G.c.id).where(or_(_G.c.id.in_(_TWO), _G.c.survivor.in_(_TWO))).correlate(_P, _O)


def _of_records(function: Any) -> Any:
    query = select(function).select_from(_V).where(_V.c.person_id.in_(_MEMBERS))
    return query.correlate(_P, _O).scalar_subquery()


_WAITING = (
    select(func.count())
    .select_from(_Q)
    .where(_Q.c.review_id == _R.c.id, _Q.c.released_at.is_(None))
    .scalar_subquery()
)
_REVIEW = (
    select(
        *(_R.c[name] for name in Review._fields[:9]),
        _PERSON.label("person"),
        _OTHER.label("other"),
        _WAITING.label("waiting"),
        _of_records(func.count()).label("records"),
        _of_records(func.max(_V.c.id)).label("newest"),
        _of_records(func.max(_V.c.raw_hash)).label("payload"),
    )
    .select_from(_R)
    .join(_P, _P.c.id == _R.c.person_id)
    .outerjoin(_O, _O.c.id == _R.c.other_person_id)
)
_ONE = Query(_REVIEW.where(_R.c.id == bindparam("id")))
_PAGE = _REVIEW.where(_R.c.id > bindparam("after")).order_by(_R.c.id).limit(bindparam("limit"))
_OPEN = Query(
    _PAGE.where(_R.c.decision.is_(None), or_(_R.c.other_person_id.is_(None), _PERSON != _OTHER))
)
_ALL = Query(_PAGE)


async def reviews(store: Reader, after: str, limit: int, *, open_only: bool) -> list[Review]:
    """Reviews in id order after `after`; open ones are undecided and about two still."""
    rows = await store.rows(_OPEN if open_only else _ALL, {"after": after, "limit": limit})
    return [Review(*row) for row in rows]


async def one(store: Reader, review: str) -> Review | None:
    """A review as it is now."""
    rows = await store.rows(_ONE, {"id": review})
    return Review(*rows[0]) if rows else None


def here(connection: Connection, review: str) -> Review | None:
    """A review as it is in the writer's transaction."""
    rows = run(connection, _ONE, {"id": review}).fetchall()
    return Review(*rows[0]) if rows else None


class By(NamedTuple):
    """Who decides, a member of staff or the system that gives out the numbers; in which audit
    entry, when."""

    who: str
    entry: str | None
    moment: str


class Decision(NamedTuple):
    """A decision as it was taken."""

    version: int
    decision: str
    joined: str | None
    moved: str | None
    decided_at: str
    decided_by: str
    entry: str | None


_DECISIONS = Query(
    select(*(_D.c[name] for name in Decision._fields))
    .where(_D.c.review_id == bindparam("id"))
    .order_by(_D.c.version)
)


async def decisions(store: Reader, review: str) -> list[Decision]:
    """Every decision on a review, in the order taken."""
    return [Decision(*row) for row in await store.rows(_DECISIONS, {"id": review})]


def standing(connection: Connection, review: str) -> list[Decision]:
    """The decisions that were not taken back, the one that holds last."""
    found: list[Decision] = []
    for row in run(connection, _DECISIONS, {"id": review}).fetchall():
        if (taken := Decision(*row)).decision == "undo":
            found.pop()
        else:
            found.append(taken)
    return found


_DECIDED = Query(
    update(_R)
    .where(_R.c.id == bindparam("of_review"))
    .values(version=bindparam("to_version"), decision=bindparam("to_decision"))
)
_DECIDE = Query(_D.insert())


def decide(ledger: Ledger, review: str, taken: Decision, holds: str | None) -> None:
    """Note a decision, with what it changes, and which holds from now on."""
    ledger.later(_DECIDE, f"{review} {taken.version}", review_id=review, **taken._asdict())
    named = {"of_review": review, "to_version": taken.version, "to_decision": holds}
    ledger.later(_DECIDED, review, **named)


def was_decided(connection: Connection, review: str) -> bool:
    """Whether anything was ever decided on a review."""
    found = connection.execute(select(_R.c.version).where(_R.c.id == review)).scalar()
    return bool(found)


def apart(connection: Connection, ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether somebody decided that any of the first is not any of the others."""
    return _reviewed(connection, ones, others, _R.c.decision.in_(APART))


def asked(connection: Connection, ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a review about any of the first and any of the others is open or was decided, for
    whatever reason."""
    return _reviewed(connection, ones, others)


def _reviewed(
    connection: Connection, ones: Sequence[str], others: Sequence[str], *decided: Any
) -> bool:
    either = [
        and_(_R.c.person_id.in_(a), _R.c.other_person_id.in_(b))
        for a, b in ((ones, others), (others, ones))
    ]
    query = select(literal(1)).where(*decided, or_(*either)).limit(1)
    return connection.execute(query).first() is not None


class Version(NamedTuple):
    """A version filed about a person, without its content."""

    id: str
    system: str
    kind: str
    status: str
    received_at: str


_FILED = Query(
    select(*(_V.c[name] for name in Version._fields))
    .where(_V.c.person_id.in_(GROUP))
    .order_by(_V.c.received_at, _V.c.id)
)


async def filed(store: Reader, person: str) -> list[Version]:
    """Every version filed about a person who answers, oldest first."""
    return [Version(*row) for row in await store.rows(_FILED, {"person": person})]


_DESCRIBED = (
    select(_C.c.person_id, _C.c.body)
    .join(_P, _P.c.id == _C.c.person_id)
    .where(_C.c.kind == Kind.PERSON.value, _C.c.record_id != "")
    .where(or_(_P.c.survivor.is_(None), _P.c.survivor == _P.c.id))
)


def described(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """The person record of everybody who answers for themselves."""
    for row in connection.execute(_DESCRIBED.execution_options(yield_per=1000)):
        yield row[0], row[1]


class Held(NamedTuple):
    """A payload that waits for a review."""

    id: str
    system: str
    client: str
    subject: str | None
    raw_hash: str


_HELD = Query(
    select(*(_Q.c[name] for name in Held._fields)).where(
        _Q.c.review_id == bindparam("id"), _Q.c.released_at.is_(None)
    )
)


async def held(store: Reader, review: str) -> list[Held]:
    """The payloads that wait for a review."""
    return [Held(*row) for row in await store.rows(_HELD, {"id": review})]


_SAME = Query(
    select(_P.c.id).where(or_(_P.c.id == bindparam("id"), _P.c.survivor == bindparam("id")))
)


async def ids(store: Reader, person: str) -> list[str]:
    """Every id that a person who answers is or was known by."""
    return [row[0] for row in await store.rows(_SAME, {"id": person})]
