"""What every answer says of an assessment: its number, state, times, and whether a newer exists.

OASys times carry no zone and are London wall time. Times that cannot be in this order are kept
and warned about.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.rosh import AssessmentEntry

_LONG = timedelta(days=30)
"""How far a signature may lie before completion: both happen in one sitting or a review."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The head of an assessment; times are UTC. `newer_*` as in `RiskManagementPlan`."""

    pk: str | None
    type: str | None
    status: str | None
    initiated: datetime | None
    completed: datetime | None
    signed: datetime | None
    newer_in_progress: bool | None
    newer_awaiting_signature: bool | None
    newer_part_completed: bool | None
    newer_completed: bool | None

    @property
    def written_at(self) -> datetime | None:
        """When the source says it was written."""
        return self.completed or self.initiated

    @property
    def newer(self) -> bool | None:
        """Whether a newer one exists in any state; `None` where nothing says so."""
        flags = (
            self.newer_in_progress,
            self.newer_awaiting_signature,
            self.newer_part_completed,
            self.newer_completed,
        )
        return _any(*flags)

    def ref(self, part: str | None = None) -> str:
        """The document's name. OASys answers one assessment in parts (table, scores, …), which
        must not be versions of each other: each part but the main one adds its own name."""
        return "/".join(filter(None, [self.pk, part])) or "current"


def assessment(node: Node) -> Assessment:
    """Read the head of one assessment, with cautions for what cannot be."""
    initiated = node["initiationDate"].time()
    completed_at = node.first("dateCompleted", "completedDate")
    completed, signed = completed_at.time(), node["assessorSignedDate"].time()
    at = completed or initiated
    part_completed = [_newer(node, f"PartComp{kind}", at) for kind in ("", "Unsigned", "Signed")]
    head = Assessment(
        pk=node.first("assessmentPk", "assessmentId").text(),
        type=node["assessmentType"].text(),
        status=node.first("assessmentStatus", "status").text(),
        initiated=initiated,
        completed=completed,
        signed=signed,
        newer_in_progress=_newer(node, "WIP", at),
        newer_awaiting_signature=_newer(node, "SignLock", at),
        newer_part_completed=_any(*part_completed),
        newer_completed=_newer(node, "Complete", at),
    )
    if head.newer:
        node.warn("newer-assessment")
    if completed and signed and signed < completed - _LONG:
        node["assessorSignedDate"].warn("contradiction")
    if completed and initiated and completed < initiated:
        completed_at.warn("contradiction")
    return head


def _newer(node: Node, state: str, at: datetime | None) -> bool | None:
    """The flag for one state. A later date beside a flag that denies it is a contradiction."""
    flag, latest = node[f"later{state}AssessmentExists"].flag(), node[f"latest{state}Date"]
    moment = latest.time()
    if flag is False and at and moment and moment > at:
        latest.warn("contradiction")
    return flag


def _any(*flags: bool | None) -> bool | None:
    known = [flag for flag in flags if flag is not None]
    return any(known) if known else None


def entries(timeline: Node) -> list[AssessmentEntry]:
    """The timeline, in the order in which it came."""
    return [
        AssessmentEntry(
            assessment_id=head.pk,
            type=head.type,
            status=head.status,
            initiated=head.initiated,
            completed=head.completed,
        )
        for row in objects(timeline)
        for head in [assessment(row)]
    ]


def check_timeline(timeline: Node, head: Assessment) -> None:
    """Leave a `contradiction` where the timeline dates this assessment otherwise."""
    for row in timeline:
        done = row["completedDate"]
        if (
            head.pk
            and row["assessmentPk"].value is not None
            and str(row["assessmentPk"].value) == head.pk
            and head.completed
            and done
            and done.time() != head.completed
        ):
            done.warn("contradiction")


def warn_limited(node: Node) -> None:
    """OASys says that access is limited, never for whom: that comes from Delius."""
    if node["limitedAccessOffender"].flag():
        node["limitedAccessOffender"].warn("limited-access")
