"""Persons and the records held about them."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from adapters.visor import NOMINAL_XML
from gateway.drafts import ManyRecords, OneRecord
from gateway.errors import nothing_held
from gateway.exchange import Declaration, declares, exchange_of
from gateway.pipeline import GuardedRoute
from gateway.routes.exports import in_force, whole_case
from gateway.routes.parameters import (
    PAGE,
    Cursor,
    IfNoneMatch,
    Justification,
    Limit,
    Many,
    One,
    PersonRef,
    PurposeOfUse,
    answers,
    envelope,
    number_cursor,
)
from gateway.store import records
from gateway.store.records import View
from policies.actions import Action
from schemas import Kind

router = APIRouter(prefix="/v1/persons/{ref}", tags=["persons"], route_class=GuardedRoute)
VISOR_XML = NOMINAL_XML.media_type
REFUSALS = (304, 400, 401, 403, 404, 422, 503)
PERSON_ANSWERS = answers(envelope(One, Kind.PERSON), *REFUSALS)
PERSON_ANSWERS[200]["content"] = {VISOR_XML: {"schema": {"type": "string"}}}
Handler = Callable[..., Awaitable[Response]]

CURRENT: dict[str, tuple[Kind, str]] = {
    "case-team": (Kind.CASE_TEAM, "Who is responsible in each agency"),
    "mappa": (Kind.MAPPA, "MAPPA category and level, with their history"),
    "rosh": (Kind.ROSH, "Risk of serious harm"),
    "risk-management-plan": (Kind.PLAN, "The current risk management plan"),
    "licence": (Kind.LICENCE, "The licence in force"),
    "licence-conditions": (Kind.LICENCE_CONDITIONS, "The conditions of the licence in force"),
    "victim-contact": (Kind.VICTIM_CONTACT, "The Victim Contact Scheme"),
    "custody": (Kind.CUSTODY, "Prison, sentence dates, release, temporary release"),
    "contacts": (Kind.CONTACTS, "Probation's contact log; those marked for ViSOR by themselves"),
    "residence": (Kind.RESIDENCE, "Stays in approved premises"),
}
COLLECTIONS: dict[str, tuple[Kind, bool, str]] = {
    "risk-management-plans": (Kind.PLAN, False, "Every version of every plan, newest first"),
    "mappa-minutes": (Kind.MINUTES, True, "The minutes of each meeting, newest first"),
    "mappa-referrals": (Kind.REFERRAL, True, "Each referral to MAPPA, newest first"),
    "licences": (Kind.LICENCE, True, "Every licence, newest first"),
}


def _held(request: Request, kind: Kind) -> View:
    view = exchange_of(request).view
    if view is None:
        raise nothing_held(kind)
    if not in_force(kind, view):
        raise nothing_held("licence in force")
    return view


def _current(kind: Kind) -> Handler:
    async def answer(request: Request) -> Response:
        return OneRecord(_held(request, kind))

    @declares(Declaration(Action.READ, kind, current=True), answer)
    async def read(
        request: Request,
        ref: PersonRef,
        purpose_of_use: PurposeOfUse,
        justification: Justification = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return await answer(request)

    return read


def _collection(kind: Kind, newest_only: bool) -> Handler:
    @declares(Declaration(Action.READ, kind))
    async def read(
        request: Request,
        ref: PersonRef,
        purpose_of_use: PurposeOfUse,
        limit: Limit = PAGE,
        cursor: Cursor = None,
        justification: Justification = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        offset = number_cursor(cursor, 0)
        views = await records.versions(
            request.app.state.services.store,
            exchange_of(request).subject.id,
            kind,
            newest_only=newest_only,
            offset=offset,
            limit=limit + 1,
        )
        more = f"{request.url.path}?limit={limit}&cursor={offset + limit}"
        return ManyRecords(views[:limit], more if len(views) > limit else None)

    return read


@router.get(
    "",
    summary="Who the person is; as XML, the whole case in the police form",
    operation_id="getPerson",
    responses=PERSON_ANSWERS,
)
@declares(Declaration(Action.READ, Kind.PERSON, current=True))
async def person(
    request: Request,
    ref: PersonRef,
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
    if_none_match: IfNoneMatch = None,
    accept: Annotated[str | None, Header(description="JSON, or the police form.")] = None,
) -> Response:
    """The person record, or with `Accept: application/vnd.mappa.visor+xml` the police form."""
    if VISOR_XML not in request.headers.get("accept", ""):
        return OneRecord(_held(request, Kind.PERSON))
    request.app.state.pipeline.permit(exchange_of(request), Action.EXPORT, "visor")
    return await whole_case(request, "visor", NOMINAL_XML)


def _operation(path: str) -> str:
    return "get" + "".join(part.capitalize() for part in path.split("-"))


for _path, (_kind, _summary) in CURRENT.items():
    router.add_api_route(
        f"/{_path}",
        _current(_kind),
        summary=_summary,
        operation_id=_operation(_path),
        responses=answers(envelope(One, _kind), *REFUSALS),
    )

for _path, (_kind, _newest_only, _summary) in COLLECTIONS.items():
    router.add_api_route(
        f"/{_path}",
        _collection(_kind, _newest_only),
        summary=_summary,
        operation_id=_operation(_path),
        responses=answers(envelope(Many, _kind), *REFUSALS),
    )


@router.get(
    "/mappa-minutes/{record_id}",
    summary="The minutes of one meeting",
    operation_id="getMappaMinutesById",
    responses=answers(envelope(One, Kind.MINUTES), *REFUSALS),
)
@declares(Declaration(Action.READ, Kind.MINUTES))
async def minutes(
    request: Request,
    ref: PersonRef,
    record_id: Annotated[str, Path(description="From the page's `meta.id`.", max_length=64)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One version of the minutes of one meeting, by the `id` its page gives."""
    store = request.app.state.services.store
    view = await records.by_id(store, exchange_of(request).subject.id, Kind.MINUTES, record_id)
    if view is None:
        raise nothing_held("mappa-minutes of this id")
    return OneRecord(view)
