"""Who the prisoner is: names, aliases, addresses, contact, diversity."""

from collections.abc import Iterable

from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.person import Address, Identifier, Name, Person


def person(node: Node, identifiers: list[Identifier]) -> Person:
    """The person record of one prisoner; a missing field stays missing."""
    language = _main_language(node["languages"])
    body = node["physicalAttributes"]
    nationality = _profile(node, "nationality", "NAT")
    return Person(
        name=_name(node),
        aliases=[_name(row, with_birth=True) for row in objects(node["aliases"])],
        date_of_birth=node["dateOfBirth"].day(),
        gender=(node["gender"] if node["gender"] else body["gender"]).text(),
        identifiers=identifiers,
        addresses=[_address(row) for row in objects(node["addresses"])],
        telephone_numbers=_telephones(node),
        email_addresses=_texts(row["email"] for row in objects(node["emailAddresses"])),
        ethnicity=(node["ethnicity"] if node["ethnicity"] else body["ethnicity"]).text(),
        nationalities=[nationality] if nationality else [],
        religion=_profile(node, "religion", "RELF"),
        language=(language["code"] if language else node["language"]).text(),
        interpreter_required=(
            language["interpreterRequested"] if language else node["interpreterRequired"]
        ).flag(),
    )


def _profile(node: Node, field: str, kind: str) -> str | None:
    """A field of the search; NOMIS itself asks for it as a question of a profile."""
    rows = (row for row in objects(node["profileInformation"]) if row["type"].value == kind)
    asked = next(rows, Node(None, "", []))
    return (node[field] if node[field] else asked["resultValue"]).text()


def _name(node: Node, *, with_birth: bool = False) -> Name:
    middle = node.first("middleNames", "middleName", "givenName2").text() or ""
    first = node.first("firstName", "givenName1").text()
    return Name(
        forenames=([first] if first else []) + middle.split(),
        surname=node["lastName"].text(),
        date_of_birth=node.first("dateOfBirth", "dob").day() if with_birth else None,
    )


def _address(node: Node) -> Address:
    line = node["fullAddress"].text()
    return Address(
        lines=[line] if line else [],
        postcode=node["postalCode"].text(),
        no_fixed_abode=node["noFixedAddress"].flag(),
        type="primary" if node["primaryAddress"].flag() else None,
        start=node["startDate"].day(),
        end=node["endDate"].day(),
    )


def _telephones(node: Node) -> list[str]:
    places = [node, *objects(node["addresses"])]
    return _texts(row["number"] for place in places for row in objects(place["phoneNumbers"]))


def _texts(nodes: Iterable[Node]) -> list[str]:
    found = (node.text() for node in nodes)
    return list(dict.fromkeys(text for text in found if text))


def _main_language(languages: Node) -> Node:
    """The language of type `PRIM`; without one, none is known to be the person's own."""
    rows = list(objects(languages))
    return next((row for row in rows if row["type"].value == "PRIM"), Node(None, "", []))
