"""The payloads PPUD's interface sends. Its reference lists are about nobody and are refused."""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import Shape, apart, objects, unique
from adapters.ppud.levels import registration
from adapters.ppud.person import identifiers, person
from adapters.ppud.sentences import sentence
from adapters.reading import Node
from adapters.refused import ERROR_BODY, refused

CURRENT = "current"


def _is_person(node: Node) -> bool:
    return node["offender"].has("familyName")


def _is_search(node: Node) -> bool:
    rows = node["results"].value
    return isinstance(rows, list) and all(row.has("familyName") for row in node["results"])


def _is_reference_list(node: Node) -> bool:
    return isinstance(node["values"].value, list)


def _person(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """One person with their sentences, each a document of its own."""
    offender = node["offender"]
    known_as = identifiers(offender, subject)
    rows = list(objects(offender["sentences"]))
    records = [MappedRecord(person(offender, known_as), CURRENT)]
    if (stated := registration(offender["sentences"], rows)) is not None:
        records.append(MappedRecord(stated, CURRENT))
    records += [sentence(row, offender) for row in rows]
    return [MappedPerson(known_as, records, unique(node.cautions))]


def _search(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Rows of a search say who somebody is and nothing more."""
    rows = [apart(row) for row in node["results"]]
    found = []
    for row in rows:
        known_as = identifiers(row, subject)
        record = MappedRecord(person(row, known_as), "search")
        found.append(MappedPerson(known_as, [record], row.cautions))
    return found


SHAPES = (
    Shape("person with sentences", _is_person, _person),
    Shape("search", _is_search, _search),
    refused(
        "reference list (refused)",
        _is_reference_list,
        "reference-data",
        "a list of the words PPUD chooses from is about nobody",
    ),
    ERROR_BODY,
)
