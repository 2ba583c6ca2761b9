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
OFFENCES = Section("offences")
VICTIMS = Section("victims")


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
    tool's own word, kept verbatim. `assessed_by` is the agency that scored; `system` is who told
    the gateway, set where several systems are shown side by side.
    """

    tool: Annotated[str, SCORES]
    scale: Annotated[str | None, SCORES] = None
    score: Annotated[float | None, SCORES] = None
    band: Annotated[str | None, SCORES] = None
    static_or_dynamic: Annotated[str | None, SCORES] = None
    assessed_by: Annotated[str | None, SCORES] = None
    assessed_on: Annotated[date | None, SCORES] = None
    system: Annotated[str | None, SCORES] = None


class ScoreDisagreement(Canonical):
    """One tool and scale on which the newest results of two assessors differ: both, unsettled."""

    tool: Annotated[str, SCORES]
    scale: Annotated[str | None, SCORES] = None
    views: Annotated[list[RiskScore], PARTS]


class Need(Canonical):
    """What drives the offending, such as accommodation or drugs, as OASys scores it.

    `tool` tells the generations apart (`OASys`, `SAN`). A `score` of `None` was not scored and is
    never 0. Answers are YES, NO, DK, NA, or the source's word; `status` (whether it is a need) and
    `severity` are the source's words.
    """

    tool: Annotated[str, SCORES]
    area: Annotated[str, SCORES]
    status: Annotated[str | None, SCORES] = None
    score: Annotated[float | None, SCORES] = None
    threshold: Annotated[float | None, SCORES] = None
    severity: Annotated[str | None, SCORES] = None
    linked_to_harm: Annotated[str | None, SCORES] = None
    linked_to_reoffending: Annotated[str | None, SCORES] = None
    strength: Annotated[str | None, SCORES] = None


class Offence(Canonical):
    """One offence of the analysis; codes keep their leading zeros."""

    type: Annotated[str | None, OFFENCES] = None
    code: Annotated[str | None, OFFENCES] = None
    sub_code: Annotated[str | None, OFFENCES] = None
    description: Annotated[str | None, OFFENCES] = None
    committed: Annotated[date | None, OFFENCES] = None


class VictimDetail(Canonical):
    """What kind of person was harmed. No name is kept here."""

    age: Annotated[str | None, VICTIMS] = None
    gender: Annotated[str | None, VICTIMS] = None
    ethnicity: Annotated[str | None, VICTIMS] = None
    relationship: Annotated[str | None, VICTIMS] = None


class OffenceAnalysis(Canonical):
    """How and why the person offends; what is said of victims is a section of its own."""

    account: Annotated[str | None, OFFENCES] = None
    pattern: Annotated[str | None, OFFENCES] = None
    involved: Annotated[list[str], OFFENCES] = []
    weapon: Annotated[str | None, OFFENCES] = None
    disinhibitors: Annotated[list[str], OFFENCES] = []
    motivations: Annotated[list[str], OFFENCES] = []
    other_motivation: Annotated[str | None, OFFENCES] = None
    offences: Annotated[list[Offence], PARTS] = []
    victim_relationship: Annotated[str | None, VICTIMS] = None
    victim_information: Annotated[str | None, VICTIMS] = None
    victims: Annotated[list[VictimDetail], PARTS] = []


class AssessmentEntry(Canonical):
    """A line of the timeline: an assessment that was made or is under way."""

    assessment_id: Annotated[str | None, ASSESSMENT] = None
    type: Annotated[str | None, ASSESSMENT] = None
    status: Annotated[str | None, ASSESSMENT] = None
    initiated: Annotated[datetime | None, ASSESSMENT] = None
    completed: Annotated[datetime | None, ASSESSMENT] = None


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
    Times are UTC; sources without a zone are read as Europe/London. `assessments` is the timeline;
    `other_risks` and `self_harm` hold answers (YES, NO, DK, NA) and their texts by name.
    """

    kind: ClassVar[Kind] = Kind.ROSH

    assessment_id: Annotated[str | None, ASSESSMENT] = None
    assessed_on: Annotated[datetime | None, ASSESSMENT] = None
    signed_on: Annotated[datetime | None, ASSESSMENT] = None
    status: Annotated[str | None, ASSESSMENT] = None
    assessment_type: Annotated[str | None, ASSESSMENT] = None
    newer_assessment_exists: Annotated[bool | None, ASSESSMENT] = None
    assessments: Annotated[list[AssessmentEntry], PARTS] = []
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
    other_risks: Annotated[dict[str, str], FLAGS] = {}
    scores: Annotated[list[RiskScore], PARTS] = []
    score_disagreements: Annotated[list[ScoreDisagreement], PARTS] = []
    needs: Annotated[list[Need], PARTS] = []
    offence_analysis: Annotated[OffenceAnalysis | None, PARTS] = None
    self_harm: Annotated[dict[str, str], SELF_HARM] = {}

    @property
    def standing(self) -> int:
        """An assessment with a level outranks one without (flags or scores alone), and among those
        with one, whatever is still open or was locked incomplete comes last."""
        if self.overall is None and not self.in_community and not self.in_custody:
            return 0
        return 2 if self.status in (None, "COMPLETE") else 1
