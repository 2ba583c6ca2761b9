"""Taking records that are somebody else's out of a person, and putting them back.

Versions keep their numbers. Which of a document is current follows from the versions a person has,
by the rule that filed them, so that a split which is taken back leaves all as it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, or_, select, update

from gateway.identity.joining import join, part
from gateway.ingest.view import recompute
from gateway.randomness import RANDOM
from gateway.store import identity
from gateway.store.ledger import Ledger
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
    """What a split took along, and from where: `ids` are the new ids and those they came from."""

    ids: dict[str, str] = field(default_factory=dict)
    records: list[str] = field(default_factory=list)
    identifiers: list[Pair] = field(default_factory=list)

    @classmethod
    def parsed(cls, text: str) -> "Moved":
        """As `text` wrote it."""
        told = orjson.loads(text)
        return cls(told["ids"], told["records"], [(s, v) for s, v in told["identifiers"]])

    def text(self) -> str:
        """For the decision that is kept."""
        told = {"ids": self.ids, "records": self.records, "identifiers": self.identifiers}
        return orjson.dumps(told).decode()


def split(connection: Connection, person: str, chosen: Chosen, moment: str) -> Moved:
    """Make those records and identifiers a person of their own. Empty where there were none, and
    where nothing would be left."""
    ledger = Ledger(connection)
    members = ledger.members(person)
    mine = connection.execute(select(_V.c.id, _V.c.person_id).where(_V.c.person_id.in_(members)))
    wanted = or_(_V.c.id.in_(list(chosen.records)), _V.c.system.in_(list(chosen.systems)))
    query = select(_V.c.id, _V.c.person_id).where(_V.c.person_id.in_(members), wanted)
    rows, all_rows = connection.execute(query).fetchall(), mine.fetchall()
    if not rows or len(rows) == len(all_rows):
        return Moved()
    moved = Moved()
    fresh = {old: RANDOM.uuid() for old in sorted({row.person_id for row in rows})}
    for new in fresh.values():
        ledger.create(new, moment)
    ledger.write()
    moved.ids = {new: old for old, new in fresh.items()}
    for row in rows:
        _move(connection, row.id, fresh[row.person_id])
        moved.records.append(row.id)
    moved.identifiers = _take(connection, chosen.identifiers, fresh)
    _settle(connection, person, fresh)
    return moved


def _settle(connection: Connection, person: str, fresh: dict[str, str]) -> None:
    """The statuses of documents that were parted, then what readers get of both."""
    _restate(connection, (*fresh, *fresh.values()))
    ledger = Ledger(connection)
    first, *others = fresh.values()
    recompute(ledger, first)
    for other in others:
        recompute(ledger, other)
        join(ledger, other, first)
    recompute(ledger, person)
    ledger.write()


def unsplit(connection: Connection, moved: Moved) -> str:
    """Put everything back, with what came since; returns who answers for it again."""
    for new, old in moved.ids.items():
        for row in _versions(connection, [new]):
            _move(connection, row.id, old, _free(connection, row, old))
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
    since = (Moved.parsed(text) for text in identity.splits(connection))
    if any(moved.ids.keys() & set(other.ids.values()) for other in since):
        return False
    ledger = Ledger(connection)
    found = {one for new in moved.ids for one in ledger.members(ledger.answers(new))}
    return not _versions(connection, found - moved.ids.keys())


def _versions(connection: Connection, people: Iterable[str]) -> list[Row[Any]]:
    columns = ("id", "person_id", "kind", "system", "source_ref", "version", "status", "written_at")
    query = select(*(_V.c[name] for name in columns)).where(_V.c.person_id.in_(list(people)))
    return list(connection.execute(query.order_by(_V.c.version)).fetchall())


def _move(connection: Connection, record: str, person: str, version: int | None = None) -> None:
    values: dict[str, Any] = {"person_id": person} | ({"version": version} if version else {})
    connection.execute(update(_V).where(_V.c.id == record).values(values))


def _free(connection: Connection, row: Row[Any], person: str) -> int:
    """The version's own number, or the next where the document has had another since."""
    same = (_V.c.kind == row.kind, _V.c.system == row.system, _V.c.source_ref == row.source_ref)
    query = select(_V.c.version).where(_V.c.person_id == person, *same)
    taken = set(connection.execute(query).scalars())
    return max(taken) + 1 if row.version in taken else int(row.version)


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
