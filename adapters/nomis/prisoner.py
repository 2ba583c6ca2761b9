"""One prisoner as prisoner search gives it: person, custody and what the MAPPA alerts say."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of, objects
from adapters.nomis.alerts import alerts, registration
from adapters.nomis.custody import custody
from adapters.nomis.person import person
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.person import Identifier

CURRENT = "current"
_SCHEMES = {"PNC": Scheme.PNC, "CRO": Scheme.CRO}
_NO_IDENTIFIER_HERE = frozenset({"DL", "NINO", "PASS", "HOREF"})
"""Licences, tax and passport numbers: real, but nothing in MAPPA is filed under them."""


def prisoner(node: Node, subject: Subject | None) -> MappedPerson:
    """Map one prisoner. The search names no time of writing, so arrival decides what is newer."""
    identifiers = _identifiers(node, subject)
    found = alerts(node["alerts"])
    records = (
        person(node, identifiers),
        custody(node, found),
        registration(node["alerts"], found),
    )
    for need in objects(node["personalCareNeeds"]):
        need["endDate"].day()  # health is not kept, but the sender hears of a placeholder
    kept = [MappedRecord(record, CURRENT) for record in records if record is not None]
    return MappedPerson(identifiers, kept, node.cautions)


def _identifiers(node: Node, subject: Subject | None) -> list[Identifier]:
    """The canonical PNC fields repeat `pncNumber` in other spellings: the first one counts."""
    named = [
        (Scheme.NOMS, node["prisonerNumber"]),
        (Scheme.PNC, node.first("pncNumber", "pncNumberCanonicalLong", "pncNumberCanonicalShort")),
        (Scheme.CRO, node["croNumber"]),
        (Scheme.BOOKING, node["bookNumber"]),
    ]
    for row in objects(node["identifiers"]):
        kind = row["type"].text()
        if kind in _SCHEMES:
            named.append((_SCHEMES[kind], row["value"]))
        elif kind not in _NO_IDENTIFIER_HERE:
            row["type"].warn("unreadable-value")
    return identifiers_of("nomis", named, subject)
