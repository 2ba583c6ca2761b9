"""The log of contacts that probation keeps on a case (DOMAIN.md §8).

It is daily working notes and names third parties. A contact that probation has marked for ViSOR
is meant for the police register, so marked contacts are a list and a section of their own.
"""

from datetime import datetime
from typing import Annotated, ClassVar

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

VISOR_CONTACTS = Section("visor-contacts")
OTHER_CONTACTS = Section("other-contacts")


class VisorContact(Canonical):
    """A contact marked for ViSOR. Fields as in `Contact`."""

    reference: Annotated[str | None, VISOR_CONTACTS] = None
    at: Annotated[datetime | None, VISOR_CONTACTS] = None
    type_code: Annotated[str | None, VISOR_CONTACTS] = None
    type: Annotated[str | None, VISOR_CONTACTS] = None
    outcome_code: Annotated[str | None, VISOR_CONTACTS] = None
    outcome: Annotated[str | None, VISOR_CONTACTS] = None
    description: Annotated[str | None, VISOR_CONTACTS] = None
    notes: Annotated[str | None, VISOR_CONTACTS] = None
    sensitive: Annotated[bool | None, VISOR_CONTACTS] = None
    written_by: Annotated[str | None, VISOR_CONTACTS] = None


class Contact(Canonical):
    """A contact that is not marked for ViSOR, or of which the source does not say.

    `reference` is the source's own id. `at` is UTC; of a bare day it is the midnight in London
    with which that day begins. `sensitive` means: never to be shown to the person it is about.
    """

    reference: Annotated[str | None, OTHER_CONTACTS] = None
    at: Annotated[datetime | None, OTHER_CONTACTS] = None
    type_code: Annotated[str | None, OTHER_CONTACTS] = None
    type: Annotated[str | None, OTHER_CONTACTS] = None
    outcome_code: Annotated[str | None, OTHER_CONTACTS] = None
    outcome: Annotated[str | None, OTHER_CONTACTS] = None
    description: Annotated[str | None, OTHER_CONTACTS] = None
    notes: Annotated[str | None, OTHER_CONTACTS] = None
    sensitive: Annotated[bool | None, OTHER_CONTACTS] = None
    written_by: Annotated[str | None, OTHER_CONTACTS] = None


class Contacts(Record):
    """Contacts as far as a source sends them. A log sent in parts is one document for each part;
    readers get them joined, and of two entries with one reference the newer document's."""

    kind: ClassVar[Kind] = Kind.CONTACTS

    visor_contacts: Annotated[list[VisorContact], PARTS] = []
    other_contacts: Annotated[list[Contact], PARTS] = []
