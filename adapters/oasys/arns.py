"""Answers of the assess-risks-and-needs interface. Most name nobody: the push has to say who."""

from collections.abc import Callable

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import Shape, identifiers_of, objects
from adapters.oasys.assessment import warn_limited
from adapters.oasys.plan import plan
from adapters.oasys.scores import ARNS, FLAT, has_scores, scores
from adapters.oasys.self_harm import from_topics
from adapters.reading import LONDON, Node
from adapters.rosh_levels import check_overall, groups, level
from schemas.identifiers import Scheme
from schemas.rosh import Rosh

_SUMMARY = ("whoIsAtRisk", "natureOfRisk", "riskImminence")


def _plans(node: Node) -> list[MappedRecord]:
    warn_limited(node)
    return [plan(row, node["timeline"]) for row in objects(node["riskManagementPlan"])]


def _risks(node: Node) -> list[MappedRecord]:
    """All risks, the summary alone, or the widget: the same table with more or less beside it."""
    body = node["summary"] if node["summary"] else node
    stated = body.first("overallRiskLevel", "overallRisk")
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
        self_harm=from_topics(node["riskToSelf"]),
    )
    if node["riskToSelf"]:
        return [MappedRecord(record, "current", assessed_on)]
    ref = "summary" if any(body.has(name) for name in _SUMMARY) else "widget"
    return [MappedRecord(record, ref, assessed_on)]


def _predictors(node: Node) -> list[MappedRecord]:
    output = node["output"] if node["output"] else node
    done = node["completedDate"].time()
    day = done.astimezone(LONDON).date() if done else None
    record = Rosh(
        assessed_on=done,
        status=node.first("status", "assessmentStatus").text(),
        assessment_type=node["assessmentType"].text(),
        scores=scores(output, ARNS, day) + scores(output, FLAT, day),
    )
    ref = f"predictors-{done:%Y%m%dT%H%M%SZ}" if done else "predictors"
    return [MappedRecord(record, ref, done)]


def _is_risks(node: Node) -> bool:
    body = node["summary"] if node["summary"] else node
    return body.has("riskInCommunity") and (body.has("overallRiskLevel") or body.has("overallRisk"))


def _is_predictors(node: Node) -> bool:
    output = node["output"] if node["output"] else node
    return node.has("completedDate") and (has_scores(output, ARNS) or has_scores(output, FLAT))


def answers(system: str) -> tuple[Shape, ...]:
    """The shapes of the interface, for the system that pushes them."""

    def shape(
        name: str, recognises: Callable[[Node], bool], read: Callable[[Node], list[MappedRecord]]
    ) -> Shape:
        def persons(node: Node, subject: Subject | None) -> list[MappedPerson]:
            named = identifiers_of(system, [(Scheme.CRN, node["crn"])], subject)
            return [MappedPerson(named, read(node), node.cautions)]

        return Shape(name, recognises, persons)

    return (
        shape("plans", lambda n: isinstance(n["riskManagementPlan"].value, list), _plans),
        shape("risks", _is_risks, _risks),
        shape("predictors", _is_predictors, _predictors),
    )
