"""MAPPA meeting minutes, heading by heading (DOMAIN.md §2)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Agency, Kind
from schemas.mappa import Category, Level
from schemas.rosh import RiskScore, RoshGroups, RoshLevel

MEETING = Section("meeting")
ATTENDANCE = Section("attendance")
PREVIOUS_ACTIONS = Section("previous-actions")
RISK = Section("risk")
DISCLOSURE = Section("disclosure")
DECISION = Section("level-decision")
ACTIONS = Section("actions")
OTHER = Section("other-headings")


class Attendance(Canonical):
    """Somebody invited: present, apologies (perhaps with a report) or absent.

    `presence` is `None` where the minutes do not say. `notes` hold what they say besides.
    """

    agency: Annotated[Agency, ATTENDANCE]
    name: Annotated[str | None, ATTENDANCE] = None
    role: Annotated[str | None, ATTENDANCE] = None
    presence: Annotated[Literal["present", "apologies", "absent"] | None, ATTENDANCE] = None
    report_sent: Annotated[bool | None, ATTENDANCE] = None
    notes: Annotated[str | None, ATTENDANCE] = None


class PreviousAction(Canonical):
    """An action of an earlier meeting and what became of it."""

    reference: Annotated[str | None, PREVIOUS_ACTIONS] = None
    action: Annotated[str, PREVIOUS_ACTIONS]
    owner: Annotated[str | None, PREVIOUS_ACTIONS] = None
    agency: Annotated[Agency | None, PREVIOUS_ACTIONS] = None
    due: Annotated[date | None, PREVIOUS_ACTIONS] = None
    due_words: Annotated[str | None, PREVIOUS_ACTIONS] = None
    outcome: Annotated[str | None, PREVIOUS_ACTIONS] = None
    notes: Annotated[str | None, PREVIOUS_ACTIONS] = None


class Action(Canonical):
    """A SMART action: one owner in one agency, a due date, and later its outcome.

    `due_words` stand in place of a due date that is no day, such as *next meeting*. `notes` hold
    what the minutes say besides.
    """

    reference: Annotated[str | None, ACTIONS] = None
    action: Annotated[str, ACTIONS]
    owner: Annotated[str | None, ACTIONS] = None
    agency: Annotated[Agency | None, ACTIONS] = None
    due: Annotated[date | None, ACTIONS] = None
    due_words: Annotated[str | None, ACTIONS] = None
    outcome: Annotated[str | None, ACTIONS] = None
    notes: Annotated[str | None, ACTIONS] = None


class OtherHeading(Canonical):
    """A heading that is none of those below, word for word with its text: nothing is dropped."""

    heading: Annotated[str, OTHER]
    text: Annotated[str, OTHER] = ""


class MappaMinutes(Record):
    """The minutes of one meeting, so that a reader with no earlier knowledge understands the case.

    Not to be copied on without the chair's agreement. `form` and `edition` name the document's
    letter and the guidance edition, because letters move between editions.
    """

    kind: ClassVar[Kind] = Kind.MINUTES

    meeting_id: Annotated[str, MEETING]
    meeting_date: Annotated[date, MEETING]
    form: Annotated[str | None, MEETING] = None
    edition: Annotated[str | None, MEETING] = None
    area: Annotated[str | None, MEETING] = None
    category: Annotated[Category | None, MEETING] = None
    level: Annotated[Level | None, MEETING] = None
    chair: Annotated[str | None, MEETING] = None
    issued: Annotated[date | None, MEETING] = None
    next_review: Annotated[date | None, MEETING] = None
    attendance: Annotated[list[Attendance], PARTS] = []
    confidentiality: Annotated[str | None, Section("confidentiality")] = None
    previous_actions: Annotated[list[PreviousAction], PARTS] = []
    legal_status: Annotated[str | None, Section("legal-status")] = None
    reason: Annotated[str | None, Section("agency-updates")] = None
    agency_updates: Annotated[dict[str, str], Section("agency-updates")] = {}
    victim_issues: Annotated[str | None, Section("victim-issues")] = None
    risk_assessment: Annotated[str | None, RISK] = None
    rosh_overall: Annotated[RoshLevel | None, RISK] = None
    rosh: Annotated[RoshGroups | None, PARTS] = None
    rosh_in_custody: Annotated[RoshGroups | None, PARTS] = None
    scores: Annotated[list[RiskScore], PARTS] = []
    diversity: Annotated[str | None, Section("diversity")] = None
    human_rights: Annotated[str | None, Section("human-rights")] = None
    disclosure_decision: Annotated[str | None, DISCLOSURE] = None
    disclosure_rationale: Annotated[str | None, DISCLOSURE] = None
    risk_management_plan: Annotated[str | None, Section("risk-management-plan")] = None
    contingency: Annotated[str | None, Section("contingency")] = None
    media: Annotated[str | None, Section("media")] = None
    visor_updated: Annotated[bool | None, Section("visor")] = None
    level_decision: Annotated[Level | None, DECISION] = None
    level_rationale: Annotated[str | None, DECISION] = None
    dissenting_views: Annotated[str | None, DECISION] = None
    actions: Annotated[list[Action], PARTS] = []
    executive_summary: Annotated[str | None, Section("executive-summary")] = None
    other_headings: Annotated[list[OtherHeading], PARTS] = []
