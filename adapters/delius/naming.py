"""Names and identifiers in the spellings of Delius's several interfaces."""

from collections.abc import Iterable

from adapters.base import Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.person import Identifier, Name

SYSTEM = "delius"
_FIELDS = {
    "crn": Scheme.CRN,
    "previousCrn": Scheme.CRN,
    "pncNumber": Scheme.PNC,
    "croNumber": Scheme.CRO,
    "nomsNumber": Scheme.NOMS,
    "nomsId": Scheme.NOMS,
    "bookingNumber": Scheme.BOOKING,
    "mostRecentPrisonerNumber": Scheme.BOOKING,
}


def identifiers(node: Node, subject: Subject | None = None) -> list[Identifier]:
    """Every identifier among the fields of `node`, and the subject of the push."""
    return identifiers_of(SYSTEM, ((s, node[field]) for field, s in _FIELDS.items()), subject)


def texts(nodes: Iterable[Node]) -> list[str]:
    """The texts that hold something, without repeats."""
    return list(dict.fromkeys(text for node in nodes if (text := node.text())))


def flat_name(node: Node) -> Name:
    """`firstName`, `middleNames`, `surname` as the search gives them."""
    return Name(
        forenames=texts([node["firstName"], *node["middleNames"]]),
        surname=node["surname"].text(),
    )


def nested_name(node: Node) -> Name:
    """`{forename, middleName, surname}` as the integrations give it."""
    return Name(
        forenames=texts([node["forename"], node["middleName"]]), surname=node["surname"].text()
    )


def spoken(name: Name) -> str | None:
    """A name as one reads it out."""
    return " ".join([*name.forenames, *filter(None, [name.surname])]) or None
