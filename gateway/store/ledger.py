"""What filing must know, and what it changes: read for a whole batch at once, decided on in memory,
written at once.

A ledger lives in one transaction of the writer. Nobody else files meanwhile, so what was read
stays true; what is asked for and was not read is read then. Until `write` the database is as it
was, and `undo` takes back all that was done since `mark`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from gateway.store import filed
from gateway.store.filed import Document, Links, Version
from gateway.store.many import run_all
from gateway.store.query import Query, run
from gateway.store.rows import Journal, Rows
from schemas import Kind

Pair = tuple[str, str]
"""Scheme and value of an identifier."""


class Head(NamedTuple):
    """The newest version of a document: it takes part in what readers get."""

    document: Document
    version: Version


class Ledger:
    """The state of one batch. Methods say what is so now, or make it so."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.concerned: dict[str, None] = {}
        """Persons whom this is about although none of their records is filed."""
        self._parted: dict[str, list[tuple[str, str]]] | None = None
        self._journal = Journal()
        self._raw: Rows[str, bytes] = Rows(self._journal)
        self._claims: Rows[Pair, Mapping[str, bool]] = Rows(self._journal)
        self._names: Rows[str, frozenset[Pair]] = Rows(self._journal)
        self._people: Rows[str, Mapping[str, Any]] = Rows(self._journal)
        self._holding: Rows[Pair, bool] = Rows(self._journal)
        self._documents: Rows[tuple[str, str, str], Mapping[str, Sequence[Version]]] = Rows(
            self._journal
        )
        self._heads: Rows[Pair, Mapping[Document, Version]] = Rows(self._journal)
        self._added: Rows[str, Mapping[str, Any]] = Rows(self._journal)
        self._superseded: Rows[str, bool] = Rows(self._journal)
        self._views: Rows[Pair, Mapping[str, Any]] = Rows(self._journal)
        self._blanked: Rows[Pair, bool] = Rows(self._journal)
        self._links: Rows[tuple[Links, str], Sequence[Mapping[str, Any]]] = Rows(self._journal)
        self._later: Rows[tuple[Query, str], Mapping[str, Any]] = Rows(self._journal)

    def mark(self) -> None:
        """Begin something that may have to be taken back."""
        self._journal.mark()

    def undo(self) -> None:
        """Take back what was done since `mark`."""
        self._journal.undo()

    def expect(self, pairs: Iterable[Pair], kinds: Collection[Kind], system: str) -> None:
        """Read at once what filing records of these kinds, by one system, about whoever has these
        identifiers will ask for."""
        self._read_claims(pairs)
        claimants = (self._claims.read.get(pair, {}) for pair in pairs)
        people = list(dict.fromkeys(person for found in claimants for person in found))
        self._read_names(people)
        self._read_people(people)
        self._read_holding(people, system)
        for kind in kinds:
            self._read_documents(people, kind, system)
            self._read_heads(people, kind)

    # Whose an identifier is.

    def claimants(self, pair: Pair) -> Mapping[str, bool]:
        """Whose records claim an identifier, and whether theirs is a disputed claim."""
        found = self._claims.get(pair)
        if found is None:
            self._read_claims([pair])
            found = self._claims.get(pair)
        return found or {}

    def claim(self, pair: Pair, person: str, *, disputed: bool) -> None:
        """Note that the person's records claim the identifier."""
        held = self.claimants(pair)
        if held.get(person) != disputed:
            self._claims.put(pair, {**held, person: disputed})
            self._names.put(person, self.names(person) | {pair})

    def names(self, person: str) -> frozenset[Pair]:
        """Every identifier that the person's records claim."""
        found = self._names.get(person)
        if found is None:
            self._read_names([person])
            found = self._names.get(person)
        return found or frozenset()

    # What is known of a person.

    def person(self, person: str) -> Mapping[str, Any]:
        """The person's row."""
        row = self._people.get(person)
        if row is None:
            self._read_people([person])
            row = self._people.get(person)
        if row is None:
            raise LookupError("there is no such person")
        return row

    def create(self, person: str, moment: str) -> None:
        """Make somebody known."""
        empty = dict.fromkeys(filed.PERSON_COLUMNS) | {"id": person, "created_at": moment}
        self._people.put(person, empty | {"excluded": False, "restricted": False})
        self._names.put(person, frozenset())

    def change(self, person: str, **values: Any) -> None:
        """Change columns of the person's row."""
        row = self.person(person)
        if any(row[name] != value for name, value in values.items()):
            self._people.put(person, {**row, **values})

    def members(self, person: str) -> list[str]:
        """The ids that the records of one person, who answers, are filed under."""
        if self.person(person)["survivor"] is None:
            return [person]
        stored = run(self.connection, filed.MEMBERS, {"person": person}).fetchall()
        found = dict.fromkeys([person, *(row[0] for row in stored), *self._people.changed])
        return sorted(one for one in found if self.person(one)["survivor"] == person)

    def answers(self, person: str) -> str:
        """Who answers for the records filed under this id."""
        return str(self.person(person)["survivor"] or person)

    def relink(self, links: Links, person: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Give the person these links of a sort, and no others."""
        self._links.put((links, person), [{**row, "person_id": person} for row in rows])

    def parted(self, person: str) -> Sequence[tuple[str, str]]:
        """The ids that splits which hold have parted from this one, and when."""
        if self._parted is None:
            self._parted = defaultdict(list)
            for moved, moment in run(self.connection, filed.SPLITS, {}).fetchall():
                told = orjson.loads(moved)
                for one, other in product(told["ids"], told["members"]):
                    self._parted[one].append((other, moment))
                    self._parted[other].append((one, moment))
        return self._parted.get(person, ())

    # Documents and their versions.

    def holds(self, person: str, system: str) -> bool:
        """Whether this system has ever sent anything about the person."""
        found = self._holding.get((person, system))
        if found is None and self._is_stored(person):
            self._read_holding([person], system)
            found = self._holding.get((person, system))
        return found or False

    def keep_raw(self, raw: bytes) -> str:
        """Keep the bytes as they came; returns their SHA-256 in hex."""
        digest = hashlib.sha256(raw).hexdigest()
        self._raw.put(digest, raw)
        return digest

    def document(self, document: Document) -> Sequence[Version]:
        """Every version of a document, oldest first, perhaps without their bodies."""
        return self._of_system(*document[:3]).get(document.source_ref, ())

    def add_version(self, document: Document, version: Version, **provenance: Any) -> None:
        """Append a version; a `current` one supersedes its predecessor."""
        person, kind, system, ref = document
        earlier = self.document(document)
        if version.status == "current":
            heads = self._heads_of(person, kind)
            if before := heads.get(document):
                self._supersede(before)
                old = before._replace(status="superseded")
                earlier = [old if v.id == old.id else v for v in earlier]
            self._heads.put((person, kind), {**heads, document: version})
        known = self._of_system(person, kind, system)
        self._documents.put((person, kind, system), {**known, ref: (*earlier, version)})
        self._holding.put((person, system), True)
        values = dict(zip(Version._fields, version, strict=True)) | provenance
        self._added.put(version.id, document._asdict() | values)

    def _supersede(self, version: Version) -> None:
        if added := self._added.get(version.id):
            self._added.put(version.id, {**added, "status": "superseded"})
        else:
            self._superseded.put(version.id, True)

    def heads(self, person: str, kind: Kind) -> list[Head]:
        """The newest version of every document of this person and kind, with its body."""
        return [Head(*one) for one in self._heads_of(person, kind.value).items()]

    def lineage(self, person: str, kind: Kind, system: str) -> list[Head]:
        """Every version one system ever gave of this kind that was current once, oldest first."""
        newest = [one for one in self.heads(person, kind) if one.document.system == system]
        found = {one.version.id: one for one in newest}
        if any(one.version.version > 1 for one in newest):  # else there is nothing before them
            named = {"person": person, "kind": kind.value, "system": system}
            stored = [_head(row) for row in run(self.connection, filed.LINEAGE, named).fetchall()]
            wanted = (person, kind.value, system)
            added = [_of_values(values) for values in self._added.changed.values()]
            fresh = [one for one in added if one.document[:3] == wanted]
            past = [one for one in fresh if one.version.status != "historical"]
            found = {one.version.id: one for one in (*stored, *past)} | found
        return sorted(found.values(), key=_arrival)

    def person_of_payload(self, system: str, raw_hash: str, content_hash: str) -> str | None:
        """Whom the very same bytes were filed under before, if they ever came."""
        wanted = {"system": system, "raw_hash": raw_hash, "content_hash": content_hash}
        for values in self._added.changed.values():
            if all(values[name] == value for name, value in wanted.items()):
                return str(values["person_id"])
        rows = run(self.connection, filed.OF_PAYLOAD, wanted).fetchall()
        return str(rows[0][0]) if rows else None

    def show(self, person: str, kind: Kind, **values: Any) -> None:
        """Replace what readers get."""
        key = {"person_id": person, "kind": kind.value, "version": 1}
        self._views.put((person, kind.value), key | values)

    def blank(self, person: str, kinds: Iterable[Kind]) -> None:
        """Of these kinds nothing is held any more."""
        for kind in kinds:
            if shown := self._views.changed.get((person, kind.value)):
                self._views.put((person, kind.value), {**shown, "record_id": "", "body": b""})
            self._blanked.put((person, kind.value), True)

    def later(self, query: Query, key: str, **values: Any) -> None:
        """Run a statement with the rest; once for each `key`."""
        self._later.put((query, key), values)

    # Reading what is not known yet. A person created here has nothing stored.

    def _read_claims(self, pairs: Iterable[Pair]) -> None:
        asked: dict[str, list[str]] = defaultdict(list)
        for scheme, value in self._claims.unread(pairs):
            asked[scheme].append(value)
            self._claims.read[scheme, value] = {}
        for scheme, values in asked.items():
            named = {"scheme": str(scheme)}
            for value, person, disputed in filed.CLAIMS.rows(self.connection, values, named):
                held = self._claims.read[scheme, value]
                self._claims.read[scheme, value] = {**held, person: bool(disputed)}

    def _read_names(self, people: Sequence[str]) -> None:
        asked = self._names.unread(people)
        found: dict[str, set[Pair]] = {person: set() for person in asked}
        for person, scheme, value in filed.NAMES.rows(self.connection, asked):
            found[person].add((scheme, value))
        self._names.read |= {person: frozenset(pairs) for person, pairs in found.items()}

    def _read_people(self, people: Sequence[str]) -> None:
        columns = filed.PERSON_COLUMNS
        for row in filed.PEOPLE.rows(self.connection, self._people.unread(people)):
            self._people.read[row[0]] = dict(zip(columns, row, strict=True))

    def _is_stored(self, person: str) -> bool:
        return person in self._people.read or person not in self._people.changed

    def _read_holding(self, people: Sequence[str], system: str) -> None:
        asked = self._holding.unread((person, system) for person in people)
        self._holding.read |= dict.fromkeys(asked, False)
        keys = [person for person, _ in asked]
        for (person,) in filed.HOLDS.rows(self.connection, keys, {"system": system}):
            self._holding.read[person, system] = True

    def _read_documents(self, people: Sequence[str], kind: str, system: str) -> None:
        asked = self._documents.unread((person, kind, system) for person in people)
        found: dict[str, dict[str, list[Version]]] = {one[0]: defaultdict(list) for one in asked}
        named = {"kind": kind, "system": system}
        for row in filed.DOCUMENTS.rows(self.connection, list(found), named):
            document, version = _head(row)
            found[document.person_id][document.source_ref].append(version)
        self._documents.read |= {(p, kind, system): versions for p, versions in found.items()}

    def _read_heads(self, people: Sequence[str], kind: str) -> None:
        asked = self._heads.unread((person, kind) for person in people)
        found: dict[str, dict[Document, Version]] = {person: {} for person, _ in asked}
        for row in filed.HEADS.rows(self.connection, list(found), {"kind": kind}):
            document, version = _head(row)
            found[document.person_id][document] = version
        self._heads.read |= {(person, kind): heads for person, heads in found.items()}

    def _of_system(self, person: str, kind: str, system: str) -> Mapping[str, Sequence[Version]]:
        found = self._documents.get((person, kind, system))
        if found is None and self._is_stored(person):
            self._read_documents([person], kind, system)
            found = self._documents.get((person, kind, system))
        return found or {}

    def _heads_of(self, person: str, kind: str) -> Mapping[Document, Version]:
        found = self._heads.get((person, kind))
        if found is None and self._is_stored(person):
            self._read_heads([person], kind)
            found = self._heads.get((person, kind))
        return found or {}

    # Writing.

    def write(self) -> None:
        """Make the database so, in few statements. The ledger is used up."""
        connection = self.connection
        raw = [{"hash": digest, "body": body} for digest, body in self._raw.changed.items()]
        run_all(connection, filed.KEEP_RAW, raw)
        run_all(connection, filed.KEEP_PERSON, self._people.changed.values())
        run_all(connection, filed.CLAIM, self._new_claims())
        run_all(connection, filed.SUPERSEDE, [{"old": one} for one in self._superseded.changed])
        run_all(connection, filed.ADD_VERSION, self._added.changed.values())
        blanked = [{"of_person": one, "of_kind": kind} for one, kind in self._blanked.changed]
        run_all(connection, filed.BLANK, blanked)
        run_all(connection, filed.SHOW, self._views.changed.values())
        self._write_links()
        later: dict[Query, list[Mapping[str, Any]]] = defaultdict(list)
        for (query, _), values in self._later.changed.items():
            later[query].append(values)
        for query, rows in later.items():
            run_all(connection, query, rows)

    def _new_claims(self) -> list[dict[str, Any]]:
        return [
            {
                "scheme": str(scheme),
                "value": value,
                "person_id": person,
                "disputed": disputed,
                "merged": False,
            }
            for (scheme, value), held in self._claims.changed.items()
            for person, disputed in held.items()
            if self._claims.read.get((scheme, value), {}).get(person) != disputed
        ]

    def _write_links(self) -> None:
        dropped: dict[Links, list[Mapping[str, Any]]] = defaultdict(list)
        added: dict[Links, list[Mapping[str, Any]]] = defaultdict(list)
        for (links, person), fresh in self._links.changed.items():
            if self._is_stored(person):
                dropped[links].append({"whose": person})
            added[links] += fresh
        for links, rows in added.items():
            run_all(self.connection, links.drop, dropped[links])
            run_all(self.connection, links.add, rows)


def _head(row: Sequence[Any]) -> Head:
    key = len(Document._fields)
    return Head(Document(*row[:key]), Version(*row[key:]))


def _of_values(values: Mapping[str, Any]) -> Head:
    version = Version(**{name: values[name] for name in Version._fields})
    return Head(Document(**{name: values[name] for name in Document._fields}), version)


def _arrival(head: Head) -> tuple[str, int]:
    return head.version.received_at, head.version.version
