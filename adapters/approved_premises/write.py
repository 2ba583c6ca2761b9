"""The residents' list out of the gateway: a person's stays, a row each."""

from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from adapters.approved_premises.residents import NAMED, STAY, TABLE
from adapters.writing import Case
from schemas.kinds import Kind


def write(case: Case) -> bytes:
    """A row for each stay, or one for a person of whom no stay is released."""
    person = _person(case.documents.get(Kind.PERSON, {}))
    stays = case.documents.get(Kind.RESIDENCE, {}).get("stays") or []
    rows = [person | _stay(stay) for stay in stays] or [person]
    return TABLE.write(row for row in rows if any(row.values()))


def _person(person: Mapping[str, Any]) -> dict[str, str | None]:
    columns = {scheme.value: column for scheme, column in NAMED.items()}
    row: dict[str, str | None] = {}
    for one in person.get("identifiers") or []:
        if column := columns.get(one.get("scheme")):
            row.setdefault(column, one.get("value"))
    name = person.get("name") or {}
    return row | {
        "Surname": name.get("surname"),
        "Forenames": " ".join(name.get("forenames") or []),
        "Date of birth": person.get("dateOfBirth"),
    }


def _stay(stay: Mapping[str, Any]) -> dict[str, str | None]:
    row = {column: stay.get(to_camel(field)) for field, (column, _) in STAY.items()}
    return row | {"Premises address": "\n".join(stay.get("address") or [])}
