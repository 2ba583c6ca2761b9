"""Licences and their conditions (DOMAIN.md §5).

A no-contact condition names the victim and a map can show where they live. Text, data and
geometry therefore are separate sections, and conditions about the victim have sections of their
own, so that a policy can release one and not the other.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import PARTS, Canonical, Record, Section
from schemas.conditions import IN_FORCE
from schemas.kinds import Kind

LICENCE = Section("licence")
APPROVAL = Section("approval")
APPOINTMENT = Section("appointment")
CURFEW = Section("curfew")
STANDARD = Section("standard-conditions")
ADDITIONAL = Section("additional-conditions")
ADDITIONAL_DATA = Section("additional-condition-data")
NO_CONTACT = Section("no-contact-conditions")
NO_CONTACT_DATA = Section("no-contact-condition-data")
ZONE_EXISTS = Section("zone-existence")
ZONE_TEXT = Section("zone-text")
ZONE_DATA = Section("zone-data")
ZONE_GEOMETRY = Section("zone-geometry")

Regime = Literal["AP", "PSS"]
"""Conditions of the licence (all purpose) or of post-sentence supervision."""


class StandardCondition(Canonical):
    """A standard condition of the policy in force, by (policy version, code)."""

    type: Annotated[Literal["standard"], STANDARD] = "standard"
    regime: Annotated[Regime, STANDARD] = "AP"
    code: Annotated[str | None, STANDARD] = None
    text: Annotated[str, STANDARD]


class AdditionalCondition(Canonical):
    """An additional or bespoke condition that is not about the victim and draws no zone."""

    type: Annotated[Literal["additional", "bespoke"], ADDITIONAL]
    regime: Annotated[Regime, ADDITIONAL] = "AP"
    code: Annotated[str | None, ADDITIONAL] = None
    category: Annotated[str | None, ADDITIONAL] = None
    text: Annotated[str, ADDITIONAL]
    expanded_text: Annotated[str | None, ADDITIONAL_DATA] = None
    data: Annotated[dict[str, str], ADDITIONAL_DATA] = {}
    electronic_monitoring: Annotated[list[str], ADDITIONAL] = []


class NoContactCondition(Canonical):
    """A condition about contact with the victim or family. `expanded_text` names people."""

    type: Annotated[Literal["no-contact"], NO_CONTACT] = "no-contact"
    regime: Annotated[Regime, NO_CONTACT] = "AP"
    code: Annotated[str | None, NO_CONTACT] = None
    category: Annotated[str | None, NO_CONTACT] = None
    text: Annotated[str, NO_CONTACT]
    expanded_text: Annotated[str | None, NO_CONTACT_DATA] = None
    data: Annotated[dict[str, str], NO_CONTACT_DATA] = {}


class ZoneGeometry(Canonical):
    """What draws a zone: a map file's name and description, or a GeoJSON geometry as text."""

    filename: Annotated[str | None, ZONE_GEOMETRY] = None
    media_type: Annotated[str | None, ZONE_GEOMETRY] = None
    description: Annotated[str | None, ZONE_GEOMETRY] = None
    geojson: Annotated[str | None, ZONE_GEOMETRY] = None


class ZoneCondition(Canonical):
    """An exclusion or restriction zone. Only its existence is fit for everyone on the case."""

    type: Annotated[Literal["exclusion-zone", "restriction-zone"], ZONE_EXISTS]
    zone_exists: Annotated[Literal[True], ZONE_EXISTS] = True
    regime: Annotated[Regime, ZONE_EXISTS] = "AP"
    code: Annotated[str | None, ZONE_TEXT] = None
    category: Annotated[str | None, ZONE_TEXT] = None
    text: Annotated[str, ZONE_TEXT]
    expanded_text: Annotated[str | None, ZONE_DATA] = None
    data: Annotated[dict[str, str], ZONE_DATA] = {}
    geometry: Annotated[list[ZoneGeometry], PARTS] = []


Condition = Annotated[
    StandardCondition | AdditionalCondition | NoContactCondition | ZoneCondition,
    Field(discriminator="type"),
]


class CurfewPeriod(Canonical):
    """One curfew period; days are English names, times local `HH:MM[:SS]`; may cross midnight."""

    from_day: Annotated[str | None, CURFEW] = None
    from_time: Annotated[str | None, CURFEW] = None
    until_day: Annotated[str | None, CURFEW] = None
    until_time: Annotated[str | None, CURFEW] = None


class Licence(Record):
    """One licence and every condition on it. Days are ISO dates, times UTC."""

    kind: ClassVar[Kind] = Kind.LICENCE

    licence_id: Annotated[str, LICENCE]
    type: Annotated[str | None, LICENCE] = None
    licence_kind: Annotated[str | None, LICENCE] = None
    status: Annotated[str | None, LICENCE] = None
    in_force: Annotated[bool | None, LICENCE] = None
    policy_version: Annotated[str | None, LICENCE] = None
    version: Annotated[str | None, LICENCE] = None
    variation_of: Annotated[str | None, LICENCE] = None
    start: Annotated[date | None, LICENCE] = None
    expiry: Annotated[date | None, LICENCE] = None
    supervision_start: Annotated[date | None, LICENCE] = None
    supervision_expiry: Annotated[date | None, LICENCE] = None
    in_supervision_period: Annotated[bool | None, LICENCE] = None
    created: Annotated[datetime | None, APPROVAL] = None
    updated: Annotated[datetime | None, APPROVAL] = None
    submitted: Annotated[datetime | None, APPROVAL] = None
    approved: Annotated[datetime | None, APPROVAL] = None
    approved_by: Annotated[str | None, APPROVAL] = None
    superseded: Annotated[datetime | None, APPROVAL] = None
    victim_liaison_consulted: Annotated[str | None, APPROVAL] = None
    appointment_person: Annotated[str | None, APPOINTMENT] = None
    appointment_time: Annotated[datetime | None, APPOINTMENT] = None
    appointment_time_type: Annotated[str | None, APPOINTMENT] = None
    appointment_address: Annotated[str | None, APPOINTMENT] = None
    appointment_contact: Annotated[str | None, APPOINTMENT] = None
    curfew: Annotated[list[CurfewPeriod], PARTS] = []
    curfew_address: Annotated[str | None, CURFEW] = None
    conditions: Annotated[list[Condition], PARTS] = []

    @property
    def standing(self) -> int:
        """A licence in force outranks every other, one that has not ended by then one that has,
        and one with its conditions a summary; `in_force` follows from the status alone."""
        ended = self.expiry is not None and self.expiry < date.today()
        return int(self.status in IN_FORCE) * (2 if ended else 4) + bool(self.conditions)


class LicenceConditions(Record):
    """The conditions of the licence in force: what an officer on the street needs at once."""

    kind: ClassVar[Kind] = Kind.LICENCE_CONDITIONS

    licence_id: Annotated[str, LICENCE]
    status: Annotated[str | None, LICENCE] = None
    in_force: Annotated[bool | None, LICENCE] = None
    policy_version: Annotated[str | None, LICENCE] = None
    start: Annotated[date | None, LICENCE] = None
    expiry: Annotated[date | None, LICENCE] = None
    conditions: Annotated[list[Condition], PARTS] = []
