"""Finding a person by name, date of birth or identifier: a POST, so that no URL holds them."""

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError
from starlette.responses import Response

from gateway.drafts import SearchHits
from gateway.errors import Problem, invalid
from gateway.exchange import Declaration, Exchange, declares, exchange_of
from gateway.pipeline import GuardedRoute, Pipeline
from gateway.routes.parameters import Justification, PurposeOfUse, Shape, answers
from gateway.store import persons, records
from gateway.store.persons import Criteria, PersonState
from policies.actions import Action
from schemas import Kind
from schemas.identifiers import Scheme, canonical
from schemas.person import Person as PersonRecord

router = APIRouter(prefix="/v1/persons", tags=["persons"], route_class=GuardedRoute)
PAGE_READ, MOST_PAGES = 100, 10
"""One search looks at so many at a time, and so often, before it asks to be continued."""


class WantedIdentifier(Shape):
    """An identifier to search by, in any accepted spelling."""

    scheme: Scheme
    value: Annotated[str, Field(min_length=1, max_length=40)]


class Search(Shape):
    """A surname, an identifier, or both; forename (its beginning) and date of birth narrow it."""

    surname: Annotated[str | None, Field(max_length=100)] = None
    forename: Annotated[str | None, Field(max_length=100)] = None
    date_of_birth: date | None = None
    identifiers: Annotated[list[WantedIdentifier], Field(max_length=20)] = []
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str | None, Field(max_length=40)] = None


class Hit(Shape):
    """A person the asker may see, with their person record, redacted like any other."""

    id: str
    record: PersonRecord | None = None
    meta: dict[str, Any] | None = None


class HitsMeta(Shape):
    """`cursor` continues the search where there may be more; `count` is of this page."""

    count: int
    cursor: str | None
    classification: str
    audit_entry: str


class Hits(Shape):
    """Persons the asker may see, and no others."""

    data: list[Hit]
    meta: HitsMeta


def _criteria(search: Search) -> Criteria:
    found = [(i.scheme.value, canonical(i.scheme, i.value)) for i in search.identifiers]
    usable = [(scheme, value) for scheme, value in found if value]
    if not (search.surname or "").strip() and not usable:
        raise Problem(
            422,
            "search-too-wide",
            "Search by a surname or a valid identifier",
            "Give surname, or identifiers whose form and check letter are right.",
            outcome="invalid",
        )
    return Criteria(search.surname, search.forename, search.date_of_birth, usable)


def _parse(body: bytes) -> Search:
    try:
        return Search.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error.errors(include_input=False, include_context=False)) from None


@router.post(
    "/search",
    summary="Find persons you work with",
    operation_id="searchPersons",
    responses=answers(Hits, 400, 401, 403, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Search"}}},
        }
    },
)
@declares(Declaration(Action.SEARCH, "persons", body=True))
async def search(
    request: Request,
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """Only persons you may see are returned, and only they are counted."""
    exchange = exchange_of(request)
    wanted = _parse(exchange.body)
    criteria = _criteria(wanted)
    seen, cursor = await _visible(request, exchange, criteria, wanted)
    store = request.app.state.services.store
    views = await asyncio.gather(*(records.current(store, one.id, Kind.PERSON) for one in seen))
    return SearchHits(dict(zip(seen, views, strict=True)), cursor)


async def _visible(
    request: Request, exchange: Exchange, criteria: Criteria, wanted: Search
) -> tuple[list[PersonState], str | None]:
    """Who may be named, and where to go on: `None` only where everybody has been looked at."""
    pipeline: Pipeline = request.app.state.pipeline
    seen: list[PersonState] = []
    after = wanted.cursor or ""
    for _ in range(MOST_PAGES):
        page = await persons.search(pipeline.store, criteria, exchange.seeker, after, PAGE_READ)
        for found in page:
            after = found.id
            state = await persons.answering(pipeline.store, found, exchange.seeker)
            if state not in seen and pipeline.may_see(exchange, state):
                seen.append(state)
                if len(seen) == wanted.limit:
                    return seen, after
        if len(page) < PAGE_READ:
            return seen, None
    return seen, after
