"""The payloads NOMIS and prisoner search send, told apart by their field names alone.

Alerts without their prisoner, incentives and the like are no shape here: they go to quarantine.
"""

from collections.abc import Callable

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import Shape, apart
from adapters.nomis.allocation import allocation, is_allocation
from adapters.nomis.patient import restricted_patient
from adapters.nomis.prisoner import prisoner
from adapters.nomis.timeline import timeline
from adapters.reading import Node
from adapters.stub_mappings import stub_mappings

Reader = Callable[[Node, Subject | None], MappedPerson]


def _is_patient(node: Node) -> bool:
    return node.has("prisonerNumber", "hospitalLocation")


def _is_timeline(node: Node) -> bool:
    return node.has("prisonerNumber", "prisonPeriod")


def _is_prisoner(node: Node) -> bool:
    return node.has("prisonerNumber", "lastName")


def _is_page(node: Node) -> bool:
    rows = node["content"].value
    return isinstance(rows, list) and all(_is_prisoner(row) for row in node["content"])


def _one(reader: Reader) -> Callable[[Node, Subject | None], list[MappedPerson]]:
    return lambda node, subject: [reader(node, subject)]


def _page(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Every row is another person with cautions of their own; the page's belong to each."""
    rows = list(node["content"])
    if subject is not None and len(rows) > 1:
        raise AdapterError("subject-mismatch", "a page of several prisoners is not about one")
    _check_totals(node, len(rows))
    people = [prisoner(apart(row), subject) for row in rows]
    return [
        MappedPerson(one.identifiers, one.records, node.cautions + one.cautions) for one in people
    ]


def _check_totals(node: Node, rows: int) -> None:
    here, everywhere = node["numberOfElements"].integer(), node["totalElements"].integer()
    if here not in (None, rows):
        node["numberOfElements"].warn("contradiction")
    if everywhere is not None and everywhere < rows:
        node["totalElements"].warn("contradiction")


_PLAIN = (
    Shape("POM allocation", is_allocation, _one(allocation)),
    Shape("restricted patient", _is_patient, _one(restricted_patient)),
    Shape("prison timeline", _is_timeline, _one(timeline)),
    Shape("prisoner", _is_prisoner, _one(prisoner)),
    Shape("page of prisoners", _is_page, _page),
)
SHAPES = (*_PLAIN, stub_mappings(_PLAIN))
