"""Pushing payloads in, and looking after what could not be mapped."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from adapters.base import Subject, parse_subject
from adapters.registry import ADAPTERS
from gateway.clock import now, stamp
from gateway.drafts import Effect, Listing
from gateway.errors import Problem
from gateway.exchange import Declaration, declares, exchange_of
from gateway.ingest.push import Push, file_push, map_push
from gateway.pipeline import GuardedRoute
from gateway.routes.parameters import PAGE, Cursor, Limit, PurposeOfUse, Shape, problems
from gateway.store import pushes, records
from policies.actions import Action

router = APIRouter(prefix="/v1", tags=["ingest"], route_class=GuardedRoute)
SYSTEM_UPDATE = "system-update"


class Pushed(Shape):
    """What became of each payload, in the order sent."""

    items: list[dict[str, Any]]
    counts: dict[str, int]


class Queue(Shape):
    """Payloads waiting in quarantine; never their content."""

    data: list[dict[str, Any]]
    meta: dict[str, Any]


def _subject(header: str | None) -> Subject | None:
    return parse_subject(header) if header else None


@router.post(
    "/ingest/{system}",
    summary="Push one payload, or a batch, in the system's own format",
    operation_id="pushPayloads",
    responses=problems(400, 401, 403, 404, 413, 422, 503) | {200: {"model": Pushed}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "JSON systems: one payload, an array of them, or "
            '`{"subject": "crn:…", "payload": …}` in either place. ViSOR: XML.',
            "content": {"application/json": {}, "application/xml": {}},
        }
    },
)
@declares(Declaration(Action.PUSH, "ingest", "collection", SYSTEM_UPDATE, body=True))
async def ingest(
    request: Request,
    system: Annotated[str, Path(description=f"One of: {', '.join(ADAPTERS)}.", max_length=32)],
    subject: Annotated[
        str | None, Header(description="Whom it is about, where the payload does not say.")
    ] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    purpose_of_use: PurposeOfUse = None,
) -> Response:
    """Nothing sent is lost: what cannot be mapped is kept whole in quarantine, with its reason."""
    exchange = exchange_of(request)
    if system not in ADAPTERS:
        raise Problem(
            404,
            "unknown-system",
            "No such system",
            f"Systems are: {', '.join(ADAPTERS)}.",
            outcome="invalid",
        )
    push = Push(
        adapter=ADAPTERS[system],
        client=exchange.principal.client,
        whole=exchange.body,
        subject=_subject(subject),
        idempotency_key=idempotency_key,
        issuer=exchange.principal.issuer,
    )
    mapped = await asyncio.to_thread(map_push, push)
    return Effect(lambda connection: file_push(connection, push, mapped))


@router.get(
    "/quarantine",
    summary="Payloads that could not be mapped",
    operation_id="listQuarantine",
    responses=problems(400, 401, 403, 503) | {200: {"model": Queue}},
)
@declares(Declaration(Action.LIST, "quarantine", "consultation", SYSTEM_UPDATE))
async def quarantine(
    request: Request,
    limit: Limit = PAGE,
    cursor: Cursor = None,
    purpose_of_use: PurposeOfUse = None,
) -> Response:
    """Reasons and times; a case system sees the payloads of its own systems."""
    principal = exchange_of(request).principal
    systems = None if "mappa-administrator" in principal.roles else principal.systems
    reader = request.app.state.services.store.reader
    rows = pushes.quarantined(reader, systems, cursor or "", limit + 1)
    data = [
        {
            "id": row.id,
            "system": row.system,
            "receivedAt": row.received_at,
            "reason": {"code": row.reason, "detail": row.detail, "pointer": row.pointer},
        }
        for row in rows[:limit]
    ]
    more = f"/v1/quarantine?limit={limit}&cursor={data[-1]['id']}" if len(rows) > limit else None
    return Listing(data, next_url=more)


@router.post(
    "/quarantine/{id}/replay",
    summary="Map a quarantined payload again",
    operation_id="replayQuarantined",
    responses=problems(400, 401, 403, 404, 422, 503) | {200: {"model": Pushed}},
)
@declares(Declaration(Action.REPLAY, "quarantine", "alteration", SYSTEM_UPDATE))
async def replay(
    request: Request,
    id: Annotated[str, Path(max_length=32)],
    subject: Annotated[
        str | None, Header(description="Whom it is about, if that was what was missing.")
    ] = None,
    purpose_of_use: PurposeOfUse = None,
) -> Response:
    """After the adapter is mended, or with the subject that was missing."""
    principal = exchange_of(request).principal
    reader = request.app.state.services.store.reader
    row = pushes.one_quarantined(reader, id)
    mine = row is not None and (
        "mappa-administrator" in principal.roles or row.system in principal.systems
    )
    if row is None or not mine:
        raise Problem(
            404,
            "nothing-quarantined",
            "Nothing is quarantined under this id",
            "List the quarantine to see what is there.",
            outcome="not-found",
        )
    push = Push(
        adapter=ADAPTERS[row.system],
        client=row.client,
        whole=records.raw(reader, row.raw_hash),
        subject=_subject(subject) or _subject(row.subject),
    )
    mapped = await asyncio.to_thread(map_push, push)

    def effect(connection: Any) -> Any:
        done = file_push(connection, push, mapped)
        if done.status == 200:
            pushes.release(connection, row.id, stamp(now()))
        return done

    return Effect(effect)
