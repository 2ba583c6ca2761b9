"""The police form of one person's case: canonical records that policy has already redacted.

Nothing is decided here. What is missing from a record was withheld or never known; the
`withheld` elements say which. Text is carried as `form.carried` says.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from lxml import etree

from adapters.visor import elements
from adapters.visor.form import CODED, NAMESPACE, Element, Form, carried
from adapters.writing import Case
from schemas.identifiers import Scheme
from schemas.kinds import Agency, Kind

SECTIONS: tuple[tuple[Kind, str, tuple[Element, ...]], ...] = (
    (Kind.PERSON, "person", elements.PERSON),
    (Kind.CASE_TEAM, "team", elements.MEMBER),
    (Kind.MAPPA, "mappa", elements.MAPPA),
    (Kind.ROSH, "rosh", elements.ROSH),
    (Kind.PLAN, "risk-management-plan", elements.PLAN),
    (Kind.LICENCE_CONDITIONS, "licence-conditions", elements.LICENCE),
    (Kind.CUSTODY, "custody", elements.CUSTODY),
    (Kind.MINUTES, "mappa-minutes", elements.SUMMARY),
    (Kind.CONTACTS, "activity", elements.ACTIVITY),
    (Kind.RESIDENCE, "residence", elements.RESIDENCE),
)
"""What a nominal holds, in its order; kinds the police form has no place for are left out."""


def write(case: Case) -> bytes:
    """One `nominal`, valid against `nominal.xsd`, as UTF-8 with an XML declaration.

    Its reference is the register's own, where the case tells one; `case` is the gateway's id.
    """
    prefixes: Any = {None: NAMESPACE}
    root = etree.Element(_tag("nominal"), nsmap=prefixes)
    if reference := _reference(case.documents.get(Kind.PERSON) or {}):
        root.set("reference", reference)
    root.set("case", carried(case.reference))
    root.set("generated", case.generated.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    for kind, tag, parts in SECTIONS:
        if document := case.documents.get(kind):
            section = etree.SubElement(root, _tag(tag))
            _write_team(section, document) if kind is Kind.CASE_TEAM else _fill(
                section, parts, document
            )
    for kind, pairs in case.withheld.items():
        for name, rule in pairs:
            mark = etree.SubElement(root, _tag("withheld"), kind=kind.value)
            mark.set("section", carried(name))
            mark.set("rule", carried(rule))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _reference(person: Mapping[str, Any]) -> str | None:
    named = [one for one in person.get("identifiers") or [] if one.get("scheme") == Scheme.VISOR]
    return next((carried(one["value"]) for one in named if one.get("value")), None)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _write_team(parent: etree._Element, document: Mapping[str, Any]) -> None:
    for member in document.get("members") or []:
        if member:
            own = member.get("agency") == Agency.POLICE and member.get("role") == "offender-manager"
            element = etree.SubElement(parent, _tag("manager" if own else "partner"))
            _fill(element, elements.MEMBER, member)


def _fill(parent: etree._Element, parts: tuple[Element, ...], record: Mapping[str, Any]) -> None:
    for part in parts:
        value = record.get(part.key)
        if part.form in CODED:
            _write_coded(parent, part, value, record.get(f"{part.key}Code"))
        elif part.form is Form.ENTRIES:
            for name, text in (value or {}).items():
                etree.SubElement(parent, _tag(part.tag), name=carried(name)).text = carried(text)
        else:
            for one in (value or []) if part.many else [value]:
                _write_one(parent, part, one)


def _write_one(parent: etree._Element, part: Element, value: Any) -> None:
    if value is None or value in ("", {}):
        return
    element = etree.SubElement(parent, _tag(part.tag))
    if part.parts:
        _fill(element, part.parts, value)
    else:
        element.text = _text(value)


def _write_coded(parent: etree._Element, part: Element, value: Any, code: str | None) -> None:
    if value is None and not code:
        return
    element = etree.SubElement(parent, _tag(part.tag))
    element.text = None if value is None else _text(value)
    if code:
        element.set("code", carried(code))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return carried(str(value))
