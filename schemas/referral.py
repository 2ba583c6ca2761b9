"""A referral to MAPPA: one agency asks for multi-agency management of a case (DOMAIN.md §2)."""

from datetime import date
from typing import Annotated, ClassVar

from schemas.base import PARTS, Record, Section
from schemas.kinds import Agency, Kind
from schemas.mappa import Category, Level
from schemas.minutes import OtherHeading
from schemas.rosh import RiskScore, RoshGroups, RoshLevel

REFERRAL = Section("referral")
REFERRER = Section("referrer")
REASON = Section("reason")
RISK = Section("risk")
OUTCOME = Section("outcome")


class MappaReferral(Record):
    """What was asked for, by whom and why, and what became of it.

    `level_requested` is asked for, not decided: the decision is `level_decided`, and only the
    meeting's minutes or the register make it a registration. A category or level that is none
    stands as its word in `…_code`. `form` and `edition` as in minutes.
    """

    kind: ClassVar[Kind] = Kind.REFERRAL

    reference: Annotated[str, REFERRAL]
    referred: Annotated[date | None, REFERRAL] = None
    form: Annotated[str | None, REFERRAL] = None
    edition: Annotated[str | None, REFERRAL] = None
    area: Annotated[str | None, REFERRAL] = None
    category: Annotated[Category | None, REFERRAL] = None
    category_code: Annotated[str | None, REFERRAL] = None
    level_requested: Annotated[Level | None, REFERRAL] = None
    level_requested_code: Annotated[str | None, REFERRAL] = None
    agency: Annotated[Agency | None, REFERRER] = None
    agency_word: Annotated[str | None, REFERRER] = None
    officer: Annotated[str | None, REFERRER] = None
    officer_role: Annotated[str | None, REFERRER] = None
    telephone: Annotated[str | None, REFERRER] = None
    email: Annotated[str | None, REFERRER] = None
    endorsed_by: Annotated[str | None, REFERRER] = None
    legal_status: Annotated[str | None, Section("legal-status")] = None
    release: Annotated[date | None, Section("legal-status")] = None
    offences: Annotated[str | None, Section("offences")] = None
    reason: Annotated[str | None, REASON] = None
    added_value: Annotated[str | None, REASON] = None
    rosh_overall: Annotated[RoshLevel | None, RISK] = None
    rosh: Annotated[RoshGroups | None, PARTS] = None
    rosh_in_custody: Annotated[RoshGroups | None, PARTS] = None
    scores: Annotated[list[RiskScore], PARTS] = []
    risk_assessment: Annotated[str | None, RISK] = None
    risk_management_plan: Annotated[str | None, Section("risk-management-plan")] = None
    victim_concerns: Annotated[str | None, Section("victim-concerns")] = None
    agencies_involved: Annotated[dict[str, str], Section("agencies-involved")] = {}
    diversity: Annotated[str | None, Section("diversity")] = None
    status: Annotated[str | None, OUTCOME] = None
    decided: Annotated[date | None, OUTCOME] = None
    level_decided: Annotated[Level | None, OUTCOME] = None
    level_decided_code: Annotated[str | None, OUTCOME] = None
    outcome_reason: Annotated[str | None, OUTCOME] = None
    other_headings: Annotated[list[OtherHeading], PARTS] = []
