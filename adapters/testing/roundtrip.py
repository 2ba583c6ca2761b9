"""The way there and back: what an adapter writes of a case, it reads again, field by field."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from adapters.base import Adapter, AdapterError, MappedPerson, Subject
from adapters.fields import told
from adapters.testing.values import WILD, Maker, Strategy
from adapters.writing import Case, Export, Way
from schemas import RECORDS, Record
from schemas.identifiers import Scheme
from schemas.kinds import Kind

SOMEBODY = Subject(Scheme.CRN, "Y710001")
"""Whom a payload is pushed about that names nobody. No made-up case has this identifier."""
REFERENCE = "0d9e1c2b3a4f5e6d"
GENERATED = datetime(2026, 3, 1, 12, tzinfo=UTC)
Documents = dict[Kind, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The values that a format can hold, where it cannot hold all.

    `values` gives a strategy to a field (`person.addresses[].lines`) or to a whole kind (`mappa`).
    `tidy` makes fields of a case agree that the format holds once, and may return `None` for a
    case that makes no sense in it. Each narrowing is named in the note of a `Line`.
    """

    values: Mapping[str, Strategy] = field(default_factory=dict)
    tidy: Callable[[Documents], Documents | None] = lambda documents: documents


def both_ways(adapter: Adapter, kind: Kind) -> frozenset[str]:
    """The fields of a kind that the adapter says it writes and reads."""
    return frozenset(
        line.field for line in adapter.lines if line.kind is kind and line.way is Way.BOTH
    )


def cases_of(
    adapter: Adapter, export: Export, narrowed: Narrowed | None = None
) -> st.SearchStrategy[Case]:
    """Cases in the fields that survive both ways. Any kind, and any field, may be missing."""
    limits = narrowed or Narrowed()
    kinds = {kind: fields for kind in export.kinds if (fields := both_ways(adapter, kind))}
    documents = {
        kind: limits.values[kind]
        if kind in limits.values
        else Maker(fields, _of(kind, limits.values)).record(RECORDS[kind])
        for kind, fields in kinds.items()
    }
    drawn = st.fixed_dictionaries({}, optional=documents).map(deepcopy).map(limits.tidy)
    return drawn.filter(bool).map(lambda told: Case(REFERENCE, GENERATED, told or {}))


def _of(kind: Kind, values: Mapping[str, Strategy]) -> dict[str, Strategy]:
    start = f"{kind}."
    return {name.removeprefix(start): s for name, s in values.items() if name.startswith(start)}


def wild_cases(export: Export) -> st.SearchStrategy[Case]:
    """Cases of any text in any field of every kind, with any part of them withheld."""
    documents = {kind: Maker(text=WILD).record(RECORDS[kind]) for kind in export.kinds}
    withheld = st.dictionaries(
        st.sampled_from(export.kinds), st.lists(st.tuples(WILD, WILD), max_size=2), max_size=2
    )
    pruned = st.tuples(st.fixed_dictionaries({}, optional=documents), st.randoms()).map(
        lambda pair: {kind: _prune(told, pair[1]) for kind, told in pair[0].items()}
    )
    return st.builds(Case, st.just(REFERENCE), st.just(GENERATED), pruned, withheld)


def _prune(value: Any, chance: Any) -> Any:
    """A document as redaction leaves it: any member, at any depth, may be gone."""
    if isinstance(value, dict):
        return {key: _prune(part, chance) for key, part in value.items() if chance.random() < 0.8}
    return [_prune(part, chance) for part in value] if isinstance(value, list) else value


def read_all(adapter: Adapter, raw: bytes) -> list[MappedPerson]:
    """Split and read as the gateway does; who is not named is pushed as somebody."""
    people: list[MappedPerson] = []
    for item in adapter.split(raw):
        try:
            people += adapter.read(item.raw, item.subject)
        except AdapterError as error:
            if error.code != "no-subject":
                raise
            people += adapter.read(item.raw, SOMEBODY)
    return people


def written_and_read(adapter: Adapter, export: Export, case: Case) -> tuple[Any, Any]:
    """What the case says in the fields that survive, before and after."""
    people = read_all(adapter, export.write(case))
    documents = [(one.record.kind, _said(one.record)) for who in people for one in who.records]
    before = {k: told(document, both_ways(adapter, k)) for k, document in case.documents.items()}
    after = {
        kind: told(joined(d for k, d in documents if k is kind), both_ways(adapter, kind))
        for kind in before
    }
    return before, after


def _said(record: Record) -> dict[str, Any]:
    document = record.model_dump(mode="json", by_alias=True)
    if "identifiers" in document:
        named = [one for one in document["identifiers"] if one["value"] != SOMEBODY.value]
        document["identifiers"] = named
    return document


def joined(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Several records of one kind as one: a format may say them in several payloads."""
    whole: dict[str, Any] = {}
    for document in documents:
        for key, value in document.items():
            held = whole.get(key)
            if isinstance(held, list) and isinstance(value, list):
                whole[key] = [*held, *(one for one in value if one not in held)]
            elif isinstance(held, dict) and isinstance(value, dict):
                whole[key] = joined([held, value])
            elif held in (None, [], {}, ""):
                whole[key] = value
    return whole
