"""How a canonical record is written down, and how its fields are labelled for redaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from schemas.kinds import Kind


@dataclass(frozen=True, slots=True)
class Section:
    """The label a field carries in its type. Policies release sections, never single fields."""

    name: str


PARTS = Section("*")
"""Label of a field that only holds labelled parts: it is released as far as its parts are."""


class Canonical(BaseModel):
    """Base of every record and part: camelCase in JSON, unknown fields refused, immutable."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class Record(Canonical):
    """A whole record of one kind about one person."""

    kind: ClassVar[Kind]

    @property
    def standing(self) -> int:
        """Which of several documents is *the* current one: the highest standing, then the newest.

        Records that have no rival documents keep 0.
        """
        return 0


def section_of(model: type[Canonical], field: str) -> Section:
    """The section label of a field. Raises `LookupError` for a field without exactly one."""
    labels = [m for m in model.model_fields[field].metadata if isinstance(m, Section)]
    if len(labels) != 1:
        raise LookupError(f"{model.__name__}.{field} must carry exactly one Section label")
    return labels[0]


def parts_of(annotation: Any) -> Iterator[type[Canonical]]:
    """The canonical models inside a field's type, through unions, lists and optionals."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from parts_of(get_args(annotation)[0])
    elif origin in (Union, UnionType, list, tuple, dict):
        for argument in get_args(annotation):
            yield from parts_of(argument)
    elif isinstance(annotation, type) and issubclass(annotation, Canonical):
        yield annotation


def sections_of(model: type[Canonical]) -> list[str]:
    """Every section name a record of this model can hold, in field order, without repeats."""
    names: dict[str, None] = {}
    for field, info in model.model_fields.items():
        label = section_of(model, field)
        if label is not PARTS:
            names[label.name] = None
        for part in parts_of(info.annotation):
            names.update(dict.fromkeys(sections_of(part)))
    return list(names)
