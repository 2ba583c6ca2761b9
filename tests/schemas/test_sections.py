"""Every field of every record, however deep, carries exactly one section label in its type."""

from collections.abc import Iterator
from typing import Annotated

import pytest

import schemas
from schemas import RECORDS, Kind
from schemas.base import PARTS, Canonical, Record, Section, parts_of, section_of, sections_of


def models(top: type[Canonical]) -> Iterator[type[Canonical]]:
    """A model and every model that its fields hold."""
    yield top
    for info in top.model_fields.values():
        for part in parts_of(info.annotation):
            yield from models(part)


def descendants(base: type[Canonical]) -> Iterator[type[Canonical]]:
    for model in base.__subclasses__():
        yield model
        yield from descendants(model)


REACHED = list(dict.fromkeys(model for record in RECORDS.values() for model in models(record)))
FIELDS = [(model, field) for model in REACHED for field in model.model_fields]


@pytest.mark.parametrize(
    ("model", "field"), FIELDS, ids=[f"{model.__name__}.{field}" for model, field in FIELDS]
)
def test_a_field_carries_exactly_one_label(model: type[Canonical], field: str) -> None:
    label = section_of(model, field)
    holds_parts = any(parts_of(model.model_fields[field].annotation))
    assert (label is PARTS) is holds_parts


def test_there_is_a_record_for_every_kind_and_every_model_is_reached() -> None:
    assert set(RECORDS) == set(Kind)
    assert all(model.kind is kind for kind, model in RECORDS.items())
    ours = {m for m in descendants(Canonical) if m.__module__.startswith(f"{schemas.__name__}.")}
    assert ours - {Record} == set(REACHED)


@pytest.mark.parametrize("model", RECORDS.values())
def test_section_names_are_kebab_case_and_not_the_mark_of_parts(model: type[Record]) -> None:
    names = sections_of(model)
    assert names
    assert len(names) == len(set(names))
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)


class Unlabelled(Canonical):
    text: str


class LabelledTwice(Canonical):
    text: Annotated[str, Section("one"), Section("two")]


@pytest.mark.parametrize("model", [Unlabelled, LabelledTwice])
def test_a_field_without_exactly_one_label_is_found(model: type[Canonical]) -> None:
    with pytest.raises(LookupError, match="exactly one Section label"):
        section_of(model, "text")


def test_sections_come_in_field_order_and_through_lists_unions_and_optionals() -> None:
    assert sections_of(RECORDS[Kind.LICENCE_CONDITIONS]) == [
        "licence",
        "standard-conditions",
        "additional-conditions",
        "additional-condition-data",
        "no-contact-conditions",
        "no-contact-condition-data",
        "zone-existence",
        "zone-text",
        "zone-data",
        "zone-geometry",
    ]
    assert sections_of(RECORDS[Kind.LIMITED_ACCESS]) == ["access"]
