"""The application: every router behind the pipeline, and a documentation page that needs no
network beyond the gateway itself."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from gateway.direct import Application
from gateway.errors import on_http_error
from gateway.pipeline import SCHEME
from gateway.routes import (
    audit,
    exports,
    identity,
    identity_bodies,
    ingest,
    persons,
    public,
    search,
)
from gateway.routes.parameters import ProblemDocument
from gateway.services import opened
from gateway.settings import Settings
from schemas import RECORDS, Canonical
from schemas.base import parts_of

TITLE = "MAPPA Gateway"
ASSETS = "/docs/assets"
DESCRIPTION = """
Police, probation, prisons and victim liaison exchange risk management plans, MAPPA minutes and
licence conditions. Get a token, state your `Purpose-Of-Use`, and ask. Sections you may not see
are named in `meta.withheld`, with the rule; every answer names its `Audit-Entry`.
"""


def create_app(settings: Settings) -> Application:
    """The ASGI application on one data directory, which it opens when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings) as services:
            app.state.services = services
            app.state.pipeline = services.pipeline
            gc.collect()
            gc.freeze()  # what was loaded stays: to look through it again would hold requests up
            yield
            gc.unfreeze()

    app = Application(
        title=TITLE,
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        exception_handlers={HTTPException: on_http_error},
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    routers = (persons, exports, search, ingest, identity, audit, public)
    for router in (module.router for module in routers):
        # Not `include_router`: each layer of it looks every path up once more.
        app.router.routes.extend(router.routes)
    app.go_direct(app.router.routes)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    app.mount(ASSETS, StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"))
    app.add_route("/docs", _docs, include_in_schema=False)
    app.add_route("/", _home, include_in_schema=False)
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with how a caller proves who they are."""
    described = FastAPI.openapi(app)
    schemas = described["components"]["schemas"]
    for model in (ProblemDocument, search.Search, *identity_bodies.BODIES):
        own = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= own.pop("$defs", {}) | {model.__name__: own}
    for name in {part.__name__ for record in RECORDS.values() for part in _parts(record)}:
        _as_released(schemas.get(name, {}))
    scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT (RFC 9068)"}
    described["components"].setdefault("securitySchemes", {})[SCHEME] = scheme
    return described


def _parts(model: type[Canonical]) -> Iterator[type[Canonical]]:
    """A record's model and those of all its parts."""
    yield model
    for field in model.model_fields.values():
        for part in parts_of(field.annotation):
            yield from _parts(part)


def _as_released(schema: dict[str, Any]) -> None:
    """A record as readers get it: any section may be withheld, so nothing is required but the
    tag that tells the kinds of condition apart; later versions may add fields."""
    schema.pop("additionalProperties", None)
    tag = schema.get("properties", {}).get("type", {})
    schema["required"] = ["type"] if "const" in tag or "enum" in tag else []


async def _docs(request: Request) -> Response:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=TITLE,
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon.png",
        swagger_ui_parameters={"validatorUrl": None},
    )


async def _home(request: Request) -> Response:
    return RedirectResponse("/docs")
