"""What becomes of a payload of the upstream folder, in the words of the tables that expect it.

The folder is not part of this repository; without it there is nothing to read.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from adapters.base import AdapterError, MappedPerson
from adapters.registry import ADAPTERS
from tests.adapters.mutation import SHARED, read_all


class Outcome(NamedTuple):
    """Each person's numbers (`?`: not verified) and documents; all cautions; facts by path.

    A path begins with the place of the person and the document: `0.mappa/current.level`.
    """

    people: list[str]
    documents: list[list[str]]
    cautions: set[tuple[str, str]]
    facts: dict[str, Any]


def present(names: Iterable[str]) -> list[str]:
    """Those files that are there."""
    return [name for name in names if (SHARED / f"{name}.json").exists()]


def files(*folders: str) -> set[str]:
    """All files there are in these folders."""
    return {f"{one}/{p.stem}" for one in folders for p in (SHARED / one).glob("*.json")}


def read(system: str, name: str) -> list[MappedPerson]:
    """Split and read one file."""
    return read_all(ADAPTERS[system], (SHARED / f"{name}.json").read_bytes())


def check(system: str, name: str, expected: Outcome) -> None:
    """The file becomes exactly this."""
    people = read(system, name)
    assert [_numbers(one) for one in people] == expected.people
    documents = [[f"{m.record.kind}/{m.source_ref}" for m in one.records] for one in people]
    assert documents == expected.documents
    assert {(c.code, c.pointer) for one in people for c in one.cautions} == expected.cautions
    assert {path: _fact(people, path) for path in expected.facts} == expected.facts


def refusal(system: str, name: str) -> tuple[str, str]:
    """The code and the place of the refusal; fails where the file is taken."""
    try:
        read(system, name)
    except AdapterError as error:
        return error.code, error.pointer
    raise AssertionError("it was taken")


def _numbers(person: MappedPerson) -> str:
    merged = [f"merged:{one.value}" for one in person.merged]
    named = [f"{i.scheme}:{i.value}{'' if i.verified else '?'}" for i in person.identifiers]
    return " ".join(named + merged)


def _fact(people: list[MappedPerson], path: str) -> Any:
    place, document, *steps = path.split(".")
    [mapped] = [
        m for m in people[int(place)].records if f"{m.record.kind}/{m.source_ref}" == document
    ]
    value = json.loads(mapped.record.model_dump_json(by_alias=True))
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
