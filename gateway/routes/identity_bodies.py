"""The bodies of questions about who is who, and of their answers."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from gateway.errors import invalid
from gateway.exchange import Exchange
from gateway.routes.parameters import Shape
from schemas.identifiers import Scheme

Refs = Annotated[str, Field(min_length=1, max_length=64)]
T = TypeVar("T", bound=Shape)


class Summary(Shape):
    """A review: the two it is about, as they answer now, why it was opened, what was decided."""

    id: str
    persons: list[str]
    reason: str
    weight: float | None
    created_at: str
    decision: str | None
    version: int
    waiting: int


class Queue(Shape):
    """Reviews about persons the asker may see."""

    data: list[Summary]
    meta: dict[str, Any]


class Evidence(Summary):
    """With what speaks for one person and what against, of the sections the asker may see."""

    records: list[dict[str, Any]]
    fields: list[dict[str, str]]
    weights: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


class One(Shape):
    """One review."""

    data: Evidence
    meta: dict[str, Any]


class Decided(Shape):
    """The review after the decision."""

    data: dict[str, Any]


class Decision(Shape):
    """`same`: one person (`person`: who answers, else whoever was known longer); `different`: two;
    `link`: what waits, or the record of nobody known, is that `person`'s; `undo`: take it back."""

    decision: Literal["same", "different", "link", "undo"]
    person: Refs | None = None


class Merge(Shape):
    """Two persons who are one."""

    person: Refs
    other: Refs
    survivor: Refs | None = None


class Number(Shape):
    """An identifier, in any accepted spelling."""

    scheme: Scheme
    value: Annotated[str, Field(min_length=1, max_length=40)]


class Split(Shape):
    """What of a person is somebody else's: records by id, all that some systems sent, numbers."""

    person: Refs
    records: Annotated[list[Refs], Field(max_length=1000)] = []
    systems: Annotated[list[Refs], Field(max_length=40)] = []
    identifiers: Annotated[list[Number], Field(max_length=40)] = []


class Held(Shape):
    """The versions filed about a person, of the kinds the asker may read; no content."""

    data: list[dict[str, Any]]
    meta: dict[str, Any]


BODIES = (Decision, Merge, Split)


def body_of(model: type[Shape]) -> dict[str, Any]:
    schema = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


def parsed(model: type[T], exchange: Exchange) -> T:
    try:
        return model.model_validate_json(exchange.body)
    except ValidationError as error:
        raise invalid(error.errors(include_input=False, include_context=False)) from None
