"""One prisoner: person, custody and what the MAPPA alerts say.

Two generations of one form: prisoner search, and NOMIS itself (`offenderNo`, `agencyId`).
"""

from collections.abc import Callable
from dataclasses import replace

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of, objects
from adapters.nomis.alerts import registration
from adapters.nomis.custody import custody
from adapters.nomis.person import person
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.mappa import MappaRegistration
from schemas.person import Identifier

CURRENT = "current"
_NUMBERS = ("prisonerNumber", "offenderNo", "nomsId")
_MERGED = "MERGED"
"""The type under which NOMIS keeps a number that it merged into this prisoner's."""
_SCHEMES = {"PNC": Scheme.PNC, "CRO": Scheme.CRO}
_NO_IDENTIFIER_HERE = frozenset({"DL", "NINO", "PASS", "HOREF"})
"""Licences, tax and passport numbers: real, but nothing in MAPPA is filed under them."""


def is_prisoner(node: Node) -> bool:
    """By the number and the name that every prisoner has."""
    return node.has("lastName") and node.has_any(*_NUMBERS)


def prisoner(node: Node, subject: Subject | None) -> MappedPerson:
    """Map one prisoner. The search names no time of writing, so arrival decides what is newer."""
    identifiers = _identifiers(node, subject)
    held = custody(node)
    who = person(node, identifiers)
    stated = registration(node["alerts"], held.alerts if held else [])
    kept = [MappedRecord(one, CURRENT) for one in (who, held, stated) if one is not None]
    return MappedPerson(identifiers, kept, node.cautions, _merged(node, identifiers))


def _merged(node: Node, mine: list[Identifier]) -> list[Identifier]:
    """Numbers merged into this one. A merge joins two people's records, so both must be beyond
    doubt: a malformed number, or one's own, joins nobody."""
    if not any(one.verified and one.scheme is Scheme.NOMS for one in mine):
        return []
    rows = (row for row in objects(node["identifiers"]) if row["type"].value == _MERGED)
    gone = identifiers_of("nomis", [(Scheme.NOMS, row["value"]) for row in rows])
    return [one for one in gone if one.verified and one not in mine]


def beside(source_ref: str) -> Callable[[Node, Subject | None], MappedPerson]:
    """Reads a row that says little of a prisoner as documents beside the prisoner's own, so that
    they never take the place of all the rest."""

    def read(node: Node, subject: Subject | None) -> MappedPerson:
        mapped = prisoner(node, subject)
        records = [
            one
            if isinstance(one.record, MappaRegistration)
            else replace(one, source_ref=source_ref)
            for one in mapped.records
        ]
        return replace(mapped, records=records)

    return read


def _identifiers(node: Node, subject: Subject | None) -> list[Identifier]:
    """The canonical PNC fields repeat `pncNumber` in other spellings: the first one counts."""
    named = [
        (Scheme.NOMS, node.first(*_NUMBERS)),
        (Scheme.PNC, node.first("pncNumber", "pncNumberCanonicalLong", "pncNumberCanonicalShort")),
        (Scheme.CRO, node["croNumber"]),
        (Scheme.BOOKING, node.first("bookNumber", "bookingNo")),
    ]
    for row in objects(node["identifiers"]):
        kind = row["type"].text()
        if kind in _SCHEMES:
            named.append((_SCHEMES[kind], row["value"]))
        elif kind not in _NO_IDENTIFIER_HERE | {_MERGED}:
            row["type"].warn("unreadable-value")
    return identifiers_of("nomis", named, subject)
