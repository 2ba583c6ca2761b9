"""The person record, as far as each interface of Delius knows the person.

Interfaces that know less than the whole person write documents of their own (`summary`,
`addresses`, `identifiers`), so that they never overwrite what the fuller ones said.
"""

from adapters.base import MappedRecord
from adapters.delius.naming import flat_name, nested_name, texts
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.person import Address, Identifier, Name, Person


def from_search(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """A row of the probation search."""
    profile, contact = node["offenderProfile"], node["contactDetails"]
    languages = profile["offenderLanguages"]
    deleted = node["softDeleted"].flag()
    record = Person(
        name=flat_name(node),
        aliases=_aliases(node),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
        addresses=[_address(one) for one in objects(contact["addresses"])],
        telephone_numbers=texts(one["number"] for one in contact["phoneNumbers"]),
        email_addresses=texts(contact["emailAddresses"]),
        ethnicity=profile["ethnicity"].text(),
        nationalities=texts([profile["nationality"], profile["secondaryNationality"]]),
        religion=profile["religion"].text(),
        language=languages["primaryLanguage"].text(),
        interpreter_required=languages["requiresInterpreter"].flag(),
        status=None if deleted is None else "deleted-at-source" if deleted else "current",
    )
    return MappedRecord(record, "current")


def _aliases(node: Node) -> list[Name]:
    found = [
        flat_name(one).model_copy(update={"date_of_birth": one["dateOfBirth"].day()})
        for one in objects(node["offenderAliases"])
    ]
    if surname := node["previousSurname"].text():
        found.append(Name(surname=surname))
    return [one for one in found if one.forenames or one.surname]


def from_details(node: Node, main_address: Node, identifiers: list[Identifier]) -> MappedRecord:
    """`personalDetails`, with the main address where the answer has one."""
    record = Person(
        name=nested_name(node["name"]),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
        addresses=[_address(main_address)] if main_address else [],
        ethnicity=node["ethnicity"].text(),
        language=node["primaryLanguage"].text(),
    )
    return MappedRecord(record, "details")


def from_summary(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """Name and date of birth, all that a summary shows."""
    record = Person(
        name=nested_name(node["name"]),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
    )
    return MappedRecord(record, "summary")


def from_addresses(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """The address list, which names nobody."""
    addresses = [_address(one) for one in objects(node["addresses"])]
    return MappedRecord(
        Person(name=Name(), identifiers=identifiers, addresses=addresses), "addresses"
    )


def from_identifiers(identifiers: list[Identifier]) -> MappedRecord:
    """One number of the person converted into another: nothing but the numbers."""
    return MappedRecord(Person(name=Name(), identifiers=identifiers), "identifiers")


def _address(node: Node) -> Address:
    number, street = node["addressNumber"].text(), node["streetName"].text()
    lines = [
        node["buildingName"].text(),
        " ".join(filter(None, [number, street])),
        *(node[field].text() for field in ("district", "town", "county")),
    ]
    start, end = node["from"].day(), node["to"].day()
    if start and end and end < start:
        node.warn("contradiction")
    return Address(
        lines=[line for line in lines if line],
        postcode=node["postcode"].text(),
        no_fixed_abode=node["noFixedAbode"].flag(),
        type=node["type"]["description"].text() or node["type"]["code"].text(),
        start=start,
        end=end,
    )
