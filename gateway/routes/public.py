"""Routes that need no caller because they hold nothing personal: health, the public log, tokens."""

import asyncio
import re
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.errors import Problem
from gateway.exchange import Declaration, declares, exchange_of
from gateway.integrator import log_directory
from gateway.pipeline import GuardedRoute
from gateway.routes.parameters import problems
from gateway.store.base import BEATS, StoreUnavailableError

router = APIRouter(route_class=GuardedRoute)
PUBLIC = Declaration(public=True)
READY_SECONDS = 5.0
_TILE = re.compile(
    r"(entries|[0-9]{1,2})/(x[0-9]{3}/){0,4}[0-9]{3}(\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


def _json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, "application/json")


@router.get("/health/live", tags=["health"], operation_id="live", summary="Is the process up?")
@declares(PUBLIC)
async def live(request: Request) -> Response:
    """Always true while the process answers."""
    return _json({"status": "live"})


@router.get(
    "/health/ready",
    tags=["health"],
    operation_id="ready",
    summary="Can it answer and record?",
    responses=problems(503),
)
@declares(PUBLIC)
async def ready(request: Request) -> Response:
    """False while the store or the log cannot write: then nothing about a person is answered."""
    services = request.app.state.services
    try:
        async with asyncio.timeout(READY_SECONDS):
            await services.store.beat()
            await services.store.rows(BEATS, {})
        store = "ok"
    except (StoreUnavailableError, TimeoutError):
        store = "cannot write"
    log = "cannot write" if services.integrator.failure else "ok"
    good = store == log == "ok"
    body = {"status": "ready" if good else "not ready", "store": store, "log": log}
    return _json(body, 200 if good else 503)


@router.get(
    "/tlog/checkpoint",
    tags=["log"],
    operation_id="getCheckpoint",
    summary="The newest signed checkpoint (C2SP tlog-checkpoint)",
)
@declares(PUBLIC)
async def checkpoint(request: Request) -> Response:
    """Size and root of the log, signed."""
    return _file(request, "checkpoint", "text/plain; charset=utf-8", "no-cache")


@router.get(
    "/tlog/tile/{path:path}",
    tags=["log"],
    operation_id="getTile",
    summary="A tile of the log (C2SP tlog-tiles)",
    responses=problems(404, 422),
)
@declares(PUBLIC)
async def tile(request: Request, path: str) -> Response:
    """Hash tiles and entry bundles. Leaves are salted commitments: nothing personal."""
    if not _TILE.fullmatch(path):
        raise Problem(404, "no-such-tile", "No such tile", outcome="not-found")
    cache = "no-cache" if ".p/" in path else "public, max-age=31536000, immutable"
    return _file(request, f"tile/{path}", "application/octet-stream", cache)


def _file(request: Request, name: str, media_type: str, cache: str) -> Response:
    file = log_directory(request.app.state.services.settings.data_dir) / name
    try:
        content = file.read_bytes()
    except OSError:
        raise Problem(404, "no-such-tile", "No such file in the log", outcome="not-found") from None
    return Response(content, 200, {"Cache-Control": cache}, media_type)


@router.post(
    "/oauth/token",
    tags=["tokens"],
    operation_id="getToken",
    summary="An access token (client credentials with private_key_jwt)",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type", "client_assertion_type", "client_assertion"],
                        "properties": {
                            name: {"type": "string"}
                            for name in (
                                "grant_type",
                                "client_assertion_type",
                                "client_assertion",
                                "staff",
                            )
                        },
                    }
                }
            },
        }
    },
    responses=problems(404),
)
@declares(Declaration(public=True, body=True))
async def token(request: Request) -> Response:
    """Only where the embedded issuer is on; in service, use your own identity provider's."""
    services = request.app.state.services
    if services.issuer is None:
        raise Problem(404, "no-embedded-issuer", "Tokens come from your identity provider")
    try:
        fields = parse_qsl(exchange_of(request).body.decode("ascii"), max_num_fields=20)
    except ValueError:
        fields = [("", ""), ("", "")]
    if len(dict(fields)) != len(fields):
        return _json({"error": "invalid_request"}, 400)
    status, body, headers = services.issuer.token_response(dict(fields))
    return Response(orjson.dumps(body), status, headers, "application/json")


@router.get(
    "/oauth/jwks", tags=["tokens"], operation_id="getJwks", summary="Keys that sign the tokens"
)
@declares(PUBLIC)
async def jwks(request: Request) -> Response:
    """Public keys of the embedded issuer; empty where it is off."""
    issuer = request.app.state.services.issuer
    return _json(issuer.jwks() if issuer else {"keys": []})


@router.get(
    "/.well-known/oauth-authorization-server",
    tags=["tokens"],
    operation_id="getIssuerMetadata",
    summary="Metadata of the embedded issuer (RFC 8414)",
    responses=problems(404),
)
@declares(PUBLIC)
async def metadata(request: Request) -> Response:
    """Where to get a token and how."""
    issuer = request.app.state.services.issuer
    if issuer is None:
        raise Problem(404, "no-embedded-issuer", "Tokens come from your identity provider")
    return _json(issuer.metadata())
