"""The one pipeline every route runs through: authenticate, resolve, decide, fetch, redact,
record, respond.

Whatever happens to a request about a person, exactly one audit entry is durably committed before
an answer leaves; if it cannot be, the answer is 503 and holds no data.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from string import punctuation
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.base import AdapterError
from gateway import answers, telemetry
from gateway.auth.principal import Principal
from gateway.auth.tokens import AuthError, TokenVerifier
from gateway.drafts import Done, Draft, Effect
from gateway.errors import (
    Problem,
    forbidden,
    invalid,
    not_found,
    overloaded,
    see_other,
    unavailable,
)
from gateway.exchange import Declaration, Exchange, Handler, entry_id
from gateway.gate import Gate
from gateway.integrator import Integrator
from gateway.record import Recorder
from gateway.stated import justification, purpose, statements
from gateway.store import persons
from gateway.store.base import Job, Store, StoreUnavailableError
from gateway.store.entries import NewEntry
from gateway.store.persons import Opened, PersonState, Token
from policies.actions import Action, Service
from policies.engine import Engine, Verdict

SCHEME = "accessToken"
"""Name of the security scheme in the OpenAPI description."""
LONGEST_REF = 64
BODIES = 8
"""Bodies of the greatest size that may be held in memory at once."""
log = logging.getLogger("gateway")


class Pipeline:
    """Ties the rooms together for one application."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        verifier: TokenVerifier,
        integrator: Integrator,
        max_body: int,
        max_in_flight: int,
    ) -> None:
        self.store, self.engine, self.verifier = store, engine, verifier
        self.integrator, self.max_body = integrator, max_body
        self.gate = Gate(max_in_flight, BODIES * max_body)
        store.inside = lambda: self.gate.inside
        self.recorder = Recorder(engine.version)

    async def run(self, request: Request, declaration: Declaration, handler: Handler) -> Response:
        """Answer one request. Never raises; never answers about a person unrecorded."""
        if declaration.public:
            return await self._run(request, declaration, handler)
        if not self.gate.enter():
            return overloaded().response()
        try:
            return await self._run(request, declaration, handler)
        finally:
            self.gate.leave()

    async def _run(self, request: Request, declaration: Declaration, handler: Handler) -> Response:
        exchange = Exchange(declaration, request)
        request.state.exchange = exchange
        with telemetry.span(exchange) as span:
            try:
                if declaration.public:
                    await self._read_body(exchange)
                    return await handler(request)
                await self._open(exchange)
                await self._read_body(exchange)
                response = await self._close(exchange, await handler(request))
            except Exception as error:
                problem = _as_problem(error)
                response = await self._refuse(exchange, problem)
            finally:
                self.gate.put_down(exchange.carried)
            span(response.status_code)
            return response

    async def _read_body(self, exchange: Exchange) -> None:
        if not exchange.declaration.body:
            return
        request, size, parts = exchange.request, 0, []
        async for part in request.stream():
            size += len(part)
            exchange.carried += len(part)
            if not self.gate.pick_up(len(part)):
                raise overloaded()
            if size > self.max_body:
                raise Problem(
                    413,
                    "too-large",
                    "The body is too large",
                    f"Send at most {self.max_body} bytes at a time; split the batch.",
                    outcome="invalid",
                    headers={"Connection": "close"},
                )
            parts.append(part)
        exchange.body = b"".join(parts)

    async def _open(self, exchange: Exchange) -> None:
        exchange.stated = stated = statements(exchange.request)
        declaration = exchange.declaration
        principal = await self.verifier.verify(stated.get(b"authorization"))
        opened = await self._ask(exchange, principal)
        exchange.principal = principal
        exchange.purpose = purpose(stated.get(b"purpose-of-use"), declaration)
        exchange.justification = justification(stated.get(b"justification"))
        if declaration.names:
            declaration.names(exchange.request.path_params)
        self._resolve(exchange, opened)
        self._decide(exchange, "ref" in exchange.request.path_params)
        if exchange.merged and declaration.kind != Service.IDENTITY_REVIEWS:
            raise see_other(_instead(exchange))
        if self.integrator.failure:
            raise unavailable("The audit log cannot be extended; nothing is released.")

    async def _ask(self, exchange: Exchange, principal: Principal) -> Opened:
        """One read tells all that the decision needs. Raises `AuthError` for a withdrawn token."""
        ref = exchange.request.path_params.get("ref")
        if ref is not None and len(ref) > LONGEST_REF:
            ref = None
        kind = exchange.declaration.kind if exchange.declaration.current else ""
        token = Token(principal.issuer, principal.token_id)
        opened = await persons.resolve(self.store, ref, principal.seeker, token, kind)
        if opened.withdrawn:
            raise AuthError("The token was withdrawn.")
        if any(one.survivor for one in opened.persons):
            exchange.asked = opened.persons
            return await persons.followed(self.store, opened, principal.seeker, token, kind)
        return opened

    def _resolve(self, exchange: Exchange, opened: Opened) -> None:
        """Whom the path names: of several claimants, the first whom the asker may see."""
        named = opened.persons
        if not named:
            return
        seen = (n for n, one in enumerate(named) if len(named) == 1 or self.may_see(exchange, one))
        chosen = next(seen, 0)
        exchange.person, exchange.view = named[chosen], opened.views[chosen]
        exchange.about.append(exchange.person.id)
        if exchange.asked and exchange.asked[chosen].survivor:
            exchange.merged = exchange.asked[chosen].id
            exchange.about.append(exchange.merged)

    def _decide(self, exchange: Exchange, about_person: bool) -> None:
        declaration = exchange.declaration
        if declaration.action is None:
            raise LookupError("a route that is not public must declare an action")
        system: str | None = exchange.request.path_params.get("system")
        about = system if system and declaration.action is Action.EXPORT else declaration.kind
        permission = self.engine.permission(
            exchange.asker, declaration.action, about, exchange.purpose, system
        )
        _apply(exchange, permission)
        if not permission.allowed:
            raise forbidden("Your role may not do this for the purpose stated.")
        if about_person:
            if exchange.person is None:
                raise not_found()
            link = exchange.link(exchange.person)
            seen = self.engine.visible(exchange.asker, exchange.purpose, link)
            _apply(exchange, seen)
            if not seen.allowed:
                raise not_found()

    def permit(self, exchange: Exchange, action: Action, kind: str) -> None:
        """A further permission a handler needs, such as an export. Raises `Problem` (403)."""
        verdict = self.engine.permission(exchange.asker, action, kind, exchange.purpose)
        _apply(exchange, verdict)
        if not verdict.allowed:
            raise forbidden("Your role may not have this form of the record.")
        exchange.action, exchange.operation = action, "disclosure"

    def may_see(self, exchange: Exchange, person: PersonState) -> bool:
        """Whether a search may name this person to the asker, or an identifier mean them."""
        link = exchange.link(person)
        return self.engine.visible(exchange.asker, exchange.purpose, link).allowed

    async def _close(self, exchange: Exchange, draft: Response) -> Response:
        if not isinstance(draft, Draft):
            raise TypeError("a handler answered without the pipeline")
        if isinstance(draft, Effect):
            done = await self.store.write(self._effect(exchange, draft))
            headers = answers.headers(exchange, self.engine.version) | dict(done.headers)
            return Response(done.body, done.status, headers, done.media_type)
        response = answers.answer(exchange, draft, self.engine)
        outcome = "not-modified" if response.status_code == 304 else "released"
        await self._record(exchange, outcome, response.status_code)
        return response

    def _effect(self, exchange: Exchange, draft: Effect) -> Job[Done]:
        """The change and its audit entry, in one transaction."""

        def job(connection: Connection, new: list[NewEntry]) -> Done:
            done = draft.job(connection)
            exchange.persons.extend(done.persons)
            exchange.records.extend(done.records)
            new.append(self.recorder.sealed(exchange, done.outcome, done.status))
            return done

        return job

    async def _refuse(self, exchange: Exchange, problem: Problem) -> Response:
        if exchange.declaration.public:
            return problem.response()
        exchange.forget_answer()
        exchange.entry_id = entry_id(exchange.started)  # the one before may be committed
        try:
            await self._record(exchange, problem.outcome, problem.status)
        except Exception as error:
            log.error("audit entry not written: %s at %s", type(error).__name__, _where(error))
            return unavailable("The audit log cannot be written; nothing is released.").response()
        return problem.response(exchange.entry_id)

    async def _record(self, exchange: Exchange, outcome: str, status: int) -> None:
        await self.store.append(partial(self.recorder.sealed, exchange, outcome, status))


class GuardedRoute(APIRoute):
    """The only kind of route there is: a declared one, run by the pipeline."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        """A route that is not public says in its OpenAPI description that it needs a token."""
        super().__init__(path, endpoint, **described)
        if not self.declaration.public:
            self.openapi_extra = {"security": [{SCHEME: []}]} | (self.openapi_extra or {})
        self._tail = path.rpartition("}")[2]
        self.answer: Handler | None = getattr(endpoint, "answer", None)
        if self.answer:
            self.app = self._alone(self.answer)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Most routes differ in how their path ends: that is looked at first."""
        if not scope["path"].endswith(self._tail):
            return Match.NONE, {}
        return super().matches(scope)

    def _alone(self, handler: Handler) -> ASGIApp:
        """The pipeline with nothing between it and the server: there is nothing to parse."""

        declaration = self.declaration

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive, send)
            pipeline: Pipeline = scope["app"].state.pipeline
            response = await pipeline.run(request, declaration, handler)
            await response(scope, receive, send)

        return app

    @property
    def declaration(self) -> Declaration:
        """What the handler declares; a handler without a declaration cannot be a route."""
        found = getattr(self.endpoint, "declaration", None)
        if not isinstance(found, Declaration):
            raise TypeError(f"{self.path} declares nothing")
        return found

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """FastAPI's handler, wrapped so that it cannot be reached another way."""
        handler, declaration = super().get_route_handler(), self.declaration

        async def guarded(request: Request) -> Response:
            pipeline: Pipeline = request.app.state.pipeline
            return await pipeline.run(request, declaration, handler)

        return guarded


def _instead(exchange: Exchange) -> str:
    """The same question about the person who answers. The path comes decoded: what a header could
    not hold of it, a line break first of all, is encoded again."""
    request = exchange.request
    ref = request.path_params["ref"]
    _, _, rest = request.scope["path"].partition(f"/{ref}")
    asked = quote(request.scope["query_string"], safe=punctuation)
    return f"/v1/persons/{exchange.subject.id}{quote(rest)}{f'?{asked}' if asked else ''}"


def _apply(exchange: Exchange, verdict: Verdict) -> None:
    exchange.decision = "permit" if verdict.allowed else "deny"
    exchange.add_rules(verdict.rules)


def _as_problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case AuthError():
            return Problem(
                401,
                "not-authenticated",
                "Not authenticated",
                error.detail,
                outcome="unauthenticated",
                headers={"WWW-Authenticate": f'Bearer error="{error.code}"'},
            )
        case RequestValidationError():
            return invalid(error.errors())
        case AdapterError():
            return Problem(400, error.code, "Bad request", error.detail, outcome="invalid")
        case HTTPException():
            return Problem(error.status_code, "refused", "Refused", outcome="invalid")
        case ClientDisconnect():
            return Problem(400, "aborted", "The request ended early", outcome="aborted")
        case StoreUnavailableError():
            return unavailable("The store cannot be written; nothing is released or accepted.")
        case _:
            log.error("unexpected %s at %s", type(error).__name__, _where(error))
            return Problem(
                500,
                "unexpected",
                "Unexpected failure",
                "The failure is recorded; quote the audit entry when you report it.",
                outcome="failed",
            )


def _where(error: BaseException) -> str:
    """Where it happened, without the message: messages may quote a payload."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
