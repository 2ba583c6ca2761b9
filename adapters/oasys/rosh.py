"""The RoSH of an assessment: OASys answers it in parts, each a document of its own."""

from adapters.base import MappedRecord
from adapters.oasys.assessment import Assessment, assessment, check_timeline
from adapters.oasys.scores import OASYS, scores
from adapters.oasys.self_harm import from_fields
from adapters.reading import LONDON, Node
from adapters.rosh_levels import groups_by_field
from schemas.rosh import Rosh


def summary(row: Node, timeline: Node) -> MappedRecord:
    """The table and, in the RoSH summary, its texts. OASys states no overall level here."""
    head = assessment(row)
    check_timeline(timeline, head)
    record = _head(head).model_copy(
        update={
            "in_community": groups_by_field(row, "Community"),
            "in_custody": groups_by_field(row, "Custody"),
            "who_is_at_risk": row["whoAtRisk"].text(),
            "nature": row["natureOfRisk"].text(),
            "imminence": row["riskGreatest"].text(),
            "increasing_circumstances": _joined(
                row, "factorsLikelyToIncreaseRisk", "factorsSituationsLikelyToOffend"
            ),
            "reducing_factors": _joined(
                row, "factorsLikelyToReduceRisk", "factorsStrengthsAndProtective"
            ),
            "analysis": row["factorsAnalysisOfRisk"].text(),
            "self_harm": from_fields(row),
        }
    )
    part = None if row.has("whoAtRisk") or row.has("natureOfRisk") else "indicators"
    return MappedRecord(record, head.ref(part), head.written_at)


def full(row: Node, timeline: Node) -> MappedRecord:
    """The full analysis: its statement of harm and the answers on risk to self.

    The accounts of single offences stay in the source's bytes: they tell of victims.
    """
    head = assessment(row)
    check_timeline(timeline, head)
    update = {"analysis": row["riskOfSeriousHarm"].text(), "self_harm": from_fields(row)}
    return MappedRecord(_head(head).model_copy(update=update), head.ref("full"), head.written_at)


def screening(row: Node, timeline: Node) -> MappedRecord:
    """The screening questions; its rows may not even say which assessment they are of."""
    head = assessment(row)
    check_timeline(timeline, head)
    record = _head(head).model_copy(update={"self_harm": from_fields(row)})
    return MappedRecord(record, head.ref("screening"), head.written_at)


def predictors(row: Node, timeline: Node) -> MappedRecord:
    """The scores of one assessment."""
    head = assessment(row)
    check_timeline(timeline, head)
    day = head.completed.astimezone(LONDON).date() if head.completed else None
    record = _head(head).model_copy(update={"scores": scores(row, OASYS, day)})
    return MappedRecord(record, head.ref("predictors"), head.written_at)


def _head(head: Assessment) -> Rosh:
    return Rosh(
        assessed_on=head.completed,
        signed_on=head.signed,
        status=head.status,
        assessment_type=head.type,
        newer_assessment_exists=head.newer,
    )


def _joined(row: Node, *names: str) -> str | None:
    """Older and newer forms of one question: whatever was answered, none of it lost."""
    return "\n\n".join(dict.fromkeys(text for n in names if (text := row[n].text()))) or None
