"""The bodies of questions about who is who, and of their answers."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from gateway.errors import invalid
from gateway.exchange import Exchange
from gateway.routes.parameters import Shape
from gateway.routes.search import Hit
from schemas import Kind
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


class ListMeta(Shape):
    """The entry that recorded the answer."""

    audit_entry: str


class Queue(Shape):
    """Reviews about persons the asker may see."""

    data: list[Summary]
    meta: ListMeta


class ComparedField(Shape):
    """A field that both records show, and what came of it."""

    field: str
    outcome: Literal["agrees", "differs", "not-known"]


class WeightPart(Shape):
    """A part of the match weight, in bits: positive speaks for one person."""

    comparison: str
    section: str
    outcome: str
    weight: float


class DecisionTaken(Shape):
    """A decision: who took it (a member of staff, or the system that gives out the numbers), when,
    and the audit entry it was taken in."""

    version: int
    decision: Literal["same", "different", "link", "split", "undo"]
    decided_at: str
    decided_by: str
    audit_entry: str | None


class Evidence(Summary):
    """With what speaks for one person and what against, of the sections the asker may see."""

    records: list[Hit]
    fields: list[ComparedField]
    weights: list[WeightPart]
    decisions: list[DecisionTaken]


class ReviewMeta(ListMeta):
    """How the evidence is classified."""

    classification: str


class One(Shape):
    """One review."""

    data: Evidence
    meta: ReviewMeta


class ReviewState(Shape):
    """Which decision holds now, if any, and who answers for the two."""

    id: str
    decision: str | None
    version: int
    persons: list[str]


class Decided(Shape):
    """The review after the decision."""

    data: ReviewState


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


class FiledVersion(Shape):
    """A version filed about a person, without its content."""

    id: str
    system: str
    kind: Kind
    status: str
    received_at: str


class Held(Shape):
    """The versions filed about a person, of the kinds the asker may read."""

    data: list[FiledVersion]
    meta: ListMeta


BODIES = (Decision, Merge, Split)


def body_of(model: type[Shape]) -> dict[str, Any]:
    schema = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


def parsed(model: type[T], exchange: Exchange) -> T:
    try:
        return model.model_validate_json(exchange.body)
    except ValidationError as error:
        raise invalid(error.errors(include_input=False, include_context=False)) from None
