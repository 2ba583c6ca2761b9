"""One canonical record of the core person service: every identifier it has joined."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import JsonAdapter, Shape, identifiers_of, objects
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
_LINES = (
    "subBuildingName",
    "buildingName",
    "dependentLocality",
    "postTown",
    "county",
)


def _read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    lists = node["identifiers"]
    pairs = ((scheme, one) for name, scheme in _LISTS.items() for one in lists[name])
    named = identifiers_of(SYSTEM, pairs, subject)
    record = Person(
        name=_name(node),
        aliases=[_name(one) for one in objects(node["aliases"])],
        date_of_birth=node["dateOfBirth"].day(),
        gender=_described(node["sex"]),
        identifiers=named,
        addresses=[_address(one) for one in objects(node["addresses"])],
        ethnicity=_described(node["ethnicity"]),
        nationalities=_nationalities(node["nationalities"]),
        religion=_described(node["religion"]),
    )
    return [MappedPerson(named, [MappedRecord(record, "current")], node.cautions)]


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
    "ethnicity": "ethnicity.description",
    "nationalities": "nationalities[].description",
    "religion": "religion.description",
}
_NOTES = {
    "identifiers[].verified": "worked out from the form and the check letter",
    "nationalities": "those that have ended are left out",
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


ADAPTER = JsonAdapter(SYSTEM, [Shape("person", _is_person, _read), ERROR_BODY], lines=LINES)
