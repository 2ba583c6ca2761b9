"""Alerts as an answer of their own: a list or a page of them, of one prisoner or of several."""

import json

from adapters.base import AdapterError, Item, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import apart, identifiers_of
from adapters.nomis.alerts import alert, registration
from adapters.reading import Node
from schemas.custody import Custody
from schemas.identifiers import Scheme

REFERENCE = "alerts"
_OF_A_ROW = ("alertUuid", "alertId", "alertType", "offenderNo", "prisonNumber")


def is_alert(node: Node) -> bool:
    """By its code and any other field that a row of alerts has; a prisoner has none of both."""
    return node.has("alertCode") and any(node.has(field) for field in _OF_A_ROW)


def is_alert_list(node: Node) -> bool:
    """A list, or the content of an answer, that holds alerts only."""
    rows = _rows(node).value
    return isinstance(rows, list) and bool(rows) and all(is_alert(row) for row in _rows(node))


def whole(items: list[Item]) -> bool:
    """Whether a batch is one list of alerts: alerts of one person are one record, not several."""
    return all(item.subject is None and _is_alert_text(item.raw) for item in items)


def _is_alert_text(raw: bytes) -> bool:
    try:
        return is_alert(Node(json.loads(raw), "", []))
    except (ValueError, RecursionError):
        return False


def alert_list(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Each prisoner's alerts as one record, and what the live MAPPA alerts among them state.

    Raises `AdapterError` where several prisoners stand under one subject.
    """
    if is_alert(node):
        return [_holder([node], node, subject)]
    rows = _rows(node)
    everywhere = node["totalElements"].integer()
    if everywhere is not None and everywhere > len(rows.value):
        node["totalElements"].warn("truncated")
    whose: dict[str, list[Node]] = {}
    for row in rows:
        whose.setdefault(str(_number(row).value), []).append(row)
    if subject is not None and len(whose) > 1:
        raise AdapterError("subject-mismatch", "alerts of several prisoners are not about one")
    return [_holder(group, rows, subject, node) for group in whose.values()]


def _rows(node: Node) -> Node:
    return node["content"] if node.has("content") else node


def _number(row: Node) -> Node:
    return row.first("prisonNumber", "offenderNo")


def _holder(
    group: list[Node], at: Node, subject: Subject | None, answer: Node | None = None
) -> MappedPerson:
    """One person's rows; the cautions of the whole answer belong to each."""
    mine = [apart(row) for row in group]
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, _number(row)) for row in mine], subject)
    found = [one for row in mine if (one := alert(row)) is not None]
    here = apart(at)
    stated = registration(here, found)
    records = [MappedRecord(Custody(alerts=found), REFERENCE)]
    if stated is not None:
        records.append(MappedRecord(stated, "current"))
    said = [*(answer.cautions if answer else ()), *here.cautions]
    return MappedPerson(identifiers, records, said + [c for row in mine for c in row.cautions])
