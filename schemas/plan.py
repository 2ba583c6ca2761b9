"""The risk management plan (DOMAIN.md §4)."""

from datetime import datetime
from typing import Annotated, ClassVar

from schemas.base import Record, Section
from schemas.kinds import Kind

ASSESSMENT = Section("assessment")


class RiskManagementPlan(Record):
    """How the risk is managed, in the headings practitioners write it under.

    A missing heading is `None`, never an empty plan. The `newer_…` flags come from the source:
    readers must see that a later assessment exists, whatever state it is in. Times are UTC.
    """

    kind: ClassVar[Kind] = Kind.PLAN

    assessment_id: Annotated[str | None, ASSESSMENT] = None
    assessment_type: Annotated[str | None, ASSESSMENT] = None
    assessment_status: Annotated[str | None, ASSESSMENT] = None
    initiated: Annotated[datetime | None, ASSESSMENT] = None
    completed: Annotated[datetime | None, ASSESSMENT] = None
    signed: Annotated[datetime | None, ASSESSMENT] = None
    countersigned: Annotated[datetime | None, ASSESSMENT] = None
    newer_in_progress: Annotated[bool | None, ASSESSMENT] = None
    newer_awaiting_signature: Annotated[bool | None, ASSESSMENT] = None
    newer_part_completed: Annotated[bool | None, ASSESSMENT] = None
    newer_completed: Annotated[bool | None, ASSESSMENT] = None
    key_information: Annotated[str | None, Section("current-situation")] = None
    further_considerations: Annotated[str | None, Section("current-situation")] = None
    supervision: Annotated[str | None, Section("supervision")] = None
    monitoring_and_control: Annotated[str | None, Section("monitoring-and-control")] = None
    interventions_and_treatment: Annotated[str | None, Section("interventions-and-treatment")] = (
        None
    )
    victim_safety_planning: Annotated[str | None, Section("victim-safety-planning")] = None
    contingency_plans: Annotated[str | None, Section("contingency-plans")] = None

    @property
    def standing(self) -> int:
        """A completed plan outranks one that was locked or left open."""
        return int(self.assessment_status == "COMPLETE")
