"""The risk of serious harm of one assessment: whatever part of it an answer holds.

OASys answers an assessment in parts (table and texts, full analysis, screening, scores, needs,
offences), each a document of its own. States no overall level: ARNS does.
"""

from collections.abc import Callable

from adapters.base import MappedRecord
from adapters.oasys.assessment import Assessment, assessment, check_timeline
from adapters.oasys.needs import has_needs, needs
from adapters.oasys.offences import is_offences, offence_analysis
from adapters.oasys.scores import INDICATORS, NEEDS_CALCULATION, OASYS, has_scores, scores
from adapters.oasys.self_harm import from_fields, is_concerns, is_screening, other_risks
from adapters.oasys.words import has_any, joined
from adapters.reading import LONDON, Node
from adapters.rosh_levels import groups_by_field, has_groups_by_field
from schemas.rosh import Rosh

_TEXTS = ("whoAtRisk", "natureOfRisk", "riskGreatest")
_ALL = (*OASYS, *INDICATORS, *NEEDS_CALCULATION)
_PARTS: tuple[tuple[str | None, Callable[[Node], bool]], ...] = (
    (None, lambda row: has_any(row, _TEXTS)),
    ("full", lambda row: has_any(row, ("tickRiskOfSeriousHarm", "riskOfSeriousHarm"))),
    ("indicators", has_groups_by_field),
    ("needs-calculation", lambda row: has_scores(row, NEEDS_CALCULATION)),
    ("predictors", lambda row: has_scores(row, _ALL)),
    ("needs", has_needs),
    ("offences", is_offences),
    ("screening", is_screening),
    ("concerns", is_concerns),
)
"""What an answer holds, the weightiest first; it names the document."""


def part(row: Node) -> str | None:
    """The name of the part that an answer is; `None` is the table with its texts."""
    return next(name for name, holds in _PARTS if holds(row))


def is_rosh(row: Node) -> bool:
    """Whether an assessment says anything of the risk of harm."""
    return any(holds(row) for _, holds in _PARTS)


def rosh(row: Node, timeline: Node, of: Node | None = None) -> MappedRecord:
    """One assessment, or one part `of` it. The accounts of single offences in the full analysis
    stay in the source's bytes: they tell of victims by name."""
    head = assessment(of or row)
    check_timeline(timeline, head)
    day = head.completed.astimezone(LONDON).date() if head.completed else None
    record = head_of(head).model_copy(
        update={
            "in_community": groups_by_field(row, "Community"),
            "in_custody": groups_by_field(row, "Custody"),
            "who_is_at_risk": row["whoAtRisk"].text(),
            "nature": row["natureOfRisk"].text(),
            "imminence": row["riskGreatest"].text(),
            "increasing_circumstances": joined(
                row,
                "factorsLikelyToIncreaseRisk",
                "riskIncreaseLikelyTo",
                "factorsSituationsLikelyToOffend",
            ),
            "reducing_factors": joined(
                row,
                "factorsLikelyToReduceRisk",
                "riskReductionLikelyTo",
                "factorsStrengthsAndProtective",
            ),
            "analysis": joined(row, "factorsAnalysisOfRisk", "riskOfSeriousHarm"),
            "other_risks": other_risks(row),
            "scores": scores(row, _ALL, day),
            "needs": needs(row),
            "offence_analysis": offence_analysis(row),
            "self_harm": from_fields(row),
        }
    )
    return MappedRecord(record, head.ref(part(row)), head.written_at)


def head_of(head: Assessment) -> Rosh:
    """What an assessment says of itself."""
    return Rosh(
        assessment_id=head.pk,
        assessed_on=head.completed,
        signed_on=head.signed,
        status=head.status,
        assessment_type=head.type,
        newer_assessment_exists=head.newer,
    )
