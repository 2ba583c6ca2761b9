"""The person who is managed: names, identifiers, where they live."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from schemas.base import PARTS, Canonical, Record, Section
from schemas.identifiers import Scheme
from schemas.kinds import Kind

IDENTITY = Section("identity")
IDENTIFIERS = Section("identifiers")
ADDRESSES = Section("addresses")
CONTACT = Section("contact")
DIVERSITY = Section("diversity")


class Identifier(Canonical):
    """One identifier as one system gave it.

    `verified` is true where the form and, for PNC and CRO, the check letter hold; only verified
    identifiers ever link two payloads to one person. An unverified value is kept as it came.
    """

    scheme: Annotated[Scheme, IDENTIFIERS]
    value: Annotated[str, IDENTIFIERS]
    verified: Annotated[bool, IDENTIFIERS]
    system: Annotated[str | None, IDENTIFIERS] = None


class Name(Canonical):
    """A name: given names in order, family name, and the date of birth used with an alias."""

    forenames: Annotated[list[str], IDENTITY] = []
    surname: Annotated[str | None, IDENTITY] = None
    date_of_birth: Annotated[date | None, IDENTITY] = None


class Address(Canonical):
    """An address of the person, never of a victim. Dates are days; an open end means current."""

    lines: Annotated[list[str], ADDRESSES] = []
    postcode: Annotated[str | None, ADDRESSES] = None
    no_fixed_abode: Annotated[bool | None, ADDRESSES] = None
    type: Annotated[str | None, ADDRESSES] = None
    start: Annotated[date | None, ADDRESSES] = None
    end: Annotated[date | None, ADDRESSES] = None


class Person(Record):
    """Who the person is. Several systems contribute; identifiers are the union of all of them."""

    kind: ClassVar[Kind] = Kind.PERSON

    name: Annotated[Name, PARTS]
    aliases: Annotated[list[Name], PARTS] = []
    date_of_birth: Annotated[date | None, IDENTITY] = None
    gender: Annotated[str | None, IDENTITY] = None
    identifiers: Annotated[list[Identifier], PARTS] = []
    addresses: Annotated[list[Address], PARTS] = []
    telephone_numbers: Annotated[list[str], CONTACT] = []
    email_addresses: Annotated[list[str], CONTACT] = []
    ethnicity: Annotated[str | None, DIVERSITY] = None
    nationalities: Annotated[list[str], DIVERSITY] = []
    religion: Annotated[str | None, DIVERSITY] = None
    language: Annotated[str | None, DIVERSITY] = None
    interpreter_required: Annotated[bool | None, DIVERSITY] = None
    status: Annotated[Literal["current", "deleted-at-source"] | None, IDENTITY] = None

    @property
    def standing(self) -> int:
        """A record with a surname outranks one that only adds addresses or identifiers."""
        return int(self.name.surname is not None)
