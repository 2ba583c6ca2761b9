"""Conditions of a licence: which are about the victim, which draw a zone, which are neither.

Only (policy version, code) and the licence system's own condition type decide; under a version
not known here nothing is guessed from a code or a text. A map beside a condition that could not
be placed so is warned about, and only its description is kept, as that condition's data.
"""

import re

from adapters.cvl.codes import CONDITION_TYPES, MONITORING, known
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.conditions import condition_class, knows_policy, policy_version
from schemas.licence import (
    AdditionalCondition,
    Condition,
    NoContactCondition,
    Regime,
    StandardCondition,
    ZoneCondition,
    ZoneGeometry,
)

_MONITORED = "electronicMonitoringTypes"
_UNFILLED = re.compile(r"\bvalue[0-9]+\b|\[INSERT\b|\{[A-Za-z]+\}|\{\{.*?\}\}")


def standard(rows: Node, regime: Regime) -> list[Condition]:
    """The standard conditions of one regime."""
    return [
        StandardCondition(regime=regime, code=row["code"].text(), text=_text(row["text"]))
        for row in objects(rows)
    ]


def bespoke(rows: Node) -> list[Condition]:
    """Bespoke conditions: objects with a text, or bare texts. They exist on a licence only."""
    return [
        AdditionalCondition(type="bespoke", code=row["code"].text(), text=_text(_wording(row)))
        for row in rows
    ]


def additional(rows: Node, regime: Regime, policy: str | None) -> list[Condition]:
    """The additional conditions of one regime, under the licence's policy version."""
    return [_additional(row, regime, policy) for row in objects(rows)]


def _additional(row: Node, regime: Regime, policy: str | None) -> Condition:
    code, upstream_type = row["code"].text(), _upstream_type(row["type"])
    about = condition_class(_policy_of(row["version"], policy), code, upstream_type)
    text, expanded = _text(row["text"], filled_in=row["expandedText"]), row["expandedText"].text()
    category, data = row["category"].text(), _data(row)
    if upstream_type and upstream_type not in CONDITION_TYPES:
        data["type"] = upstream_type
    monitored = _monitoring(row["restrictions"]) or _ticked(row["data"])
    if about is None:
        return AdditionalCondition(
            type="additional",
            regime=regime,
            code=code,
            category=category,
            text=text,
            expanded_text=expanded,
            data=data | _unplaced_maps(row),
            electronic_monitoring=monitored,
        )
    if monitored:
        data["restrictions"] = ", ".join(monitored)
    if about == "no-contact":
        return NoContactCondition(
            regime=regime,
            code=code,
            category=category,
            text=text,
            expanded_text=expanded,
            data=data | _unplaced_maps(row),
        )
    return ZoneCondition(
        type=about,
        regime=regime,
        code=code,
        category=category,
        text=text,
        expanded_text=expanded,
        data=data,
        geometry=[_geometry(upload) for upload in objects(row["uploadSummary"])],
    )


def _wording(row: Node) -> Node:
    return row["text"] if isinstance(row.value, dict) else row


def _text(node: Node, *, filled_in: Node | None = None) -> str:
    """The wording. One that is missing becomes empty, because the condition itself stands.

    A wording with holes is warned about, unless the source also sends it filled in.
    """
    text = node.text()
    if text is None and not filled_in:
        node.warn("unreadable-value")
    shown = filled_in if filled_in else node
    if _UNFILLED.search(shown.text() or ""):
        shown.warn("placeholder")
    return text or ""


def _policy_of(own: Node, licence: str | None) -> str | None:
    """The version a condition itself names, else the licence's. A difference is warned about."""
    version = policy_version(own.text())
    if version is None:
        return licence
    if licence is not None and version != licence:
        own.warn("contradiction")
    if not knows_policy(version):
        own.warn("unknown-policy-version")
    return version


def _upstream_type(node: Node) -> str | None:
    return known(node, CONDITION_TYPES)


def _monitoring(node: Node) -> list[str]:
    """Kinds of electronic monitoring: a list, or one bare code."""
    rows = node if isinstance(node.value, list) else [node]
    return [code for row in rows if (code := known(row, MONITORING)) is not None]


def _ticked(data: Node) -> list[str]:
    """Kinds of monitoring among what was filled in: the internal interface has no list of them."""
    ticked = (p["value"].value for p in objects(data) if p["field"].value == _MONITORED)
    words = (str(value).upper().replace(" ", "_") for value in ticked)
    return [word for word in words if word in MONITORING]


def _data(row: Node) -> dict[str, str]:
    """What was filled in, by field; a field filled in more than once has a value a line."""
    data: dict[str, str] = {}
    for part in objects(row["data"]):
        field, value = part["field"].text(), part["value"].text()
        if field is None or value is None:
            part.warn("unreadable-value")
        else:
            data[field] = f"{data[field]}\n{value}" if field in data else value
    return data


def _geometry(upload: Node) -> ZoneGeometry:
    return ZoneGeometry(
        filename=upload["filename"].text(),
        media_type=upload.first("fileType", "imageType").text(),
        description=upload["description"].text(),
    )


def _unplaced_maps(row: Node) -> dict[str, str]:
    """Descriptions of maps on a condition that the table does not call a zone."""
    uploads = list(objects(row["uploadSummary"]))
    if uploads or row["hasImageUpload"].flag():
        row.warn("unclassified-map")
    found = (upload["description"].text() for upload in uploads)
    return {f"map {number}": text for number, text in enumerate(found, 1) if text}
