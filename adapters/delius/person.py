"""The person record, as far as each interface of Delius knows the person.

Interfaces that know less than the whole person write documents of their own (`summary`,
`addresses`, `identifiers`, `unnamed`), so that they never overwrite what the fuller ones said.
What is said of relatives, doctors and other contacts of the person is about them and not taken.
"""

from adapters.base import MappedRecord
from adapters.delius.addresses import address, addresses
from adapters.delius.naming import flat_name, nested_name, part, told
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.person import Identifier, Name, Person


def from_search(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """A row of the probation search, or the whole person of the older interface.

    The age is not kept, since the day of birth says it; a made-up one is warned about. Where the
    name is kept from the one who asked, the rest must not stand in front of what is known.
    """
    profile, contact = part(node["offenderProfile"]), part(node["contactDetails"])
    languages = profile["offenderLanguages"]
    deleted = node["softDeleted"].flag()
    node["age"].integer()
    record = Person(
        name=flat_name(node),
        aliases=_aliases(node),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
        addresses=addresses(contact["addresses"]),
        telephone_numbers=told(one["number"] for one in contact["phoneNumbers"]),
        email_addresses=told(contact["emailAddresses"]),
        ethnicity=profile["ethnicity"].text(),
        nationalities=told([profile["nationality"], profile["secondaryNationality"]]),
        religion=profile["religion"].text(),
        language=languages["primaryLanguage"].text(),
        interpreter_required=languages["requiresInterpreter"].flag(),
        status=None if deleted is None else "deleted-at-source" if deleted else "current",
    )
    return MappedRecord(record, "current" if record.name.surname else "unnamed")


def _aliases(node: Node) -> list[Name]:
    found = [
        flat_name(one).model_copy(update={"date_of_birth": one["dateOfBirth"].day()})
        for one in objects(node["offenderAliases"])
    ]
    found += [nested_name(one) for one in objects(node["aliases"])]
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
        addresses=[address(main_address)] if main_address else [],
        telephone_numbers=told([node["telephoneNumber"], node["mobileNumber"]]),
        ethnicity=node["ethnicity"].text(),
        language=node["primaryLanguage"].text(),
    )
    return MappedRecord(record, "details")


def from_case_view(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """The personal details of the case view of practitioners; `sex` is what others call gender."""
    home = part(node["mainAddress"])
    record = Person(
        name=nested_name(node["name"]),
        aliases=_aliases(node),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["sex"].text(),
        identifiers=identifiers,
        addresses=[address(home)] if home else [],
        telephone_numbers=told([node["telephoneNumber"], node["mobileNumber"]]),
        email_addresses=told([node["email"]]),
        religion=node["religionOrBelief"].text(),
        language=node["preferredLanguage"].text(),
    )
    return MappedRecord(record, "case-view")


def from_summary(node: Node, identifiers: list[Identifier]) -> MappedRecord:
    """Name and date of birth, all that most summaries show; a case has a profile as well, and
    the view of resettlement how to reach the person."""
    profile, contact = part(node["profile"]), part(node["contactDetails"])
    record = Person(
        name=nested_name(node["name"]),
        date_of_birth=node["dateOfBirth"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
        telephone_numbers=told([contact["telephone"], contact["mobile"]]),
        email_addresses=told([contact["email"]]),
        ethnicity=profile["ethnicity"].text(),
        nationalities=told([profile["nationality"]]),
        religion=profile["religion"].text(),
    )
    return MappedRecord(record, "summary")


def from_address(node: Node, found_at: Node, identifiers: list[Identifier]) -> MappedRecord:
    """One find of a search by address, which knows the person by number and day of birth."""
    record = Person(
        name=Name(),
        date_of_birth=node["dob"].day(),
        gender=node["gender"].text(),
        identifiers=identifiers,
        addresses=[address(found_at)],
    )
    return MappedRecord(record, "found-address")


def from_addresses(rows: Node, identifiers: list[Identifier]) -> MappedRecord:
    """The address list, which names nobody."""
    record = Person(name=Name(), identifiers=identifiers, addresses=addresses(rows))
    return MappedRecord(record, "addresses")


def from_identifiers(identifiers: list[Identifier]) -> MappedRecord:
    """One number of the person converted into another: nothing but the numbers."""
    return MappedRecord(Person(name=Name(), identifiers=identifiers), "identifiers")
