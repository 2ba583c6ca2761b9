"""Names and identifiers in the spellings of Delius's several interfaces."""

from collections.abc import Iterable

from adapters.base import Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.person import Identifier, Name

SYSTEM = "delius"
FIELDS = {
    "crn": Scheme.CRN,
    "previousCrn": Scheme.CRN,
    "pncNumber": Scheme.PNC,
    "pnc": Scheme.PNC,
    "croNumber": Scheme.CRO,
    "cro": Scheme.CRO,
    "nomsNumber": Scheme.NOMS,
    "nomsId": Scheme.NOMS,
    "noms": Scheme.NOMS,
    "bookingNumber": Scheme.BOOKING,
    "mostRecentPrisonerNumber": Scheme.BOOKING,
}


def identifiers(node: Node, subject: Subject | None = None) -> list[Identifier]:
    """Every identifier among the fields of `node`, and the subject of the push."""
    return identifiers_of(SYSTEM, ((s, node[field]) for field, s in FIELDS.items()), subject)


def part(node: Node) -> Node:
    """An object, or nothing; anything else in its place leaves a caution."""
    if node and not isinstance(node.value, dict):
        node.warn("unreadable-value")
        return Node(None, node.pointer, node.cautions)
    return node


def told(nodes: Iterable[Node]) -> list[str]:
    """The texts that hold something, in their order."""
    return [text for node in nodes if (text := node.text())]


def flat_name(node: Node) -> Name:
    """`firstName`, `middleNames`, `surname` as the search gives them."""
    return Name(
        forenames=told([node["firstName"], *node["middleNames"]]),
        surname=node["surname"].text(),
    )


def nested_name(node: Node) -> Name:
    """`{forename, middleName, surname}` as the integrations give it; `forenames` of a human, and
    `middleNames` of a case."""
    node = part(node)
    given = told([node.first("forename", "forenames"), node["middleName"], *node["middleNames"]])
    return Name(forenames=given, surname=node["surname"].text())


def spoken(name: Name) -> str | None:
    """A name as one reads it out."""
    return " ".join([*name.forenames, *filter(None, [name.surname])]) or None
