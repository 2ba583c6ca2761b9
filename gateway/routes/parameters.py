"""Parameters and response descriptions that routes share, so that the OpenAPI file says them."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Header, Path, Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from gateway.errors import PROBLEM_JSON, Problem
from policies.purposes import Purpose
from schemas import RECORDS, Kind

T = TypeVar("T")
PAGE = 50

PersonRef = Annotated[
    str,
    Path(
        description="The gateway's own id, or `crn:X123456`, `noms:A1234AA`, `pnc:2010-1234567X`.",
        max_length=64,
        examples=["crn:X123456"],
    ),
]
PurposeOfUse = Annotated[Purpose, Header(description="Why this is looked at.")]
SystemPurpose = Annotated[
    Purpose | None, Header(description="`system-update` where it is not stated.")
]
IfNoneMatch = Annotated[
    str | None, Header(description="An `ETag` already held: 304 if nothing changed.")
]
Justification = Annotated[
    str | None, Header(description="Why it is necessary, in your words.", max_length=1000)
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=64, description="From the `next` link of the page before.")
]


class Shape(BaseModel):
    """Base of the envelopes: camelCase, as all JSON here."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Withheld(Shape):
    """A section not released, and the policy rule that withheld it."""

    section: str
    rule: str


class Meta(Shape):
    """Provenance and manifest of an answer about a person."""

    id: str
    version: int
    source: str
    source_ref: str | None
    written_at: str | None
    received_at: str
    classification: str
    withheld: list[Withheld]
    audit_entry: str


class PageMeta(Shape):
    """Manifest of a page of records."""

    classification: str
    withheld: list[Withheld]
    audit_entry: str


class RecordMeta(Shape):
    """Provenance of one record on a page."""

    id: str
    version: int
    source: str
    source_ref: str | None
    status: str
    written_at: str | None
    received_at: str


class Item(Shape, Generic[T]):
    """One record on a page; only released sections are present."""

    record: T
    meta: RecordMeta


class One(Shape, Generic[T]):
    """One record; only released sections are present."""

    data: T
    meta: Meta


class Many(Shape, Generic[T]):
    """A page of records, newest first."""

    data: list[Item[T]]
    meta: PageMeta


class ProblemDocument(Shape):
    """RFC 9457 problem. `errors` point into the request; nothing of it is repeated."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
    audit_entry: str | None = None


def envelope(shape: Any, kind: Kind) -> Any:
    """The envelope `One` or `Many` around the model of a record kind."""
    return shape[RECORDS[kind]]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals a route can give, for its OpenAPI description."""
    means = {
        303: "Known by another reference: follow Location",
        304: "Unchanged since the tag of If-None-Match",
        400: "The request is not valid",
        401: "No valid token",
        403: "Your role may not do this for this purpose",
        404: "Unknown here, or not yours to know of",
        409: "Cannot be done as things stand",
        412: "Not as you saw it: read it again",
        413: "The body is too large",
        422: "The request or payload cannot be processed",
        428: "Say which state you decide on (If-Match)",
        503: "The store or the log cannot write; try again",
    }
    document = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {
        status: {"description": means[status]} | ({} if status == 304 else {"content": document})
        for status in statuses
    }


def answers(model: Any, *refusals: int) -> dict[int | str, dict[str, Any]]:
    """The answer of a recorded route with its headers, and its refusals."""
    told = {
        "Audit-Entry": "The entry that recorded this request.",
        "Policy-Version": "SHA-256 of the policies that decided.",
        "ETag": "Of what is told; send it as If-None-Match.",
        "Link": 'The next page, `rel="next"`, where there is one.',
    }
    fields = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in told.items()
    }
    good = {"description": "Recorded and released", "model": model, "headers": fields}
    return problems(*refusals) | {200: good}


def number_cursor(cursor: str | None, default: int) -> int:
    """A cursor that is a number. Raises `Problem` for anything else."""
    if cursor is None:
        return default
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise Problem(400, "bad-cursor", "Bad cursor", "Use the `next` link.", outcome="invalid")
    return int(cursor)
