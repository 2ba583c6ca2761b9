"""Taking records that are somebody else's out of a person, and putting them back.

Versions keep their numbers, unless the document has had others since: then they are numbered as
they arrived. Which of a document is current follows from the versions a person has, by the rule
that filed them, so that a split which is taken back leaves all as it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, select, update

from gateway.identity.joining import join, part
from gateway.ingest.view import recompute
from gateway.randomness import RANDOM
from gateway.store.filed import SPLITS
from gateway.store.ledger import Ledger
from gateway.store.query import run
from gateway.store.tables import PersonIdentifier, RecordVersion

_V: Any = RecordVersion.__table__  # type: ignore[attr-defined]
_I: Any = PersonIdentifier.__table__  # type: ignore[attr-defined]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is somebody else's: records by id, all that some systems sent, identifiers."""

    records: Collection[str] = ()
    systems: Collection[str] = ()
    identifiers: Collection[Pair] = ()


@dataclass(slots=True)
class Moved:
    """What a split took along, and from where: `ids` are the new ids and those they came from,
    `members` all that were the person's: the limits of each count for the new ones, and back."""

    ids: dict[str, str] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    identifiers: list[Pair] = field(default_factory=list)

    @classmethod
    def parsed(cls, text: str) -> "Moved":
        """As `text` wrote it."""
        told = orjson.loads(text)
        numbers = [(scheme, value) for scheme, value in told["identifiers"]]
        return cls(told["ids"], told["members"], told["records"], numbers)

    def text(self) -> str:
        """For the decision that is kept."""
        return orjson.dumps(self).decode()


def split(connection: Connection, person: str, chosen: Chosen, moment: str) -> Moved:
    """Make those records a person of their own, with the identifiers that came with them. Empty
    where one of the records is not the person's, and where nothing would be left."""
    ledger = Ledger(connection)
    members = ledger.members(person)
    of_theirs = select(_V.c.id, _V.c.person_id, _V.c.system).where(_V.c.person_id.in_(members))
    mine = connection.execute(of_theirs).fetchall()
    rows = [row for row in mine if row.id in chosen.records or row.system in chosen.systems]
    there = {row.id for row in mine}.issuperset(chosen.records)
    sent = {row.system for row in mine}.issuperset(chosen.systems)
    if not (rows and there and sent) or len(rows) == len(mine):
        return Moved()
    moved = Moved(members=members)
    fresh = {old: RANDOM.uuid() for old in sorted({row.person_id for row in rows})}
    for new in fresh.values():
        ledger.create(new, moment)
    ledger.write()
    moved.ids = {new: old for old, new in fresh.items()}
    for row in rows:
        _move(connection, row.id, fresh[row.person_id])
        moved.records.append(row.id)
    moved.identifiers = _take(connection, chosen.identifiers, fresh)
    return moved


def settle(connection: Connection, person: str, moved: Moved) -> None:
    """The statuses of documents that were parted, then what readers get of both: once the decision
    is kept, for the limits of both follow from it."""
    _restate(connection, (*moved.ids, *moved.ids.values()))
    ledger = Ledger(connection)
    first, *others = moved.ids
    recompute(ledger, first)
    for other in others:
        recompute(ledger, other)
        join(ledger, other, first)
    recompute(ledger, person)
    ledger.write()


def unsplit(connection: Connection, moved: Moved) -> str:
    """Put everything back, with what came since; returns who answers for it again."""
    for new, old in moved.ids.items():
        _put_back(connection, new, old)
        _give_back(connection, new, old)
    _restate(connection, moved.ids.values())
    ledger = Ledger(connection)
    for new, old in moved.ids.items():
        if ledger.person(new)["merged_into"]:
            part(ledger, new)
        top = ledger.answers(old)
        join(ledger, new, top)
    ledger.write()
    return top


def stands_alone(connection: Connection, moved: Moved) -> bool:
    """Whether nobody with records was merged with whom a split made, nor split off them since."""
    since = (Moved.parsed(text) for text, _ in run(connection, SPLITS, {}).fetchall())
    if any(moved.ids.keys() & set(other.ids.values()) for other in since):
        return False
    ledger = Ledger(connection)
    found = {one for new in moved.ids for one in ledger.members(ledger.answers(new))}
    return not _versions(connection, found - moved.ids.keys())


def _versions(connection: Connection, people: Iterable[str]) -> list[Row[Any]]:
    columns = ("id", "person_id", "kind", "system", "source_ref", "version", "status")
    query = select(*(_V.c[name] for name in (*columns, "written_at", "received_at")))
    found = query.where(_V.c.person_id.in_(list(people))).order_by(_V.c.version)
    return list(connection.execute(found).fetchall())


def _move(connection: Connection, record: str, person: str, **values: int) -> None:
    moved = {"person_id": person} | values
    connection.execute(update(_V).where(_V.c.id == record).values(moved))


def _put_back(connection: Connection, new: str, old: str) -> None:
    """Each document's versions in the order they arrived, in which a number is kept if it is above
    the one before: else what was put back would be newer than what has arrived since."""
    documents: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
    for row in _versions(connection, (new, old)):
        documents[row.kind, row.system, row.source_ref].append(row)
    for rows in documents.values():
        if all(row.person_id == old for row in rows):
            continue
        rows.sort(key=lambda row: (row.received_at, row.version))
        numbers = accumulate((row.version for row in rows), lambda last, own: max(last + 1, own))
        # Numbers only grow, so from the last one on each is free when its turn comes.
        for row, number in reversed(list(zip(rows, numbers, strict=True))):
            if (row.person_id, row.version) != (old, number):
                _move(connection, row.id, old, version=number)


def _restate(connection: Connection, people: Iterable[str]) -> None:
    """Each document's versions, in order: a later one supersedes, one that came late is history."""
    documents: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
    for row in _versions(connection, people):
        documents[row.person_id, row.kind, row.system, row.source_ref].append(row)
    for rows in documents.values():
        newest, late = rows[0], set()
        for row in rows[1:]:
            if row.written_at and newest.written_at and row.written_at < newest.written_at:
                late.add(row.id)
            else:
                newest = row
        for row in rows:
            status = "historical" if row.id in late else "superseded"
            status = "current" if row is newest else status
            if status != row.status:
                connection.execute(update(_V).where(_V.c.id == row.id).values(status=status))


def _take(
    connection: Connection, identifiers: Collection[Pair], fresh: dict[str, str]
) -> list[Pair]:
    taken = []
    for scheme, value in identifiers:
        row = (_I.c.scheme == scheme, _I.c.value == value, _I.c.person_id.in_(list(fresh)))
        holder = connection.execute(select(_I.c.person_id).where(*row)).scalar()
        if holder:
            connection.execute(update(_I).where(*row).values(person_id=fresh[holder]))
            taken.append((scheme, value))
    return taken


def _give_back(connection: Connection, new: str, old: str) -> None:
    """An identifier that both came to claim is the old one's again, and disputed no more."""
    query = select(_I.c.scheme, _I.c.value, _I.c.disputed).where(_I.c.person_id == new)
    for scheme, value, disputed in connection.execute(query).fetchall():
        named = (_I.c.scheme == scheme, _I.c.value == value)
        both = connection.execute(
            select(_I.c.disputed).where(*named, _I.c.person_id == old)
        ).scalar()
        if both is None:
            row = (*named, _I.c.person_id == new)
            connection.execute(update(_I).where(*row).values(person_id=old))
            continue
        connection.execute(delete(_I).where(*named, _I.c.person_id == new))
        if not disputed:
            held = update(_I).where(*named, _I.c.person_id == old)
            connection.execute(held.values(disputed=False))
