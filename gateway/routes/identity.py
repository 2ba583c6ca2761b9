"""Who is who: reviews with their evidence, and the decisions on them."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from gateway.clock import now, stamp
from gateway.drafts import Effect, Listing, ReviewShown
from gateway.errors import Problem
from gateway.exchange import Declaration, Exchange, declares, exchange_of
from gateway.identity import deciding
from gateway.identity.deciding import Waiting, Wanted
from gateway.identity.evidence import compared, weighed
from gateway.identity.splitting import Chosen
from gateway.ingest.push import Push, map_in_turn
from gateway.pipeline import GuardedRoute, Pipeline
from gateway.routes.identity_bodies import (
    Decided,
    Decision,
    FiledVersion,
    Held,
    Merge,
    Number,
    One,
    Queue,
    Split,
    body_of,
    parsed,
)
from gateway.routes.ingest import adapter_of, parsed_subject
from gateway.routes.parameters import (
    PAGE,
    Cursor,
    Justification,
    Limit,
    PersonRef,
    PurposeOfUse,
    answers,
)
from gateway.store import identity, persons, records
from gateway.store.base import Store
from gateway.store.identity import By, Review
from gateway.store.persons import PersonState
from policies.actions import Action
from schemas import Kind
from schemas.identifiers import canonical

router = APIRouter(prefix="/v1/identity", tags=["identity"], route_class=GuardedRoute)
LOOK = Declaration(Action.LIST, "identity-reviews")
DECIDE = Declaration(Action.DECIDE, "identity-reviews", "combination", body=True)
MOST_PAGES = 10


async def _seen(request: Request, ids: Sequence[str]) -> list[PersonState] | None:
    """The persons, if the asker may see each of them."""
    exchange, pipeline = exchange_of(request), _pipeline(request)
    found = [await persons.one(pipeline.store, one, exchange.seeker) for one in ids]
    if all(one is not None and pipeline.may_see(exchange, one) for one in found):
        return [one for one in found if one is not None]
    return None


def _pipeline(request: Request) -> Pipeline:
    pipeline: Pipeline = request.app.state.pipeline
    return pipeline


def _store(request: Request) -> Store:
    store: Store = request.app.state.services.store
    return store


def _about(review: Review) -> list[str]:
    return list(dict.fromkeys(one for one in (review.person, review.other) if one))


def _summary(review: Review) -> dict[str, Any]:
    return {
        "id": review.id,
        "persons": _about(review),
        "reason": review.reason,
        "weight": review.weight,
        "createdAt": review.created_at,
        "decision": review.decision,
        "version": review.version,
        "waiting": review.waiting,
    }


async def _visible(request: Request, review_id: str) -> tuple[Review, list[PersonState]]:
    review = await identity.one(_store(request), review_id)
    seen = await _seen(request, _about(review)) if review else None
    if review is None or seen is None:
        raise Problem(
            404,
            "no-such-review",
            "No such review for you",
            "There is none by this id, or it is about somebody you are not working with.",
            outcome="not-found",
        )
    exchange_of(request).about.extend(_about(review))
    return review, seen


@router.get(
    "/reviews",
    summary="Records that may or may not be one person's",
    operation_id="listIdentityReviews",
    responses=answers(Queue, 400, 401, 403, 422, 503),
)
@declares(LOOK)
async def listed(
    request: Request,
    purpose_of_use: PurposeOfUse,
    state: Annotated[Literal["open", "all"], Query(description="Undecided ones, or all.")] = "open",
    limit: Limit = PAGE,
    cursor: Cursor = None,
    justification: Justification = None,
) -> Response:
    """Only reviews about persons you may see are listed, and only they are counted."""
    found: list[Review] = []
    after, more = cursor or "", True
    for _ in range(MOST_PAGES):
        page = await identity.reviews(_store(request), after, limit, open_only=state == "open")
        for one in page:
            if len(found) == limit:  # the rest of what was read is for the next page
                break
            after = one.id
            if await _seen(request, _about(one)):
                found.append(one)
        else:
            more = len(page) == limit
        if len(found) == limit or not more:
            break
    about = list(dict.fromkeys(one for review in found for one in _about(review)))
    url = f"/v1/identity/reviews?state={state}&limit={limit}&cursor={after}" if more else None
    return Listing([_summary(one) for one in found], persons=about, next_url=url)


@router.get(
    "/reviews/{id}",
    summary="One review with its evidence",
    operation_id="getIdentityReview",
    responses=answers(One, 304, 400, 401, 403, 404, 422, 503),
)
@declares(LOOK)
async def one(
    request: Request,
    id: Annotated[str, Path(max_length=32)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """Which fields agree and which differ, the parts of the match weight, both records as you may
    see them, and what was decided before. Its `ETag` is the state to decide on."""
    review, seen = await _visible(request, id)
    store = _store(request)
    views = [await records.current(store, person.id, Kind.PERSON) for person in seen]
    taken = [
        {
            "version": one.version,
            "decision": one.decision,
            "decidedAt": one.decided_at,
            "decidedBy": one.decided_by,
            "auditEntry": one.entry,
        }
        for one in await identity.decisions(store, id)
    ]

    def evidence(shown: Sequence[Any], released: set[str]) -> dict[str, Any]:
        fields = compared(shown[0], shown[1], released) if len(shown) == 2 else []
        return {"fields": fields, "weights": weighed(review.evidence, released)}

    told = _summary(review) | {"decisions": taken}
    return ReviewShown(told, dict(zip(seen, views, strict=True)), evidence, review.state)


@router.post(
    "/reviews/{id}/decision",
    summary="Decide whether two records are one person's, or take a decision back",
    operation_id="decideIdentityReview",
    responses=answers(Decided, 400, 401, 403, 404, 409, 412, 413, 422, 428, 503),
    openapi_extra=body_of(Decision)
    | {
        "parameters": [
            {
                "name": "If-Match",
                "in": "header",
                "required": True,
                "description": "The `ETag` of the review you saw.",
                "schema": {"type": "string"},
            }
        ]
    },
)
@declares(DECIDE)
async def decide(
    request: Request,
    id: Annotated[str, Path(max_length=32)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """What waits for the review is filed with the decision."""
    exchange = exchange_of(request)
    wanted = parsed(Decision, exchange)
    review, _ = await _visible(request, id)
    state = exchange.stated.get(b"if-match")
    if state is None:
        raise Problem(
            428,
            "state-required",
            "Say which state you decide on",
            "Send the review's ETag as If-Match.",
            outcome="invalid",
        )
    person = await _answering(request, wanted.person) if wanted.person else None
    waiting = await _waiting(request, review) if wanted.decision != "undo" else []
    job = partial(
        deciding.decide,
        review=id,
        wanted=Wanted(wanted.decision, person),
        state=state.strip().removeprefix("W/").strip('"'),
        by=_by(exchange),
        waiting=waiting,
    )
    return Effect(job)


@router.post(
    "/merges",
    summary="Make two persons one whom nobody proposed",
    operation_id="mergePersons",
    responses=answers(Decided, 400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=body_of(Merge),
)
@declares(DECIDE)
async def merge(
    request: Request, purpose_of_use: PurposeOfUse, justification: Justification = None
) -> Response:
    """The absorbed person's references answer 303 from then on. It can be taken back as a
    decision of the review that is made for it."""
    exchange = exchange_of(request)
    wanted = parsed(Merge, exchange)
    one, other = [await _answering(request, ref) for ref in (wanted.person, wanted.other)]
    survivor = await _answering(request, wanted.survivor) if wanted.survivor else None
    told = Wanted("same", survivor)
    return Effect(partial(deciding.merge, person=one, other=other, wanted=told, by=_by(exchange)))


@router.post(
    "/splits",
    summary="Take records that are somebody else's out of a person",
    operation_id="splitPerson",
    responses=answers(Decided, 400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=body_of(Split),
)
@declares(DECIDE)
async def split(
    request: Request, purpose_of_use: PurposeOfUse, justification: Justification = None
) -> Response:
    """They become a person of their own, and the two are known to be different."""
    exchange = exchange_of(request)
    wanted = parsed(Split, exchange)
    person = await _answering(request, wanted.person)
    chosen = Chosen(wanted.records, wanted.systems, [_number(n) for n in wanted.identifiers])
    return Effect(partial(deciding.part_records, person=person, chosen=chosen, by=_by(exchange)))


@router.get(
    "/persons/{ref}/records",
    summary="What is filed about a person, by whom: to choose from for a split",
    operation_id="listFiledRecords",
    responses=answers(Held, 400, 401, 403, 404, 422, 503),
)
@declares(LOOK)
async def filed(
    request: Request,
    ref: PersonRef,
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """Every version of the kinds you may read: system, kind and time, never the content."""
    exchange, pipeline = exchange_of(request), _pipeline(request)
    readable = {
        kind
        for kind in Kind
        if pipeline.engine.permission(exchange.asker, Action.READ, kind, exchange.purpose).allowed
    }
    rows = await identity.filed(_store(request), exchange.subject.id)
    shown = [FiledVersion.model_validate(row._asdict()) for row in rows if row.kind in readable]
    return Listing([one.model_dump(mode="json", by_alias=True) for one in shown])


def _number(number: Number) -> tuple[str, str]:
    """In the spelling that is filed. Raises `Problem` (422) where it is no such number."""
    value = canonical(number.scheme, number.value)
    if value is None:
        raise Problem(
            422,
            "malformed-number",
            "Not a number of that scheme",
            "A number to split off is not spelt as its scheme spells them.",
            outcome="invalid",
        )
    return number.scheme.value, value


async def _answering(request: Request, ref: str) -> str:
    """Who answers for a reference, if the asker may see them. Raises `Problem` (404)."""
    exchange, pipeline = exchange_of(request), _pipeline(request)
    opened = await persons.resolve(pipeline.store, ref, exchange.seeker)
    known = (await persons.followed(pipeline.store, opened, exchange.seeker)).persons
    seen = [one for one in known if pipeline.may_see(exchange, one)]
    if not seen:
        raise Problem(
            404,
            "person-not-found",
            "No such person for you",
            "No person is known by this reference, or none that you are working with.",
            outcome="not-found",
        )
    exchange.about.append(seen[0].id)
    return seen[0].id


async def _waiting(request: Request, review: Review) -> list[Waiting]:
    """The payloads held for the review, mapped anew."""
    store, found, entry = _store(request), list[Waiting](), exchange_of(request).entry_id
    for kept in await identity.held(store, review.id):
        raw = await records.raw(store, kept.raw_hash)
        subject = parsed_subject(kept.subject)
        push = Push(adapter_of(kept.system), kept.client, raw, subject, entry=entry)
        found.append(Waiting(kept.id, push, await map_in_turn(push)))
    return found


def _by(exchange: Exchange) -> By:
    principal = exchange.principal
    return By(principal.staff or principal.client, exchange.entry_id, stamp(now()))
