"""Pushing payloads in, and looking after what could not be mapped."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from adapters.base import Adapter, Subject, parse_subject
from adapters.registry import ADAPTERS, HOUSE
from gateway.auth.principal import Principal
from gateway.clock import now, stamp
from gateway.drafts import Effect, Listing
from gateway.errors import Problem
from gateway.exchange import Declaration, declares, exchange_of
from gateway.ingest.push import Push, file_push, map_in_turn
from gateway.pipeline import GuardedRoute
from gateway.routes.parameters import PAGE, Cursor, Limit, Shape, SystemPurpose, answers
from gateway.store import pushes, records
from policies.actions import Action
from schemas import Kind

router = APIRouter(prefix="/v1", tags=["ingest"], route_class=GuardedRoute)
SYSTEM_UPDATE = "system-update"
ADMINISTRATOR = "mappa-administrator"


Outcome = Literal["created", "updated", "unchanged", "historical", "quarantined"]


class FiledRecord(Shape):
    """A record of a payload: the version it became, or already was."""

    id: str
    person: str
    kind: Kind
    version: int
    outcome: Outcome


class Warned(Shape):
    """Something to look at, and where; never the value."""

    code: str
    pointer: str


class Reason(Shape):
    """Why a payload cannot be mapped, where, and what to do."""

    code: str
    detail: str
    pointer: str


class PushedItem(Shape):
    """What became of one payload; `quarantine` and `reason` where it could not be mapped."""

    index: int
    outcome: Outcome
    records: list[FiledRecord]
    warnings: list[Warned]
    quarantine: str | None = None
    reason: Reason | None = None


class Pushed(Shape):
    """What became of each payload, in the order sent."""

    items: list[PushedItem]
    counts: dict[str, int]


class Waiting(Shape):
    """A payload in quarantine; never its content."""

    id: str
    system: str
    received_at: str
    reason: Reason


class Queue(Shape):
    """Payloads waiting in quarantine."""

    data: list[Waiting]
    meta: dict[str, Any]


def _tended(principal: Principal) -> tuple[str, ...] | None:
    """Whose quarantine the caller looks after: their own systems', or (`None`) everybody's."""
    return None if ADMINISTRATOR in principal.roles else principal.systems


def parsed_subject(header: str | None) -> Subject | None:
    """Whom a header or a kept payload names, if anybody. Raises `AdapterError`."""
    return parse_subject(header) if header else None


def adapter_of(system: str) -> Adapter:
    """The adapter of a payload that is kept. Raises `Problem` (409) where there is none now."""
    if system not in ADAPTERS:
        raise Problem(
            409,
            "no-adapter",
            "Nothing here reads this system's payloads any more",
            "It stays in quarantine: bring its adapter back to file it.",
            outcome="conflict",
        )
    return ADAPTERS[system]


@router.post(
    "/ingest/{system}",
    summary="Push one payload, or a batch, in the system's own format",
    operation_id="pushPayloads",
    responses=answers(Pushed, 400, 401, 403, 404, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "What the system sends: its JSON, CSV, XML or Word document. JSON: one "
            'payload, an array of at most 200, or `{"subject": "crn:…", "payload": …}` in either '
            "place.",
            "content": {kind: {} for one in HOUSE.values() for kind in one.media_types},
        }
    },
)
@declares(Declaration(Action.PUSH, "ingest", "collection", SYSTEM_UPDATE, body=True))
async def ingest(
    request: Request,
    system: Annotated[
        str, Path(description=f"One of: {', '.join(HOUSE)}, or installed.", max_length=32)
    ],
    subject: Annotated[
        str | None, Header(description="Whom it is about, where the payload does not say.")
    ] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    purpose_of_use: SystemPurpose = None,
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
        subject=parsed_subject(subject),
        idempotency_key=idempotency_key,
        issuer=exchange.principal.issuer,
        entry=exchange.entry_id,
    )
    mapped = await map_in_turn(push)
    return Effect(lambda connection: file_push(connection, push, mapped))


@router.get(
    "/quarantine",
    summary="Payloads that could not be mapped",
    operation_id="listQuarantine",
    responses=answers(Queue, 400, 401, 403, 422, 503),
)
@declares(Declaration(Action.LIST, "quarantine", "consultation", SYSTEM_UPDATE))
async def quarantine(
    request: Request,
    limit: Limit = PAGE,
    cursor: Cursor = None,
    purpose_of_use: SystemPurpose = None,
) -> Response:
    """Reasons and times; a case system sees the payloads of its own systems."""
    systems = _tended(exchange_of(request).principal)
    store = request.app.state.services.store
    rows = await pushes.quarantined(store, systems, cursor or "", limit + 1)
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
    responses=answers(Pushed, 400, 401, 403, 404, 409, 422, 503),
)
@declares(Declaration(Action.REPLAY, "quarantine", "alteration", SYSTEM_UPDATE))
async def replay(
    request: Request,
    id: Annotated[str, Path(max_length=32)],
    subject: Annotated[
        str | None, Header(description="Whom it is about, if that was what was missing.")
    ] = None,
    purpose_of_use: SystemPurpose = None,
) -> Response:
    """After the adapter is mended, or with the subject that was missing."""
    store = request.app.state.services.store
    exchange = exchange_of(request)
    row = await pushes.one_quarantined(store, id)
    systems = _tended(exchange.principal)
    if row is None or (systems is not None and row.system not in systems):
        raise Problem(
            404,
            "nothing-quarantined",
            "Nothing is quarantined under this id",
            "List the quarantine to see what is there.",
            outcome="not-found",
        )
    push = Push(
        adapter=adapter_of(row.system),
        client=row.client,
        whole=await records.raw(store, row.raw_hash),
        subject=parsed_subject(subject) or parsed_subject(row.subject),
        entry=exchange.entry_id,
    )
    mapped = await map_in_turn(push)

    def effect(connection: Any) -> Any:
        done = file_push(connection, push, mapped)
        if done.status == 200:
            pushes.release(connection, row.id, stamp(now()))
        return done

    return Effect(effect)
