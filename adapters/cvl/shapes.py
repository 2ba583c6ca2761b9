"""The payloads the licence system sends, told apart by their field names alone.

A licence policy has conditions too, but belongs to nobody: it is refused by name.
"""

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.cvl.licence import licence
from adapters.cvl.people import case_team, identifiers, person
from adapters.json_adapter import Shape, apart
from adapters.reading import Node
from adapters.refused import ERROR_BODY, EVENT, refused
from adapters.stub_mappings import stub_mappings
from schemas import Record
from schemas.licence import Licence

CURRENT = "current"


def _is_public(node: Node) -> bool:
    return node.has("id", "licenceType", "conditions")


def _is_internal(node: Node) -> bool:
    return node.has("id", "typeCode", "statusCode")


def _is_summary(node: Node) -> bool:
    named = node.has("licenceId", "licenceStatus") or node.has("id", "licenceType", "statusCode")
    return named and not node.has("conditions")


def _is_access_answer(node: Node) -> bool:
    rows = _licences(node)
    return isinstance(rows.value, list) and all(
        row.has("typeCode") and (row.has("licenceId") or row.has("id")) for row in rows
    )


def _licences(node: Node) -> Node:
    """The rows of an answer; the older form wraps it once more."""
    return (node["content"] if node["content"].has("licences") else node)["licences"]


def _is_policy(node: Node) -> bool:
    listed = node.has("conditions") or node.has("additionalConditions")
    return (node.has("version") and listed) or node.has("fromVersion", "toVersion")


def _public(node: Node, subject: Subject | None) -> list[MappedPerson]:
    known_as = identifiers(node, subject)
    record = licence(node, node["policyVersion"], node["version"])
    return [MappedPerson(known_as, [_dated(record)], node.cautions)]


def _internal(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Its `version` numbers the conditions, which is to say the policy, and not the licence."""
    record = licence(node, node.first("policyVersion", "version"), node["licenceVersion"])
    return [_with_person(node, subject, _dated(record))]


def _summary(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """A licence without its conditions: a document beside the licence, never a version of it."""
    record = licence(node, node["policyVersion"], node.first("version", "licenceVersion"))
    node.warn("truncated")
    dated = _dated(record)
    beside = MappedRecord(record, f"{dated.source_ref}-summary", dated.written_at)
    return [_with_person(node, subject, beside)]


def _with_person(node: Node, subject: Subject | None, mapped: MappedRecord) -> MappedPerson:
    known_as = identifiers(node, subject)
    status = mapped.record.status if isinstance(mapped.record, Licence) else None
    beside: tuple[Record | None, ...] = (person(node, known_as), case_team(node, status))
    records = [MappedRecord(one, CURRENT, mapped.written_at) for one in beside if one is not None]
    return MappedPerson(known_as, [mapped, *records], node.cautions)


def _access_answer(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Licences of one person as a rule; rows that name another are kept apart."""
    whose: dict[tuple[str, ...], list[Node]] = {}
    for row in _licences(node):
        key = tuple(f"{one.scheme}:{one.value}" for one in identifiers(apart(row), None))
        whose.setdefault(key, []).append(row)
    if subject is not None and len(whose) > 1:
        raise AdapterError("subject-mismatch", "an answer about several people is not about one")
    return [_holder(group, subject) for group in whose.values()]


def _holder(rows: list[Node], subject: Subject | None) -> MappedPerson:
    """One person's licences. Rows are grouped by what they name, so the first speaks for all.

    The older form calls the policy `version`, as the internal interface does.
    """
    mine = [apart(row) for row in rows]
    records = [
        _dated(licence(row, row.first("policyVersion", "version"), row["licenceVersion"]))
        for row in mine
    ]
    known_as = identifiers(mine[0], subject)
    return MappedPerson(known_as, records, [c for row in mine for c in row.cautions])


def _dated(record: Licence) -> MappedRecord:
    return MappedRecord(record, record.licence_id, record.updated or record.created)


_PLAIN = (
    Shape("licence (public interface)", _is_public, _public),
    Shape("licence (internal interface)", _is_internal, _internal),
    Shape("summary of a licence", _is_summary, _summary),
    Shape("licences (subject access form)", _is_access_answer, _access_answer),
)
SHAPES = (
    *_PLAIN,
    stub_mappings(_PLAIN),
    refused(
        "licence policy (refused)",
        _is_policy,
        "policy-document",
        "a licence policy is about nobody: send the licences made under it",
    ),
    EVENT,
    ERROR_BODY,
)
