"""The shapes of OASys's own answers, and of its interface.

Offence analysis, needs and the timeline alone hold no record that is exchanged. A timeline
without assessments says that none was completed: a reason of its own.
"""

from collections.abc import Callable

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import JsonAdapter, Shape, identifiers_of, objects
from adapters.oasys import rosh
from adapters.oasys.arns import answers
from adapters.oasys.assessment import warn_limited
from adapters.oasys.plan import is_plan, plan
from adapters.oasys.scores import OASYS, has_scores
from adapters.oasys.self_harm import SCREENING
from adapters.reading import Node
from adapters.stub_mappings import stub_mappings
from schemas.identifiers import Scheme
from schemas.person import Identifier, Name, Person

SYSTEM = "oasys"
_FIELDS = (
    ("crn", Scheme.CRN),
    ("probNumber", Scheme.CRN),
    ("prisNumber", Scheme.NOMS),
    ("pnc", Scheme.PNC),
)


def _identifiers(node: Node, subject: Subject | None) -> list[Identifier]:
    named = identifiers_of(SYSTEM, ((scheme, node[f]) for f, scheme in _FIELDS), subject)
    if len({one.value for one in named if one.scheme is Scheme.CRN and one.verified}) > 1:
        node["probNumber"].warn("contradiction")
    return named


def _assessments(
    name: str, fits: Callable[[Node], bool], read: Callable[[Node, Node], MappedRecord]
) -> Shape:
    def recognises(node: Node) -> bool:
        rows = node["assessments"]
        return isinstance(rows.value, list) and any(fits(row) for row in rows)

    def persons(node: Node, subject: Subject | None) -> list[MappedPerson]:
        named = _identifiers(node, subject)
        warn_limited(node)
        records = [read(row, node["timeline"]) for row in objects(node["assessments"])]
        return [MappedPerson(named, records, node.cautions)]

    return Shape(name, recognises, persons)


def _offending_history(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Its head names the person. Scores stand in sentences there and are not read."""
    named = _identifiers(node, subject)
    warn_limited(node)
    name = Name(
        forenames=[text] if (text := node["forename"].text()) else [],
        surname=node["familyName"].text(),
    )
    gender = node["gender"].text()
    if gender and gender.isdecimal():
        node["gender"].warn("unknown-code")
    record = Person(name=name, gender=gender, identifiers=named)
    return [MappedPerson(named, [MappedRecord(record, "current")], node.cautions)]


def _nothing_complete(node: Node, subject: Subject | None) -> list[MappedPerson]:
    raise AdapterError("no-complete-assessment", "the answer is a timeline without assessments")


def _is_table(row: Node) -> bool:
    return row.has("riskPublicCommunity") or row.has("riskChildrenCommunity")


_ANSWERS = (
    _assessments("plan", is_plan, plan),
    _assessments("rosh-summary", _is_table, rosh.summary),
    _assessments("rosh-full", lambda row: row.has("tickRiskOfSeriousHarm"), rosh.full),
    _assessments("rosh-screening", lambda row: any(map(row.has, SCREENING)), rosh.screening),
    _assessments("predictors", lambda row: has_scores(row, OASYS), rosh.predictors),
    Shape("offending-history", lambda n: n.has("familyName", "forename"), _offending_history),
    *answers(SYSTEM),
    Shape("timeline", lambda n: n.has("timeline") and not n.has("assessments"), _nothing_complete),
)

ADAPTER = JsonAdapter(SYSTEM, (*_ANSWERS, stub_mappings(_ANSWERS)))
