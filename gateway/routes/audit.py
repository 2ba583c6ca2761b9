"""The auditors' view of the log: who looked at whom, why, and what they saw."""

import base64
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from gateway.clock import stamp
from gateway.drafts import Listing
from gateway.errors import Problem
from gateway.exchange import Declaration, declares, exchange_of
from gateway.pipeline import GuardedRoute
from gateway.routes.parameters import (
    PAGE,
    Cursor,
    Justification,
    Limit,
    PurposeOfUse,
    Shape,
    answers,
    number_cursor,
)
from gateway.store import entries, identity, persons
from gateway.store.entries import Stored
from policies.actions import Action

router = APIRouter(prefix="/v1/audit/entries", tags=["audit"], route_class=GuardedRoute)
READ = Declaration(Action.READ_AUDIT, "audit-entries")
NEWEST = 2**62
Moment = Annotated[
    datetime | None, Query(description="ISO 8601; `since` is inclusive, `until` exclusive.")
]
Text = Annotated[str | None, Query(max_length=64)]


class Entries(Shape):
    """Entries, newest first."""

    data: list[dict[str, Any]]
    meta: dict[str, Any]


class Entry(Shape):
    """One entry as sealed."""

    data: dict[str, Any]
    meta: dict[str, Any]


class ProofParts(Shape):
    """A C2SP inclusion proof with the sealed entry it is about."""

    index: int
    size: int
    leaf: str
    proof: list[str]
    checkpoint: str
    salt: str
    sealed: str


class Proof(Shape):
    """What anybody needs to check one entry against a checkpoint."""

    data: ProofParts
    meta: dict[str, Any]


def _entry(row: Stored) -> dict[str, Any]:
    entry: dict[str, Any] = orjson.loads(row.sealed)
    return entry | {"index": row.seq - 1}


def _stamp(moment: datetime | None) -> str | None:
    """As entries are stamped; a time without a zone is UTC, as all times here."""
    if moment is None:
        return None
    try:
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except OverflowError:
        raise Problem(
            422,
            "bad-time",
            "The time is out of range",
            "Use a time of this era.",
            outcome="invalid",
        ) from None


async def _one(request: Request, entry_id: str) -> Stored:
    row = await entries.one(request.app.state.services.store, entry_id)
    if row is None:
        raise Problem(
            404,
            "no-such-entry",
            "No such entry",
            "Take the id from an Audit-Entry header or the list of entries.",
            outcome="not-found",
        )
    return row


@router.get(
    "",
    summary="Search the access log",
    operation_id="listAuditEntries",
    responses=answers(Entries, 400, 401, 403, 422, 503),
)
@declares(READ)
async def search(
    request: Request,
    purpose_of_use: PurposeOfUse,
    person: Annotated[
        str | None, Query(max_length=64, description="A gateway id or `scheme:value`.")
    ] = None,
    staff: Text = None,
    agency: Text = None,
    operation: Text = None,
    outcome: Text = None,
    since: Moment = None,
    until: Moment = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
    justification: Justification = None,
) -> Response:
    """By person, staff, agency, operation, outcome and time, in cursor pages."""
    store = request.app.state.services.store
    seeker = exchange_of(request).seeker
    known = (await persons.resolve(store, person, seeker)).persons if person else []
    ids = {one.survivor or one.id for one in known} | {one.id for one in known}
    groups = [await identity.ids(store, one) for one in sorted(ids)]
    about = tuple(dict.fromkeys(one for group in groups for one in group)) if person else None
    wanted = entries.Filters(about, staff, agency, operation, outcome, _stamp(since), _stamp(until))
    rows = await entries.find(store, wanted, number_cursor(cursor, NEWEST), limit + 1)
    shown = [_entry(row) for row in rows[:limit]]
    more = None
    if len(rows) > limit:
        more = str(request.url.include_query_params(cursor=rows[limit - 1].seq))
        more = more[len(str(request.base_url)) - 1 :]
    return Listing(shown, persons=[one.id for one in known], next_url=more)


@router.get(
    "/{id}",
    summary="One entry",
    operation_id="getAuditEntry",
    responses=answers(Entry, 400, 401, 403, 404, 422, 503),
)
@declares(READ)
async def one(
    request: Request,
    id: Annotated[str, Path(max_length=64)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """The entry exactly as it was sealed, with its position in the log."""
    entry = _entry(await _one(request, id))
    return Listing(entry, persons=entry["persons"])


@router.get(
    "/{id}/proof",
    summary="Proof that an entry is in the log",
    operation_id="getAuditEntryProof",
    responses=answers(Proof, 400, 401, 403, 404, 422, 503),
)
@declares(READ)
async def proof(
    request: Request,
    id: Annotated[str, Path(max_length=64)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """What anybody needs to check the entry against a checkpoint: leaf, hashes, entry and salt."""
    services = request.app.state.services
    row = await _one(request, id)
    if not await services.integrator.reached(row.seq):
        raise Problem(
            503,
            "not-yet-integrated",
            "The entry is not in the log yet",
            "Entries enter the log within a second; try again.",
            outcome="failed",
            headers={"Retry-After": "1"},
        )
    found = services.tlog.proof(row.seq - 1)
    salt = base64.b64encode(bytes.fromhex(row.salt)).decode()
    about = orjson.loads(row.sealed)["persons"]
    return Listing(found | {"salt": salt, "sealed": row.sealed}, persons=about)
