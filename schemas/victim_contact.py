"""The Victim Contact Scheme (DOMAIN.md §6). A victim is only ever a pseudonymous reference."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

SCHEME = Section("scheme")
VLO = Section("vlo")
REQUESTS = Section("requests")
INFORMATION_GIVEN = Section("information-given")
REPRESENTATIONS = Section("representations")


class ConditionRequest(Canonical):
    """A condition asked for on the victim's behalf and what the decision-maker answered."""

    type: Annotated[Literal["no-contact", "exclusion-zone", "other"], REQUESTS]
    requested: Annotated[date | None, REQUESTS] = None
    outcome: Annotated[str | None, REQUESTS] = None
    reason: Annotated[str | None, REQUESTS] = None


class Consultation(Canonical):
    """Whether the victim was asked before a decision (§5), when, and what came of it.

    `decision` and `outcome` are the source's words. "No" is not an answer: another word than the
    two is unknown and kept in `answer_code`.
    """

    decision: Annotated[str, REQUESTS]
    answer: Annotated[Literal["yes", "not-applicable", "unknown"], REQUESTS] = "unknown"
    answer_code: Annotated[str | None, REQUESTS] = None
    consulted: Annotated[date | None, REQUESTS] = None
    outcome: Annotated[str | None, REQUESTS] = None


class InformationGiven(Canonical):
    """What the victim was told and when. `topic` is one of those a victim may be told (§6)."""

    topic: Annotated[str, INFORMATION_GIVEN]
    given: Annotated[date | None, INFORMATION_GIVEN] = None


class VictimCase(Canonical):
    """One victim's place in the scheme. `victim_ref` is the pseudonymous VCMS reference."""

    victim_ref: Annotated[str, SCHEME]
    status: Annotated[Literal["opted-in", "opted-out", "not-yet-contacted", "unknown"], SCHEME]
    status_code: Annotated[str | None, SCHEME] = None
    since: Annotated[date | None, SCHEME] = None
    vlo_staff_id: Annotated[str | None, VLO] = None
    vlo_name: Annotated[str | None, VLO] = None
    vlo_telephone: Annotated[str | None, VLO] = None
    vlo_email: Annotated[str | None, VLO] = None
    requests: Annotated[list[ConditionRequest], PARTS] = []
    consultations: Annotated[list[Consultation], PARTS] = []
    information_given: Annotated[list[InformationGiven], PARTS] = []
    representations: Annotated[str | None, REPRESENTATIONS] = None


class VictimContact(Record):
    """The scheme's state for each victim of one person's offences."""

    kind: ClassVar[Kind] = Kind.VICTIM_CONTACT

    victims: Annotated[list[VictimCase], PARTS] = []
