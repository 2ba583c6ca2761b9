"""Whom PPUD has on file. Its own numbers are typed by hand: most are kept and verify nothing."""

from adapters.base import Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.person import Address, Identifier, Name, Person


def identifiers(node: Node, subject: Subject | None) -> list[Identifier]:
    """All numbers of one person. `croOtherNumber` may be a CRO number or anything else."""
    named = [
        (Scheme.NOMS, node["nomsId"]),
        (Scheme.CRO, node.first("croNumber", "croOtherNumber")),
        (Scheme.BOOKING, node["prisonNumber"]),
    ]
    return identifiers_of("ppud", named, subject)


def person(node: Node, known_as: list[Identifier]) -> Person:
    """The person; a missing field stays missing."""
    telephone = node["address"]["phoneNumber"].text()
    address = _address(node["address"])
    return Person(
        name=Name(
            forenames=(node["firstNames"].text() or "").split(),
            surname=node["familyName"].text(),
        ),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=known_as,
        addresses=[address] if address != Address() else [],
        telephone_numbers=[telephone] if telephone else [],
        ethnicity=node["ethnicity"].text(),
    )


def _address(node: Node) -> Address:
    lines = (node[part].text() for part in ("premises", "line1", "line2"))
    return Address(lines=[line for line in lines if line], postcode=node["postcode"].text())
