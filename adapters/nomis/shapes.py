"""The payloads NOMIS and the services in front of it send, told apart by their field names alone.

Incentives, case notes, movements without their stay and the like are no shape here: they go to
quarantine.
"""

from collections.abc import Callable
from dataclasses import replace

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import Shape, apart
from adapters.nomis.alert_list import alert_list, is_alert, is_alert_list
from adapters.nomis.allocation import allocation, is_allocation
from adapters.nomis.events import event
from adapters.nomis.patient import restricted_patient
from adapters.nomis.prisoner import beside, is_prisoner, prisoner
from adapters.nomis.sentences import is_term, term
from adapters.nomis.timeline import timeline
from adapters.reading import Node
from adapters.refused import ERROR_BODY, is_event, refused
from adapters.stub_mappings import stub_mappings

Reader = Callable[[Node, Subject | None], MappedPerson]


def _is_patient(node: Node) -> bool:
    return node.has("prisonerNumber", "hospitalLocation")


def _is_timeline(node: Node) -> bool:
    return node.has("prisonerNumber", "prisonPeriod")


def _is_location(node: Node) -> bool:
    """A prisoner of whom not even the date of birth is told."""
    return is_prisoner(node) and not node.has("dateOfBirth")


def _is_dated(node: Node) -> bool:
    """A prisoner of whom NOMIS tells the sentence dates and not the rest."""
    return is_prisoner(node) and node.has("sentenceDetail") and not node.has("status")


def _holds(field: str, recognises: Callable[[Node], bool]) -> Callable[[Node], bool]:
    """A shape for an answer whose rows, none or more, are all of one kind."""
    return lambda node: (
        isinstance(node[field].value, list) and all(recognises(row) for row in node[field])
    )


def _is_match(node: Node) -> bool:
    return is_prisoner(node["prisoner"])


def _is_reference_data(node: Node) -> bool:
    if node.has("alertTypeCode") or node.has("alertCodes") or node.has("name", "fuzzySearch"):
        return True
    rows = node.first("referenceData", "attributes", "data")
    return isinstance(rows.value, list) and all(row.has("value", "label") for row in rows)


def _one(reader: Reader) -> Callable[[Node, Subject | None], list[MappedPerson]]:
    return lambda node, subject: [reader(node, subject)]


def _rows(field: str, reader: Reader, inside: str = "") -> Shape:
    """An answer of several prisoners: every row is another person with cautions of their own;
    the answer's belong to each."""

    def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
        rows = list(node[field])
        if subject is not None and len(rows) > 1:
            raise AdapterError("subject-mismatch", "an answer of several prisoners is not one's")
        _check_totals(node, len(rows))
        people = [reader(apart(row[inside] if inside else row), subject) for row in rows]
        return [replace(one, cautions=node.cautions + one.cautions) for one in people]

    names = {"content": ("page of prisoners", is_prisoner), "matches": ("matches", _is_match)}
    name, recognises = names.get(field, ("prisoner locations", _is_location))
    return Shape(name, _holds(field, recognises), read)


def _listed(node: Node, subject: Subject | None) -> MappedPerson:
    reader = beside("location") if _is_location(node) else prisoner
    return reader(node, subject)


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
    Shape("prison term", is_term, _one(term)),
    Shape("prisoner's sentence dates", _is_dated, _one(beside("sentence-dates"))),
    Shape("prisoner's location", _is_location, _one(beside("location"))),
    Shape(
        "prisoner's establishment",
        lambda node: is_prisoner(node) and node.has("establishmentCode"),
        _one(beside("establishment")),
    ),
    Shape("prisoner", is_prisoner, _one(prisoner)),
    Shape("alerts", is_alert, alert_list),
    Shape("alerts", is_alert_list, alert_list),
    _rows("content", _listed),
    _rows("matches", _listed, inside="prisoner"),
    _rows("locations", _listed),
    Shape("event of a merge", is_event, event),
)
SHAPES = (
    *_PLAIN,
    stub_mappings(_PLAIN),
    refused(
        "reference data (refused)",
        _is_reference_data,
        "reference-data",
        "a list of codes is about nobody: send the records that use them",
    ),
    ERROR_BODY,
)
