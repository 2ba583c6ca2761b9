"""The shapes of OASys's own answers, and of its interface.

An answer holds rows of assessments, and each row holds a plan, some part of the risk of harm, or
both. An answer without assessments is a timeline; an error body is an error.
"""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import JsonAdapter, Shape, identifiers_of, objects
from adapters.oasys.arns import answers
from adapters.oasys.assessment import warn_limited
from adapters.oasys.mapping import LINES
from adapters.oasys.plan import is_plan, plan
from adapters.oasys.rosh import is_rosh, rosh
from adapters.oasys.write import write
from adapters.reading import Node
from adapters.refused import ERROR_BODY
from adapters.stub_mappings import stub_mappings
from adapters.writing import Export
from schemas.identifiers import Scheme
from schemas.kinds import Kind
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


def _assessments(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = _identifiers(node, subject)
    warn_limited(node)
    records = [_person(node, named)] if _names_the_person(node) else []
    for row in objects(node["assessments"]):
        records += _records(row, node["timeline"])
    return [MappedPerson(named, records, node.cautions)]


def _records(row: Node, timeline: Node, of: Node | None = None) -> list[MappedRecord]:
    plans = [plan(row, timeline, of)] if is_plan(row) else []
    return [*plans, rosh(row, timeline, of)] if is_rosh(row) else plans


def _parts(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The parts of one assessment that approved premises ask for, each under its own name."""
    named = _identifiers(node, subject)
    warn_limited(node)
    records = [one for part in _parts_of(node) for one in _records(part, node["timeline"], node)]
    return [MappedPerson(named, records, node.cautions)]


def _parts_of(node: Node) -> list[Node]:
    held = node.value if node.has("assessmentType", "assessmentStatus") else {}
    return [part for name in held if is_plan(part := node[name]) or is_rosh(part)]


def _is_assessments(node: Node) -> bool:
    rows = node["assessments"]
    return _names_the_person(node) or (
        isinstance(rows.value, list) and any(is_plan(row) or is_rosh(row) for row in rows)
    )


def _names_the_person(node: Node) -> bool:
    return node.has("familyName", "forename")


def _person(node: Node, named: list[Identifier]) -> MappedRecord:
    """The head of an answer by assessment. Scores that stand in sentences there are not read."""
    name = Name(
        forenames=[text] if (text := node["forename"].text()) else [],
        surname=node["familyName"].text(),
    )
    gender = node["gender"].text()
    if gender and gender.isdecimal():
        node["gender"].warn("unknown-code")
    return MappedRecord(Person(name=name, gender=gender, identifiers=named), "current")


_ANSWERS = (
    Shape("assessments", _is_assessments, _assessments),
    *answers(SYSTEM),
    Shape("parts of an assessment", lambda node: bool(_parts_of(node)), _parts),
    ERROR_BODY,
)

_KINDS = (Kind.PERSON, Kind.PLAN, Kind.ROSH)
ADAPTER = JsonAdapter(
    SYSTEM,
    (*_ANSWERS, stub_mappings(_ANSWERS)),
    version="2",
    lines=LINES,
    exports=[Export("assessment.json", "application/json", _KINDS, write)],
)
