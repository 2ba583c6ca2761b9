"""One canonical record of the core person service: every identifier it has joined."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import JsonAdapter, Shape, apart, identifiers_of, objects
from adapters.reading import Node
from adapters.refused import ERROR_BODY
from adapters.writing import Line, Way
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.person import Address, Name, Person

SYSTEM = "cpr"
_LISTS = {
    "crns": Scheme.CRN,
    "prisonNumbers": Scheme.NOMS,
    "pncs": Scheme.PNC,
    "cros": Scheme.CRO,
}
_SINGLE = {"crn": Scheme.CRN, "prisonNumber": Scheme.NOMS}
_LINES = (
    "subBuildingName",
    "buildingName",
    "dependentLocality",
    "postTown",
    "county",
)


def _read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    return [_person(node, node, "current", subject)]


def _person(node: Node, name: Node, ref: str, subject: Subject | None = None) -> MappedPerson:
    held = node["identifiers"]
    pairs = [(scheme, one) for key, scheme in _LISTS.items() for one in held[key]]
    pairs += [(scheme, held[key]) for key, scheme in _SINGLE.items()]
    named = identifiers_of(SYSTEM, pairs, subject)
    record = Person(
        name=_name(name),
        aliases=[_name(one) for one in objects(node["aliases"])],
        date_of_birth=name["dateOfBirth"].day(),
        gender=_described(node["sex"]),
        identifiers=named,
        addresses=[_address(one) for one in objects(node["addresses"])],
        telephone_numbers=_contacts(node, email=False),
        email_addresses=_contacts(node, email=True),
        ethnicity=_described(node["ethnicity"]),
        nationalities=_nationalities(node["nationalities"]),
        religion=_described(node["religion"]),
    )
    return MappedPerson(named, [MappedRecord(record, ref)], node.cautions)


def _finds(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """What a search found: each system's own record of somebody, beside the joined one. Records
    that stand together may be of one person; who is who is not for a search to say."""
    found = []
    for row in _rows(node):
        told = apart(row)
        ref = f"search-{told['sourceSystem'].text() or 'unknown'}".lower()
        person = _person(told, told["name"], ref)
        if person.identifiers:
            found.append(person)
        else:
            row.warn("unmapped-body")
    if subject is not None and len(found) > 1:
        raise AdapterError("subject-mismatch", "several records that were found are not one's")
    return [replace(one, cautions=one.cautions + node.cautions) for one in found]


def _rows(node: Node) -> Iterator[Node]:
    for row in objects(node["data"]):
        for one in objects(row["results"]) if row["results"] else [row]:
            yield one
            yield from objects(one["linkedRecords"])


def _contacts(node: Node, *, email: bool) -> list[str]:
    """Numbers, or mail addresses, that stand with the addresses."""
    rows = (row for home in objects(node["addresses"]) for row in objects(home["contacts"]))
    found = (row["value"].text() for row in rows if (row["type"]["code"].value == "EMAIL") is email)
    return list(dict.fromkeys(text for text in found if text))


def _name(node: Node) -> Name:
    forenames = (node["firstName"].text(), node["middleNames"].text())
    return Name(
        forenames=[one for one in forenames if one],
        surname=node["lastName"].text(),
        date_of_birth=node["dateOfBirth"].day(),
    )


def _nationalities(rows: Node) -> list[str]:
    """Those that have not ended."""
    current = (_described(row) for row in objects(rows) if not row["endDate"].text())
    return [one for one in current if one]


def _described(node: Node) -> str | None:
    """A coded value's description (failing that its code), or plain text."""
    if isinstance(node.value, dict):
        return node["description"].text() or node["code"].text()
    return node.text()


def _address(node: Node) -> Address:
    street = " ".join(
        text for f in ("buildingNumber", "thoroughfareName") if (text := node[f].text())
    )
    lines = [node[field].text() for field in _LINES]
    lines = [*lines[:2], street, *lines[2:], _described(node["country"])]
    start, end = node["startDate"].day(), node["endDate"].day()
    if start and end and end < start:
        node.warn("contradiction")
    return Address(
        lines=[line for line in lines if line],
        postcode=node["postcode"].text(),
        no_fixed_abode=node["noFixedAbode"].flag(),
        type=_described(node["status"]),
        start=start,
        end=end,
    )


_PLACES = {
    "name.forenames": "firstName, middleNames",
    "name.surname": "lastName",
    "name.dateOfBirth": "dateOfBirth",
    "aliases[].forenames": "aliases[].firstName, aliases[].middleNames",
    "aliases[].surname": "aliases[].lastName",
    "aliases[].dateOfBirth": "aliases[].dateOfBirth",
    "dateOfBirth": "dateOfBirth",
    "gender": "sex.description",
    "identifiers[].scheme": "identifiers.crns, .prisonNumbers, .pncs, .cros",
    "identifiers[].value": "identifiers.crns[], .prisonNumbers[], .pncs[], .cros[]",
    "identifiers[].verified": "",
    "addresses[].lines": "addresses[].subBuildingName … country",
    "addresses[].postcode": "addresses[].postcode",
    "addresses[].noFixedAbode": "addresses[].noFixedAbode",
    "addresses[].type": "addresses[].status",
    "addresses[].start": "addresses[].startDate",
    "addresses[].end": "addresses[].endDate",
    "telephoneNumbers": "addresses[].contacts[].value",
    "emailAddresses": "addresses[].contacts[].value",
    "ethnicity": "ethnicity.description",
    "nationalities": "nationalities[].description",
    "religion": "religion.description",
}
_NOTES = {
    "identifiers[].verified": "worked out from the form and the check letter",
    "nationalities": "those that have ended are left out",
    "emailAddresses": "contacts of type EMAIL",
    "addresses[].lines": "number and street are one line",
}
LINES = tuple(
    Line(Kind.PERSON, field, place, Way.IN, _NOTES.get(field, ""))
    for field, place in _PLACES.items()
)
"""Read only: the core person record takes what it is told from the systems themselves."""


def _is_person(node: Node) -> bool:
    """By the numbers it has joined; somebody whose name is not known has no member for one."""
    return node.has("identifiers", "lastName") or node["identifiers"].has("crns", "prisonNumbers")


def _is_search(node: Node) -> bool:
    rows = node["data"].value
    return isinstance(rows, list) and any(row.has("identifiers", "name") for row in _rows(node))


ADAPTER = JsonAdapter(
    SYSTEM,
    [Shape("person", _is_person, _read), Shape("search", _is_search, _finds), ERROR_BODY],
    lines=LINES,
)
