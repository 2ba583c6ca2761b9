"""Answers of the assess-risks-and-needs interface (ARNS) and of the interface before it.

Most name nobody: the push has to say who.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import Shape, identifiers_of, objects
from adapters.oasys.assessment import assessment, entries, warn_limited
from adapters.oasys.needs import has_listed_needs, has_tier_needs, listed_needs, tier_needs
from adapters.oasys.plan import plan
from adapters.oasys.rosh import head_of
from adapters.oasys.scores import ARNS, FLAT, OASYS, OLDER, has_scores, scores
from adapters.oasys.self_harm import from_topics, other_risks
from adapters.oasys.words import has_any
from adapters.reading import LONDON, Node
from adapters.rosh_levels import check_overall, groups, level
from schemas.identifiers import Scheme
from schemas.rosh import AssessmentEntry, Rosh

_OVERALL = ("overallRiskLevel", "overallRisk")
_SUMMARY = ("whoIsAtRisk", "natureOfRisk", "riskImminence")


def _plans(node: Node) -> list[MappedRecord]:
    warn_limited(node)
    return [plan(row, node["timeline"]) for row in objects(node["riskManagementPlan"])]


def _risks(node: Node) -> list[MappedRecord]:
    """All risks, the summary alone, or the widget: the same table with more or less beside it."""
    body = node["summary"] if node["summary"] else node
    stated = body.first(*_OVERALL)
    overall = level(stated)
    community, custody = groups(body["riskInCommunity"]), groups(body["riskInCustody"])
    if community and community.prisoners:
        body["riskInCommunity"].warn("contradiction")
    check_overall(stated, overall, community, custody)
    assessed_on = node["assessedOn"].time()
    record = Rosh(
        assessed_on=assessed_on,
        overall=overall,
        overall_code=stated.text(),
        in_community=community,
        in_custody=custody,
        who_is_at_risk=body["whoIsAtRisk"].text(),
        nature=body["natureOfRisk"].text(),
        imminence=body["riskImminence"].text(),
        increasing_circumstances=body["riskIncreaseFactors"].text(),
        reducing_factors=body["riskMitigationFactors"].text(),
        analysis=body["analysisOfRiskFactors"].text(),
        other_risks=other_risks(node["otherRisks"]),
        self_harm=from_topics(node["riskToSelf"]),
    )
    if node["riskToSelf"]:
        return [MappedRecord(record, "current", assessed_on)]
    ref = "summary" if any(body.has(name) for name in _SUMMARY) else "widget"
    return [MappedRecord(record, ref, assessed_on)]


_PREDICTORS = (*ARNS, *FLAT, *OLDER, *OASYS)


def _predictors(node: Node) -> list[MappedRecord]:
    output = node["output"] if node["output"] else node
    done = node.first("completedDate", "calculatedDate").time()
    day = done.astimezone(LONDON).date() if done else None
    record = Rosh(
        assessment_id=node["oasysSetId"].text(),
        assessed_on=done,
        signed_on=node["signedDate"].time(),
        status=node.first("status", "assessmentStatus").text(),
        assessment_type=node.first("assessmentType", "refAssessmentVersionCode").text(),
        scores=scores(output, _PREDICTORS, day),
    )
    ref = f"predictors-{done:%Y%m%dT%H%M%SZ}" if done else "predictors"
    return [MappedRecord(record, ref, done)]


def _needs(node: Node) -> list[MappedRecord]:
    assessed_on = node["assessedOn"].time()
    record = Rosh(assessed_on=assessed_on, needs=listed_needs(node))
    return [MappedRecord(record, "needs", assessed_on)]


def _tier_needs(node: Node) -> list[MappedRecord]:
    head = assessment(node["assessment"])
    record = head_of(head).model_copy(update={"needs": tier_needs(node)})
    return [MappedRecord(record, head.ref("needs"), head.written_at)]


def _tier_predictors(node: Node) -> list[MappedRecord]:
    """The scores stand beside the assessment they are of; of which, where several are named, is
    not said."""
    rows = list(objects(node["assessments"]))
    if len(rows) > 1:
        node["assessments"].warn("contradiction")
    head = assessment(rows[0] if len(rows) == 1 else node["inputs"])
    day = head.completed.astimezone(LONDON).date() if head.completed else None
    found = scores(node["tierPredictors"], OASYS, day)
    record = head_of(head).model_copy(update={"scores": found})
    return [MappedRecord(record, head.ref("predictors"), head.written_at)]


def _timeline(node: Node) -> list[MappedRecord]:
    """Which assessments there are. It says nothing of risk, and is read by nobody as *none*."""
    warn_limited(node)
    listed = node.first("timeline", "assessments")
    rows = entries(listed)
    if not any(row.status == "COMPLETE" for row in rows):
        listed.warn("not-yet-determined")
    return [MappedRecord(Rosh(assessments=rows), "timeline", _latest(rows))]


def _one_assessment(node: Node) -> list[MappedRecord]:
    head = assessment(node)
    return [MappedRecord(head_of(head), head.ref("summary"), head.written_at)]


def _latest(rows: Sequence[AssessmentEntry]) -> datetime | None:
    times = [at for row in rows if (at := row.completed or row.initiated)]
    return max(times, default=None)


def _is_risks(node: Node) -> bool:
    body = node["summary"] if node["summary"] else node
    named = sum(map(body.has, ("riskInCommunity", "riskInCustody"))) + has_any(body, _OVERALL)
    return named > 1


def _is_timeline(node: Node) -> bool:
    """OASys's own timeline, or the interface's list of assessments."""
    rows = node["assessments"]
    listed = isinstance(rows.value, list) and bool(rows.value)
    return isinstance(node["timeline"].value, list) or (
        listed and all(row.has("assessmentId", "assessmentStatus", "assessorName") for row in rows)
    )


def _is_predictors(node: Node) -> bool:
    output = node["output"] if node["output"] else node
    return node.has("output", "outputVersion") or has_scores(output, _PREDICTORS)


def answers(system: str) -> tuple[Shape, ...]:
    """The shapes of the interface, for the system that pushes them."""

    def shape(
        name: str, recognises: Callable[[Node], bool], read: Callable[[Node], list[MappedRecord]]
    ) -> Shape:
        def persons(node: Node, subject: Subject | None) -> list[MappedPerson]:
            named = identifiers_of(system, [(Scheme.CRN, node.first("crn", "probNumber"))], subject)
            return [MappedPerson(named, read(node), node.cautions)]

        return Shape(name, recognises, persons)

    return (
        shape("plans", lambda n: isinstance(n["riskManagementPlan"].value, list), _plans),
        shape("risks", _is_risks, _risks),
        shape("predictors", _is_predictors, _predictors),
        shape("needs", has_listed_needs, _needs),
        shape("tier-needs", has_tier_needs, _tier_needs),
        shape(
            "tier-predictors",
            lambda n: isinstance(n["tierPredictors"].value, dict),
            _tier_predictors,
        ),
        shape("timeline", _is_timeline, _timeline),
        shape(
            "assessment",
            lambda n: n.has("assessmentType", "status", "initiationDate"),
            _one_assessment,
        ),
    )
