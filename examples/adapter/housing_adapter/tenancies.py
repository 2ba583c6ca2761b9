"""One tenant and their tenancies, as the housing register sends and takes them."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.json_adapter import JsonAdapter, Shape, identifiers_of, objects
from adapters.reading import Node
from adapters.writing import Case, Export, Line, Way
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.person import Address, Name, Person

SYSTEM = "housing"
KINDS = {"GEN": "General needs", "SUP": "Supported housing", "TMP": "Temporary accommodation"}
_CODES = {word: code for code, word in KINDS.items()}


def _read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    identifiers = identifiers_of(SYSTEM, [(Scheme.CRN, node["tenant"]["crn"])], subject)
    record = Person(
        name=Name(
            forenames=[text for one in node["tenant"]["forenames"] if (text := one.text())],
            surname=node["tenant"]["surname"].text(),
        ),
        date_of_birth=node["tenant"]["dateOfBirth"].day(),
        identifiers=identifiers,
        addresses=[_address(one) for one in objects(node["tenancies"])],
    )
    mapped = MappedRecord(record, "current", node["updated"].time())
    return [MappedPerson(identifiers, [mapped], node.cautions)]


def _address(node: Node) -> Address:
    return Address(
        lines=[text for one in node["address"] if (text := one.text())],
        postcode=node["postcode"].text(),
        type=_kind(node["kind"]),
        start=node["from"].day(),
        end=node["to"].day(),
    )


def _kind(node: Node) -> str | None:
    """A code the register has added since is kept as it came, with a caution."""
    code = node.text()
    if code is not None and code not in KINDS:
        node.warn("unknown-code")
    return KINDS.get(code or "", code)


def _write(case: Case) -> bytes:
    """The payload of the same form: what the case tells, and nothing that it does not."""
    person: Mapping[str, Any] = case.documents.get(Kind.PERSON) or {}
    listed = person.get("identifiers") or []
    named = [one.get("value") for one in listed if one.get("scheme") == Scheme.CRN]
    name = person.get("name") or {}
    tenant = {
        "crn": next(iter(named), None),
        "forenames": name.get("forenames"),
        "surname": name.get("surname"),
        "dateOfBirth": person.get("dateOfBirth"),
    }
    tenancies = [_tenancy(one) for one in person.get("addresses") or []]
    return json.dumps({"tenant": _told(tenant), "tenancies": tenancies}).encode()


def _tenancy(address: Mapping[str, Any]) -> dict[str, Any]:
    kind = address.get("type")
    return _told(
        {
            "address": address.get("lines"),
            "postcode": address.get("postcode"),
            "kind": _CODES.get(kind, kind) if kind else None,
            "from": address.get("start"),
            "to": address.get("end"),
        }
    )


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


_PLACES = {
    "name.forenames": "tenant.forenames",
    "name.surname": "tenant.surname",
    "dateOfBirth": "tenant.dateOfBirth",
    "identifiers[].scheme": "tenant.crn",
    "identifiers[].value": "tenant.crn",
    "addresses[].lines": "tenancies[].address",
    "addresses[].postcode": "tenancies[].postcode",
    "addresses[].type": "tenancies[].kind",
    "addresses[].start": "tenancies[].from",
    "addresses[].end": "tenancies[].to",
}
_NOTES = {
    "identifiers[].value": "the case reference number alone",
    "addresses[].type": "a code for three kinds; any other word as it is",
}
LINES = (
    *(Line(Kind.PERSON, f, place, note=_NOTES.get(f, "")) for f, place in _PLACES.items()),
    Line(Kind.PERSON, "identifiers[].verified", "", Way.IN, "worked out from its form"),
)

ADAPTER = JsonAdapter(
    SYSTEM,
    [Shape("tenancies", lambda node: node.has("tenant", "tenancies"), _read)],
    lines=LINES,
    exports=(Export("tenancies.json", "application/json", (Kind.PERSON,), _write),),
)
