"""The payloads the licence system sends, told apart by their field names alone.

A licence policy has conditions too, but belongs to nobody; match summaries carry no conditions.
Neither is a shape here.
"""

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.cvl.licence import licence
from adapters.cvl.people import case_team, identifiers, person
from adapters.json_adapter import Shape, apart
from adapters.reading import Node
from schemas import Record
from schemas.licence import Licence

CURRENT = "current"


def _is_public(node: Node) -> bool:
    return node.has("id", "licenceType", "conditions")


def _is_internal(node: Node) -> bool:
    return node.has("id", "typeCode", "statusCode")


def _is_access_answer(node: Node) -> bool:
    rows = node["licences"].value
    return isinstance(rows, list) and all(
        row.has("licenceId", "typeCode") for row in node["licences"]
    )


def _public(node: Node, subject: Subject | None) -> list[MappedPerson]:
    known_as = identifiers(node, subject)
    record = licence(node, node["policyVersion"], node["version"])
    return [MappedPerson(known_as, [_dated(record)], node.cautions)]


def _internal(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Its `version` numbers the conditions, which is to say the policy, and not the licence."""
    known_as = identifiers(node, subject)
    record = licence(node, node.first("policyVersion", "version"), node["licenceVersion"])
    mapped = [_dated(record)]
    beside: tuple[Record | None, ...] = (person(node, known_as), case_team(node, record.status))
    mapped += [
        MappedRecord(one, CURRENT, mapped[0].written_at) for one in beside if one is not None
    ]
    return [MappedPerson(known_as, mapped, node.cautions)]


def _access_answer(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Licences of one person as a rule; rows that name another are kept apart."""
    whose: dict[tuple[str, ...], list[Node]] = {}
    for row in node["licences"]:
        key = tuple(f"{one.scheme}:{one.value}" for one in identifiers(apart(row), None))
        whose.setdefault(key, []).append(row)
    if subject is not None and len(whose) > 1:
        raise AdapterError("subject-mismatch", "an answer about several people is not about one")
    return [_holder(group, subject) for group in whose.values()]


def _holder(rows: list[Node], subject: Subject | None) -> MappedPerson:
    """One person's licences. Rows are grouped by what they name, so the first speaks for all."""
    mine = [apart(row) for row in rows]
    records = [_dated(licence(row, row["policyVersion"], row["licenceVersion"])) for row in mine]
    known_as = identifiers(mine[0], subject)
    return MappedPerson(known_as, records, [c for row in mine for c in row.cautions])


def _dated(record: Licence) -> MappedRecord:
    return MappedRecord(record, record.licence_id, record.updated or record.created)


SHAPES = (
    Shape("licence (public interface)", _is_public, _public),
    Shape("licence (internal interface)", _is_internal, _internal),
    Shape("licences (subject access form)", _is_access_answer, _access_answer),
)
