"""Risk of serious harm (RoSH): the table, the summary, the scores (DOMAIN.md §4)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

LEVELS = Section("levels")
SUMMARY = Section("summary")
FLAGS = Section("flags")
SCORES = Section("scores")
ASSESSMENT = Section("assessment")
SELF_HARM = Section("self-harm")


class RoshLevel(StrEnum):
    """Level of risk of serious harm, lowest first."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"


class RoshGroups(Canonical):
    """A level per group at risk. `None` means *not assessed* and is never read as LOW."""

    children: Annotated[RoshLevel | None, LEVELS] = None
    public: Annotated[RoshLevel | None, LEVELS] = None
    known_adult: Annotated[RoshLevel | None, LEVELS] = None
    staff: Annotated[RoshLevel | None, LEVELS] = None
    prisoners: Annotated[RoshLevel | None, LEVELS] = None


class RiskScore(Canonical):
    """A predictor or actuarial result. Tools and generations are never merged.

    `score` is as the tool prints it: per cent for OGRS, OGP, OVP, RSR and OSP; `band` is the
    tool's own word, kept verbatim.
    """

    tool: Annotated[str, SCORES]
    scale: Annotated[str | None, SCORES] = None
    score: Annotated[float | None, SCORES] = None
    band: Annotated[str | None, SCORES] = None
    static_or_dynamic: Annotated[str | None, SCORES] = None
    assessed_by: Annotated[str | None, SCORES] = None
    assessed_on: Annotated[date | None, SCORES] = None


class RiskFlag(Canonical):
    """A registration such as RCCO (child concerns); `code` is the source's, verbatim."""

    code: Annotated[str | None, FLAGS] = None
    description: Annotated[str | None, FLAGS] = None
    level: Annotated[str | None, FLAGS] = None
    start: Annotated[date | None, FLAGS] = None
    review_due: Annotated[date | None, FLAGS] = None
    end: Annotated[date | None, FLAGS] = None
    notes: Annotated[str | None, FLAGS] = None


class RoshView(Canonical):
    """What another system says of the overall level where it differs."""

    system: Annotated[str, LEVELS]
    overall: Annotated[RoshLevel | None, LEVELS] = None
    assessed_on: Annotated[datetime | None, LEVELS] = None


class Rosh(Record):
    """One assessment of the risk of serious harm, as its assessor made it.

    `overall` is the assessor's own word: a group may stand higher, and neither is changed.
    Times are UTC; sources without a zone are read as Europe/London.
    """

    kind: ClassVar[Kind] = Kind.ROSH

    assessed_on: Annotated[datetime | None, ASSESSMENT] = None
    signed_on: Annotated[datetime | None, ASSESSMENT] = None
    status: Annotated[str | None, ASSESSMENT] = None
    assessment_type: Annotated[str | None, ASSESSMENT] = None
    newer_assessment_exists: Annotated[bool | None, ASSESSMENT] = None
    overall: Annotated[RoshLevel | None, LEVELS] = None
    overall_code: Annotated[str | None, LEVELS] = None
    in_community: Annotated[RoshGroups | None, PARTS] = None
    in_custody: Annotated[RoshGroups | None, PARTS] = None
    disagreements: Annotated[list[RoshView], PARTS] = []
    who_is_at_risk: Annotated[str | None, SUMMARY] = None
    nature: Annotated[str | None, SUMMARY] = None
    imminence: Annotated[str | None, SUMMARY] = None
    increasing_circumstances: Annotated[str | None, SUMMARY] = None
    reducing_factors: Annotated[str | None, SUMMARY] = None
    analysis: Annotated[str | None, SUMMARY] = None
    flags: Annotated[list[RiskFlag], PARTS] = []
    scores: Annotated[list[RiskScore], PARTS] = []
    self_harm: Annotated[dict[str, str], SELF_HARM] = {}

    @property
    def standing(self) -> int:
        """An assessment with a level outranks one without (flags or scores alone)."""
        return int(self.overall is not None or bool(self.in_community or self.in_custody))
